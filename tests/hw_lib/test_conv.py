"""Convolution, teaching and fast: against PyTorch, finite differences and each other, and every refusal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors
from hw_lib.layers.conv import conv_backward_naive, conv_forward_naive
from hw_lib.layers.fast import conv_backward_fast, conv_forward_fast
from tests.hw_lib.layer_oracles import agrees_with_finite_differences, agrees_with_torch, conv_cases, numbers, relative_error

PAIRS = {"naive": (conv_forward_naive, conv_backward_naive), "fast": (conv_forward_fast, conv_backward_fast)}
pairs = pytest.mark.parametrize(("forward", "backward"), PAIRS.values(), ids=PAIRS.keys())


def arrays(case: dict[str, Any]) -> list[np.ndarray]:
    """x, w and b of a drawn case."""
    rng = np.random.default_rng(0)
    shapes = (case["N"], case["C"], case["H"], case["W"]), (case["F"], case["C"], case["HH"], case["WW"]), (case["F"],)
    return [numbers(rng, shape, case["dtype"], case["layout"]) for shape in shapes]


def check(forward: Any, backward: Any, case: dict[str, Any]) -> None:
    """One case against PyTorch."""
    param = {"stride": case["stride"], "pad": case["pad"]}
    agrees_with_torch(
        lambda x, w, b: forward(x, w, b, param),
        backward,
        lambda x, w, b: torch.nn.functional.conv2d(x, w, b, stride=case["stride"], padding=case["pad"]),
        arrays(case),
    )


@given(case=conv_cases())
@settings(deadline=None, max_examples=40)
def test_naive_agrees_with_torch(case: dict[str, Any]) -> None:
    """The loops give PyTorch's numbers for any sizes, stride, padding, type and memory layout."""
    check(*PAIRS["naive"], case)


@given(case=conv_cases())
@settings(deadline=None, max_examples=150)
def test_fast_agrees_with_torch(case: dict[str, Any]) -> None:
    """So does the fast code, with few channels."""
    check(*PAIRS["fast"], case)


@given(case=conv_cases(), more=st.integers(16, 20))
@settings(deadline=None, max_examples=150)
def test_fast_with_many_channels_agrees_with_torch(case: dict[str, Any], more: int) -> None:
    """And with many channels, where other formulations are chosen."""
    check(*PAIRS["fast"], {**case, "C": case["C"] + more, "F": case["F"] + 15, "stride": max(1, case["stride"] - 3)})


@given(case=conv_cases())
@settings(deadline=None, max_examples=20)
def test_fast_agrees_with_naive(case: dict[str, Any]) -> None:
    """The two rooms compute the same, and each reads the other's cache."""
    x, w, b = arrays({**case, "dtype": "float64"})
    param = {"stride": case["stride"], "pad": case["pad"]}
    slow, slow_cache = conv_forward_naive(x, w, b, param)
    fast, fast_cache = conv_forward_fast(x, w, b, param)
    assert relative_error(fast, slow) < 1e-12
    for one, two in zip(conv_backward_naive(slow, fast_cache), conv_backward_fast(slow, slow_cache), strict=True):
        assert relative_error(one, two) < 1e-12


@pairs
@pytest.mark.parametrize(("channels", "size", "stride", "pad"), [(3, 3, 2, 1), (17, 3, 1, 1), (17, 5, 1, 2), (2, 1, 3, 0)])
def test_gradients_agree_with_finite_differences(
    forward: Any, backward: Any, channels: int, size: int, stride: int, pad: int
) -> None:
    """The gradients predict how the loss moves along a random direction."""
    rng = np.random.default_rng(3)
    inputs = [numbers(rng, shape) for shape in ((2, channels, 7, 6), (16, channels, size, size), (16,))]
    param = {"stride": stride, "pad": pad}
    agrees_with_finite_differences(lambda x, w, b: forward(x, w, b, param), backward, inputs)


