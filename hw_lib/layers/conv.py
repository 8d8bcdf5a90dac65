"""Convolution as written for understanding: one output value at a time.

The code to read in class. The same functions made fast are in `hw_lib.layers.fast`; nothing here knows about them.
"""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, ConvCache, Param, check_dout, conv_sizes, float_type, floating

__all__ = ["conv_backward_naive", "conv_forward_naive"]


def conv_forward_naive(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Slide F filters over a batch of images; no flip, so strictly speaking a cross-correlation.

        out[n, f, i, j] = b[f] + sum over c, k, l of  w[f, c, k, l] * xpad[n, c, i * stride + k, j * stride + l]
        OH = 1 + (H + 2 * pad - HH) // stride,   OW = 1 + (W + 2 * pad - WW) // stride

    Cost: N * F * OH * OW * C * HH * WW multiply-adds.

    Args:
        x: (N, C, H, W). Images; never modified.
        w: (F, C, HH, WW). Filters.
        b: (F,). One bias for each filter.
        conv_param: 'stride': pixels between windows, at least 1; 'pad': zeros added on each of the four sides.

    Returns:
        out: (N, F, OH, OW), float32 if x, w and b are.
        cache: (x, w, b, conv_param), for conv_backward_naive; x is not padded.

    Raises:
        ValueError: shapes that do not belong together, a stride below 1, a negative pad, NaN in w or b.

    Source:
        Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
    """
    s = conv_sizes("conv_forward_naive", x, w, b, conv_param)
    out = np.zeros(s.out, float_type(x, w, b))
    ### BEGIN SOLUTION
    xpad = np.pad(x, ((0, 0), (0, 0), (s.pad, s.pad), (s.pad, s.pad)))
    for n in range(s.N):
        for f in range(s.F):
            for i in range(s.OH):
                for j in range(s.OW):
                    top, left = i * s.stride, j * s.stride
                    window = xpad[n, :, top : top + s.HH, left : left + s.WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    ### END SOLUTION
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Send each output's gradient back to the window and the filter that made it.

        dw[f]                         += dout[n, f, i, j] * window of x at (i, j)
        dx[n, :, window at (i, j)]    += dout[n, f, i, j] * w[f]
        db[f]                         += dout[n, f, i, j]

    Cost: 2 * N * F * OH * OW * C * HH * WW multiply-adds, twice the forward pass.

    Args:
        dout: (N, F, OH, OW). Upstream gradient; never modified.
        cache: (x, w, b, conv_param), from conv_forward_naive.

    Returns:
        dx: (N, C, H, W).
        dw: (F, C, HH, WW).
        db: (F,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule, applied to the formula of conv_forward_naive.
    """
    x, w, b, conv_param = cache
    s = conv_sizes("conv_backward_naive", x, w, b, conv_param)
    check_dout("conv_backward_naive", dout, s.out)
    dx, dw, db = (np.zeros(array.shape, floating(array.dtype)) for array in (x, w, b))
    ### BEGIN SOLUTION
    around = ((0, 0), (0, 0), (s.pad, s.pad), (s.pad, s.pad))
    xpad, dxpad = np.pad(x, around), np.pad(dx, around)
    for n in range(s.N):
        for f in range(s.F):
            for i in range(s.OH):
                for j in range(s.OW):
                    rows = slice(i * s.stride, i * s.stride + s.HH)
                    columns = slice(j * s.stride, j * s.stride + s.WW)
                    dw[f] += dout[n, f, i, j] * xpad[n, :, rows, columns]
                    dxpad[n, :, rows, columns] += dout[n, f, i, j] * w[f]
                    db[f] += dout[n, f, i, j]
    dx = dxpad[:, :, s.pad : s.pad + s.H, s.pad : s.pad + s.W]
    ### END SOLUTION
    return dx, dw, db
