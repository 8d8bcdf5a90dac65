"""Convolution as one matrix product per block of output rows: im2col, but of a block, into memory that is used again.

The idea in five lines:
1. Every window becomes a column; all filters times all columns is one matrix product, which BLAS does at full speed.
2. The columns are copied from the shifts along the width (`shifts.py`) in long contiguous runs, not window by window.
3. A row of ones below the columns adds the bias, and in the backward pass collects its gradient.
4. The block is small enough to stay in the cache, and every block uses the same workspace.
5. Backward: dw is the same columns times dout; dx is filters times dout, added back along the two steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes
from hw_lib.layers.fast.buffer import small_buffer
from hw_lib.layers.fast.shifts import Shifts

_BLOCK_BYTES = 1280 << 10  # columns of one block, at most: about what a second-level cache holds
_APART = 16  # numbers between two rows: rows a power of two apart would compete for the same lines of the cache


class Columns(Shifts):
    """The columns of one block: gathered from the images, or scattered into them."""

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any]) -> None:
        """Make the workspace; the last row of the columns stays 1."""
        taps = s.C * s.WW * s.HH
        quarter = s.N * (s.C * s.H * s.W + s.F * s.OH * s.OW) * dtype.itemsize // 4  # of what goes in and comes out
        super().__init__(s, dtype, min(quarter, _BLOCK_BYTES) // (taps * dtype.itemsize))
        pixels = self.rows * s.OW
        self.columns = np.ones((self.most, taps + 1, pixels + _APART), dtype)[:, :, :pixels]

    def gather(self, top: int, bottom: int) -> Array:
        """The windows of output rows top..bottom of the images as columns (c, l, k), above a row of ones."""
        self.load(top, bottom)
        columns = self.columns[: self.count, :, : (bottom - top) * self.s.OW]
        for phase in range(self.phases):
            self._of_phase(columns[:, :-1], phase)[...] = self.taps(phase, columns.shape[2])
        return columns

    def scatter(self, columns: Array, top: int, bottom: int) -> None:
        """Add columns (c, l, k) to the windows they stand for: `gather` transposed."""
        for phase in range(self.phases):
            into, taps = self.taps(phase, columns.shape[2]), self._of_phase(columns, phase)
            for k in range(taps.shape[2]):  # views of different taps overlap, so one at a time
                np.add(into[:, :, k], taps[:, :, k], out=into[:, :, k])
        self.unload(top, bottom)

    def _of_phase(self, columns: Array, phase: int) -> Array:
        """View columns as (count, C * WW, taps of one phase, pixels)."""
        return columns.reshape(self.count, self.s.C * self.s.WW, self.s.HH, -1)[:, :, phase :: self.s.stride]


def columns_forward(x: Array, w: Array, b: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Convolve any batch with any filters."""
    out = np.empty(s.out, dtype)
    flat = out.reshape(s.N, s.F, s.OH * s.OW)
    work = Columns(s, dtype)
    filters = np.concatenate([w.transpose(0, 1, 3, 2).reshape(s.F, -1), b[:, None]], axis=1, dtype=dtype)
    for batch in work.batches:
        work.put(x[batch])
        for top, bottom in work.blocks:
            np.matmul(filters, work.gather(top, bottom), out=flat[batch, :, top * s.OW : bottom * s.OW])
    return out


def columns_backward(dout: Array, x: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Gradients of any convolution with respect to x, w and b."""
    return columns_input_gradient(dout, w, s, dtype), *columns_filter_gradient(dout, x, s, dtype)


def columns_input_gradient(dout: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Gradient with respect to x; on its own, a transposed convolution of dout."""
    dx = np.empty((s.N, s.C, s.H, s.W), dtype)
    work = Columns(s, dtype)
    filters = np.ascontiguousarray(w.transpose(1, 3, 2, 0), dtype).reshape(-1, s.F)
    with small_buffer():
        for batch in work.batches:
            flat = _flat(dout[batch], dtype)
            work.clear(len(flat))
            for top, bottom in work.blocks:
                columns = work.columns[: work.count, :-1, : (bottom - top) * s.OW]
                np.matmul(filters, flat[:, :, top * s.OW : bottom * s.OW], out=columns)
                work.scatter(columns, top, bottom)
            dx[batch] = work.images
    return dx


def columns_filter_gradient(dout: Array, x: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Gradients with respect to w and b."""
    work = Columns(s, dtype)
    dfilters = np.zeros((s.C * s.WW * s.HH + 1, s.F), dtype)
    products = np.empty((work.most, *dfilters.shape), dtype)
    for batch in work.batches:
        work.put(x[batch])
        flat = _flat(dout[batch], dtype).transpose(0, 2, 1)
        for top, bottom in work.blocks:
            columns, pixels = work.gather(top, bottom), flat[:, top * s.OW : bottom * s.OW]
            dfilters += np.matmul(columns, pixels, out=products[: work.count]).sum(axis=0)
    dw = dfilters[:-1].reshape(s.C, s.WW, s.HH, s.F).transpose(3, 0, 2, 1)
    return np.ascontiguousarray(dw), dfilters[-1].copy()


def _flat(gradients: Array, dtype: np.dtype[Any]) -> Array:
    """Gradients (N, F, OH, OW) as (N, F, pixels)."""
    return np.ascontiguousarray(gradients, dtype).reshape(*gradients.shape[:2], -1)
