"""The workspace that two formulations of convolution share: an image's shifts along the width, one block of rows at a time.

The idea in five lines:
1. A window of HH x WW taps is HH * WW shifted copies of the image. Copying only the WW shifts along the width is enough:
2. a shift along the height of those copies is a view that starts one row further down, contiguous over all rows of the block.
3. With a stride, rows are split by their remainder modulo the stride (the phase), so that those runs stay contiguous.
4. Padding is a margin of zeros around one image, made once; every image is copied into the middle.
5. The way back, for gradients, is the same two steps in reverse, adding where the way forth copied.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes


class Shifts:
    """A padded image and the shifts of one block of output rows; used again for every block and every image."""

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any], rows: int) -> None:
        """Make the workspace for images of one size and type, in blocks of about so many output rows."""
        self.s = s
        self.rows = -(-s.OH // -(-s.OH // max(1, rows)))  # the same number of blocks, evenly filled
        self.blocks = [(top, min(top + self.rows, s.OH)) for top in range(0, s.OH, self.rows)]
        self.phases = min(s.stride, s.HH)
        self.reach = (s.HH - 1) // s.stride  # how many rows of one phase a window reaches down
        height = max(s.H + 2 * s.pad, s.stride * (s.OH + self.reach))
        self.padded = np.zeros((s.C, height, s.W + 2 * s.pad), dtype)
        self.image = self.padded[:, s.pad : s.pad + s.H, s.pad : s.pad + s.W]
        self.shifts = np.empty((s.C, s.WW, self.phases, self.rows + self.reach, s.OW), dtype)

    def load(self, top: int, bottom: int) -> None:
        """Copy the shifts along the width that output rows top..bottom need."""
        windows, shifts = self._along_width(top, bottom)
        shifts[...] = windows

    def add(self, filters: Array, block: Array, top: int, bottom: int, product: Array) -> None:
        """Add filters (HH, C * WW, F) times the gradient of a block, (F, pixels), into the image; product is scratch."""
        windows, shifts = self._along_width(top, bottom)
        shifts.fill(0)
        for k in range(self.s.HH):
            into = self.tap(k, block.shape[1])
            into += np.matmul(filters[k], block, out=product)
        for k in range(self.s.WW):  # windows of different k overlap, so one at a time
            windows[:, k] += shifts[:, k]

    def tap(self, k: int, pixels: int) -> Array:
        """View the shifts as (C * WW, pixels), as row k of the filters sees them."""
        return self.taps(k % self.s.stride, pixels)[:, k // self.s.stride]

    def taps(self, phase: int, pixels: int) -> Array:
        """View the shifts as (C * WW, taps, pixels) for the filter rows phase, phase + stride, ..."""
        s, (_, shift, step, row, pixel) = self.s, self.shifts.strides
        shape = (s.C * s.WW, len(range(phase, s.HH, s.stride)), pixels)
        return np.ndarray(shape, self.shifts.dtype, self.shifts, phase * step, (shift, row, pixel))

    def _along_width(self, top: int, bottom: int) -> tuple[Array, Array]:
        """Two views (C, WW, phase, row, OW) for output rows top..bottom: of the padded image, and of the workspace."""
        s, (c, y, x) = self.s, self.padded.strides
        rows = bottom - top + self.reach
        shape = (s.C, s.WW, self.phases, rows, s.OW)
        windows = np.ndarray(shape, self.padded.dtype, self.padded, top * s.stride * y, (c, x, y, s.stride * y, s.stride * x))
        return windows, self.shifts[:, :, :, :rows]
