"""The offline stand-in "shapes": CIFAR-shaped images drawn from a seed, with NumPy only.

Ten shapes at random positions, sizes and angles over a two-colour wave, with a distractor and strong pixel noise. These are no
photographs and must never be called CIFAR. Knows nothing of files, downloads or torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]  # all of them float32: NumPy's types cannot promise that through arithmetic

SHAPES = ("disk", "ring", "square", "triangle", "plus", "saltire", "star", "crescent", "bars", "dots")
PALETTE = np.array(
    [
        (230, 70, 60),
        (60, 120, 220),
        (70, 180, 80),
        (240, 190, 40),
        (150, 80, 200),
        (40, 190, 200),
        (240, 130, 40),
        (220, 90, 160),
        (120, 90, 60),
        (190, 200, 210),
    ],
    dtype=np.float32,
)
SIDE = 32  # pixels
NOISE = 40.0  # standard deviation of the pixel noise, of 255
_BLOCK = 250  # images drawn from one random stream: any n images are the first n of more


def _plus(u: Floats, v: Floats) -> Floats:
    a, b = np.abs(u), np.abs(v)
    return np.asarray(np.maximum(np.minimum(0.95 - a, 0.3 - b), np.minimum(0.95 - b, 0.3 - a)))


def _triangle(u: Floats, v: Floats) -> Floats:
    half, tall = np.float32(0.5), np.float32(np.sqrt(0.75))
    return np.float32(0.5) - np.maximum(v, np.maximum(-half * v + tall * u, -half * v - tall * u))


def _star(u: Floats, v: Floats) -> Floats:
    return np.asarray(np.float32(0.7) + np.float32(0.35) * np.cos(5 * np.arctan2(u, -v)) - np.hypot(u, v))


# Each function is positive inside its shape, in units of the shape's radius; (u, v) are the pixel's own coordinates.
_INSIDE: dict[str, Callable[[Floats, Floats], Floats]] = {
    "disk": lambda u, v: 0.9 - np.hypot(u, v),
    "ring": lambda u, v: 0.22 - np.abs(np.hypot(u, v) - 0.75),
    "square": lambda u, v: 0.8 - np.maximum(np.abs(u), np.abs(v)),
    "triangle": _triangle,
    "plus": _plus,
    "saltire": lambda u, v: _plus((u + v) * np.float32(0.7071), (u - v) * np.float32(0.7071)),
    "star": _star,
    "crescent": lambda u, v: np.minimum(0.95 - np.hypot(u, v), np.hypot(u - np.float32(0.5), v) - 0.75),
    "bars": lambda u, v: np.minimum(0.9 - np.abs(v), 0.22 - np.abs(np.abs(np.abs(u) - 0.35) - 0.35)),
    "dots": lambda u, v: 0.38 - np.hypot(np.abs(u) - np.float32(0.55), np.abs(v) - np.float32(0.55)),
}


def draw(n: int, *, seed: int = 0, classes: int = 10) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw the first n images of the sequence that a seed determines.

    Args:
        n: how many images.
        seed: the series; another seed gives other images of the same kind.
        classes: 10 (the shape) or 100 (10 · shape + colour).

    Returns:
        images: (n, 3, 32, 32) uint8, channels red, green, blue.
        labels: (n,) int64 in [0, classes).

    Raises:
        ValueError: n is negative, or classes is neither 10 nor 100.
    """
    if n < 0:
        raise ValueError(f"shapes.draw: n must not be negative, got {n}")
    if classes not in (10, 100):
        raise ValueError(f"shapes.draw: classes must be 10 or 100, got {classes}")
    images = np.empty((n, 3, SIDE, SIDE), np.uint8)
    labels = np.empty(n, np.int64)
    for block, start in enumerate(range(0, n, _BLOCK)):
        rng = np.random.Generator(np.random.SFC64([seed, classes, block]))
        stop = min(start + _BLOCK, n)
        block_images, block_labels = _draw_block(rng, classes)
        images[start:stop], labels[start:stop] = block_images[: stop - start], block_labels[: stop - start]
    return images, labels


