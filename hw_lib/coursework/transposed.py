"""Transposed convolution: what a convolution's backward pass does to a gradient, used as a layer that enlarges images.

Each of its three linear maps is one of a convolution's, with input and output exchanged, so it uses the fast convolution.
"""

from __future__ import annotations

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import (
    Array,
    ConvCache,
    ConvSizes,
    Param,
    cast_like,
    check_channels,
    check_dout,
    check_parameters,
    check_rank,
    float_type,
    integer,
)
from hw_lib.layers.fast.columns import columns_filter_gradient, columns_input_gradient
from hw_lib.layers.fast.convolution import formulation

__all__ = ["conv_transpose_backward", "conv_transpose_forward"]


def conv_transpose_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Let every input pixel paint its filter onto a larger image, at steps of the stride.

        out[n, f, i * stride + k - pad, j * stride + l - pad] += sum over c of  x[n, c, i, j] * w[c, f, k, l]
        OH = (H - 1) * stride - 2 * pad + HH + output_pad,   OW likewise;   then b[f] is added

    Cost: N * C * H * W * F * HH * WW multiply-adds.

    Args:
        x: (N, C, H, W). Never modified.
        w: (C, F, HH, WW). Filters; input channels come first, as in PyTorch.
        b: (F,). One bias for each output channel.
        conv_param: 'stride', 'pad' (rows cut off on each side), and, optional, 'output_pad': rows and columns more at the
            bottom and right, less than the stride.

    Returns:
        out: (N, F, OH, OW).
        cache: (x, w, b, conv_param), for conv_transpose_backward.

    Raises:
        ValueError: shapes that do not belong together, a pad that leaves nothing, an output_pad of a stride or more.

    Source:
        Zeiler et al. 2010; Dumoulin and Visin 2016, chapter 4.
    """
    s = _sizes("conv_transpose_forward", x, w, b, conv_param)
    out = columns_input_gradient(x, w, s, float_type(x, w, b))
    out += b[:, None, None]
    return out, (x, w, b, conv_param)


def conv_transpose_backward(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Gradients of conv_transpose_forward; dx is an ordinary convolution of dout.

        dx[n, c, i, j] = sum over f, k, l of  w[c, f, k, l] * doutpad[n, f, i * stride + k, j * stride + l]

    Cost: 2 * N * C * H * W * F * HH * WW multiply-adds.

    Args:
        dout: (N, F, OH, OW). Upstream gradient; never modified.
        cache: (x, w, b, conv_param), from conv_transpose_forward.

    Returns:
        dx: (N, C, H, W).
        dw: (C, F, HH, WW).
        db: (F,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule; the transpose of a transpose is the map itself.
    """
    x, w, b, conv_param = cache
    s = _sizes("conv_transpose_backward", x, w, b, conv_param)
    check_dout("conv_transpose_backward", dout, (s.N, s.C, s.H, s.W))
    dtype = float_type(x, w, dout)
    convolve, _ = formulation(s)
    dx = convolve(dout, w, np.zeros(s.F), s, dtype)
    dw, _ = columns_filter_gradient(x, dout, s, dtype)
    db = dout.sum(axis=(0, 2, 3), dtype=dtype)
    return (
        cast_like(dx, x),
        cast_like(dw, w),
        cast_like(db, b),
    )


def _sizes(layer: str, x: Array, w: Array, b: Array, conv_param: Param) -> ConvSizes:
    """Check the arguments; return the sizes of the convolution that goes the other way, from out to x."""
    check_rank(layer, "x", x, "N, C, H, W")
    check_rank(layer, "w", w, "C, F, HH, WW")
    (N, _, H, W), (C, F, HH, WW) = x.shape, w.shape
    check_channels(layer, x, C)
    check_parameters(layer, w, b, F)
    stride, pad = integer(layer, conv_param, "stride", 1), integer(layer, conv_param, "pad", 0)
    extra = integer(layer, conv_param, "output_pad", 0) if "output_pad" in conv_param else 0
    OH, OW = ((size - 1) * stride - 2 * pad + window + extra for size, window in ((H, HH), (W, WW)))
    if extra >= stride or OH < 1 or OW < 1:
        raise invalid(
            f"{layer}: the output has no valid size",
            expected="output_pad < stride, and an output of at least 1 x 1",
            got=f"output_pad = {extra}, stride = {stride}, output {OH} x {OW}",
            fix="use less padding, or a smaller output_pad",
        )
    return ConvSizes(N, F, OH, OW, C, HH, WW, stride, pad, H, W)
