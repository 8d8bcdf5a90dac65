"""Fast dropout: masks from random bytes have the right chances, types and messages, and serve either backward pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors
from hw_lib.layers import dropout_backward, dropout_forward
from hw_lib.layers.fast import dropout_backward_fast, dropout_forward_fast
from tests.hw_lib.layer_oracles import LAYOUTS, agrees_with_finite_differences, numbers

SHAPES = st.lists(st.integers(0, 6), min_size=1, max_size=4)


def train(p: float, rng: Any = 0) -> dict[str, Any]:
    """A dropout_param of train mode with a generator of its own."""
    return {"mode": "train", "p": p, "rng": np.random.default_rng(rng)}


@given(
    p=st.floats(0, 0.999),
    shape=SHAPES,
    seed=st.integers(0, 2**32),
    dtype=st.sampled_from(["float32", "float64"]),
    layout=st.sampled_from(LAYOUTS),
)
@settings(deadline=None, max_examples=100)
def test_every_entry_is_dropped_or_scaled(p: float, shape: list[int], seed: int, dtype: str, layout: str) -> None:
    """Whatever the shape, type and layout: out is x * mask, the mask is 0 or 1 / (1 - p), types are kept, inputs are untouched."""
    rng = np.random.default_rng(seed)
    x, dout = numbers(rng, shape, dtype, layout), numbers(rng, shape, dtype, layout)
    before = x.copy()
    out, cache = dropout_forward_fast(x, train(p, seed))
    mask = cache[1]
    assert mask is not None
    assert out.shape == mask.shape == x.shape
    assert out.dtype == mask.dtype == x.dtype
    assert set(np.unique(mask)) <= {x.dtype.type(0), x.dtype.type(1 / (1 - p))}
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(out, x * mask)
    dx = dropout_backward_fast(dout, cache)
    assert dx.dtype == dout.dtype
    np.testing.assert_array_equal(dx, dout * mask)
    np.testing.assert_array_equal(dx, dropout_backward(dout, cache))


@given(p=st.floats(0, 0.99), seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_p_is_the_probability_of_dropping(p: float, seed: int) -> None:
    """The fraction of zeros is p and the mean is kept, within six standard deviations."""
    out, _ = dropout_forward_fast(np.ones((400, 400)), train(p, seed))
    margin = 6 * (p * (1 - p) / out.size) ** 0.5 + 6 / out.size
    assert abs((out == 0).mean() - p) < margin
    assert abs(out.mean() - 1) < margin / (1 - p) + 1e-12


@pytest.mark.parametrize("p", [1e-3, 0.3 / 256, 0.9985])
def test_p_is_finer_than_a_byte(p: float) -> None:
    """A p that lies between two multiples of 1 / 256 is met as well: bytes alone would drop 0 or 1 / 256 of the entries."""
    out, _ = dropout_forward_fast(np.ones(4_000_000, np.float32), train(p))
    assert abs((out == 0).mean() - p) < 6 * (p * (1 - p) / out.size) ** 0.5


def test_entries_are_independent() -> None:
    """Entries of one mask, neighbours and entries eight apart (one word of 64 bits), are uncorrelated, and so are two masks."""
    param = train(0.3)
    first, second = (dropout_forward_fast(np.ones(1_000_000), param)[0] for _ in range(2))
    for a, b in ((first[1:], first[:-1]), (first[8:], first[:-8]), (first, second)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 6e-3


@given(p=st.floats(0, 0.99), shape=SHAPES, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_a_seed_gives_the_mask_of_dropout_forward(p: float, shape: list[int], seed: int) -> None:
    """With a seed, out and mask are those of dropout_forward, to the last bit."""
    x, param = np.ones(shape), {"mode": "train", "p": p, "seed": seed}
    (out, (_, mask)), (wanted, (_, wanted_mask)) = dropout_forward_fast(x, param), dropout_forward(x, param)
    np.testing.assert_array_equal(out, wanted)
    np.testing.assert_array_equal(mask, wanted_mask)


def test_the_same_generator_gives_the_same_mask() -> None:
    """Two generators with one seed give one mask; the next call on the same generator gives another."""
    x, param = np.ones(1000), train(0.4, 5)
    first, second = dropout_forward_fast(x, param)[0], dropout_forward_fast(x, param)[0]
    np.testing.assert_array_equal(dropout_forward_fast(x, train(0.4, 5))[0], first)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_every_bit_generator_serves(kind: type) -> None:
    """Generators whose raw draws have 32 bits give the right fraction as well."""
    param = {"mode": "train", "p": 0.37, "rng": np.random.Generator(kind(1))}
    out, _ = dropout_forward_fast(np.ones(200_000), param)
    assert abs((out == 0).mean() - 0.37) < 6 * (0.37 * 0.63 / out.size) ** 0.5


def test_without_a_source_the_global_generator_is_used() -> None:
    """Seeding NumPy once makes the masks repeat, and consecutive masks differ."""
    masks = []
    for _ in range(2):
        np.random.seed(7)
        masks.append([dropout_forward_fast(np.ones(50), {"mode": "train", "p": 0.3})[0] for _ in range(2)])
    np.testing.assert_array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0][0], masks[0][1])


def test_test_mode_is_the_identity() -> None:
    """In test mode the output is x, the mask is None, and the gradient passes unchanged."""
    x, param = numbers(np.random.default_rng(0), (3, 4)), {"mode": "test", "p": 0.7}
    out, cache = dropout_forward_fast(x, param)
    np.testing.assert_array_equal(out, x)
    assert cache == (param, None)
    np.testing.assert_array_equal(dropout_backward_fast(x, cache), x)


def test_integers_keep_their_type_and_the_mask_its_fraction() -> None:
    """An integer input gives integers, by way of a float64 mask."""
    out, (_, mask) = dropout_forward_fast(np.full(64, 4), train(0.2))
    assert out.dtype.kind == "i"
    assert set(np.unique(out)) == {0, 5}
    assert mask is not None
    assert mask.dtype == np.float64


def test_gradient_agrees_with_pytorch_and_finite_differences() -> None:
    """Autograd through the same mask gives the same gradient, and so do finite differences."""
    rng = np.random.default_rng(0)
    x, dout = numbers(rng, (6, 5)), numbers(rng, (6, 5))
    _, cache = dropout_forward_fast(x, train(0.4))
    tensor = torch.tensor(x, requires_grad=True)
    (tensor * torch.tensor(cache[1])).backward(torch.tensor(dout))
    assert tensor.grad is not None
    np.testing.assert_allclose(dropout_backward_fast(dout, cache), tensor.grad.numpy(), rtol=1e-12)
    agrees_with_finite_differences(lambda x: dropout_forward_fast(x, train(0.4)), dropout_backward_fast, [x])


@pytest.mark.parametrize(
    "param",
    [
        {"p": 0.5},
        {"mode": "train"},
        {"mode": "training", "p": 0.5},
        {"mode": "train", "p": 1.0},
        {"mode": "train", "p": -0.1},
        {"mode": "train", "p": float("nan")},
        {"mode": "train", "p": 0.1, "seed": 1, "rng": np.random.default_rng()},
    ],
)
def test_messages_are_those_of_dropout_forward(param: dict[str, Any]) -> None:
    """Every wrong dropout_param is refused in the words of dropout_forward."""
    with pytest.raises(ValueError, match="dropout_forward") as wanted:
        dropout_forward(np.ones(3), param)
    with pytest.raises(ValueError, match="dropout_forward") as got:
        dropout_forward_fast(np.ones(3), param)
    assert str(got.value) == str(wanted.value)
    assert errors.read(str(got.value)).fix


def test_a_refused_call_draws_nothing() -> None:
    """Checking dropout_param does not advance the generator."""
    param = {"mode": "train", "p": 2.0, "rng": np.random.default_rng(3)}
    with pytest.raises(ValueError, match="p is outside"):
        dropout_forward_fast(np.ones(3), param)
    assert param["rng"].random() == np.random.default_rng(3).random()
