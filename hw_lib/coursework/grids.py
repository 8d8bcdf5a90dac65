"""Many small images laid out as one: arrays in, one array out, for any library that shows images. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hw_lib.errors import invalid

Array = NDArray[Any]


def visualize_grid(Xs: ArrayLike, ubound: float = 255.0, padding: int = 1) -> Array:
    """Lay images out in a square, each stretched to the full range by itself.

    Args:
        Xs: (N, H, W, C) images, or first-layer filters.
        ubound: the brightest value of each image; the darkest is 0.
        padding: black pixels between neighbours.

    Returns:
        (side * H + (side - 1) * padding, side * W + (side - 1) * padding, C) float, side = ceil(sqrt(N)).

    Raises:
        ValueError: the images are not four-dimensional, or there are none.
    """
    images = _images("visualize_grid", Xs).astype(float)
    low = images.min(axis=(1, 2, 3), keepdims=True)
    span = images.max(axis=(1, 2, 3), keepdims=True) - low
    stretched = ubound * (images - low) / np.where(span > 0, span, 1)
    side = ceil(sqrt(len(images)))
    return _tile(stretched, side, side, 0.0, padding)[: -padding or None, : -padding or None]


def vis_grid(Xs: ArrayLike) -> Array:
    """Lay images out in a square, all stretched together to [0, 1], one pixel of the darkest value between them.

    Args:
        Xs: (N, H, W, C).

    Returns:
        (side * (H + 1), side * (W + 1), C) float, side = ceil(sqrt(N)).

    Raises:
        ValueError: the images are not four-dimensional, or there are none.
    """
    images = _images("vis_grid", Xs).astype(float)
    side = ceil(sqrt(len(images)))
    return _unit(_tile(images, side, side, images.min(), 1))


def vis_nn(rows: Sequence[Sequence[ArrayLike]]) -> Array:
    """Lay rows of images out below each other, as for nearest neighbours; all stretched together to [0, 1].

    Args:
        rows: lists of images (H, W, C), all rows equally long.

    Returns:
        (rows * (H + 1), columns * (W + 1), C) float.

    Raises:
        ValueError: rows of different lengths, or of images that do not fit together.
    """
    if len({len(row) for row in rows}) != 1:
        got = [len(row) for row in rows]
        raise invalid("vis_nn needs rows of one length", expected="as many images in each row", got=got, fix="pad the rows")
    images = _images("vis_nn", np.array([np.asarray(image) for row in rows for image in row])).astype(float)
    return _unit(_tile(images, len(rows), len(rows[0]), images.min(), 1))


def _images(name: str, Xs: ArrayLike) -> Array:
    images = np.asarray(Xs)
    if images.ndim != 4 or not images.size:
        fix = "images have their channels last; transpose NCHW with .transpose(0, 2, 3, 1)"
        raise invalid(f"{name} needs images", expected="(N, H, W, C), N at least 1", got=images.shape, fix=fix)
    return images


def _tile(images: Array, down: int, across: int, background: float, padding: int) -> Array:
    """Images row by row on a background, each with its padding below and to the right."""
    N, H, W, C = images.shape
    cells = np.full((down * across, H + padding, W + padding, C), background, images.dtype)
    cells[:N, :H, :W] = images
    return (
        cells.reshape(down, across, H + padding, W + padding, C)
        .swapaxes(1, 2)
        .reshape(down * (H + padding), across * (W + padding), C)
    )


def _unit(grid: Array) -> Array:
    low, high = grid.min(), grid.max()
    return np.asarray((grid - low) / (high - low if high > low else 1))
