"""The losses: PyTorch, finite differences, properties, extremes, and every error message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors, layers
from hw_lib.gradient_check import check_gradient

LOSSES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "softmax": (layers.softmax_loss, torch.nn.functional.cross_entropy),
    "svm": (layers.svm_loss, lambda x, y: torch.nn.functional.multi_margin_loss(x, y) * x.shape[1]),
}
both = pytest.mark.parametrize("name", LOSSES)


@both
@given(
    N=st.integers(1, 8),
    C=st.integers(1, 8),
    dtype=st.sampled_from([np.float32, np.float64]),
    labels=st.sampled_from([np.int32, np.int64, np.uint8]),
    order=st.sampled_from("CF"),
    seed=st.integers(0, 999),
)
@settings(deadline=None, max_examples=50)
def test_loss_agrees_with_pytorch(name: str, N: int, C: int, dtype: type, labels: type, order: Any, seed: int) -> None:
    """Any shape, dtype and layout: PyTorch's value and gradient, the dtype is kept, the inputs are untouched."""
    loss, oracle = LOSSES[name]
    rng = np.random.default_rng(seed)
    x, y = np.array(3 * rng.standard_normal((N, C)), dtype, order=order), rng.integers(0, C, N).astype(labels)
    x.flags.writeable = y.flags.writeable = False
    value, dx = loss(x, y)
    tensor = torch.tensor(x.astype(np.float64), requires_grad=True)
    expected = oracle(tensor, torch.tensor(y.astype(np.int64)))
    expected.backward()
    tolerance = 1e-12 if dtype == np.float64 else 2e-6
    assert isinstance(value, float)
    assert dx.dtype == dtype
    assert abs(value - expected.item()) <= tolerance * max(1, expected.item())
    np.testing.assert_allclose(dx, tensor.grad, atol=tolerance)


@both
def test_gradient_agrees_with_finite_differences(name: str) -> None:
    """Central differences find nothing wrong, hinges or not."""
    loss, _ = LOSSES[name]
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((6, 5)), rng.integers(0, 5, 6)
    assert check_gradient(lambda x: loss(x, y), lambda dout, dx: dout * dx, {"x": x}).error < 1e-9


def test_softmax_loss_ignores_a_shift() -> None:
    """Adding a number to a row of scores changes nothing, and equal scores cost log C."""
    x, y = np.random.default_rng(0).standard_normal((4, 7)), np.array([0, 6, 3, 3])
    loss, dx = layers.softmax_loss(x, y)
    shifted, dshifted = layers.softmax_loss(x + np.array([[5.0], [-3], [100], [0]]), y)
    assert abs(loss - shifted) < 1e-12
    np.testing.assert_allclose(dx, dshifted, atol=1e-12)
    assert abs(layers.softmax_loss(np.zeros((4, 7)), y)[0] - np.log(7)) < 1e-12


@both
def test_rows_of_the_gradient_sum_to_zero(name: str) -> None:
    """Both losses compare scores, so no row of the gradient has a net direction."""
    rng = np.random.default_rng(0)
    _, dx = LOSSES[name][0](rng.standard_normal((9, 4)), rng.integers(0, 4, 9))
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-15)


def test_softmax_loss_of_extreme_scores() -> None:
    """Scores of a thousand neither overflow nor lose the loss."""
    loss, dx = layers.softmax_loss(np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.array([0, 0]))
    assert loss == 500
    np.testing.assert_allclose(dx, [[0, 0], [-0.5, 0.5]], atol=1e-300)


@both
def test_integer_scores(name: str) -> None:
    """Integer scores are allowed; the gradient is float64."""
    value, dx = LOSSES[name][0](np.array([[3, 1], [0, 2]]), np.array([0, 0]))
    expected, dexpected = LOSSES[name][0](np.array([[3.0, 1], [0, 2]]), np.array([0, 0]))
    assert value == expected
    np.testing.assert_array_equal(dx, dexpected)


@both
@pytest.mark.parametrize(
    ("x", "y", "what"),
    [
        (np.ones(3), np.zeros(3, int), "x has the wrong number of axes"),
        (np.ones((0, 3)), np.zeros(0, int), "x is empty"),
        (np.ones((2, 3)), np.zeros(3, int), "y has the wrong shape"),
        (np.ones((2, 3)), np.zeros((2, 1), int), "y has the wrong shape"),
        (np.ones((2, 3)), np.zeros(2), "y does not hold integers"),
        (np.ones((2, 3)), np.array([0, 3]), "a label has no score"),
        (np.ones((2, 3)), np.array([-1, 0]), "a label has no score"),
    ],
)
def test_messages(name: str, x: np.ndarray, y: np.ndarray, what: str) -> None:
    """Labels that do not belong to the scores are refused."""
    with pytest.raises(ValueError, match=f"{name}_loss: {what}") as caught:
        LOSSES[name][0](x, y)
    message = errors.read(str(caught.value))
    assert message.expected and message.got and message.fix
