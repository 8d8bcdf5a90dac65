"""Depthwise, pointwise, separable, transposed and one-dimensional convolution: PyTorch, finite differences, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hw_lib import errors
from hw_lib.coursework import conv1d, depthwise, transposed
from tests.hw_lib.layer_oracles import agrees_with_finite_differences, agrees_with_torch, conv_cases, numbers

conv2d = torch.nn.functional.conv2d


def made(case: dict[str, Any], *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Arrays of the drawn type and layout."""
    rng = np.random.default_rng(0)
    return [numbers(rng, shape, case["dtype"], case["layout"]) for shape in shapes]


@given(case=conv_cases())
@settings(deadline=None, max_examples=80)
def test_depthwise_agrees_with_torch(case: dict[str, Any]) -> None:
    """Depthwise convolution is PyTorch's with as many groups as channels."""
    N, C, H, W = (case[axis] for axis in "NCHW")
    param = {"stride": case["stride"], "pad": case["pad"]}
    agrees_with_torch(
        lambda x, w, b: depthwise.depthwise_conv_forward(x, w, b, param),
        depthwise.depthwise_conv_backward,
        lambda x, w, b: conv2d(x, w[:, None], b, stride=case["stride"], padding=case["pad"], groups=C),
        made(case, (N, C, H, W), (C, case["HH"], case["WW"]), (C,)),
    )


@given(case=conv_cases())
@settings(deadline=None, max_examples=40)
def test_pointwise_agrees_with_torch(case: dict[str, Any]) -> None:
    """Pointwise convolution is PyTorch's with 1 x 1 filters."""
    N, C, H, W = (case[axis] for axis in "NCHW")
    agrees_with_torch(
        depthwise.pointwise_conv_forward,
        depthwise.pointwise_conv_backward,
        lambda x, w, b: conv2d(x, w[:, :, None, None], b),
        made(case, (N, C, H, W), (case["F"], C), (case["F"],)),
    )


@given(case=conv_cases())
@settings(deadline=None, max_examples=40)
def test_separable_agrees_with_torch(case: dict[str, Any]) -> None:
    """Depthwise-separable convolution is the two in a row."""
    N, C, H, W, F = (case[axis] for axis in "NCHWF")
    param = {"stride": case["stride"], "pad": case["pad"]}
    agrees_with_torch(
        lambda x, wd, bd, wp, bp: depthwise.separable_conv_forward(x, wd, bd, wp, bp, param),
        depthwise.separable_conv_backward,
        lambda x, wd, bd, wp, bp: conv2d(
            conv2d(x, wd[:, None], bd, stride=case["stride"], padding=case["pad"], groups=C), wp[:, :, None, None], bp
        ),
        made(case, (N, C, H, W), (C, case["HH"], case["WW"]), (C,), (F, C), (F,)),
    )


@given(case=conv_cases(channels=18), extra=st.integers(0, 2))
@settings(deadline=None, max_examples=100)
def test_transposed_agrees_with_torch(case: dict[str, Any], extra: int) -> None:
    """Transposed convolution is PyTorch's, output padding included, for few and many channels."""
    N, C, H, W, F, HH, WW, stride, pad = (case[axis] for axis in ("N", "C", "H", "W", "F", "HH", "WW", "stride", "pad"))
    assume(extra < stride and min((H - 1) * stride + HH, (W - 1) * stride + WW) - 2 * pad + extra >= 1)
    param = {"stride": stride, "pad": pad, "output_pad": extra}
    agrees_with_torch(
        lambda x, w, b: transposed.conv_transpose_forward(x, w, b, param),
        transposed.conv_transpose_backward,
        lambda x, w, b: torch.nn.functional.conv_transpose2d(x, w, b, stride=stride, padding=pad, output_padding=extra),
        made(case, (N, C, H, W), (C, F, HH, WW), (F,)),
    )


