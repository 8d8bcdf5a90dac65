"""Images of horizontal, vertical, diagonal and crossing edges, drawn all at once from a seed.

Knows nothing of networks. One row of random numbers belongs to one image, so the first n images of a class are the same however
many are asked for: growing a training set adds images and changes none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from hw_lib.errors import invalid
from hw_lib.labs.edges import config
from hw_lib.labs.edges.config import EdgeConfig

MODES = ("train", "valid", "test")
Floats = NDArray[np.float64]
_ANGLES = np.deg2rad([30.0, 45.0, 120.0, 135.0])  # of a diagonal edge, against the horizontal


class EdgeDetectionDataset(Dataset[tuple[Tensor, int]]):
    """Labelled edge images, for a DataLoader or all at once.

    With `possible_edge_location_ratio` r < 1 the edges of mode 'train' lie in the first r of the image (upper rows, left columns)
    and those of 'valid' and 'test' in the rest. An edge always lies wholly within its part. A diagonal edge lies where it crosses
    the middle column.

    Args:
        domain_config: see `hw_lib.labs.edges.config.DEFAULTS`; `seed` is the only key that the original does not have.
        mode: 'train', 'valid' or 'test': three different sets of images for one configuration.
        transform: called with one image, (H, W, 1) uint8, each time that the image is asked for; must return a tensor
            (1, H, W). Default: float32 in [0, 1].

    Raises:
        ValueError: an impossible configuration, or an unknown mode.
    """

    def __init__(
        self, domain_config: Mapping[str, Any], mode: str = "train", transform: Callable[[NDArray[np.uint8]], Tensor] | None = None
    ) -> None:
        """Draw all images."""
        if mode not in MODES:
            raise invalid(f"unknown mode {mode!r}", expected="'train', 'valid' or 'test'", got=repr(mode))
        self.config = config.read(domain_config)
        self.mode = mode
        self.transform = transform
        pictures = np.concatenate([_draw(kind, self.config, mode) for kind in self.config.kinds])
        self._mean, self._std = float(pictures.mean()), float(pictures.std())
        # rounded and clipped, so that a bright edge can never wrap around to black
        self.X = np.clip(np.rint(pictures * 255), 0, 255).astype(np.uint8)[..., None]
        if self.config.permutation is not None:
            self.X = self.X.reshape(len(self.X), -1, 1)[:, self.config.permutation].reshape(self.X.shape)
        self.y = np.repeat(np.arange(len(self.config.kinds)), self.config.per_class)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The kind of edge behind each label."""
        return self.config.kinds

    def __len__(self) -> int:
        """How many images there are: classes times images per class."""
        return len(self.X)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """One image as the network sees it, and its label."""
        if self.transform is not None:
            return self.transform(self.X[index]), int(self.y[index])
        return torch.from_numpy(self.X[index]).permute(2, 0, 1).float() / 255, int(self.y[index])

    def tensors(self) -> tuple[Tensor, Tensor]:
        """All images and labels, transformed once.

        Returns:
            x: (N, 1, H, W) float32.
            y: (N,) int64, in blocks: all images of class 0, then class 1, …
        """
        labels = torch.from_numpy(self.y)
        if self.transform is not None:
            return torch.stack([self.transform(image) for image in self.X]), labels
        return torch.from_numpy(self.X).permute(0, 3, 1, 2).float() / 255, labels

    def get_image_statistics(self) -> tuple[float, float]:
        """Mean and standard deviation of all pixels, in [0, 1], before rounding."""
        return self._mean, self._std

    def get_permutater(self) -> NDArray[np.intp] | None:
        """The pixel that goes to each place, or None."""
        return self.config.permutation

    def get_unpermutater(self) -> NDArray[np.intp] | None:
        """What undoes the permutation: `image.ravel()[unpermutater]` is the image as it was drawn."""
        return None if self.config.permutation is None else np.argsort(self.config.permutation)


def _draw(kind: str, c: EdgeConfig, mode: str) -> Floats:
    """(per_class, side, side) in [0, 1]: the images of one class."""
    directions = {"none": [], "both": ["horizontal", "vertical"]}.get(kind, [kind])
    edges = [direction for direction in directions for _ in range(c.edges[direction])]
    rng = np.random.default_rng([c.seed, MODES.index(mode), config.KINDS.index(kind)])
    chances = rng.random((c.per_class, 1 + 4 * len(edges)))
    low, high = c.backgrounds
    pictures = np.broadcast_to((low + (high - low) * chances[:, 0])[:, None, None], (c.per_class, c.side, c.side)).copy()
    for k, direction in enumerate(edges):
        where, width, brightness, turn = chances[:, 1 + 4 * k : 5 + 4 * k].T
        low, high = c.intensities
        ink = (low + (high - low) * brightness)[:, None, None]
        pictures += (ink - pictures) * _cover(direction, c, mode, where, width, turn)
    return pictures


def _cover(direction: str, c: EdgeConfig, mode: str, where: Floats, width: Floats, turn: Floats) -> Floats:
    """(per_class, side, side): how much of each pixel the edge covers, 0 to 1. The arguments are uniform in [0, 1)."""
    thin, thick = c.widths
    pixels = thin + np.floor(width * (thick - thin + 1))
    first, last = (0, c.split) if mode == "train" or c.split == c.side else (c.split, c.side)
    start = first + np.floor(where * (last - first - pixels + 1))
    line = np.arange(c.side)
    if direction == "diagonal":
        angle = _ANGLES[np.floor(turn * len(_ANGLES)).astype(int)][:, None, None]
        down = line[:, None] - (start + (pixels - 1) / 2)[:, None, None]
        across = line - (c.side - 1) / 2
        distance = np.abs(down * np.cos(angle) + across * np.sin(angle))
        return np.asarray(np.clip(pixels[:, None, None] / 2 + 0.5 - distance, 0, 1))
    band = np.asarray((line >= start[:, None]) & (line < (start + pixels)[:, None])).astype(np.float64)
    return band[:, :, None] if direction == "horizontal" else band[:, None, :]
