"""conv_forward_fast and conv_backward_fast: check the arguments, choose a formulation, run it.

The idea in five lines:
1. 3x3 or 5x5 filters, stride 1, 16 channels or more: half of the multiplications can be saved (`winograd.py`).
2. Other square filters, stride 1, 16 channels or more: a product for each filter row, nothing copied twice (`shifted.py`).
3. Few channels or a stride: products would be too thin, so columns of a block are made first (`columns.py`).
4. `columns.py` computes everything that a convolution can be; the other two only what they are best at.
5. All three were chosen by measuring; the table is in benchmarks/README.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvCache, ConvSizes, Param, cast_like, check_dout, conv_sizes, float_type
from hw_lib.layers.fast.columns import columns_backward, columns_forward
from hw_lib.layers.fast.shifted import shifted_backward, shifted_forward
from hw_lib.layers.fast.winograd import winograd_backward, winograd_forward

Forward = Callable[[Array, Array, Array, ConvSizes, np.dtype[Any]], Array]
Backward = Callable[[Array, Array, Array, ConvSizes, np.dtype[Any]], tuple[Array, Array, Array]]


def conv_forward_fast(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """What conv_forward_naive computes, hundreds of times faster.

        out[n, f, i, j] = b[f] + sum over c, k, l of  w[f, c, k, l] * xpad[n, c, i * stride + k, j * stride + l]

    Cost: N * F * OH * OW * C * HH * WW multiply-adds, half of them or fewer where Winograd's method applies.

    Args:
        x: (N, C, H, W). Images; never modified.
        w: (F, C, HH, WW). Filters.
        b: (F,). One bias for each filter.
        conv_param: 'stride': pixels between windows, at least 1; 'pad': zeros added on each of the four sides.

    Returns:
        out: (N, F, OH, OW), float32 if x, w and b are.
        cache: (x, w, b, conv_param), for conv_backward_fast.

    Raises:
        ValueError: shapes that do not belong together, a stride below 1, a negative pad, NaN in w or b.

    Source:
        The formulations' own files; Lavin and Gray 2016 for Winograd's method.
    """
    s = conv_sizes("conv_forward_fast", x, w, b, conv_param)
    forward, _ = formulation(s)
    return forward(x, w, b, s, float_type(x, w, b)), (x, w, b, conv_param)


def conv_backward_fast(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """What conv_backward_naive computes, hundreds of times faster.

        dw[f]                         += dout[n, f, i, j] * window of x at (i, j)
        dx[n, :, window at (i, j)]    += dout[n, f, i, j] * w[f]
        db[f]                         += dout[n, f, i, j]

    Cost: 2 * N * F * OH * OW * C * HH * WW multiply-adds, half of them or fewer where Winograd's method applies.

    Args:
        dout: (N, F, OH, OW). Upstream gradient; never modified.
        cache: (x, w, b, conv_param), from conv_forward_fast or conv_forward_naive.

    Returns:
        dx: (N, C, H, W).
        dw: (F, C, HH, WW).
        db: (F,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The formulations' own files.
    """
    x, w, b, conv_param = cache
    s = conv_sizes("conv_backward_fast", x, w, b, conv_param)
    check_dout("conv_backward_fast", dout, s.out)
    _, backward = formulation(s)
    dx, dw, db = backward(dout, x, w, s, float_type(x, w, dout))
    return cast_like(dx, x), cast_like(dw, w), cast_like(db, b)


def formulation(s: ConvSizes) -> tuple[Forward, Backward]:
    """The forward and backward functions that are fastest for a convolution of these sizes."""
    if min(s.C, s.F) < 16 or s.stride > 1 or s.HH != s.WW or s.pad >= s.HH:
        return columns_forward, columns_backward
    if s.HH in (3, 5) and s.OH * s.OW >= 128:
        return winograd_forward, winograd_backward
    return shifted_forward, shifted_backward
