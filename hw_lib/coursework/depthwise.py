"""Convolutions with fewer weights: depthwise (each channel on its own), pointwise (1 x 1), and the two in a row.

Written for reading: plain sums over shifted images. Knows nothing about the general convolution.
"""

from __future__ import annotations

import numpy as np

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
    check_window,
    float_type,
    floating,
    integer,
)

__all__ = [
    "depthwise_conv_backward",
    "depthwise_conv_forward",
    "pointwise_conv_backward",
    "pointwise_conv_forward",
    "separable_conv_backward",
    "separable_conv_forward",
]

PointwiseCache = tuple[Array, Array, Array]


def depthwise_conv_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Convolve each channel with its own filter; channels do not mix.

        out[n, c, i, j] = b[c] + sum over k, l of  w[c, k, l] * xpad[n, c, i * stride + k, j * stride + l]

    Cost: N * C * OH * OW * HH * WW multiply-adds, F times fewer than F full filters.

    Args:
        x: (N, C, H, W). Images; never modified.
        w: (C, HH, WW). One filter for each channel.
        b: (C,). One bias for each channel.
        conv_param: 'stride' and 'pad', as in conv_forward_naive.

    Returns:
        out: (N, C, OH, OW).
        cache: (x, w, b, conv_param), for depthwise_conv_backward.

    Raises:
        ValueError: shapes that do not belong together, a stride below 1, a negative pad, NaN in w or b.

    Source:
        Sifre 2014; Howard et al. 2017, "MobileNets".
    """
    s = _sizes("depthwise_conv_forward", x, w, b, conv_param)
    out = np.empty(s.out, float_type(x, w, b))
    scratch = np.empty(out.shape[1:], out.dtype)
    for n in range(s.N):
        xpad = _padded(x[n], s)
        out[n] = b[:, None, None]
        for k in range(s.HH):
            for column in range(s.WW):
                np.multiply(_window(xpad, s, k, column), w[:, k, column, None, None], out=scratch)
                out[n] += scratch
    return out, (x, w, b, conv_param)


def depthwise_conv_backward(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Gradients of depthwise_conv_forward.

        dw[c, k, l]                                     = sum over n, i, j of dout * what w[c, k, l] was multiplied with
        dxpad[n, c, i * stride + k, j * stride + l]    += dout[n, c, i, j] * w[c, k, l]

    Cost: 2 * N * C * OH * OW * HH * WW multiply-adds.

    Args:
        dout: (N, C, OH, OW). Upstream gradient; never modified.
        cache: (x, w, b, conv_param), from depthwise_conv_forward.

    Returns:
        dx: (N, C, H, W).
        dw: (C, HH, WW).
        db: (C,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule, applied to the formula of depthwise_conv_forward.
    """
    x, w, b, conv_param = cache
    s = _sizes("depthwise_conv_backward", x, w, b, conv_param)
    check_dout("depthwise_conv_backward", dout, s.out)
    dtype = float_type(x, w, dout)
    dx, dw = np.empty(x.shape, floating(x.dtype)), np.zeros(w.shape, dtype)
    scratch = np.empty(dout.shape[1:], dtype)
    for n in range(s.N):
        xpad = _padded(x[n], s)
        dxpad = np.zeros(xpad.shape, dtype)
        for k in range(s.HH):
            for column in range(s.WW):
                dw[:, k, column] += np.einsum("cij,cij->c", dout[n], _window(xpad, s, k, column))
                np.multiply(dout[n], w[:, k, column, None, None], out=scratch)
                window = _window(dxpad, s, k, column)
                window += scratch
        dx[n] = dxpad[:, s.pad : s.pad + s.H, s.pad : s.pad + s.W]
    db = cast_like(dout.sum(axis=(0, 2, 3)), b)
    return dx, cast_like(dw, w), db


def pointwise_conv_forward(x: Array, w: Array, b: Array) -> tuple[Array, PointwiseCache]:
    """Mix the channels of every pixel: a convolution with 1 x 1 filters, which is one matrix product.

        out[n, f, i, j] = b[f] + sum over c of  w[f, c] * x[n, c, i, j]

    Cost: N * F * H * W * C multiply-adds.

    Args:
        x: (N, C, H, W). Images; never modified.
        w: (F, C). Filters.
        b: (F,). One bias for each filter.

    Returns:
        out: (N, F, H, W).
        cache: (x, w, b), for pointwise_conv_backward.

    Raises:
        ValueError: shapes that do not belong together, NaN in w or b.

    Source:
        Lin, Chen and Yan 2013, "Network in Network".
    """
    _check_pointwise("pointwise_conv_forward", x, w, b)
    N, C, H, W = x.shape
    dtype = float_type(x, w, b)
    out = np.matmul(w.astype(dtype, copy=False), x.reshape(N, C, H * W).astype(dtype, copy=False))
    out += b[:, None]
    return out.reshape(N, len(w), H, W), (x, w, b)


