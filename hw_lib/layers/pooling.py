"""Max and average pooling as written for understanding: one window at a time.

The code to read in class. The same functions made fast are in `hw_lib.layers.fast`; nothing here knows about them.
"""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, Param, PoolCache, PoolSizes, check_dout, floating, pool_sizes

__all__ = ["avg_pool_backward_naive", "avg_pool_forward_naive", "max_pool_backward_naive", "max_pool_forward_naive"]


def max_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, PoolCache]:
    """Keep the largest value of each window.

        out[n, c, i, j] = max over k, l of  x[n, c, i * stride + k, j * stride + l]
        OH = 1 + (H - pool_height) // stride,   OW = 1 + (W - pool_width) // stride

    Cost: N * C * OH * OW * pool_height * pool_width comparisons, no multiply-adds.

    Args:
        x: (N, C, H, W). Never modified. Windows may overlap (stride below the window) or leave gaps (above it).
        pool_param: 'pool_height', 'pool_width' and 'stride', each at least 1. No padding.

    Returns:
        out: (N, C, OH, OW), dtype of x.
        cache: (x, pool_param), for max_pool_backward_naive.

    Raises:
        ValueError: x is not four-dimensional, or a window that does not fit into it.

    Source:
        Ranzato et al. 2007; Scherer, Müller and Behnke 2010 compare max with average.
    """
    s = pool_sizes("max_pool_forward_naive", x, pool_param)
    out = np.zeros(s.out, x.dtype)
    ### BEGIN SOLUTION
    for i in range(s.OH):
        for j in range(s.OW):
            out[:, :, i, j] = x[:, :, *_window(s, i, j)].max(axis=(2, 3))
    ### END SOLUTION
    return out, (x, pool_param)


def max_pool_backward_naive(dout: Array, cache: PoolCache) -> Array:
    """Give each output's gradient to the entry that was the largest; entries that win several windows collect the sum.

        dx[n, c, row of the maximum, column of the maximum] += dout[n, c, i, j]

    Cost: N * C * OH * OW additions after finding the maxima again.

    Args:
        dout: (N, C, OH, OW). Upstream gradient; never modified.
        cache: (x, pool_param), from max_pool_forward_naive.

    Returns:
        dx: (N, C, H, W). Where several entries of a window are the largest, the first in reading order gets it all.

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The subgradient that PyTorch uses too.
    """
    x, pool_param = cache
    s = pool_sizes("max_pool_backward_naive", x, pool_param)
    check_dout("max_pool_backward_naive", dout, s.out)
    dx = np.zeros(x.shape, floating(x.dtype))
    ### BEGIN SOLUTION
    for n in range(s.N):
        for c in range(s.C):
            for i in range(s.OH):
                for j in range(s.OW):
                    winner = np.argmax(x[n, c, *_window(s, i, j)])
                    row, column = divmod(int(winner), s.PW)
                    dx[n, c, i * s.stride + row, j * s.stride + column] += dout[n, c, i, j]
    ### END SOLUTION
    return dx


def avg_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, PoolCache]:
    """Replace each window by its mean.

        out[n, c, i, j] = (sum over k, l of  x[n, c, i * stride + k, j * stride + l]) / (pool_height * pool_width)

    Cost: N * C * OH * OW * pool_height * pool_width additions.

    Args:
        x: (N, C, H, W). Never modified. Windows may overlap or leave gaps.
        pool_param: 'pool_height', 'pool_width' and 'stride', each at least 1. No padding.

    Returns:
        out: (N, C, OH, OW), dtype of x (float64 for integers).
        cache: (x, pool_param), for avg_pool_backward_naive.

    Raises:
        ValueError: x is not four-dimensional, or a window that does not fit into it.

    Source:
        LeCun et al. 1998, where it is called subsampling.
    """
    s = pool_sizes("avg_pool_forward_naive", x, pool_param)
    out = np.zeros(s.out, floating(x.dtype))
    for i in range(s.OH):
        for j in range(s.OW):
            out[:, :, i, j] = x[:, :, *_window(s, i, j)].mean(axis=(2, 3))
    return out, (x, pool_param)


def avg_pool_backward_naive(dout: Array, cache: PoolCache) -> Array:
    """Share each output's gradient equally among the entries of its window.

        dx[n, c, window at (i, j)] += dout[n, c, i, j] / (pool_height * pool_width)

    Cost: N * C * OH * OW * pool_height * pool_width additions.

    Args:
        dout: (N, C, OH, OW). Upstream gradient; never modified.
        cache: (x, pool_param), from avg_pool_forward_naive.

    Returns:
        dx: (N, C, H, W).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule, applied to the formula of avg_pool_forward_naive.
    """
    x, pool_param = cache
    s = pool_sizes("avg_pool_backward_naive", x, pool_param)
    check_dout("avg_pool_backward_naive", dout, s.out)
    dx = np.zeros(x.shape, floating(x.dtype))
    for i in range(s.OH):
        for j in range(s.OW):
            dx[:, :, *_window(s, i, j)] += dout[:, :, i, j, None, None] / (s.PH * s.PW)
    return dx


def _window(s: PoolSizes, i: int, j: int) -> tuple[slice, slice]:
    """The rows and columns of the window that makes out[:, :, i, j]."""
    top, left = i * s.stride, j * s.stride
    return slice(top, top + s.PH), slice(left, left + s.PW)
