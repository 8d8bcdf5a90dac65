"""Checks that recorded results are plausible: could a real run have measured them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hw_lib.checks.numbers import numbers, show, vector
from hw_lib.errors import CheckFailed


def accuracies(name: str, got: Any, n: int) -> None:
    """Check that numbers can be accuracies over n images: in [0, 1], and multiples of 1/n.

    Args:
        name: what they are called.
        got: one or more numbers.
        n: how many images they were measured on.

    Raises:
        CheckFailed: a number that cannot come out of counting n images.
    """
    array = numbers(name, got)
    counts = array * n
    if not bool(((array >= 0) & (array <= 1) & (np.abs(counts - np.round(counts)) < 1e-6)).all()):
        raise CheckFailed(
            f"{name} cannot be accuracies over {n} images",
            expected=f"numbers from 0 to 1 that are multiples of 1/{n}",
            got=show(array),
            fix="record what training.accuracy returned, without rounding, and measure again",
        )


def losses(name: str, got: Any, epochs: int, start: tuple[float, float], drop: float) -> None:
    """Check that a list of losses looks like training: one for each epoch, positive, starting near chance, falling.

    Args:
        name: what the list is called.
        got: the losses.
        epochs: how many there must be.
        start: the band for the first one.
        drop: by how much the last must lie below the first, at least.

    Raises:
        CheckFailed: another count, or numbers that training does not give.
    """
    array = vector(name, got, epochs)
    fell = float(array[0] - array[-1])
    if not (start[0] < array[0] < start[1] and (array > 0).all() and fell > drop and len(set(array.tolist())) == epochs):
        raise CheckFailed(
            f"{name} does not look like the losses of a training run",
            expected=f"{epochs} different positive numbers, the first between {start[0]:g} and {start[1]:g}, "
            f"the last at least {drop:g} lower",
            got=show(array),
            fix="measure again with the settings that the notebook gives",
        )


def same_settings(name: str, got: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Check that a record was measured with the settings the notebook gives.

    Args:
        name: the record's name.
        got: its settings.
        expected: those that must agree; the record may hold more.

    Raises:
        CheckFailed: one of them differs.
    """
    different = {key: got.get(key) for key, wanted in expected.items() if got.get(key) != wanted}
    if different:
        raise CheckFailed(
            f"the record {name!r} was measured with different settings",
            expected={key: expected[key] for key in different},
            got=different,
            fix="use the notebook's settings and measure again",
        )