@pairs
def test_by_hand(forward: Any, backward: Any) -> None:
    """A tiny case worked out on paper: filters are not flipped, and every output collects its own window."""
    x = np.array([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    w = np.array([[[[1.0, 0], [0, 10]]]])
    out, cache = forward(x, w, np.array([100.0]), {"stride": 1, "pad": 0})
    np.testing.assert_allclose(out, [[[[151, 162], [184, 195]]]])
    dx, dw, db = backward(np.ones_like(out), cache)
    np.testing.assert_allclose(dx, [[[[1, 1, 0], [1, 11, 10], [0, 10, 10]]]])
    np.testing.assert_allclose(dw, [[[[12, 16], [24, 28]]]])
    np.testing.assert_allclose(db, [4])


@pairs
def test_cache_holds_the_inputs(forward: Any, backward: Any) -> None:
    """The cache is (x, w, b, conv_param), the very objects: nothing unfolded is kept."""
    x, w, b, param = np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 1, "pad": 0}
    _, cache = forward(x, w, b, param)
    assert [id(part) for part in cache] == [id(part) for part in (x, w, b, param)]


@pairs
def test_integers_are_computed_in_float64(forward: Any, backward: Any) -> None:
    """Integer images and filters give float64 outputs and gradients."""
    x, w, b = np.arange(16).reshape(1, 1, 4, 4), np.ones((1, 1, 3, 3), int), np.zeros(1, int)
    out, cache = forward(x, w, b, {"stride": 1, "pad": 0})
    np.testing.assert_array_equal(out, [[[[45.0, 54], [81, 90]]]])
    assert {array.dtype for array in (out, *backward(out, cache))} == {np.dtype(np.float64)}


@pairs
def test_a_last_window_that_sticks_out_is_left_out(forward: Any, backward: Any) -> None:
    """Rows and columns that no whole window reaches get no gradient, as in PyTorch."""
    out, cache = forward(np.ones((1, 1, 6, 6)), np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 2, "pad": 0})
    assert out.shape == (1, 1, 2, 2)
    dx = backward(out, cache)[0]
    assert not dx[:, :, 5].any()
    assert not dx[:, :, :, 5].any()


REFUSALS = {
    "rank of x": ({"x": np.ones((3, 4, 4))}, "x has the wrong number of axes", "(N, C, H, W)"),
    "rank of w": ({"w": np.ones((3, 3))}, "w has the wrong number of axes", "(F, C, HH, WW)"),
    "empty": ({"x": np.ones((0, 3, 4, 4))}, "x is empty", "each at least 1"),
    "channels": ({"x": np.ones((2, 4, 4, 3))}, "x and w disagree about the channels", "C = 3"),
    "bias": ({"b": np.zeros(3)}, "b has the wrong shape", "(2,)"),
    "NaN in w": ({"w": np.full((2, 3, 3, 3), np.nan)}, "w holds NaN", "numbers"),
    "NaN in b": ({"b": np.array([0, np.nan])}, "b holds NaN", "numbers"),
    "window": ({"w": np.ones((2, 3, 7, 3))}, "the window does not fit into the image", "at most 6 x 6"),
    "zero stride": ({"param": {"stride": 0, "pad": 1}}, "'stride' is not an integer >= 1", "an integer >= 1"),
    "half stride": ({"param": {"stride": 0.5, "pad": 1}}, "'stride' is not an integer >= 1", "an integer >= 1"),
    "negative pad": ({"param": {"stride": 1, "pad": -1}}, "'pad' is not an integer >= 0", "an integer >= 0"),
    "missing pad": ({"param": {"stride": 1}}, "'pad' is missing", "'pad'"),
}


@pairs
@pytest.mark.parametrize(("change", "what", "expected"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusals(forward: Any, backward: Any, change: dict[str, Any], what: str, expected: str) -> None:
    """Bad arguments are refused before any arithmetic, with what was expected, what came, and how to fix it."""
    arguments: dict[str, Any] = {
        "x": np.ones((2, 3, 4, 4)),
        "w": np.ones((2, 3, 3, 3)),
        "b": np.zeros(2),
        "param": {"stride": 1, "pad": 1},
    }
    arguments |= change
    with pytest.raises(ValueError, match="conv_forward") as failure:
        forward(*arguments.values())
    message = errors.read(str(failure.value))
    assert message.what == f"{forward.__name__}: {what}"
    assert expected in message.expected
    assert message.got
    assert message.fix


@pairs
def test_a_gradient_of_another_shape_is_refused(forward: Any, backward: Any) -> None:
    """A dout that does not fit the output is named, with both shapes."""
    _, cache = forward(np.ones((2, 3, 4, 4)), np.ones((2, 3, 3, 3)), np.zeros(2), {"stride": 1, "pad": 1})
    with pytest.raises(ValueError, match="dout has the wrong shape") as failure:
        backward(np.ones((2, 2, 4, 3)), cache)
    assert errors.read(str(failure.value)).expected == "(2, 2, 4, 4)"
