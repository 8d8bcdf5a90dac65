"""What the tests of convolution and pooling measure against: PyTorch in float64, and finite differences.

A layer is a pair of functions; `inputs` are the arrays it takes gradients for, in the order of its backward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

Forward = Callable[..., tuple[np.ndarray, Any]]
Backward = Callable[..., Any]
LAYOUTS = ("plain", "transposed", "sliced")


def relative_error(got: np.ndarray, want: np.ndarray) -> float:
    """The largest difference, relative to the largest entry."""
    assert got.shape == want.shape
    return float(np.max(np.abs(got - want), initial=0) / max(float(np.max(np.abs(want), initial=0)), 1e-12))


def numbers(rng: np.random.Generator, shape: Sequence[int], dtype: str = "float64", layout: str = "plain") -> np.ndarray:
    """A read-only array of normal numbers, contiguous or not."""
    if layout == "transposed":
        array = rng.standard_normal(shape[::-1]).astype(dtype).T
    elif layout == "sliced":
        array = rng.standard_normal([2 * size for size in shape]).astype(dtype)[tuple(slice(None, None, 2) for _ in shape)]
    else:
        array = rng.standard_normal(shape).astype(dtype)
    array.flags.writeable = False
    return array


def as_tuple(gradients: Any) -> tuple[np.ndarray, ...]:
    """What a backward pass returned, also when it is one array."""
    return (gradients,) if isinstance(gradients, np.ndarray) else tuple(gradients)


def agrees_with_torch(
    forward: Forward, backward: Backward, reference: Callable[..., torch.Tensor], inputs: Sequence[np.ndarray]
) -> None:
    """Output and every gradient match PyTorch in float64, in the type of the inputs; the inputs may be read-only."""
    limit = 1e-9 if inputs[0].dtype == np.float64 else 2e-4
    tensors = [torch.tensor(array.astype(np.float64), requires_grad=True) for array in inputs]
    expected = reference(*tensors)
    out, cache = forward(*inputs)
    assert out.dtype == inputs[0].dtype
    assert relative_error(out, expected.detach().numpy()) < limit
    dout = numbers(np.random.default_rng(1), out.shape, str(out.dtype))
    wanted = torch.autograd.grad(expected, tensors, torch.tensor(dout.astype(np.float64)))
    for gradient, want, array in zip(as_tuple(backward(dout, cache)), wanted, inputs, strict=True):
        assert gradient.dtype == array.dtype
        assert relative_error(gradient, want.numpy()) < limit


def agrees_with_finite_differences(forward: Forward, backward: Backward, inputs: Sequence[np.ndarray], h: float = 1e-5) -> None:
    """Along a random direction of all inputs at once, the loss sum(out * dout) changes as the gradients say."""
    rng = np.random.default_rng(2)
    directions = [rng.choice([-1.0, 1.0], array.shape) * rng.uniform(1, 2, array.shape) for array in inputs]
    out, cache = forward(*inputs)
    dout = rng.standard_normal(out.shape)
    predicted = sum(float(np.sum(g * d)) for g, d in zip(as_tuple(backward(dout, cache)), directions, strict=True))
    ahead, behind = (
        float(np.sum(forward(*(a + step * d for a, d in zip(inputs, directions, strict=True)))[0] * dout)) for step in (h, -h)
    )
    measured = (ahead - behind) / (2 * h)
    scale = sum(float(np.sum(np.abs(g * d))) for g, d in zip(as_tuple(backward(dout, cache)), directions, strict=True))
    assert abs(measured - predicted) < 1e-8 * max(scale, 1)


@st.composite
def conv_cases(draw: st.DrawFn, channels: int = 4, batch: int = 3) -> dict[str, Any]:
    """Sizes of a convolution: N = 1, a kernel as large as the image and a stride above the kernel are all drawn."""
    HH, WW, pad = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(0, 3))
    return {
        "N": draw(st.integers(1, batch)),
        "C": draw(st.integers(1, channels)),
        "F": draw(st.integers(1, channels)),
        "H": draw(st.integers(max(1, HH - 2 * pad), 9)),
        "W": draw(st.integers(max(1, WW - 2 * pad), 9)),
        "HH": HH,
        "WW": WW,
        "stride": draw(st.integers(1, 5)),
        "pad": pad,
        "dtype": draw(st.sampled_from(["float32", "float64"])),
        "layout": draw(st.sampled_from(LAYOUTS)),
    }


@st.composite
def pool_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Sizes of a pooling layer: overlapping windows, gaps, and a window as large as the image are all drawn."""
    PH, PW = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return {
        "shape": (draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(PH, 9)), draw(st.integers(PW, 9))),
        "param": {"pool_height": PH, "pool_width": PW, "stride": draw(st.integers(1, 5))},
        "dtype": draw(st.sampled_from(["float32", "float64"])),
        "layout": draw(st.sampled_from(LAYOUTS)),
    }
