"""The workspace that two formulations of convolution share: shifts of images along the width, one block at a time.

The idea in five lines:
1. A window of HH x WW taps is HH * WW shifted copies of an image. Copying only the WW shifts along the width is enough:
2. a shift along the height of those copies is a view that starts one row further down, contiguous over all rows of the block.
3. With a stride, rows are split by their remainder modulo the stride (the phase), so that those runs stay contiguous.
4. A block is what the cache holds: some rows of one image, or several small images. Padding is a margin of zeros, made once.
5. The way back, for gradients, is the same two steps in reverse, adding where the way forth copied.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes


class Shifts:
    """Padded images and the shifts of one block of output rows; used again for every block."""

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any], pixels: int) -> None:
        """Make the workspace for images of one size and type, in blocks of about so many output pixels."""
        self.s = s
        self.most = max(1, min(s.N, pixels // (s.OH * s.OW)))  # images in a block
        self.rows = -(-s.OH // -(-s.OH // max(1, pixels // s.OW)))  # output rows in a block, evenly split
        self.batches = [slice(n, min(n + self.most, s.N)) for n in range(0, s.N, self.most)]
        self.blocks = [(top, min(top + self.rows, s.OH)) for top in range(0, s.OH, self.rows)]
        self.phases = min(s.stride, s.HH)
        self.reach = (s.HH - 1) // s.stride  # how many rows of one phase a window reaches down
        self.count = 0  # images in the workspace now
        height = max(s.H + 2 * s.pad, s.stride * (s.OH + self.reach))
        self._padded = np.zeros((self.most, s.C, height, s.W + 2 * s.pad), dtype)
        self._shifts = np.empty((self.most, s.C, s.WW, self.phases, self.rows + self.reach, s.OW), dtype)

    @property
    def images(self) -> Array:
        """The images in the workspace, (count, C, H, W), without their padding."""
        s = self.s
        return self._padded[: self.count, :, s.pad : s.pad + s.H, s.pad : s.pad + s.W]

    def put(self, images: Array) -> None:
        """Start a batch with these images."""
        self.count = len(images)
        self.images[...] = images

    def clear(self, count: int) -> None:
        """Start a batch of zeros, to add gradients to."""
        self.count = count
        self._padded[:count] = 0
        self._shifts[:count] = 0

    def load(self, top: int, bottom: int) -> None:
        """Copy the shifts along the width that output rows top..bottom need."""
        windows, shifts = self._along_width(top, bottom)
        shifts[...] = windows

    def unload(self, top: int, bottom: int) -> None:
        """Add the shifts of output rows top..bottom to the images, and clear them: `load` transposed."""
        windows, shifts = self._along_width(top, bottom)
        for k in range(self.s.WW):  # windows of different k overlap, so one at a time
            windows[:, :, k] += shifts[:, :, k]
        shifts[...] = 0

    def tap(self, k: int, pixels: int) -> Array:
        """View the shifts as (count, C * WW, pixels), as row k of the filters sees them."""
        return self.taps(k % self.s.stride, pixels)[:, :, k // self.s.stride]

    def taps(self, phase: int, pixels: int) -> Array:
        """View the shifts as (count, C * WW, taps, pixels) for the filter rows phase, phase + stride, ..."""
        s, (image, _, shift, step, row, pixel) = self.s, self._shifts.strides
        shape = (self.count, s.C * s.WW, len(range(phase, s.HH, s.stride)), pixels)
        return np.ndarray(shape, self._shifts.dtype, self._shifts, phase * step, (image, shift, row, pixel))

    def _along_width(self, top: int, bottom: int) -> tuple[Array, Array]:
        """Two views (count, C, WW, phase, row, OW) for output rows top..bottom: of the padded images, and of the workspace."""
        s, (image, c, y, x) = self.s, self._padded.strides
        rows = bottom - top + self.reach
        shape = (self.count, s.C, s.WW, self.phases, rows, s.OW)
        strides = (image, c, x, y, s.stride * y, s.stride * x)
        windows = np.ndarray(shape, self._padded.dtype, self._padded, top * s.stride * y, strides)
        return windows, self._shifts[: self.count, :, :, :, :rows]
