"""The gradient checks: the classic loops, and check_gradient with right gradients, kinks, and every error message."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hw_lib import errors, gradient_check, layers
from hw_lib.errors import CheckFailed
from hw_lib.gradient_check import Inconclusive, check_gradient
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from a fixed seed."""
    return np.random.default_rng(seed).standard_normal(shape)


# The classic loops


def test_scalar_function(capsys: pytest.CaptureFixture[str]) -> None:
    """The gradient of a sum of squares is 2 x; one line is printed for each entry when asked; x comes back untouched."""
    x = normal(2, 3)
    before = x.copy()
    np.testing.assert_allclose(gradient_check.eval_numerical_gradient(lambda x: np.sum(x**2), x), 2 * x, rtol=1e-8)
    assert len(capsys.readouterr().out.splitlines()) == 6
    gradient_check.eval_numerical_gradient(lambda x: np.sum(x**2), x, verbose=False)
    assert capsys.readouterr().out == ""
    np.testing.assert_array_equal(x, before)


def test_scalar_function_is_called_once_more_than_needed() -> None:
    """1 + 2 * size calls, as in the classic code: functions that draw random numbers depend on it."""
    calls = []
    gradient_check.eval_numerical_gradient(lambda x: calls.append(1) or 0.0, np.ones(3), verbose=False)
    assert len(calls) == 7


def test_array_function() -> None:
    """The classic check of an affine layer agrees with its backward pass."""
    x, w, b, dout = normal(3, 4), normal(4, 2, seed=1), normal(2, seed=2), normal(3, 2, seed=3)
    _, cache = layers.affine_forward(x, w, b)
    dx, dw, db = layers.affine_backward(dout, cache)
    for array, gradient in ((x, dx), (w, dw), (b, db)):
        numeric = gradient_check.eval_numerical_gradient_array(lambda _: layers.affine_forward(x, w, b)[0], array, dout)
        np.testing.assert_allclose(numeric, gradient, rtol=1e-8, atol=1e-9)


def test_array_function_that_works_in_place() -> None:
    """A function that returns its argument itself is measured too."""
    np.testing.assert_allclose(gradient_check.eval_numerical_gradient_array(lambda x: x, normal(3), np.ones(3)), 1, rtol=1e-8)


@pytest.mark.parametrize("through_net", [False, True])
def test_blobs(through_net: bool) -> None:
    """Blobs are read and written by the function, or by net.forward()."""
    a, b = (SimpleNamespace(vals=normal(3, seed=s), diffs=np.zeros(3)) for s in (0, 1))
    out = SimpleNamespace(vals=np.zeros(3), diffs=normal(3, seed=2))

    def forward(*blobs: Any) -> None:
        out.vals[:] = a.vals * b.vals

    if through_net:
        diffs = gradient_check.eval_numerical_gradient_net(SimpleNamespace(forward=forward), [a, b], out)
    else:
        diffs = gradient_check.eval_numerical_gradient_blobs(forward, (a, b), out)
    np.testing.assert_allclose(diffs, [b.vals * out.diffs, a.vals * out.diffs], rtol=1e-8)


