"""The two convolutions of a stacked SimpleCNN for pictures of straight edges, which are the same along every row or every column.

Such a picture is one line of numbers, repeated. A convolution with reflecting padding, a pool and a ReLU leave it so: with the
sums of a kernel's rows (or columns) for weights, everything happens on the line, with a fourteenth of the multiplications and,
but for rounding, the same results. Kept in float64: the arrays are so small that it costs nothing.
Axes: S networks, F filters, B images, C channels, P places of a pooled line; D = 2 directions: down the rows, across the columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from hw_lib.labs.edges import banded

Array = NDArray[Any]


def directions(x: Tensor) -> Array | None:
    """(N, D) one where the line of a picture (N, C, H, W) goes, zero elsewhere; None if a picture is not square, or no line.

    A picture that is even all over goes down.
    """
    down = (x == x[..., :1]).flatten(1).all(dim=1).numpy()  # every row is even
    across = (x == x[..., :1, :]).flatten(1).all(dim=1).numpy()
    if x.shape[-2] != x.shape[-1] or not (down | across).all():
        return None
    return np.stack([down, ~down], axis=1).astype(np.float64)


class Lines:
    """The windows of the pictures' lines, each with zeros for the direction that it does not have.

    Args:
        x: (N, C, H, H) pictures for which `directions` are known.
        along: (N, D) those.
        k: side of the kernels; padding (k - 1) // 2, reflecting.

    Attributes:
        along: as given.
        pooled: places of a pooled line.
        seen: (D * C * k, N, 2 * P) first the left windows of all pools, then the right ones.
    """

    def __init__(self, x: Tensor, along: Array, k: int) -> None:
        """Lay out the windows."""
        pad = (k - 1) // 2
        pictures = x.double().numpy()
        lines = np.where(along[:, :1, None] > 0, pictures[..., 0], pictures[..., 0, :])  # (N, C, H)
        padded = np.pad(lines, ((0, 0), (0, 0), (pad, pad)), mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, k, axis=2)  # (N, C, H', k)
        self.along, self.pooled = along, windows.shape[2] // 2
        N, C = lines.shape[:2]
        corners = windows[:, :, : 2 * self.pooled].reshape(N, C, self.pooled, 2, k).transpose(1, 4, 0, 3, 2)  # (C, k, N, 2, P)
        self.seen: Array = (along.T[:, None, None, :, None, None] * corners).reshape(2 * C * k, N, -1)

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self.along)


class FirstLine:
    """Convolution of the pictures' lines, pool, ReLU; the networks share the pictures.

    Args:
        w: (S, F, C, k, k); b: (S, F). They are looked at anew in each pass.
    """

    def __init__(self, w: Array, b: Array) -> None:
        """Remember where the parameters are."""
        self._w, self._b = w, b

    def forward(self, lines: Lines, images: Array) -> Array:
        """(S, B, D, F, P) of the images at these places, with zeros for the direction that an image does not have."""
        S, F = self._b.shape
        self._along = lines.along[images][:, :, None, None]
        self._seen = lines.seen[:, images].reshape(len(lines.seen), -1)
        maps = (_sums(self._w).reshape(S * F, -1) @ self._seen).reshape(S, F, len(images), 2, -1)
        left, right = maps[:, :, :, 0], maps[:, :, :, 1]
        self._left_wins = left >= right
        self._out = np.maximum(left, right)
        self._out += self._b[..., None, None]
        np.maximum(self._out, 0, out=self._out)
        rows: Array = self._out.transpose(0, 2, 1, 3)[:, :, None] * self._along
        return rows

    def backward(self, drows: Array, dw: Array, db: Array) -> None:
        """Fill dw and db from the gradient (S, B, D, F, P) of what `forward` returned last."""
        dout = (drows * self._along).sum(axis=2).transpose(0, 2, 1, 3) * (self._out > 0)
        dout.sum(axis=(2, 3), out=db)
        dmaps = np.empty((*dout.shape[:3], 2, dout.shape[3]))
        np.multiply(dout, self._left_wins, out=dmaps[:, :, :, 0])
        np.subtract(dout, dmaps[:, :, :, 0], out=dmaps[:, :, :, 1])
        _spread_sums((dmaps.reshape(db.size, -1) @ self._seen.T).reshape(*db.shape, 2, *dw.shape[2:4]), dw)


class SecondLine:
    """Convolution, ReLU, mean over the places, along the lines.

    Args:
        w: (S, F, C, k, k); b: (S, F). Call `spread` when w has changed.
        places: of the lines that come in.
    """

    def __init__(self, w: Array, b: Array, places: int) -> None:
        """Make the matrix of zeros and ones that stands for padding and diagonals."""
        self._w, self._b, self._places = w, b, places
        self._diagonals = banded.diagonals(places, w.shape[-1]).double().numpy()  # (k, P * P')

    def spread(self) -> None:
        """Lay the sums of the kernels along diagonals: (S, D * C * P, F * P')."""
        S, F, C, k, _ = self._w.shape
        spread = (_sums(self._w).reshape(-1, k) @ self._diagonals).reshape(S, F, 2, C, self._places, -1)
        self._band = spread.transpose(0, 2, 3, 4, 1, 5).reshape(S, 2 * C * self._places, -1)

    def forward(self, rows: Array) -> Array:
        """Means (S, B, F) of rows (S, B, D, C, P)."""
        S, B = rows.shape[:2]
        self._rows = rows
        self._out = (rows.reshape(S, B, -1) @ self._band).reshape(S, B, self._b.shape[1], -1)
        self._out += self._b[:, None, :, None]
        np.maximum(self._out, 0, out=self._out)
        means: Array = self._out.mean(axis=3)
        return means

    def backward(self, dmeans: Array, dw: Array, db: Array, further: bool) -> Array | None:
        """Fill dw and db from the gradient (S, B, F) of what `forward` returned last; the rows' gradient if wanted."""
        S, B, F, places = self._out.shape
        dout = (self._out > 0) * (dmeans / places)[..., None]
        dout.sum(axis=(1, 3), out=db)
        flat = dout.reshape(S, B, -1)
        C, k = dw.shape[2:4]
        dband = (self._rows.reshape(S, B, -1).swapaxes(1, 2) @ flat).reshape(S, 2, C, self._places, F, -1)
        _spread_sums((dband.transpose(0, 4, 1, 2, 3, 5).reshape(S * F * 2 * C, -1) @ self._diagonals.T).reshape(S, F, 2, C, k), dw)
        if not further:
            return None
        drows: Array = (flat @ self._band.swapaxes(1, 2)).reshape(self._rows.shape)
        return drows


def _sums(w: Array) -> Array:
    """(S, F, D, C, k): what kernels (S, F, C, k, k) weigh along a picture that is even in each row, and in each column."""
    return np.stack([w.sum(axis=4), w.sum(axis=3)], axis=2)


def _spread_sums(dsums: Array, dw: Array) -> None:
    """Fill dw from the gradient (S, F, D, C, k) of the sums: every number of a row takes the row's, and the column's."""
    np.add(dsums[:, :, 0, :, :, None], dsums[:, :, 1, :, None, :], out=dw)
