"""Convolution with 3x3 or 5x5 filters, stride 1, with half of the multiplications or fewer: Winograd along the height.

The idea in five lines:
1. Four outputs of a filter with three taps need 12 multiplications done plainly, 6 done cleverly; with five taps 20 and 8
   (Winograd 1980; Lavin and Gray 2016): out = A (G w * B x), where B, G, A are small constant matrices and * is elementwise.
2. For a block of tiles B and A become banded matrices, so both transforms are matrix products too. They do the zero
   padding above and below as well, and a column of ones beside A adds the bias.
3. Between them, each of the components is an ordinary convolution with filters one row high: its WW shifts along the width are
   copied, and one product (F, C * WW) @ (C * WW, pixels) for each component does the rest.
4. dx is the same convolution: of dout, with filters turned by 180 degrees. dw is the same maps transposed.
5. Rounding errors are two to three times those of the plain sum: some 3e-6 of the largest output in float32.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.polynomial import polynomial

from hw_lib.layers.arguments import Array, ConvSizes

_OUTPUTS = 4  # rows of a tile
_POINTS = {3: (0, 1, -1, 2, -2), 5: (0, 1, -1, 2, -2, 0.5, -0.5)}  # by taps: where polynomials are compared, beside infinity
_TILES_PER_BLOCK = 4  # more are not faster
_BLOCK_BYTES = 1 << 20  # shifts of one block: about what a second-level cache holds
_APART = 16  # numbers between two rows: rows a power of two apart would compete for the same lines of the cache


@cache
def transforms(taps: int) -> tuple[Array, Array, Array]:
    """A, (4, n), G, (n, taps), and B, (n, n), with n = taps + 3: out = A @ ((G @ w) * (B @ x)), by the method of Cook and Toom."""
    points = np.array(_POINTS[taps], np.float64)
    n = len(points) + 1
    A, G, B = np.zeros((_OUTPUTS, n)), np.zeros((n, taps)), np.zeros((n, n))
    A[:, :-1] = points ** np.arange(_OUTPUTS)[:, None]
    for i, point in enumerate(points):
        others = np.delete(points, i)
        G[i] = point ** np.arange(taps) / np.prod(point - others)
        B[i, :-1] = polynomial.polyfromroots(others)
    A[-1, -1] = G[-1, -1] = 1
    B[-1] = polynomial.polyfromroots(points)
    return A, G, B


class Block:
    """The transforms of one block of output rows, as matrices; rows of a transformed image are (component, tile)."""

    def __init__(self, s: ConvSizes, first: int, tiles: int, dtype: np.dtype[Any]) -> None:
        """Make the matrices for tiles first, first + 1, ... of an image; rows outside the image are left out."""
        A, _, B = transforms(s.HH)
        top, end = _OUTPUTS * first - s.pad, _OUTPUTS * (first + tiles) + s.HH - 1 - s.pad
        self.rows = slice(max(0, top), min(s.H, end))  # of the image
        self.outs = slice(_OUTPUTS * first, min(s.OH, _OUTPUTS * (first + tiles)))  # of the output
        into = _banded(B, tiles)[:, self.rows.start - top : self.rows.stop - top]
        outof = _banded(A.T, tiles).T[: self.outs.stop - self.outs.start]
        self.into = into.astype(dtype)  # (n tiles, rows)
        self.outof = np.concatenate([outof, np.ones((len(outof), 1))], axis=1).astype(dtype)  # (outs, n tiles + 1)


class Workspace:
    """The n components of one block of the image and of the output; used again for every block.

    In memory a row of the image is followed by `pad` zeros, which are also the zeros before the next row, so that all rows
    of a component make one long run, and a shift along the width is an offset.
    """

    def __init__(self, s: ConvSizes, dtype: np.dtype[Any]) -> None:
        """Make the workspace for images of one size and one type."""
        self.s, self.n, self.pitch = s, s.HH + _OUTPUTS - 1, s.W + s.pad
        count, tile_bytes = -(-s.OH // _OUTPUTS), self.n * s.C * s.WW * self.pitch * dtype.itemsize
        self.tiles = -(-count // -(-count // max(1, min(_TILES_PER_BLOCK, _BLOCK_BYTES // tile_bytes))))
        self.blocks = [Block(s, first, self.tiles, dtype) for first in range(0, count, self.tiles)]
        run = (self.tiles - 1) * self.pitch + s.OW
        images = np.zeros((s.C, self.n * self.tiles * self.pitch + s.pad), dtype)
        outputs = np.zeros((s.F, self.n * self.tiles + 1, self.pitch), dtype)
        shifts = np.empty((self.n, s.C * s.WW, run + _APART), dtype)
        size, component = dtype.itemsize, self.tiles * self.pitch * dtype.itemsize
        self.image_rows = images[:, s.pad :].reshape(s.C, self.n * self.tiles, self.pitch)[:, :, : s.W]
        self.output_rows = outputs[:, :, : s.OW]
        self.outputs = np.ndarray((self.n, s.F, run), dtype, outputs, 0, (component, outputs.strides[0], size))
        self._windows = np.ndarray((self.n, s.C, s.WW, run), dtype, images, 0, (component, images.strides[0], size, size))
        self._shifts = shifts.reshape(self.n, s.C, s.WW, -1)[..., :run]
        self.shifts = shifts[..., :run]  # (n, C * WW, pixels)

    def load(self, image: Array, block: Block) -> None:
        """Transform the rows of an image (C, H, W) that a block needs, and copy their shifts along the width."""
        np.matmul(block.into, image[:, block.rows], out=self.image_rows)
        self._shifts[...] = self._windows


def winograd_forward(x: Array, w: Array, b: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Convolve with filters (F, C, 3, 3) or (F, C, 5, 5), stride 1, pad smaller than the filters."""
    out = np.empty(s.out, dtype)
    work, filters = Workspace(s, dtype), _transform_filters(w, dtype)
    work.output_rows[:, -1] = b[:, None]
    for n in range(s.N):
        image = np.ascontiguousarray(x[n], dtype)
        for block in work.blocks:
            work.load(image, block)
            np.matmul(filters, work.shifts, out=work.outputs)
            np.matmul(block.outof, work.output_rows, out=out[n, :, block.outs])
    return out