@given(case=conv_cases(channels=18))
@settings(deadline=None, max_examples=60)
def test_one_dimensional_agrees_with_torch(case: dict[str, Any]) -> None:
    """One-dimensional convolution is PyTorch's; padding goes to the two ends only."""
    param = {"stride": case["stride"], "pad": case["pad"]}
    agrees_with_torch(
        lambda x, w, b: conv1d.conv1d_forward(x, w, b, param),
        conv1d.conv1d_backward,
        lambda x, w, b: torch.nn.functional.conv1d(x, w, b, stride=case["stride"], padding=case["pad"]),
        made(case, (case["N"], case["C"], case["W"]), (case["F"], case["C"], case["WW"]), (case["F"],)),
    )


PARAM = {"stride": 2, "pad": 1}
LAYERS: dict[str, tuple[Any, Any, list[tuple[int, ...]]]] = {
    "depthwise": (
        lambda x, w, b: depthwise.depthwise_conv_forward(x, w, b, PARAM),
        depthwise.depthwise_conv_backward,
        [(2, 3, 6, 5), (3, 3, 2), (3,)],
    ),
    "pointwise": (depthwise.pointwise_conv_forward, depthwise.pointwise_conv_backward, [(2, 3, 4, 5), (4, 3), (4,)]),
    "separable": (
        lambda x, wd, bd, wp, bp: depthwise.separable_conv_forward(x, wd, bd, wp, bp, PARAM),
        depthwise.separable_conv_backward,
        [(2, 3, 6, 5), (3, 3, 2), (3,), (4, 3), (4,)],
    ),
    "transposed": (
        lambda x, w, b: transposed.conv_transpose_forward(x, w, b, PARAM),
        transposed.conv_transpose_backward,
        [(2, 3, 4, 5), (3, 4, 3, 3), (4,)],
    ),
    "one-dimensional": (
        lambda x, w, b: conv1d.conv1d_forward(x, w, b, PARAM),
        conv1d.conv1d_backward,
        [(2, 3, 9), (4, 3, 3), (4,)],
    ),
}


@pytest.mark.parametrize(("forward", "backward", "shapes"), LAYERS.values(), ids=LAYERS.keys())
def test_gradients_agree_with_finite_differences(forward: Any, backward: Any, shapes: list[tuple[int, ...]]) -> None:
    """The gradients predict how the loss moves along a random direction of all inputs at once."""
    rng = np.random.default_rng(3)
    agrees_with_finite_differences(forward, backward, [numbers(rng, shape) for shape in shapes])


@pytest.mark.parametrize(("forward", "backward", "shapes"), LAYERS.values(), ids=LAYERS.keys())
def test_refusals(forward: Any, backward: Any, shapes: list[tuple[int, ...]]) -> None:
    """A wrong rank, other channels, a bias of another length, NaN filters and a foreign dout are refused with a fix."""
    arrays = [np.ones(shape) for shape in shapes]
    changes = {
        "x has the wrong number of axes": (0, np.ones(shapes[0][1:])),
        "disagree about the channels": (0, np.ones((2, 9, *shapes[0][2:]))),
        "b has the wrong shape": (2, np.ones(7)),
        "w holds NaN": (1, np.full(shapes[1], np.nan)),
    }
    for what, (position, array) in changes.items():
        with pytest.raises(ValueError, match=what) as failure:
            forward(*(array if k == position else given for k, given in enumerate(arrays)))
        assert errors.read(str(failure.value)).fix
    out, cache = forward(*arrays)
    with pytest.raises(ValueError, match="dout has the wrong shape"):
        backward(np.ones((*out.shape[:-1], 99)), cache)


@pytest.mark.parametrize("param", [{"stride": 1, "pad": 3}, {"stride": 2, "pad": 0, "output_pad": 2}])
def test_a_transposed_convolution_without_a_valid_size_is_refused(param: dict[str, int]) -> None:
    """A padding that leaves nothing, and an output padding of a whole stride, are refused."""
    with pytest.raises(ValueError, match="the output has no valid size") as failure:
        transposed.conv_transpose_forward(np.ones((1, 2, 2, 2)), np.ones((2, 3, 3, 3)), np.zeros(3), param)
    assert "output_pad < stride" in errors.read(str(failure.value)).expected
