"""Convolution with filters three rows high, stride 1, with half of the multiplications: Winograd F(4, 3) along the height.

The idea in five lines:
1. Four outputs of a filter with three taps need 12 multiplications done plainly, 6 done cleverly (Winograd 1980; Lavin and
   Gray 2016): out = A (G w * B x), where B, G, A are small constant matrices and * is elementwise.
2. For a block of tiles B and A become banded matrices, so both transforms are matrix products too. They do the zero
   padding above and below as well, and a column of ones beside A adds the bias.
3. Between them, each of the 6 components is an ordinary convolution with filters one row high: WW products of (F, C) with
   (C, pixels), where a shift along the width is a view with another offset, not a copy.
4. The backward pass is the same three linear maps transposed, so it halves the multiplications too.
5. Rounding errors are a few times those of the plain sum: about 1e-6 of the largest output in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes

_TILES_PER_BLOCK = 4

_B = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
_G = np.array(
    [[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6], [1 / 24, 1 / 12, 1 / 6], [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]]
)
_A = np.array([[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]])


class Block:
    """The transforms of one block of output rows, as matrices; rows of a transformed image are (component, tile)."""

    def __init__(self, s: ConvSizes, first: int, tiles: int, dtype: np.dtype[Any]) -> None:
        """Make the matrices for tiles first, first + 1, ... of an image; rows outside the image are left out."""
        top, end = 4 * first - s.pad, 4 * (first + tiles) + 2 - s.pad
        self.rows = slice(max(0, top), min(s.H, end))  # of the image
        self.outs = slice(4 * first, min(s.OH, 4 * (first + tiles)))  # of the output
        into = _banded(_B, tiles)[:, self.rows.start - top : self.rows.stop - top]
        outof = _banded(_A.T, tiles).T[: self.outs.stop - self.outs.start]
        self.into = into.astype(dtype)  # (6 tiles, rows)
        self.outof = np.concatenate([outof, np.ones((len(outof), 1))], axis=1).astype(dtype)  # (outs, 6 tiles + 1)


class Workspace:
    """The components of one block of the image and of the output.

    In memory a row of the image is followed by `pad` zeros, which are also the zeros before the next row, so that all rows
    of a component make one long run, and a shift along the width is an offset.
    """

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any]) -> None:
        """Make the workspace for images of one size and one type."""
        self.s, self.pitch = s, s.W + s.pad
        count = -(-s.OH // 4)
        self.tiles = -(-count // -(-count // _TILES_PER_BLOCK))
        self.blocks = [Block(s, first, self.tiles, dtype) for first in range(0, count, self.tiles)]
        images = np.zeros((s.C, 6 * self.tiles * self.pitch + s.pad), dtype)
        outputs = np.zeros((s.F, 6 * self.tiles + 1, self.pitch), dtype)
        self.images = images
        self.image_rows = images[:, s.pad :].reshape(s.C, 6 * self.tiles, self.pitch)[:, :, : s.W]
        self.output_rows = outputs[:, :, : s.OW]
        self.shifted = [self._components(images, shift) for shift in range(s.WW)]  # WW views (6, C, pixels)
        self.outputs = self._components(outputs, 0)  # (6, F, pixels)

    def _components(self, rows: Array, shift: int) -> Array:
        """View rows as (6, channels, pixels), from column `shift` on."""
        size = rows.itemsize
        shape = (6, rows.shape[0], (self.tiles - 1) * self.pitch + self.s.OW)
        strides = (self.tiles * self.pitch * size, rows.strides[0], size)
        return np.ndarray(shape, rows.dtype, rows, shift * size, strides)


def winograd_forward(x: Array, w: Array, b: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Convolve with filters (F, C, 3, WW), stride 1, pad at most 2 and less than WW."""
    out = np.empty(s.out, dtype)
    work, filters = Workspace(s, dtype), _transform_filters(w, dtype)
    work.output_rows[:, -1] = b[:, None]
    product = np.empty(work.outputs.shape, dtype)
    for n in range(s.N):
        image = np.ascontiguousarray(x[n], dtype)
        for block in work.blocks:
            np.matmul(block.into, image[:, block.rows], out=work.image_rows)
            np.matmul(filters[0], work.shifted[0], out=work.outputs)
            for shift in range(1, s.WW):
                np.matmul(filters[shift], work.shifted[shift], out=product)
                np.add(work.outputs, product, out=work.outputs)
            np.matmul(block.outof, work.output_rows, out=out[n, :, block.outs])
    return out


def winograd_backward(dout: Array, x: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Gradients with respect to x, w and b, for the same convolutions."""
    dx = np.zeros(x.shape, dtype)
    work, gradient = Workspace(s, dtype), Workspace(s, dtype)
    filters = _transform_filters(w, dtype)
    transposed = filters.transpose(0, 1, 3, 2)
    dfilters, product = np.zeros(transposed.shape, dtype), np.empty(transposed.shape[1:], dtype)
    pixels = np.empty((6, gradient.outputs.shape[2], s.F), dtype)
    dproduct = np.empty(work.shifted[0].shape, dtype)
    drows = np.empty((s.C, max(block.into.shape[1] for block in work.blocks), s.W), dtype)
    db = np.zeros(s.F, dtype)
    for n in range(s.N):
        image, dimage = np.ascontiguousarray(x[n], dtype), np.ascontiguousarray(dout[n], dtype)
        for block in work.blocks:
            np.matmul(block.into, image[:, block.rows], out=work.image_rows)
            np.matmul(block.outof.T, dimage[:, block.outs], out=gradient.output_rows)
            db += gradient.output_rows[:, -1].sum(axis=1)
            pixels[...] = gradient.outputs.transpose(0, 2, 1)  # a copy, because BLAS is faster on it than on the view
            gradient.images.fill(0)
            for shift in range(s.WW):
                dfilters[shift] += np.matmul(work.shifted[shift], pixels, out=product)
                np.matmul(transposed[shift], gradient.outputs, out=dproduct)
                np.add(gradient.shifted[shift], dproduct, out=gradient.shifted[shift])
            rows = drows[:, : block.into.shape[1]]
            dx[n, :, block.rows] += np.matmul(block.into.T, gradient.image_rows, out=rows)
    return dx, _filter_gradient(dfilters), db


def _banded(tile: Array, tiles: int) -> Array:
    """The matrix (6 tiles, 4 tiles + 2) that applies `tile`, (6, up to 6 taps), every four rows."""
    matrix = np.zeros((6, tiles, 4 * tiles + 2))
    for t in range(tiles):
        matrix[:, t, 4 * t : 4 * t + tile.shape[1]] = tile
    return matrix.reshape(6 * tiles, -1)


def _transform_filters(w: Array, dtype: np.dtype[Any]) -> Array:
    """Filters (F, C, 3, WW) -> (WW, 6, F, C)."""
    F, C, _, WW = w.shape
    taps = np.ascontiguousarray(w.transpose(3, 2, 0, 1), dtype).reshape(WW, 3, F * C)
    transformed: Array = np.matmul(_G.astype(dtype), taps)
    return transformed.reshape(WW, 6, F, C)


def _filter_gradient(dfilters: Array) -> Array:
    """(WW, 6, C, F) -> (F, C, 3, WW): `_transform_filters` transposed."""
    WW, _, C, F = dfilters.shape
    taps = np.matmul(_G.T.astype(dfilters.dtype), dfilters.reshape(WW, 6, C * F)).reshape(WW, 3, C, F)
    return np.ascontiguousarray(taps.transpose(3, 2, 1, 0))