def test_x_is_put_back_when_the_function_raises() -> None:
    """An error in the middle does not leave x changed."""
    x = np.ones(3)
    with pytest.raises(ZeroDivisionError):
        gradient_check.eval_numerical_gradient_array(lambda x: 1 // 0, x, np.ones(3))
    np.testing.assert_array_equal(x, 1)


def test_sparse_check_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints both values and the relative error at entries that Python's random module draws, and returns None."""
    x = normal(4, 5)
    random.seed(0)
    gradient_check.grad_check_sparse(lambda x: np.sum(x**3), x, 3 * x**2, num_checks=4)
    first = capsys.readouterr().out
    assert len(first.splitlines()) == 4
    assert all("numerical:" in line and "analytic:" in line and "relative error:" in line for line in first.splitlines())
    random.seed(0)
    assert gradient_check.grad_check_sparse(lambda x: np.sum(x**3), x, 3 * x**2, num_checks=4) is None
    assert capsys.readouterr().out == first


# check_gradient: right gradients


def test_right_gradients_pass_over_many_seeds() -> None:
    """No false alarm in 300 checks of layers with every kind of curvature."""
    x, gamma, beta = normal(6, 5), normal(5, seed=1), normal(5, seed=2)
    y = np.arange(6) % 5
    for seed in range(100):
        arrays = [x, gamma, beta]
        bn = check_gradient(
            lambda *a: layers.batchnorm_forward(*a, {"mode": "train"}), layers.batchnorm_backward, arrays, seed=seed
        )
        loss = check_gradient(lambda x: layers.softmax_loss(x, y), lambda dout, dx: dout * dx, [x], seed=seed)
        tanh = check_gradient(layers.tanh_forward, layers.tanh_backward, [3 * x], seed=seed)
        assert max(bn.error, loss.error, tanh.error) < 1e-9


@pytest.mark.parametrize("net", ["conv", "affine"])
def test_whole_nets_pass_although_they_have_kinks(net: str) -> None:
    """ReLUs and maxima lie everywhere in a network; over 40 of them nothing is reported."""
    for seed in range(40):
        np.random.seed(seed)
        if net == "conv":
            model: Any = ThreeLayerConvNet((2, 6, 6), 3, 3, 8, 4, weight_scale=0.3, dtype=np.float64, reg=0.1)
        else:
            model = FullyConnectedNet([30, 20], 72, 4, 0.3, True, 0.1, 0.3, np.float64, seed=5)
        X, y = normal(4, 2, 6, 6, seed=seed), np.array([0, 3, 1, 1])
        assert check_gradient(*parts_of(model, X, y), dict(model.params), seed=seed).error < 1e-8


def parts_of(model: Any, X: np.ndarray, y: np.ndarray) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A model's loss as forward and backward of its parameters."""

    def forward(*values: np.ndarray) -> Any:
        model.params = dict(zip(model.params, values, strict=True))
        return model.loss(X, y)

    return forward, lambda dout, grads: [dout * grads[name] for name in model.params]


def test_inputs_at_a_kink_are_moved() -> None:
    """At exactly 0 a ReLU has no derivative: the inputs are moved, and a right backward pass still passes."""
    x = np.zeros((3, 4))
    result = check_gradient(layers.relu_forward, layers.relu_backward, {"x": x})
    assert result.redraws > 0
    assert not x.any()


def test_a_bug_beside_a_kink_is_still_found() -> None:
    """Moving inputs away from a kink does not hide a wrong gradient, and the message says that they were moved."""
    with pytest.raises(CheckFailed, match="inputs were moved by up to 1 %"):
        check_gradient(layers.relu_forward, lambda dout, x: dout * (x > -10), {"x": np.zeros(5)})


def test_a_function_that_is_never_smooth_is_inconclusive() -> None:
    """Jumps wherever it is tried: the check says that it cannot decide, and that this is no verdict."""
    with pytest.raises(Inconclusive) as caught:
        check_gradient(lambda x: (np.floor(x * 1e7), None), lambda dout, _: dout, {"x": normal(50)})
    message = errors.read(str(caught.value))
    assert "could not decide" in message.what
    assert "says nothing about the gradient" in message.fix


def test_arguments_are_not_modified() -> None:
    """Inputs are only ever handed out as copies, even to functions that write into them."""
    x = normal(4)
    before = x.copy()

    def forward(x: np.ndarray) -> Any:
        out = 2 * x
        x[:] = 0
        return out, None

    check_gradient(forward, lambda dout, _: 2 * dout, [x])
    np.testing.assert_array_equal(x, before)


def test_integers_and_numbers_are_inputs_too() -> None:
    """Integer arrays and plain numbers are differentiated as floats."""
    check_gradient(lambda x, c: (x * c, (x, c)), lambda d, cache: (d * cache[1], np.sum(d * cache[0])), [np.array([1, 2, 3]), 4])


# check_gradient: messages


def identity(x: Any) -> Any:
    """A layer that does nothing."""
    return x, None


def no_tuple(x: Any) -> Any:
    """A forward pass without a cache."""
    return x


def coarse(x: Any) -> Any:
    """A forward pass in float32."""
    return x.astype(np.float32), None


def random_layer(x: Any) -> Any:
    """A forward pass that is another one on every call."""
    return x * np.random.rand(), None


def test_a_list_of_two_is_a_pair() -> None:
    """Forward may return [out, cache], and backward a list of gradients."""
    check_gradient(lambda x, w: [x * w, (x, w)], lambda d, cache: [d * cache[1], d * cache[0]], [normal(3, 2), normal(3, 2)])


@pytest.mark.parametrize(
    ("forward", "backward", "what"),
    [
        (lambda x: [x, x, x], lambda d, c: d, "the function returned something else than (out, cache)"),
        (no_tuple, lambda d, c: d, "no_tuple returned something else than (out, cache)"),
        (coarse, lambda d, c: d, "coarse: out is float32, too coarse to check"),
        (random_layer, lambda d, c: d, "random_layer gives different values on a second call with the same inputs"),
        (lambda x: (x * np.nan, None), lambda d, c: d, "the function gives different values on a second call with the same inputs"),
        (identity, lambda d, c: (d, d), "the function returned the wrong number of gradients"),
        (identity, lambda d, c: d[:1], "the function: the gradient with respect to x has the wrong shape"),
        (
            identity,
            lambda d, c: d.astype(np.float32),
            "the function: the gradient with respect to x is float32, too coarse to check",
        ),
        (identity, lambda d, c: d * np.inf, "the function: the gradient with respect to x is not finite"),
        (identity, lambda d, c: None, "the function: the gradient with respect to x has the wrong shape"),
    ],
)
def test_messages(forward: Any, backward: Any, what: str) -> None:
    """What cannot be compared is refused with a message that says why."""
    with pytest.raises(CheckFailed) as caught:
        check_gradient(forward, backward, [normal(3, 2)])
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected and message.got


@pytest.mark.parametrize("inputs", [[], [np.ones(0)], [np.array([1, np.nan])]])
def test_unusable_inputs_are_refused(inputs: Any) -> None:
    """Nothing to differentiate, or nothing to differentiate at."""
    with pytest.raises(ValueError, match="check_gradient: unusable inputs"):
        check_gradient(identity, lambda d, c: d, inputs)
