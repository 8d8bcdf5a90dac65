"""Max pooling, separable: along the width, then along the height, remembering who won.

The idea in five lines:
1. The maximum of a window is the maximum, over its rows, of each row's maximum: PW + PH comparisons instead of PW * PH.
2. Along the width all positions of an image are computed, wanted or not: long contiguous runs beat short strided ones.
3. Beside each maximum goes a code, k * PW + l, in one byte. Codes grow in the order of comparison, and a later entry must be
   strictly larger to win, so ties go to the first in reading order, and a new code is a maximum as well: no branches.
4. The codes ride along with the cache, at a byte for each output; without them the backward pass finds them again.
5. Backward: codes become positions through a small table, and the gradients are added there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, Param, PoolSizes, check_dout, floating, pool_sizes


class MaxPoolCache(tuple[Array, Param]):
    """(x, pool_param), like every pooling cache, with an attribute: `winners`, the code of each output's maximum."""

    winners: Array


def max_pool_forward_fast(x: Array, pool_param: Param) -> tuple[Array, MaxPoolCache]:
    """What max_pool_forward_naive computes, hundreds of times faster.

        out[n, c, i, j] = max over k, l of  x[n, c, i * stride + k, j * stride + l]

    Cost: N * C * H * W * (pool_height / stride + pool_width) comparisons, no multiply-adds.

    Args:
        x: (N, C, H, W). Never modified. Windows may overlap or leave gaps.
        pool_param: 'pool_height', 'pool_width' and 'stride', each at least 1. No padding.

    Returns:
        out: (N, C, OH, OW), dtype of x.
        cache: (x, pool_param), for max_pool_backward_fast or max_pool_backward_naive.

    Raises:
        ValueError: x is not four-dimensional, or a window that does not fit into it.

    Source:
        This file's opening lines.
    """
    s = pool_sizes("max_pool_forward_fast", x, pool_param)
    out, winners = _maxima(x, s)
    cache = MaxPoolCache((x, pool_param))
    cache.winners = winners
    return out, cache


def max_pool_backward_fast(dout: Array, cache: tuple[Array, Param]) -> Array:
    """What max_pool_backward_naive computes, hundreds of times faster.

        dx[n, c, row of the maximum, column of the maximum] += dout[n, c, i, j]

    Cost: N * C * OH * OW additions.

    Args:
        dout: (N, C, OH, OW). Upstream gradient; never modified.
        cache: (x, pool_param), from max_pool_forward_fast or max_pool_forward_naive.

    Returns:
        dx: (N, C, H, W). Where several entries of a window are the largest, the first in reading order gets it all.

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        This file's opening lines.
    """
    x, pool_param = cache
    s = pool_sizes("max_pool_backward_fast", x, pool_param)
    check_dout("max_pool_backward_fast", dout, s.out)
    winners = cache.winners if isinstance(cache, MaxPoolCache) else _maxima(x, s)[1]
    dx = np.zeros(x.shape, floating(x.dtype))
    corners = np.arange(s.C)[:, None, None] * (s.H * s.W) + np.arange(s.OH)[:, None] * (s.stride * s.W) + np.arange(s.OW) * s.stride
    steps = (np.arange(s.PH)[:, None] * s.W + np.arange(s.PW)).ravel()  # from a window's corner to each of its entries
    positions = np.empty(corners.shape, np.intp)
    for n in range(s.N):
        np.take(steps, winners[n], out=positions, mode="clip")
        np.add(positions, corners, out=positions)
        gradient = dout[n].astype(dx.dtype, copy=False).ravel()
        if s.stride >= max(s.PH, s.PW):  # no entry is in two windows
            dx[n].reshape(-1)[positions.ravel()] = gradient
        else:
            np.add.at(dx[n].reshape(-1), positions.ravel(), gradient)
    return dx


class _Best:
    """The running maximum over several arrays of one shape, and the code of the array that holds it."""

    def __init__(self, shape: tuple[int, ...], value: np.dtype[Any], code: np.dtype[Any]) -> None:
        """Make the workspace."""
        self.value, self.code = np.empty(shape, value), np.empty(shape, code)
        self._better, self._scratch = np.empty(shape, bool), np.empty(shape, code)

    def start(self, value: Array, code: Array | np.generic) -> None:
        """Take the first array."""
        self.value[...], self.code[...] = value, code

    def challenge(self, value: Array, code: Array | np.generic) -> None:
        """Compare with the next array, whose codes are all larger than those before."""
        np.greater(value, self.value, out=self._better)
        np.maximum(value, self.value, out=self.value)
        np.multiply(self._better.view(np.uint8), code, out=self._scratch)
        np.maximum(self.code, self._scratch, out=self.code)


def _maxima(x: Array, s: PoolSizes) -> tuple[Array, Array]:
    """Each window's maximum, and its code k * PW + l."""
    codes = np.min_scalar_type(s.PH * s.PW - 1)
    out, winners = np.empty(s.out, x.dtype), np.empty(s.out, codes)
    along = _Best((s.C * s.H * s.W - s.PW + 1,), x.dtype, codes)
    down = _Best((s.C, s.OH, s.W - s.PW + 1), x.dtype, codes)
    columns = slice(0, s.stride * (s.OW - 1) + 1, s.stride)
    for n in range(s.N):
        pixels = np.ascontiguousarray(x[n]).reshape(-1)
        along.start(pixels[: along.value.size], codes.type(0))
        for k in range(1, s.PW):
            along.challenge(pixels[k : k + along.value.size], codes.type(k))
        down.start(_rows(along.value, s, 0), _rows(along.code, s, 0))
        for k in range(1, s.PH):
            down.challenge(_rows(along.value, s, k), _rows(along.code, s, k) + codes.type(k * s.PW))
        out[n], winners[n] = down.value[:, :, columns], down.code[:, :, columns]
    return out, winners


def _rows(flat: Array, s: PoolSizes, k: int) -> Array:
    """Row k of every window, at every column where a window can start: (C, OH, W - PW + 1)."""
    size = flat.itemsize
    shape = (s.C, s.OH, s.W - s.PW + 1)
    return np.ndarray(shape, flat.dtype, flat, k * s.W * size, (s.H * s.W * size, s.stride * s.W * size, size))
