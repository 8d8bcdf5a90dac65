"""The NumPy dropout layer: semantics, gradients, sources of randomness, and every error message."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors
from hw_lib.layers import dropout_backward, dropout_forward


def normal(*shape: int, dtype: type = np.float64) -> np.ndarray:
    """Numbers from a fixed seed."""
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


@given(p=st.floats(0, 0.95), shape=st.lists(st.integers(1, 6), min_size=1, max_size=4), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_every_entry_is_zero_or_scaled(p: float, shape: list[int], seed: int) -> None:
    """Each output entry is 0 or x / (1 - p), and the input is untouched."""
    x = normal(*shape) + 3
    before = x.copy()
    out, _ = dropout_forward(x, {"mode": "train", "p": p, "seed": seed})
    np.testing.assert_array_equal(x, before)
    assert np.all((out == 0) | np.isclose(out, x / (1 - p)))


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_p_is_the_probability_of_dropping(p: float) -> None:
    """About p of the entries are zero and the mean is kept (six standard deviations)."""
    x = np.ones((400, 400))
    out, _ = dropout_forward(x, {"mode": "train", "p": p, "rng": np.random.default_rng(1)})
    margin = 6 * (p * (1 - p) / x.size) ** 0.5
    assert abs((out == 0).mean() - p) < margin
    assert abs(out.mean() - 1) < margin / (1 - p)


def test_test_mode_is_the_identity() -> None:
    """In test mode the output is x, the mask is None, and the gradient passes unchanged."""
    x, dout = normal(3, 4), normal(3, 4) + 1
    param = {"mode": "test", "p": 0.7}
    out, cache = dropout_forward(x, param)
    np.testing.assert_array_equal(out, x)
    assert cache == (param, None)
    np.testing.assert_array_equal(dropout_backward(dout, cache), dout)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mode", ["train", "test"])
def test_dtype_is_kept(dtype: type, mode: str) -> None:
    """float32 stays float32 and float64 stays float64, forward and backward."""
    x = normal(5, 6, dtype=dtype)
    out, cache = dropout_forward(x, {"mode": mode, "p": 0.3, "seed": 1})
    assert out.dtype == dtype
    assert dropout_backward(x, cache).dtype == dtype


def test_seed_gives_the_legacy_generators_mask() -> None:
    """A seed gives the mask that seeding NumPy's legacy generator gives, the same on every call."""
    x = np.ones((7, 5))
    out, (_, mask) = dropout_forward(x, {"mode": "train", "p": 0.4, "seed": 123})
    expected = (np.random.RandomState(123).rand(7, 5) >= 0.4) / 0.6
    np.testing.assert_array_equal(mask, expected)
    np.testing.assert_array_equal(dropout_forward(x, {"mode": "train", "p": 0.4, "seed": 123})[0], out)


def test_seed_leaves_the_global_state_alone() -> None:
    """Calling with a seed does not change what the global generator gives next."""
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    dropout_forward(np.ones(10), {"mode": "train", "p": 0.5, "seed": 1})
    assert np.random.rand() == expected


def test_without_a_source_the_global_generator_is_used() -> None:
    """Seeding NumPy once makes a whole notebook repeat, as with the classic code."""
    masks = []
    for _ in range(2):
        np.random.seed(7)
        masks.append([dropout_forward(np.ones(50), {"mode": "train", "p": 0.5})[0] for _ in range(2)])
    np.testing.assert_array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0][0], masks[0][1])


def test_gradient_agrees_with_pytorch() -> None:
    """With the same mask, PyTorch's autograd gives the same gradient."""
    x, dout = normal(6, 5), normal(6, 5) + 2
    out, cache = dropout_forward(x, {"mode": "train", "p": 0.4, "seed": 3})
    tensor = torch.tensor(x, requires_grad=True)
    (tensor * torch.tensor(out / x)).backward(torch.tensor(dout))
    np.testing.assert_allclose(dropout_backward(dout, cache), tensor.grad.numpy(), rtol=1e-12, atol=1e-12)


def test_gradient_agrees_with_finite_differences() -> None:
    """A seeded mask is fixed, so the layer can be differentiated numerically."""
    x, dout, h = normal(4, 3), normal(4, 3) + 1, 1e-6
    param = {"mode": "train", "p": 0.5, "seed": 11}
    dx = dropout_backward(dout, dropout_forward(x, param)[1])
    for index in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[index] = h
        slope = ((dropout_forward(x + step, param)[0] - dropout_forward(x - step, param)[0]) * dout).sum() / (2 * h)
        assert abs(slope - dx[index]) < 1e-7


def test_integers_are_not_lost_in_the_mask() -> None:
    """An integer input keeps its dtype, and the mask keeps its fraction."""
    out, (_, mask) = dropout_forward(np.full(8, 4), {"mode": "train", "p": 0.2, "seed": 0})
    assert out.dtype.kind == "i"
    assert set(np.unique(out)) <= {0, 5}
    assert mask.dtype == np.float64


@pytest.mark.parametrize(
    ("param", "what"),
    [
        ({"p": 0.5}, "dropout_forward: dropout_param has no 'mode'"),
        ({"mode": "train"}, "dropout_forward: dropout_param has no 'p'"),
        ({"mode": "training", "p": 0.5}, "dropout_forward: unknown mode"),
        ({"mode": "train", "p": 1.0}, "dropout_forward: p is outside [0, 1)"),
        ({"mode": "train", "p": -0.1}, "dropout_forward: p is outside [0, 1)"),
        ({"mode": "train", "p": 0.1, "seed": 1, "rng": np.random.default_rng()}, "dropout_forward: dropout_param has both"),
    ],
)
def test_messages(param: dict, what: str) -> None:
    """Every wrong dropout_param is a ValueError in the project's format, with a fix."""
    with pytest.raises(ValueError, match="dropout_forward") as caught:
        dropout_forward(np.ones(3), param)
    message = errors.read(str(caught.value))
    assert message.what.startswith(what)
    assert message.expected
    assert message.fix
