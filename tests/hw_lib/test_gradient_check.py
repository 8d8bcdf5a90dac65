"""The gradient checks: the classic loops, and check_gradient with planted bugs, kinks, and every error message."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hw_lib import errors, gradient_check, layers
from hw_lib.errors import CheckFailed
from hw_lib.gradient_check import Inconclusive, check_gradient
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet

CONV = {"stride": 2, "pad": 1}


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from a fixed seed."""
    return np.random.default_rng(seed).standard_normal(shape)


def conv_inputs() -> dict[str, np.ndarray]:
    """The convolution that the speed target names."""
    return {"x": normal(10, 3, 5, 5), "w": normal(16, 3, 3, 3, seed=1), "b": normal(16, seed=2)}


def conv(x: Any, w: Any, b: Any) -> Any:
    """That convolution."""
    return layers.conv_forward_fast(x, w, b, CONV)


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


# check_gradient: speed and sensitivity


def test_it_is_a_hundred_times_faster_than_the_loop() -> None:
    """On a naive convolution, fewer than a hundredth of the loop's calls and of its time (extrapolated from 12 entries)."""
    arrays = conv_inputs()
    size = sum(array.size for array in arrays.values())

    def forward(x: Any, w: Any, b: Any) -> Any:
        return layers.conv_forward_naive(x, w, b, CONV)

    start = time.process_time()
    result = check_gradient(forward, layers.conv_backward_naive, arrays)
    quick = time.process_time() - start
    start = time.process_time()
    for _ in range(24):
        forward(**arrays)
    loop = (time.process_time() - start) / 24 * 2 * size
    assert result.evaluations * 100 < 2 * size
    assert quick * 100 < loop


def test_it_is_a_hundred_times_faster_on_a_net() -> None:
    """A three-layer net costs a hundredth of two calls for each parameter, even where kinks ask for smaller steps."""
    calls = []
    for seed in range(10):
        np.random.seed(seed)
        model = ThreeLayerConvNet((3, 8, 8), 4, 3, 10, 5, weight_scale=0.3, dtype=np.float64)
        size = sum(p.size for p in model.params.values())
        forward, backward = parts_of(model, normal(4, 3, 8, 8, seed=seed), np.arange(4))
        calls.append(check_gradient(forward, backward, dict(model.params), seed=seed).evaluations)
    assert np.median(calls) * 100 < 2 * size
    assert max(calls) * 50 < 2 * size


def test_one_entry_wrong_by_a_millionth_is_found() -> None:
    """Every third entry of the convolution's three gradients in turn, 1e-6 off: each is found and named."""
    arrays = conv_inputs()
    ends = np.cumsum([array.size for array in arrays.values()])
    missed = []
    for entry in range(0, ends[-1], 3):
        which = int(np.searchsorted(ends, entry, side="right"))
        inside = entry - ([0, *ends][which])
        name = list(arrays)[which]
        index = ", ".join(map(str, np.unravel_index(inside, arrays[name].shape)))

        def backward(dout: Any, cache: Any, which: int = which, inside: int = inside) -> Any:
            grads = [gradient.copy() for gradient in layers.conv_backward_fast(dout, cache)]
            grads[which].flat[inside] *= 1 + 1e-6
            return grads

        try:
            check_gradient(conv, backward, arrays, seed=entry)
            missed.append(entry)
        except CheckFailed as failed:
            assert f"d{name}[{index}] = " in errors.read(str(failed)).got
    assert missed == []


def drop_bias(dout: Any, cache: Any) -> Any:
    """The bias gets a mean instead of a sum."""
    dx, dw, db = layers.conv_backward_fast(dout, cache)
    return dx, dw, db / 10


def no_flip(dout: Any, cache: Any) -> Any:
    """The filters are used upside down; the first row sees only their middle, so the second is the first wrong one."""
    x, w, b, param = cache
    return layers.conv_backward_fast(dout, (x, w[:, :, ::-1], b, param))


def missing_border(dout: Any, cache: Any) -> Any:
    """One border pixel is forgotten."""
    dx, dw, db = layers.conv_backward_fast(dout, cache)
    dx = dx.copy()
    dx[-1, -1, -1, -1] = 0
    return dx, dw, db


