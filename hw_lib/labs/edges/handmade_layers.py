"""The two convolutions of a stacked SimpleCNN in NumPy, forward and backward, laid out for large matrix products.

The windows of the images never change: they are laid out once, the four corners of every 2x2 pool apart, so that the first layer is
one product for each image and its pool a maximum of whole blocks. The second is a product with a banded matrix (see banded.py).
Axes: S networks, F filters, B images, C channels, K = C * k * k numbers in a window, P places of a pooled map of H * W.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from hw_lib.labs.edges import banded

Array = NDArray[Any]
_MOST_BYTES = 128_000_000  # more windows than this are laid out anew whenever they are needed
_NOTHING = 1e-14  # of the windows' energy: what rounding leaves in a direction that no window has


class Windows:
    """The windows of images that the kernels of a first layer see, in as few numbers as needed.

    Pictures of straight edges have windows of few kinds: those of the homework's three classes span 13 of a 7x7 window's 49
    dimensions. With an orthonormal basis U, (K, R), of that span a kernel w answers w . v = (w U) . (U^T v), so U^T v is all
    that is kept of a window v, and the answers stay the same up to rounding.

    Args:
        x: (N, C, H, W) images.
        k: side of the kernels; padding (k - 1) // 2, reflecting.

    Attributes:
        basis: (K, R), or None where it would save less than three numbers in ten; then the windows themselves are kept.
        pooled: height and width of the pooled maps.
    """

    def __init__(self, x: Tensor, k: int) -> None:
        """Find the span, and lay the windows out if they are few."""
        pad = (k - 1) // 2
        images = np.pad(x.numpy(), ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="reflect")
        seen = np.lib.stride_tricks.sliding_window_view(images, (k, k), axis=(2, 3))  # (N, C, H', W', k, k)
        N, C = seen.shape[:2]
        high, wide = self.pooled = seen.shape[2] // 2, seen.shape[3] // 2
        pools = seen[:, :, : 2 * high, : 2 * wide].reshape(N, C, high, 2, wide, 2, k, k)
        self._view = pools.transpose(0, 1, 6, 7, 3, 5, 2, 4)  # (N, C, k, k, 2, 2, high, wide)
        self._size = (C * k * k, 4 * high * wide)
        self.basis = self._span()
        self._kept: Array | None = None
        if N * self[0].nbytes <= _MOST_BYTES:
            self._kept = np.stack([self[image] for image in range(N)])

    def __len__(self) -> int:
        """How many images there are."""
        return len(self._view)

    def __getitem__(self, image: int) -> Array:
        """(R, 4 * P) of one image: the windows of the four corners of all pools, one corner after another."""
        if self._kept is not None:
            kept: Array = self._kept[image]
            return kept
        windows: Array = self._view[image].reshape(self._size)
        return windows if self.basis is None else self.basis.T @ windows

    def _span(self) -> Array | None:
        """An orthonormal basis of the span of the windows; None where it would save little."""
        products = np.zeros((self._size[0],) * 2)
        for image in self._view:
            windows = image.reshape(self._size).astype(np.float64)
            products += windows @ windows.T
        sizes, vectors = np.linalg.eigh(products)
        basis = vectors[:, sizes > _NOTHING * sizes[-1]].astype(np.float32)
        return basis if basis.shape[1] < 0.7 * len(basis) else None


class FirstConv:
    """Convolution of the images, 2x2 max pool, ReLU; the networks share the images.

    Args:
        w: (S, F, C, k, k); b: (S, F). They are looked at anew in each pass.
        pooled: height and width of the pooled maps.
    """

    def __init__(self, w: Array, b: Array, pooled: tuple[int, int]) -> None:
        """Remember where the parameters are."""
        self._w, self._b, self._pooled = w.reshape(w.shape[0] * w.shape[1], -1), b.reshape(-1, 1), pooled
        self._split = w.shape[:2]

    def forward(self, windows: Windows, images: Array) -> Array:
        """(S, B, H, F, W) of the images at these places."""
        self._basis, self._seen = windows.basis, [windows[image] for image in images]
        w = self._w if self._basis is None else self._w @ self._basis
        maps = np.empty((len(images), len(self._w), self._seen[0].shape[1]), np.float32)
        for seen, out in zip(self._seen, maps, strict=True):
            np.matmul(w, seen, out=out)
        a, b, c, d = self._corners(maps)
        top, bottom = np.maximum(a, b), np.maximum(c, d)
        self._wins = top >= bottom, a >= b, c >= d
        self._out = np.maximum(top, bottom)
        self._out += self._b
        np.maximum(self._out, 0, out=self._out)
        (S, F), (high, wide) = self._split, self._pooled
        rows: Array = self._out.reshape(-1, S, F, high, wide).transpose(1, 0, 3, 2, 4)
        return rows

    def backward(self, drows: Array, dw: Array, db: Array) -> None:
        """Fill dw and db from the gradient (S, B, H, F, W) of what `forward` returned last."""
        dout = drows.transpose(1, 0, 3, 2, 4).reshape(self._out.shape)
        dout *= self._out > 0
        dout.sum(axis=(0, 2), out=db.reshape(-1))
        upper, top_left, bottom_left = self._wins
        dmaps = np.empty((*dout.shape[:2], 4 * dout.shape[2]), np.float32)
        a, b, c, d = self._corners(dmaps)
        top = dout * upper
        bottom = dout - top
        np.multiply(top, top_left, out=a)
        np.subtract(top, a, out=b)
        np.multiply(bottom, bottom_left, out=c)
        np.subtract(bottom, c, out=d)
        parts = np.empty((len(dmaps), len(self._w), len(self._seen[0])), np.float32)
        for dmap, seen, out in zip(dmaps, self._seen, parts, strict=True):
            np.matmul(dmap, seen.T, out=out)
        dw.reshape(self._w.shape)[:] = parts.sum(axis=0) if self._basis is None else parts.sum(axis=0) @ self._basis.T

    @staticmethod
    def _corners(maps: Array) -> Array:
        return maps.reshape(*maps.shape[:2], 4, -1).swapaxes(0, 2).swapaxes(1, 2)  # (4, B, S * F, P)


class BandedConv:
    """Convolution, ReLU, mean over the places, for maps kept row by row.

    Args:
        w: (S, F, C, k, k); b: (S, F). Call `spread` when w has changed.
        size: height and width of the maps that come in.
    """

    def __init__(self, w: Array, b: Array, size: tuple[int, int]) -> None:
        """Make the matrices of zeros and ones that stand for padding, diagonals and means."""
        self._w, self._b = w, b
        F, k = w.shape[1], w.shape[-1]
        high, wide = size
        self._rows = banded.window_rows(high, k).numpy()
        self._row_sums = banded.row_sums(high, k).numpy()
        self._diagonals = banded.diagonals(wide, k).numpy()
        self._out_high, self._out_wide = len(self._rows) // k, self._diagonals.shape[1] // wide
        places = self._out_high * self._out_wide
        each = np.repeat(np.eye(F, dtype=np.float32), self._out_wide, axis=0) / places  # (F * W', F)
        self._means = np.tile(each, (self._out_high, 1))  # (H' * F * W', F)

    def spread(self) -> None:
        """Lay the kernels along the diagonals: (S, k * C * W, F * W')."""
        S, F, C, k, _ = self._w.shape
        spread = (self._w.reshape(-1, k) @ self._diagonals).reshape(S, F, C, k, -1, self._out_wide)
        self._band = spread.transpose(0, 3, 2, 4, 1, 5).reshape(S, -1, F * self._out_wide)

    def forward(self, rows: Array) -> Array:
        """Means (S, B, F) of rows (S, B, H, C, W)."""
        S, B, high, C, wide = rows.shape
        self._size = rows.shape
        self._windows = rows.reshape(S, B, high, C * wide).take(self._rows, axis=2).reshape(S, B * self._out_high, -1)
        self._out = self._windows @ self._band
        self._out += np.repeat(self._b, self._out_wide, axis=1)[:, None]
        np.maximum(self._out, 0, out=self._out)
        means: Array = (self._out.reshape(S * B, -1) @ self._means).reshape(S, B, -1)
        return means

    def backward(self, dmeans: Array, dw: Array, db: Array, further: bool) -> Array | None:
        """Fill dw and db from the gradient (S, B, F) of what `forward` returned last; the rows' gradient if wanted."""
        S, B, _, C, wide = self._size
        F, k = self._w.shape[1], self._w.shape[-1]
        dout = (dmeans.reshape(S * B, F) @ self._means.T).reshape(self._out.shape)
        dout *= self._out > 0
        dout.sum(axis=1).reshape(S, F, -1).sum(axis=2, out=db)
        dband = (self._windows.swapaxes(1, 2) @ dout).reshape(S, k, C, wide, F, -1)
        np.matmul(dband.transpose(0, 4, 2, 1, 3, 5).reshape(S * F * C * k, -1), self._diagonals.T, out=dw.reshape(-1, k))
        if not further:
            return None
        dwindows = dout @ self._band.swapaxes(1, 2)
        drows: Array = (self._row_sums @ dwindows.reshape(S * B, -1, C * wide)).reshape(self._size)
        return drows