def winograd_backward(dout: Array, x: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Gradients with respect to x, w and b, for the same convolutions."""
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    other_way = replace(s, C=s.F, F=s.C, H=s.OH, W=s.OW, OH=s.H, OW=s.W, pad=s.HH - 1 - s.pad)
    dx = winograd_forward(dout, turned, np.zeros(s.C), other_way, dtype)
    work = Workspace(s, dtype)
    dfilters = np.zeros((work.n, s.F, s.C * s.WW), dtype)
    product, shifts = np.empty_like(dfilters), work.shifts.transpose(0, 2, 1)
    for n in range(s.N):
        image, dimage = np.ascontiguousarray(x[n], dtype), np.ascontiguousarray(dout[n], dtype)
        for block in work.blocks:
            work.load(image, block)
            np.matmul(block.outof.T, dimage[:, block.outs], out=work.output_rows)
            dfilters += np.matmul(work.outputs, shifts, out=product)
    return dx, _filter_gradient(dfilters, s), dout.sum(axis=(0, 2, 3), dtype=dtype)


def _banded(tile: Array, tiles: int) -> Array:
    """The matrix (n tiles, 4 tiles + n - 4) that applies `tile`, (n, up to n taps), every four rows."""
    n = len(tile)
    matrix = np.zeros((n, tiles, _OUTPUTS * tiles + n - _OUTPUTS))
    for t in range(tiles):
        matrix[:, t, _OUTPUTS * t : _OUTPUTS * t + tile.shape[1]] = tile
    return matrix.reshape(n * tiles, -1)


def _transform_filters(w: Array, dtype: np.dtype[Any]) -> Array:
    """Filters (F, C, HH, WW) -> (n, F, C * WW)."""
    F, C, HH, WW = w.shape
    taps = np.ascontiguousarray(w.transpose(2, 0, 1, 3), dtype).reshape(HH, -1)
    transformed: Array = np.matmul(transforms(HH)[1].astype(dtype), taps)
    return transformed.reshape(-1, F, C * WW)


def _filter_gradient(dfilters: Array, s: ConvSizes) -> Array:
    """(n, F, C * WW) -> (F, C, HH, WW): `_transform_filters` transposed."""
    taps = np.matmul(transforms(s.HH)[1].T.astype(dfilters.dtype), dfilters.reshape(len(dfilters), -1))
    return np.ascontiguousarray(taps.reshape(s.HH, s.F, s.C, s.WW).transpose(1, 2, 0, 3))
