"""Checks that recorded memory figures are plausible for one machine; and the recorded runs of real cards in data/gpu_memory.

Plain data only; imports no torch. A claim that no machine can make raises RecordAltered with the reasons, so that a person looks.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from hw_lib.errors import CheckFailed, NeedsPerson, RecordAltered, explain

MB = 10**6
CONTEXT_MB = (100, 1500)
ORDER = ("sgd", "momentum", "adam")
COPIES = {"momentum": 1, "adam": 2}


def read_cards(folder: str | Path) -> dict[str, dict[str, Any]]:
    """The recorded runs of real cards, by the card's name; empty where there are none.

    Args:
        folder: data/gpu_memory.
    """
    found = {}
    for path in sorted(Path(folder).glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        found[str(record["machine"]["gpu"])] = cast(dict[str, Any], record)
    return found


def check_machine(machine: Mapping[str, Any], device: str) -> None:
    """Check that a recorded machine can exist, and is the one the record was written on.

    Args:
        machine: as `measure.machine()` gives it.
        device: what the record's own environment says: the GPU's name, or 'cpu'.

    Raises:
        RecordAltered: it cannot.
    """
    gpu, total, context = machine.get("gpu"), machine.get("total_bytes"), machine.get("context_bytes")
    reasons = []
    if (gpu or "cpu") != device:
        reasons.append(f"it names the GPU {gpu or 'none'!r}, and was written on {device!r}")
    if gpu and not (isinstance(total, int) and 10**9 < total < 10**12):
        reasons.append(f"a card has no memory of {total!r} bytes")
    if gpu and context is not None and not CONTEXT_MB[0] * MB <= context <= CONTEXT_MB[1] * MB:
        reasons.append(f"a CUDA context takes {CONTEXT_MB[0]} to {CONTEXT_MB[1]} MB, not {context / MB:,.1f} MB")
    if not gpu and (total or context is not None):
        reasons.append("it has no GPU and yet a GPU's memory")
    _refuse(reasons)


def check_same_machine(first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    """Check that two records come from one machine.

    Raises:
        RecordAltered: they name different GPUs.
    """
    if first.get("gpu") != second.get("gpu"):
        _refuse([f"one was measured on {first.get('gpu') or 'a CPU'!r}, the other on {second.get('gpu') or 'a CPU'!r}"])


def check_optimizers(peaks: Mapping[str, int], parameter_bytes: int, capacity: int = 0) -> None:
    """Check peaks of the same training with SGD, with momentum and with Adam.

    Args:
        peaks: bytes by optimizer: 'sgd', 'momentum', 'adam'.
        parameter_bytes: of the model.
        capacity: of the card; 0 for a CPU.

    Raises:
        RecordAltered: no machine measures that: SGD above Adam, more than the card has, less than the model itself.
        CheckFailed: it could be measured, but momentum does not take one more copy of the parameters and Adam two.
    """
    sizes = [peaks.get(name) for name in ORDER]
    if not all(isinstance(size, int) and not isinstance(size, bool) for size in sizes):
        raise CheckFailed("the record lacks an optimizer", expected="bytes for sgd, momentum, adam", got=dict(peaks))
    sgd, momentum, adam = cast("list[int]", sizes)
    reasons = []
    if sgd > momentum or momentum > adam:
        reasons.append("it says that plain SGD needs more memory than an optimizer that keeps state")
    if capacity and max(sgd, momentum, adam) > capacity:
        reasons.append(f"{max(sgd, momentum, adam) / MB:,.0f} MB do not fit on a card of {capacity / MB:,.0f} MB")
    if min(sgd, momentum, adam) < 2 * parameter_bytes:
        size = min(sgd, momentum, adam)
        hint = " (as many bytes as there are parameters: MB were taken for bytes?)" if size < parameter_bytes / 100 else ""
        reasons.append(f"{size:,} bytes are less than the parameters and their gradients alone, {2 * parameter_bytes:,}{hint}")
    _refuse(reasons)
    for name, more in (("momentum", momentum - sgd), ("adam", adam - sgd)):
        wanted = COPIES[name] * parameter_bytes
        if not abs(more - wanted) <= 0.1 * parameter_bytes * COPIES[name] + 4 * MB:
            raise CheckFailed(
                f"the record does not show what {name} keeps",
                expected=f"{COPIES[name]} times the parameters more than SGD: {wanted / MB:,.0f} MB",
                got=f"{more / MB:,.0f} MB, which is {more / parameter_bytes:.2f} copies",
                fix=_hint(name, more / parameter_bytes),
            )


def check_batches(rows: Sequence[Sequence[int]], batches: Sequence[int], capacity: int = 0) -> None:
    """Check that memory rises along a line with the batch.

    Args:
        rows: (batch, bytes) pairs.
        batches: the batch sizes there must be, at least.
        capacity: of the card; 0 where it does not matter.

    Raises:
        RecordAltered: a larger batch takes less memory, or more than the card has.
        CheckFailed: batch sizes are missing, or the points are off the line by more than 8 % of their size.
    """
    points = sorted((int(batch), int(size)) for batch, size in rows)
    missing = sorted(set(batches) - {batch for batch, _ in points})
    if missing or len(points) < 3:
        raise CheckFailed("the record lacks batch sizes", expected=list(batches), got=[batch for batch, _ in points])
    reasons = [f"batch {b} takes less memory than batch {a}" for (a, x), (b, y) in itertools.pairwise(points) if y <= x]
    reasons += [
        f"batch {b} takes {size / MB:,.0f} MB of a card of {capacity / MB:,.0f} MB" for b, size in points if 0 < capacity < size
    ]
    _refuse(reasons)
    slope = (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0])
    off = {batch: size / (points[0][1] + slope * (batch - points[0][0])) - 1 for batch, size in points}
    worst = max(off, key=lambda batch: abs(off[batch]))
    if abs(off[worst]) > 0.08:
        raise CheckFailed(
            "memory does not rise along a line with the batch",
            expected="within 8 % of the line through the smallest and the largest batch",
            got=f"batch {worst} is {off[worst]:+.0%} off",
            fix="measure every batch size in the same way, peaks and not what is left at the end, each in a process of its own",
        )


def check_prediction(what: str, got: int, predicted: int) -> None:
    """Check a recorded peak against what the predictor says of the same training.

    A card's own libraries take workspace that nobody predicts, so a little more is what one expects.

    Args:
        what: "the peak with adam".
        got: bytes in the record.
        predicted: bytes by `predict`.

    Raises:
        NeedsPerson: 5 % less or 25 % more than predicted: a machine that we do not know, or no measurement.
        CheckFailed: less than half of it, or more than twice.
    """
    ratio = got / predicted
    if 0.95 <= ratio <= 1.25:
        return
    expected = f"about {predicted / MB:,.0f} MB, as the predictor says of this training"
    if 0.5 <= ratio <= 2:
        raise NeedsPerson(f"{what} is not what this training takes; a person will look at it", expected=expected, got=_mb(got))
    raise CheckFailed(f"{what} is far from what this training takes", expected=expected, got=_mb(got), fix="measure again")


def _mb(size: int) -> str:
    return f"{size / MB:,.0f} MB"


def _hint(name: str, copies: float) -> str:
    if abs(copies) < 0.1:
        return "all of them the same: that is the first step, whose peak comes before the state is born; measure at least two steps"
    if name == "adam" and abs(copies - 1) < 0.2:
        return "Adam keeps two numbers for each parameter, a mean of the gradients and a mean of their squares"
    return "measure each optimizer in a process of its own, with the same model and batch, and compare peaks"


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise RecordAltered(
            explain(
                "no machine measures what this record says; a person should look at it",
                expected="a record of one real run",
                got="; ".join(reasons),
                fix="measure again on one machine: recorder.forget('its name'), then its cell; hand in the file as it was written",
            )
        )
