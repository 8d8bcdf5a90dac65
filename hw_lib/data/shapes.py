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
_GROUP = 25  # images painted at a time: a few hundred kilobytes, which stay in the processor's cache


def _plus(u: Floats, v: Floats) -> Floats:
    a, b = np.abs(u), np.abs(v)
    return np.asarray(np.maximum(np.minimum(0.95 - a, 0.3 - b), np.minimum(0.95 - b, 0.3 - a)))


def _triangle(u: Floats, v: Floats) -> Floats:
    half, tall = np.float32(0.5), np.float32(np.sqrt(0.75))
    return np.float32(0.5) - np.maximum(v, np.maximum(-half * v + tall * u, -half * v - tall * u))


def _star(u: Floats, v: Floats) -> Floats:
    distance = np.hypot(u, v)
    inside = np.float32(0.7) - distance
    edge = (distance > 0.25) & (distance < 1.15)  # elsewhere its points make no difference, and the angle takes long
    angle = np.arctan2(u[edge], -v[edge])
    inside[edge] = np.float32(0.7) + np.float32(0.35) * np.cos(5 * angle) - distance[edge]
    return np.asarray(inside)


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
        _draw_block(rng, classes, images[start : start + _BLOCK], labels[start : start + _BLOCK])
    return images, labels


def _draw_block(rng: np.random.Generator, classes: int, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Draw the first images of one block into `images`: background, distractor, shape, noise.

    All is drawn from the stream for the whole block, but painted for these images only; noise comes last in the stream.
    """
    n = len(labels)
    every_label = rng.integers(0, classes, _BLOCK)
    labels[:] = every_label[:n]
    cover = _shape_masks(rng, labels if classes == 10 else labels // 10)
    distractor = _distractor_masks(rng, n)
    wave = _waves(rng, n)
    low, high, spot = (rng.uniform(20, 235, (_BLOCK, 3)).astype(np.float32) for _ in range(3))
    ink = _ink(rng, every_label, classes)
    room = np.empty((2, _GROUP, 3, SIDE * SIDE), np.float32)  # used again and again, so that it stays in the cache
    for start in range(0, n, _GROUP):
        some = slice(start, min(start + _GROUP, n))
        picture, other = room[:, : some.stop - start]
        np.multiply((high - low)[some, :, None], wave[some, None], out=picture)
        picture += low[some, :, None]
        _paint(picture, spot[some], distractor[some], other)
        _paint(picture, ink[some], cover[some], other)
        rng.standard_normal(out=other, dtype=np.float32)
        other *= np.float32(NOISE)
        other += picture
        images[some].reshape(other.shape)[...] = np.clip(other, 0, 255, out=other)


def _paint(picture: Floats, colour: Floats, cover: Floats, room: Floats) -> None:
    """Move pictures (n, 3, 1024) towards colours (n, 3), by the share that `cover` (n, 1024) says; `room` is overwritten."""
    np.subtract(colour[:, :, None], picture, out=room)
    room *= cover[:, None]
    picture += room


def _shape_masks(rng: np.random.Generator, shape: NDArray[np.int64]) -> Floats:
    """(n, 1024): how much of each pixel the image's shape covers, 0 to 1."""
    n = len(shape)
    radius = rng.uniform(7, 12, _BLOCK).astype(np.float32)
    centre = rng.uniform(-4, 4, (2, _BLOCK)).astype(np.float32)
    turn = rng.uniform(-0.35, 0.35, _BLOCK).astype(np.float32)
    cover = np.empty((n, SIDE, SIDE), np.float32)
    for k, name in enumerate(SHAPES):
        mine = np.flatnonzero(shape == k)
        inside = _INSIDE[name](*_own_coordinates(centre[:, mine], radius[mine], turn[mine]))
        inside *= radius[mine, None, None]  # from radii to pixels: the edge is one pixel soft
        inside += np.float32(0.5)
        cover[mine] = np.clip(inside, 0, 1, out=inside)
    return cover.reshape(n, -1)


def _own_coordinates(centre: Floats, radius: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Each pixel's coordinates relative to its shape: translated, rotated, in units of the radius."""
    line = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)
    across = (line - centre[0][:, None]) / radius[:, None]
    down = (line - centre[1][:, None]) / radius[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    u = (cos * across)[:, None, :] + (sin * down)[:, :, None]
    v = (cos * down)[:, :, None] - (sin * across)[:, None, :]
    return u, v


def _distractor_masks(rng: np.random.Generator, n: int) -> Floats:
    """(n, 1024): a small half-transparent box somewhere, the same for all classes."""
    corner = rng.integers(0, SIDE - 4, (2, _BLOCK))[:, :n]
    size = rng.integers(3, 8, (2, _BLOCK))[:, :n]
    line = np.arange(SIDE)
    along = ((line >= corner[..., None]) & (line < (corner + size)[..., None])).astype(np.float32)
    along[0] *= np.float32(0.7)
    mask: Floats = along[0][:, :, None] * along[1][:, None, :]
    return mask.reshape(n, -1)


def _waves(rng: np.random.Generator, n: int) -> Floats:
    """(n, 1024): a sine wave of random direction and wavelength, 0 to 1."""
    frequency = rng.uniform(-0.5, 0.5, (2, _BLOCK, 1)).astype(np.float32)[:, :n]
    phase = rng.uniform(0, 2 * np.pi, (_BLOCK, 1)).astype(np.float32)[:n]
    line = np.arange(SIDE, dtype=np.float32)
    a, b = frequency[0] * line + phase, frequency[1] * line
    wave: Floats = np.sin(a)[:, None, :] * np.cos(b)[:, :, None]
    wave += np.cos(a)[:, None, :] * np.sin(b)[:, :, None]
    wave *= np.float32(0.5)
    wave += np.float32(0.5)
    return wave.reshape(n, -1)


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
    contrast = rng.uniform(0.95, 1.05, (n, 1, 1, 1)).astype(np.float32)
    brightness = rng.uniform(-8, 8, (n, 3, 1, 1)).astype(np.float32)
    changed = np.empty(images.shape, np.uint8)
    room = np.empty((2, min(n, _GROUP), *images.shape[1:]), np.float32)
    for start in range(0, n, _GROUP):
        some = slice(start, min(start + _GROUP, n))
        picture, noise = room[:, : some.stop - start]
        np.subtract(images[some], np.float32(127.5), out=picture)
        picture *= contrast[some]
        picture += brightness[some] + np.float32(127.5)
        rng.standard_normal(out=noise, dtype=np.float32)
        noise *= np.float32(4)
        picture += noise
        changed[some] = np.rint(np.clip(picture, 0, 255, out=picture), out=picture)
    return changed