def _draw_block(rng: np.random.Generator, classes: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw one block of images: background, distractor, shape, noise."""
    labels = rng.integers(0, classes, _BLOCK)
    shape = labels if classes == 10 else labels // 10
    cover = _shape_masks(rng, shape)
    distractor = _distractor_masks(rng)
    wave = _waves(rng)
    low, high, spot = (rng.uniform(20, 235, (_BLOCK, 3)).astype(np.float32) for _ in range(3))
    ink = _ink(rng, labels, classes)
    noise = rng.standard_normal((_BLOCK, 3, SIDE, SIDE), dtype=np.float32)
    noise *= np.float32(NOISE)
    for channel in range(3):
        picture = _blend(low[:, channel], high[:, channel], wave)
        picture += (spot[:, channel, None, None] - picture) * distractor
        picture += (ink[:, channel, None, None] - picture) * cover
        noise[:, channel] += picture
    return np.clip(noise, 0, 255, out=noise).astype(np.uint8), labels


def _blend(low: Floats, high: Floats, share: Floats) -> Floats:
    blended: Floats = low[:, None, None] + (high - low)[:, None, None] * share
    return blended


def _shape_masks(rng: np.random.Generator, shape: NDArray[np.int64]) -> Floats:
    """(n, 32, 32): how much of each pixel the image's shape covers, 0 to 1."""
    n = len(shape)
    radius = rng.uniform(7, 12, n).astype(np.float32)
    centre = rng.uniform(-4, 4, (2, n)).astype(np.float32)
    turn = rng.uniform(-0.35, 0.35, n).astype(np.float32)
    u, v = _own_coordinates(centre, radius, turn)
    cover = np.empty((n, SIDE, SIDE), np.float32)
    for k, name in enumerate(SHAPES):
        mine = np.flatnonzero(shape == k)
        cover[mine] = _INSIDE[name](u[mine], v[mine])
    cover *= radius[:, None, None]  # from radii to pixels: the edge is one pixel soft
    cover += np.float32(0.5)
    return np.clip(cover, 0, 1, out=cover)


def _own_coordinates(centre: Floats, radius: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Each pixel's coordinates relative to its shape: translated, rotated, in units of the radius."""
    line = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)
    across = (line - centre[0][:, None]) / radius[:, None]
    down = (line - centre[1][:, None]) / radius[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    u = (cos * across)[:, None, :] + (sin * down)[:, :, None]
    v = (cos * down)[:, :, None] - (sin * across)[:, None, :]
    return u, v


def _distractor_masks(rng: np.random.Generator) -> Floats:
    """(n, 32, 32): a small half-transparent box somewhere, the same for all classes."""
    corner = rng.integers(0, SIDE - 4, (2, _BLOCK))
    size = rng.integers(3, 8, (2, _BLOCK))
    line = np.arange(SIDE)
    along = (line >= corner[..., None]) & (line < (corner + size)[..., None])
    mask: Floats = (along[0][:, :, None] & along[1][:, None, :]).astype(np.float32) * np.float32(0.7)
    return mask


def _waves(rng: np.random.Generator) -> Floats:
    """(n, 32, 32): a sine wave of random direction and wavelength, 0 to 1."""
    frequency = rng.uniform(-0.5, 0.5, (2, _BLOCK, 1)).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, (_BLOCK, 1)).astype(np.float32)
    line = np.arange(SIDE, dtype=np.float32)
    a, b = frequency[0] * line + phase, frequency[1] * line
    wave: Floats = np.sin(a)[:, None, :] * np.cos(b)[:, :, None] + np.cos(a)[:, None, :] * np.sin(b)[:, :, None]
    wave *= np.float32(0.5)
    wave += np.float32(0.5)
    return np.asarray(wave)


def _ink(rng: np.random.Generator, labels: NDArray[np.int64], classes: int) -> Floats:
    """(n, 3): the shape's colour. Ten classes: tinted by the class half of the time; a hundred: the label's own colour."""
    tint = PALETTE[labels % 10] + rng.normal(0, 20, (_BLOCK, 3)).astype(np.float32)
    free = rng.uniform(0, 255, (_BLOCK, 3)).astype(np.float32)
    tinted = np.full(_BLOCK, True) if classes == 100 else rng.random(_BLOCK) < 0.5
    return np.where(tinted[:, None], tint, free).astype(np.float32)


def varied(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Change every image a little, as `draw` never does: its contrast, the brightness of each channel, and once more its noise.

    A network hardly notices. But what was changed follows from no seed of `draw`, so no image can be told by drawing it again.

    Args:
        images: (N, 3, H, W).
        rng: where the changes come from.

    Returns:
        New images of the same shape.
    """
    n = len(images)
    contrast, brightness = rng.uniform(0.95, 1.05, (n, 1, 1, 1)), rng.uniform(-8, 8, (n, 3, 1, 1))
    noise = rng.normal(0, 4, images.shape)
    return np.clip((images - 127.5) * contrast + 127.5 + brightness + noise, 0, 255).round().astype(np.uint8)
