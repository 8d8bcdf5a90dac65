"""The formulations of the fast convolution: each is right on its own, chosen where it should be, and small in memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hw_lib.layers.arguments import ConvSizes, conv_sizes
from hw_lib.layers.fast import conv_backward_fast, conv_forward_fast
from hw_lib.layers.fast.columns import columns_backward, columns_forward
from hw_lib.layers.fast.convolution import formulation
from hw_lib.layers.fast.shifted import shifted_backward, shifted_forward
from hw_lib.layers.fast.winograd import transforms, winograd_backward, winograd_forward
from tests.hw_lib.layer_oracles import agrees_with_torch, conv_cases, numbers, relative_error

FORMULATIONS = {
    "columns": (columns_forward, columns_backward),
    "shifted": (shifted_forward, shifted_backward),
    "winograd": (winograd_forward, winograd_backward),
}


def suits(name: str, s: ConvSizes) -> bool:
    """Whether a formulation can compute a convolution of these sizes at all."""
    special = s.stride == 1 and s.HH == s.WW and s.pad < s.HH
    return name == "columns" or (special and (name == "shifted" or s.HH in (3, 5)))


@pytest.mark.parametrize("name", FORMULATIONS)
@given(case=conv_cases(channels=3), tall=st.integers(0, 24), side=st.sampled_from((3, 5)))
@settings(deadline=None, max_examples=100)
def test_each_formulation_agrees_with_torch(name: str, case: dict[str, Any], tall: int, side: int) -> None:
    """Each formulation alone gives PyTorch's numbers wherever it applies, also for images of several blocks."""
    if name != "columns":
        case |= {"stride": 1, "HH": side, "WW": side, "H": max(case["H"], side) + tall, "W": max(case["W"], side)}
    rng = np.random.default_rng(0)
    shapes = (case["N"], case["C"], case["H"], case["W"]), (case["F"], case["C"], case["HH"], case["WW"]), (case["F"],)
    inputs = [numbers(rng, shape, case["dtype"], case["layout"]) for shape in shapes]
    s = conv_sizes("test", *inputs, {"stride": case["stride"], "pad": case["pad"]})
    assume(suits(name, s))
    forward, backward = FORMULATIONS[name]
    x, w, _ = inputs
    agrees_with_torch(
        lambda x, w, b: (forward(x, w, b, s, x.dtype), None),
        lambda dout, _: backward(dout, x, w, s, x.dtype),
        lambda x, w, b: torch.nn.functional.conv2d(x, w, b, stride=s.stride, padding=s.pad),
        inputs,
    )


@pytest.mark.parametrize(
    ("x", "w", "stride", "pad", "name"),
    [
        ((1, 64, 32, 32), (64, 64, 3, 3), 1, 1, "winograd"),
        ((1, 64, 8, 8), (64, 64, 3, 3), 1, 1, "shifted"),
        ((1, 16, 32, 32), (64, 16, 3, 3), 1, 1, "winograd"),
        ((1, 64, 32, 32), (64, 64, 5, 5), 1, 2, "winograd"),
        ((1, 64, 32, 32), (64, 64, 7, 7), 1, 3, "shifted"),
        ((1, 15, 32, 32), (64, 15, 3, 3), 1, 1, "columns"),
        ((1, 64, 32, 32), (64, 64, 3, 3), 1, 3, "columns"),
        ((1, 64, 32, 32), (64, 64, 1, 1), 1, 0, "shifted"),
        ((1, 3, 32, 32), (32, 3, 7, 7), 1, 3, "columns"),
        ((1, 64, 32, 32), (64, 64, 3, 3), 2, 1, "columns"),
        ((1, 64, 32, 32), (64, 64, 3, 1), 1, 1, "columns"),
    ],
)
def test_which_formulation_is_chosen(x: tuple[int, ...], w: tuple[int, ...], stride: int, pad: int, name: str) -> None:
    """Many channels and stride 1 go to the two specialists, everything else to columns."""
    s = conv_sizes("test", np.ones(x), np.ones(w), np.ones(w[0]), {"stride": stride, "pad": pad})
    assert formulation(s) == FORMULATIONS[name]


@pytest.mark.parametrize(
    ("x", "w", "stride", "pad"),
    [
        ((16, 32, 32, 32), (32, 32, 3, 3), 1, 1),
        ((16, 32, 32, 32), (32, 32, 5, 5), 1, 2),
        ((16, 3, 32, 32), (32, 3, 7, 7), 1, 3),
        ((4, 3, 112, 112), (32, 3, 7, 7), 2, 3),
        ((2, 3, 32, 32), (32, 3, 3, 3), 1, 1),
    ],
)
def test_scratch_memory_is_below_half_of_inputs_and_outputs(x: tuple[int, ...], w: tuple[int, ...], stride: int, pad: int) -> None:
    """Forward and backward need less than half of what goes in and comes out; a full im2col would need several times that."""
    rng = np.random.default_rng(0)
    images, filters, bias = (numbers(rng, shape, "float32") for shape in (x, w, w[:1]))
    tracemalloc.start()
    out, cache = conv_forward_fast(images, filters, bias, {"stride": stride, "pad": pad})
    forward_scratch = tracemalloc.get_traced_memory()[1] - out.nbytes
    dout = np.ones_like(out)
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    gradients = conv_backward_fast(dout, cache)
    backward_scratch = tracemalloc.get_traced_memory()[1] - before - sum(gradient.nbytes for gradient in gradients)
    tracemalloc.stop()
    python = 50_000  # bytes of views and tuples, whatever the sizes
    assert forward_scratch - python < 0.5 * (images.nbytes + out.nbytes)
    assert backward_scratch - python < 0.5 * (2 * images.nbytes + out.nbytes)


@pytest.mark.parametrize("side", [3, 5])
def test_winograd_keeps_float32_accuracy(side: int) -> None:
    """The clever multiplications lose less than a decimal digit: errors stay below 1e-5 of the largest number."""
    rng = np.random.default_rng(0)
    x, w, b = numbers(rng, (2, 64, 32, 32)), numbers(rng, (64, 64, side, side)), numbers(rng, (64,))
    dout = numbers(rng, x.shape)
    results = []
    for dtype in (np.float32, np.float64):
        out, cache = conv_forward_fast(*(array.astype(dtype) for array in (x, w, b)), {"stride": 1, "pad": side // 2})
        results.append((out, *conv_backward_fast(dout.astype(dtype), cache)))
    for single, exact in zip(*results, strict=True):
        assert relative_error(single, exact) < 1e-5


@pytest.mark.parametrize("taps", [3, 5])
def test_winograds_matrices(taps: int) -> None:
    """Four outputs from taps + 3 multiplications are those of the plain sum; with three taps the matrices are Lavin and Gray's."""
    A, G, B = transforms(taps)
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal(taps + 3), rng.standard_normal(taps)
    assert np.allclose(A @ ((G @ w) * (B @ x)), np.correlate(x, w, "valid"), atol=1e-12)
    if taps == 3:
        assert np.allclose(B[[0, -1]], [[4, 0, -5, 0, 1, 0], [0, 4, 0, -5, 0, 1]])
        assert np.allclose(G[3], [1 / 24, 1 / 12, 1 / 6])
