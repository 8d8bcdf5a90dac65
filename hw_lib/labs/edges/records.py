"""Checks that the record of a sweep is complete, that its accuracies are counts over the images, and that its parts agree.

Works on the plain data that `Sweep.plain` leaves; knows nothing of networks or of how the pictures are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.checks.numbers import numbers, shape
from hw_lib.checks.records import accuracies
from hw_lib.errors import CheckFailed

BEGINNING = 3  # epochs whose training losses a record keeps in any case: all machines still agree there
Curves = dict[str, dict[int, dict[str, NDArray[np.float64]]]]
_AGAIN = "measure it again as the notebook gives it: recorder.forget('its name'), then run its cell"


def sweep_record(
    name: str,
    got: Any,
    *,
    architectures: Sequence[str],
    images: Mapping[int, int],
    epochs: Iterable[int],
    seeds: int,
    labels: NDArray[np.intp],
) -> Curves:
    """Check the record of a sweep, and return its accuracies.

    The predictions must give the recorded validation accuracy for the true labels, so that a sweep on other pictures, or with
    another order of classes, does not pass.

    Args:
        name: the record's name.
        got: its value: {'runs', 'kernels', 'predictions'}.
        architectures: those that must be in it.
        images: how many training images each data set has, by images per class.
        epochs: those whose validation was measured.
        seeds: how many there are.
        labels: (n_valid,) true labels of the validation images.

    Returns:
        {architecture: {images per class: {'train' and 'valid': (seeds, epochs) accuracies}}}.

    Raises:
        CheckFailed: something is missing, of another size, or contradicts itself.
    """
    _same(f"the record {name!r}", _keys(got), ["kernels", "predictions", "runs"])
    wanted, sizes = list(epochs), [str(n) for n in images]
    for part in ("runs", "predictions"):
        _same(f"{part} of the record {name!r}", _keys(got[part]), sorted(architectures))
        for architecture in architectures:
            _same(f"{architecture} in the record {name!r}", _keys(got[part][architecture]), sorted(sizes))
    found: Curves = {}
    for architecture in architectures:
        for n, count in images.items():
            run, predicted = got["runs"][architecture][str(n)], got["predictions"][architecture][str(n)]
            _same(f"{architecture} in the record {name!r}", _keys(run), ["epochs", "first", "train", "valid"])
            shape(f"the first losses of {architecture} in {name!r}", run["first"], (seeds, BEGINNING))
            _same(f"the epochs in the record {name!r}", run["epochs"], wanted)
            what = f"{architecture} on {n} pictures per class in {name!r}"
            curves = {
                split: _curves(f"{split} of {what}", run[split], (seeds, len(wanted)), total)
                for split, total in (("train", count), ("valid", len(labels)))
            }
            _predictions(what, predicted, curves["valid"][:, -1], labels)
            found.setdefault(architecture, {})[n] = curves
    return found


def _curves(name: str, got: Any, size: tuple[int, int], count: int) -> NDArray[np.float64]:
    """Check losses and accuracies, and return the accuracies."""
    _same(name, _keys(got), ["accuracy", "loss"])
    losses = shape(f"the loss, {name}", got["loss"], size)
    measured = shape(f"the accuracy, {name}", got["accuracy"], size)
    accuracies(f"the accuracy, {name}", measured, count)
    if not (losses > 0).all() or len({tuple(row) for row in losses.tolist()}) < len(losses):
        raise CheckFailed(
            f"the losses, {name}, are not those of {size[0]} runs",
            expected="positive numbers, different for every seed",
            got="a loss that is not positive" if not (losses > 0).all() else "the same losses for two seeds",
            fix=_AGAIN,
        )
    return np.asarray(measured)


def _predictions(name: str, got: Any, recorded: NDArray[np.float64], labels: NDArray[np.intp]) -> None:
    predicted = shape(f"the predictions, {name}", got, (len(recorded), len(labels)))
    share = (predicted == labels).mean(axis=1)
    if not np.allclose(numbers(name, share), recorded, atol=1e-6):
        raise CheckFailed(
            f"the predictions do not give the validation accuracy: {name}",
            expected=f"{np.round(recorded, 3).tolist()}, as recorded",
            got=f"{np.round(share, 3).tolist()}, from the predictions and the true labels",
            fix="check domain_config of part (a): the classes in the order given there, on the notebook's pictures. " + _AGAIN,
        )


def _keys(value: Any) -> list[str]:
    return sorted(str(key) for key in value) if isinstance(value, Mapping) else []


def _same(what: str, got: Any, expected: Sequence[Any]) -> None:
    if got != list(expected):
        raise CheckFailed(
            f"{what} has the wrong entries",
            expected=", ".join(map(str, expected)),
            got=", ".join(map(str, got or ["none"])),
            fix=_AGAIN,
        )