def pointwise_conv_backward(dout: Array, cache: PointwiseCache) -> tuple[Array, Array, Array]:
    """Gradients of pointwise_conv_forward.

        dx = w transposed, times dout;   dw = dout times x transposed, over all pixels;   db = sum of dout

    Cost: 2 * N * F * H * W * C multiply-adds.

    Args:
        dout: (N, F, H, W). Upstream gradient; never modified.
        cache: (x, w, b), from pointwise_conv_forward.

    Returns:
        dx: (N, C, H, W).
        dw: (F, C).
        db: (F,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule, applied to the formula of pointwise_conv_forward.
    """
    x, w, b = cache
    _check_pointwise("pointwise_conv_backward", x, w, b)
    N, C, H, W = x.shape
    check_dout("pointwise_conv_backward", dout, (N, len(w), H, W))
    pixels, gradient = x.reshape(N, C, H * W), dout.reshape(N, len(w), H * W)
    dx = cast_like(np.matmul(w.T, gradient).reshape(x.shape), x)
    dw = sum((gradient[n] @ pixels[n].T for n in range(N)), np.zeros(w.shape, floating(w.dtype)))
    return dx, cast_like(dw, w), cast_like(dout.sum(axis=(0, 2, 3)), b)


def separable_conv_forward(
    x: Array, w_depth: Array, b_depth: Array, w_point: Array, b_point: Array, conv_param: Param
) -> tuple[Array, tuple[ConvCache, PointwiseCache]]:
    """A depthwise convolution, then a pointwise one: what a full convolution does in one step, with far fewer weights.

        out = pointwise(depthwise(x))

    Cost: N * C * OH * OW * (HH * WW + F) multiply-adds, against N * C * OH * OW * HH * WW * F of a full convolution.

    Args:
        x: (N, C, H, W). Images; never modified.
        w_depth: (C, HH, WW). One filter for each channel.
        b_depth: (C,).
        w_point: (F, C). How the channels mix.
        b_point: (F,).
        conv_param: 'stride' and 'pad' of the depthwise step.

    Returns:
        out: (N, F, OH, OW).
        cache: (depthwise cache, pointwise cache), for separable_conv_backward.

    Raises:
        ValueError: what the two steps refuse.

    Source:
        Howard et al. 2017, "MobileNets", without the normalisation between the steps.
    """
    between, depth_cache = depthwise_conv_forward(x, w_depth, b_depth, conv_param)
    out, point_cache = pointwise_conv_forward(between, w_point, b_point)
    return out, (depth_cache, point_cache)


def separable_conv_backward(dout: Array, cache: tuple[ConvCache, PointwiseCache]) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of separable_conv_forward: back through the pointwise step, then through the depthwise one.

    Cost: twice the forward pass.

    Args:
        dout: (N, F, OH, OW). Upstream gradient; never modified.
        cache: from separable_conv_forward.

    Returns:
        dx, dw_depth, db_depth, dw_point, db_point: each with the shape of its argument.

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule.
    """
    depth_cache, point_cache = cache
    between, dw_point, db_point = pointwise_conv_backward(dout, point_cache)
    dx, dw_depth, db_depth = depthwise_conv_backward(between, depth_cache)
    return dx, dw_depth, db_depth, dw_point, db_point


def _sizes(layer: str, x: Array, w: Array, b: Array, conv_param: Param) -> ConvSizes:
    """Check the arguments of a depthwise convolution and return its sizes."""
    check_rank(layer, "x", x, "N, C, H, W")
    check_rank(layer, "w", w, "C, HH, WW")
    (N, _, H, W), (C, HH, WW) = x.shape, w.shape
    check_channels(layer, x, C)
    check_parameters(layer, w, b, C)
    stride, pad = integer(layer, conv_param, "stride", 1), integer(layer, conv_param, "pad", 0)
    check_window(layer, (HH, WW), (H + 2 * pad, W + 2 * pad))
    return ConvSizes(N, C, H, W, C, HH, WW, stride, pad, (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1)


def _check_pointwise(layer: str, x: Array, w: Array, b: Array) -> None:
    """Check the arguments of a pointwise convolution."""
    check_rank(layer, "x", x, "N, C, H, W")
    check_rank(layer, "w", w, "F, C")
    check_channels(layer, x, w.shape[1])
    check_parameters(layer, w, b, w.shape[0])


def _padded(image: Array, s: ConvSizes) -> Array:
    """One image (C, H, W) with its zero padding."""
    padded = np.zeros((s.C, s.H + 2 * s.pad, s.W + 2 * s.pad), image.dtype)
    padded[:, s.pad : s.pad + s.H, s.pad : s.pad + s.W] = image
    return padded


def _window(padded: Array, s: ConvSizes, k: int, column: int) -> Array:
    """Entry (k, column) of every window: (C, OH, OW)."""
    rows = slice(k, k + s.stride * (s.OH - 1) + 1, s.stride)
    columns = slice(column, column + s.stride * (s.OW - 1) + 1, s.stride)
    return padded[:, rows, columns]
