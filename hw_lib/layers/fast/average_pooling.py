"""Average pooling, separable: sums along the height, then along the width.

The idea in five lines:
1. The sum of a window is the sum, over its columns, of each column's sum: PH + PW additions instead of PH * PW.
2. Along the height only the rows that windows start from are computed: whole rows, contiguous.
3. Along the width all positions are computed, wanted or not: one long contiguous run beats short strided ones.
4. Only then the wanted positions are copied out, divided by the size of the window.
5. Backward is the same steps transposed: spread dout onto its positions, along the width, then along the height.
"""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, Param, PoolCache, check_dout, floating, pool_sizes
from hw_lib.layers.fast.buffer import small_buffer


def avg_pool_forward_fast(x: Array, pool_param: Param) -> tuple[Array, PoolCache]:
    """What avg_pool_forward_naive computes, hundreds of times faster.

        out[n, c, i, j] = (sum over k, l of  x[n, c, i * stride + k, j * stride + l]) / (pool_height * pool_width)

    Cost: N * C * OH * W * (pool_height + pool_width) additions.

    Args:
        x: (N, C, H, W). Never modified. Windows may overlap or leave gaps.
        pool_param: 'pool_height', 'pool_width' and 'stride', each at least 1. No padding.

    Returns:
        out: (N, C, OH, OW), dtype of x (float64 for integers).
        cache: (x, pool_param), for avg_pool_backward_fast or avg_pool_backward_naive.

    Raises:
        ValueError: x is not four-dimensional, or a window that does not fit into it.

    Source:
        This file's opening lines.
    """
    s = pool_sizes("avg_pool_forward_fast", x, pool_param)
    dtype = floating(x.dtype)
    out = np.empty(s.out, dtype)
    sums, total = np.empty((2, s.C, s.OH, s.W), dtype)
    run = s.C * s.OH * s.W - s.PW + 1  # every position where a window can start, and some between two rows
    along = total.reshape(-1)[:run]
    for n in range(s.N):
        np.copyto(sums, x[n, :, _every(s.stride, s.OH, 0)])
        for k in range(1, s.PH):
            np.add(sums, x[n, :, _every(s.stride, s.OH, k)], out=sums)
        np.copyto(along, sums.reshape(-1)[:run])
        for k in range(1, s.PW):
            np.add(along, sums.reshape(-1)[k : k + run], out=along)
        np.multiply(total[:, :, _every(s.stride, s.OW, 0)], dtype.type(1 / (s.PH * s.PW)), out=out[n])
    return out, (x, pool_param)


def avg_pool_backward_fast(dout: Array, cache: PoolCache) -> Array:
    """What avg_pool_backward_naive computes, hundreds of times faster.

        dx[n, c, window at (i, j)] += dout[n, c, i, j] / (pool_height * pool_width)

    Cost: N * C * OH * W * (pool_height + pool_width) additions.

    Args:
        dout: (N, C, OH, OW). Upstream gradient; never modified.
        cache: (x, pool_param), from avg_pool_forward_fast or avg_pool_forward_naive.

    Returns:
        dx: (N, C, H, W).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        This file's opening lines.
    """
    x, pool_param = cache
    s = pool_sizes("avg_pool_backward_fast", x, pool_param)
    check_dout("avg_pool_backward_fast", dout, s.out)
    dtype = floating(x.dtype)
    dx = np.zeros(x.shape, dtype)
    spread, total = np.zeros((2, s.C, s.OH, s.W), dtype)
    run = s.C * s.OH * s.W - s.PW + 1
    with small_buffer():
        for n in range(s.N):
            np.multiply(dout[n], dtype.type(1 / (s.PH * s.PW)), out=spread[:, :, _every(s.stride, s.OW, 0)], casting="same_kind")
            np.copyto(total, spread)
            for k in range(1, s.PW):
                along = total.reshape(-1)[k : k + run]
                np.add(along, spread.reshape(-1)[:run], out=along)
            for k in range(s.PH):
                rows = dx[n, :, _every(s.stride, s.OH, k)]
                np.add(rows, total, out=rows)
    return dx


def _every(stride: int, count: int, first: int) -> slice:
    """The positions first, first + stride, ...: so many of them."""
    return slice(first, first + stride * (count - 1) + 1, stride)
