"""Convolution as one matrix product per block of output rows: im2col, but of a block, into memory that is used again.

The idea in five lines:
1. Every window becomes a column; all filters times all columns is one matrix product, which BLAS does at full speed.
2. The columns are copied from the shifts along the width (`shifts.py`) in long contiguous runs, not window by window.
3. A row of ones below the columns adds the bias, and in the backward pass collects its gradient.
4. The block is small enough to stay in the cache, and every block of every image uses the same workspace.
5. Backward: dw is dout times the same columns; dx is a product and a sum per filter row, and its columns are never stored.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes
from hw_lib.layers.fast.shifts import Shifts

_BLOCK_BYTES = 640 << 10  # columns of one block: what a common second-level cache holds


class Columns(Shifts):
    """Gathers the windows of a block as columns."""

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any]) -> None:
        """Make the workspace; the last row of the columns stays 1."""
        super().__init__(s, dtype, _block_rows(s, dtype))
        self.columns = np.ones((s.C * s.WW * s.HH + 1, self.rows * s.OW), dtype)

    def gather(self, top: int, bottom: int) -> Array:
        """The windows of output rows top..bottom of the image as columns (c, l, k), above a row of ones."""
        self.load(top, bottom)
        s = self.s
        columns = self.columns[:, : (bottom - top) * s.OW]
        by_tap = columns[:-1].reshape(s.C * s.WW, s.HH, -1)
        for phase in range(self.phases):
            by_tap[:, phase :: s.stride] = self.taps(phase, columns.shape[1])
        return columns


def columns_forward(x: Array, w: Array, b: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Convolve any batch with any filters."""
    out = np.empty(s.out, dtype)
    work = Columns(s, dtype)
    filters = np.concatenate([w.transpose(0, 1, 3, 2).reshape(s.F, -1), b[:, None]], axis=1, dtype=dtype)
    for n in range(s.N):
        work.image[...] = x[n]
        flat = out[n].reshape(s.F, s.OH * s.OW)
        for top, bottom in work.blocks:
            np.matmul(filters, work.gather(top, bottom), out=flat[:, top * s.OW : bottom * s.OW])
    return out


def columns_backward(dout: Array, x: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Gradients of any convolution with respect to x, w and b."""
    return columns_input_gradient(dout, w, s, dtype), *columns_filter_gradient(dout, x, s, dtype)


def columns_input_gradient(dout: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Gradient with respect to x; on its own, a transposed convolution of dout."""
    dx = np.empty((s.N, s.C, s.H, s.W), dtype)
    work = Shifts(s, dtype, _block_rows(s, dtype))
    product = np.empty((s.C * s.WW, work.rows * s.OW), dtype)
    filters = np.ascontiguousarray(w.transpose(2, 1, 3, 0), dtype).reshape(s.HH, s.C * s.WW, s.F)
    for n in range(s.N):
        work.padded.fill(0)
        flat = np.ascontiguousarray(dout[n], dtype).reshape(s.F, s.OH * s.OW)
        for top, bottom in work.blocks:
            block = flat[:, top * s.OW : bottom * s.OW]
            work.add(filters, block, top, bottom, product[:, : block.shape[1]])
        dx[n] = work.image
    return dx


def columns_filter_gradient(dout: Array, x: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Gradients with respect to w and b."""
    work = Columns(s, dtype)
    dfilters = np.zeros((s.F, s.C * s.WW * s.HH + 1), dtype)
    product = np.empty_like(dfilters)
    for n in range(s.N):
        work.image[...] = x[n]
        flat = np.ascontiguousarray(dout[n], dtype).reshape(s.F, s.OH * s.OW)
        for top, bottom in work.blocks:
            columns = work.gather(top, bottom)
            dfilters += np.matmul(flat[:, top * s.OW : bottom * s.OW], columns.T, out=product)
    dw = dfilters[:, :-1].reshape(s.F, s.C, s.WW, s.HH).transpose(0, 1, 3, 2)
    return np.ascontiguousarray(dw), dfilters[:, -1].copy()


def _block_rows(s: ConvSizes, dtype: np.dtype[Any]) -> int:
    """How many output rows make columns that fit the cache."""
    return _BLOCK_BYTES // (s.C * s.WW * s.HH * s.OW * dtype.itemsize)
