"""Image data for the notebooks: CIFAR where it is in the cache, else the offline stand-in "shapes". Seeded, NumPy only.

Nothing here downloads by itself, and the stand-in is never called CIFAR.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hw_lib.data import cifar, shapes
from hw_lib.data.cifar import available, cache_dir, download
from hw_lib.errors import invalid

__all__ = ["Images", "available", "cache_dir", "download", "load", "split"]


Part = tuple[NDArray[np.uint8], NDArray[np.int64]]


class Images:
    """Training and test images with their labels. The stand-in's are drawn when they are first asked for.

    Attributes:
        name: 'cifar10', 'cifar100', or 'shapes', 'shapes100' for the stand-in.
        n_train, n_test: how many there are; asking draws none.
        x_train, x_test: (N, 3, 32, 32) uint8, channels red, green, blue.
        y_train, y_test: (N,) int64.
        class_names: the name of each label.
    """

    def __init__(
        self, name: str, class_names: tuple[str, ...], n: tuple[int, int], train: Callable[[], Part], test: Callable[[], Part]
    ) -> None:
        """`n` says how many of each; `train` and `test` give images and labels, and are called once at most."""
        self.name = name
        self.class_names = class_names
        self.n_train, self.n_test = n
        self._parts = {"train": train, "test": test}

    @cached_property
    def _train(self) -> Part:
        return self._parts.pop("train")()

    @cached_property
    def _test(self) -> Part:
        return self._parts.pop("test")()

    @property
    def x_train(self) -> NDArray[np.uint8]:
        """The training images."""
        return self._train[0]

    @property
    def y_train(self) -> NDArray[np.int64]:
        """Their labels."""
        return self._train[1]

    @property
    def x_test(self) -> NDArray[np.uint8]:
        """The test images."""
        return self._test[0]

    @property
    def y_test(self) -> NDArray[np.int64]:
        """Their labels."""
        return self._test[1]


def load(name: str = "cifar10", *, n_train: int | None = None, n_test: int | None = None, seed: int = 0) -> Images:
    """Load CIFAR if it is in the cache, else draw the stand-in and say so in one line. Never downloads.

    Args:
        name: 'cifar10', 'cifar100', or 'shapes' for the stand-in itself.
        n_train: how many training images, drawn at random without repetition; default: all 50,000.
        n_test: likewise for the test images; default: all 10,000.
        seed: which ones; for the stand-in, also what is drawn.

    Returns:
        The images. `name` says which data they are.

    Raises:
        ValueError: an unknown name, or more images than there are.
    """
    if name not in ("shapes", *cifar.KNOWN):
        raise invalid(f"unknown data set {name!r}", expected="'cifar10', 'cifar100' or 'shapes'", got=repr(name), fix="choose one")
    n_train, n_test = _count("n_train", n_train, 50_000), _count("n_test", n_test, 10_000)
    if name in cifar.KNOWN and available(name):
        return _cifar(name, n_train, n_test, seed)
    if name in cifar.KNOWN:
        print(  # noqa: T201  the student must know which data this is
            f'data: {name} is not on this machine, so this is the offline stand-in "shapes" '
            f"(for the real one, run hw_lib.data.download({name!r}) once and restart the notebook)"
        )
    return _stand_in(n_train, n_test, seed, classes=100 if name == "cifar100" else 10)


def split(n: int, sizes: dict[str, int], *, seed: int = 0) -> dict[str, NDArray[np.int64]]:
    """Divide the numbers 0 … n-1 at random into disjoint parts.

    Args:
        n: how many there are.
        sizes: how many each part gets, by name; they may leave some over.
        seed: another seed divides differently.

    Returns:
        Indices by part, each in random order.

    Raises:
        ValueError: the sizes add up to more than n.
    """
    if min(sizes.values(), default=0) < 0 or sum(sizes.values()) > n:
        raise invalid("split: the parts do not fit", expected=f"at most {n} in all, none negative", got=sizes, fix="ask for fewer")
    order = np.random.default_rng(seed).permutation(n)
    ends = np.cumsum(list(sizes.values()))
    return {name: order[end - size : end] for (name, size), end in zip(sizes.items(), ends, strict=True)}


def _count(what: str, wanted: int | None, there: int) -> int:
    if wanted is None:
        return there
    if not 0 < wanted <= there:
        raise invalid(f"load: {what} is out of range", expected=f"1 to {there}", got=wanted, fix="ask for fewer images")
    return wanted


def _cifar(name: str, n_train: int, n_test: int, seed: int) -> Images:
    train, test = cifar.read(name, "train"), cifar.read(name, "test")
    chosen = [
        np.random.default_rng([seed, k]).permutation(len(y))[:n]
        for k, (y, n) in enumerate(((train[1], n_train), (test[1], n_test)))
    ]
    pictures = [(part[0][some], part[1][some]) for part, some in zip((train, test), chosen, strict=True)]
    return Images(name, cifar.class_names(name), (n_train, n_test), lambda: pictures[0], lambda: pictures[1])


def _stand_in(n_train: int, n_test: int, seed: int, classes: int) -> Images:
    colours = [""] if classes == 10 else [f" {colour}" for colour in range(10)]
    names = tuple(f"{shape}{colour}" for shape in shapes.SHAPES for colour in colours)
    return Images(
        "shapes" if classes == 10 else "shapes100",
        names,
        (n_train, n_test),
        lambda: shapes.draw(n_train, seed=2 * seed, classes=classes),
        lambda: shapes.draw(n_test, seed=2 * seed + 1, classes=classes),
    )