def wrong_sign(dout: Any, cache: Any) -> Any:
    """All gradients point uphill."""
    return [-gradient for gradient in layers.conv_backward_fast(dout, cache)]


def one_sample(dout: Any, cache: Any) -> Any:
    """Only the first sample counts for the weights."""
    dx, _, db = layers.conv_backward_fast(dout, cache)
    first = layers.conv_backward_fast(dout[:1], (cache[0][:1], *cache[1:]))
    return dx, first[1], db


def zeros(dout: Any, cache: Any) -> Any:
    """Nothing was implemented."""
    return [np.zeros_like(array) for array in cache[:3]]


@pytest.mark.parametrize(
    ("bug", "place"),
    [
        (drop_bias, "db[0]"),
        (no_flip, "dx[0, 0, 1, 0]"),
        (missing_border, "dx[9, 2, 4, 4]"),
        (wrong_sign, "dx[0, 0, 0, 0]"),
        (one_sample, "dw[0, 0, 0, 0]"),
        (zeros, "dx[0, 0, 0, 0]"),
    ],
)
def test_planted_bugs_are_named(bug: Any, place: str) -> None:
    """Each bug is found whatever the direction, with the first wrong entry, its right value and the wrong one."""
    arrays = conv_inputs()
    for seed in range(5):
        with pytest.raises(CheckFailed) as caught:
            check_gradient(conv, bug, arrays, seed=seed)
        message = errors.read(str(caught.value))
        assert message.what == f"{bug.__name__}: the gradient with respect to {place[1]} is wrong"
        assert message.expected.startswith(f"{place} = ")
        assert message.got.startswith(f"{place} = ")
        assert "first wrong entry" in message.fix


def test_the_expected_value_is_right() -> None:
    """The value that the message expects is the derivative."""
    with pytest.raises(CheckFailed) as caught:
        check_gradient(lambda x: (np.sum(x**2), x), lambda dout, x: 3 * dout * x, {"x": np.array([2.0, 3.0])})
    right, wrong = (float(text.split("= ")[1].split()[0]) for text in str(caught.value).splitlines()[1:3])
    assert abs(right / wrong - 2 / 3) < 1e-9


BN_BUGS: dict[str, Callable[[Any, Any], Any]] = {
    "the mean is taken for a constant": lambda d, c: d * c.gamma * c.inv_std,
    "the variance is taken for a constant": lambda d, c: (d - d.mean(axis=0)) * c.gamma * c.inv_std,
    "eps is forgotten": lambda d, c: layers.batchnorm_backward(d, c._replace(inv_std=1 / np.sqrt(c.inv_std**-2.0 - 1e-5)))[0],
    "N - 1 instead of N": lambda d, c: layers.batchnorm_backward(d, c)[0] * len(d) / (len(d) - 1),
}


@pytest.mark.parametrize("bug", BN_BUGS)
def test_classic_batchnorm_bugs_are_found(bug: str) -> None:
    """What students get wrong in batchnorm shows, over 20 seeds."""
    x, gamma, beta = normal(8, 4), normal(4, seed=1), normal(4, seed=2)
    for seed in range(20):
        with pytest.raises(CheckFailed, match="with respect to x is wrong"):
            check_gradient(
                lambda *a: layers.batchnorm_forward(*a, {"mode": "train"}),
                lambda d, c: (BN_BUGS[bug](d, c), *layers.batchnorm_backward(d, c)[1:]),
                {"x": x, "gamma": gamma, "beta": beta},
                seed=seed,
            )


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


@pytest.mark.parametrize(
    ("forward", "backward", "what"),
    [
        (no_tuple, lambda d, c: d, "no_tuple returned something else than (out, cache)"),
        (coarse, lambda d, c: d, "coarse: out is float32, too coarse to check"),
        (random_layer, lambda d, c: d, "random_layer gives other values on a second call with the same inputs"),
        (lambda x: (x * np.nan, None), lambda d, c: d, "the function gives other values on a second call with the same inputs"),
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
