"""The memory of every batch size from two traces: the operations are the same, and every size is a + b * batch.

Knows nothing of GPUs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hw_lib.errors import explain
from hw_lib.labs.memory.predict import Model, Prediction, fits, replay, trace_training
from hw_lib.labs.memory.trace import Step, Storage, Trace
from hw_lib.labs.memory.training import MakeOptimizer, plain_step

FIRST, SECOND = 4, 8
MOST = 1 << 20  # images; more than this is no batch


@dataclass(frozen=True)
class BatchCurve:
    """A run as a function of the batch size: two traces of the same run, with batches `FIRST` and `SECOND`."""

    first: Trace
    second: Trace

    def trace(self, batch: int) -> Trace:
        """The trace of a run with `batch` images, without running it."""
        storages = []
        for a, b in zip(self.first.storages, self.second.storages, strict=True):
            slope, rest = divmod(b.size - a.size, SECOND - FIRST)
            if rest:
                raise ValueError(_not_affine(a.operation))
            storages.append(Storage(a.size + slope * (batch - FIRST), a.kind, a.operation, a.host))
        return Trace(storages, self.first.events, self.first.loaded, self.first.ends)

    def at(self, batch: int, capacity: int | None = None) -> Prediction:
        """The prediction for `batch` images."""
        return replay(self.trace(batch), capacity)

    def largest(self, memory_bytes: int) -> int:
        """The largest batch whose training fits into `memory_bytes` of PyTorch's own memory; 0 if not even one image does."""
        low, high = 0, 1
        while high <= MOST and fits(self.trace(high), memory_bytes):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(self.trace(middle), memory_bytes) else (low, middle)
        return low


def batch_curve(
    model: Model, image: Sequence[int], optimizer: str | MakeOptimizer = "sgd", steps: int = 3, *, step: Step = plain_step
) -> BatchCurve:
    """Trace training twice, for all batch sizes.

    Args:
        model: as in `predict`.
        image: the shape of one image, for example (3, 224, 224).
        optimizer: as in `predict`.
        steps: as in `predict`.
        step: as in `predict`; it must do the same operations whatever the batch.

    Returns:
        The curve.

    Raises:
        ValueError: the two runs do different things, so that nothing follows from them for a third.
    """
    first, second = (trace_training(model, (n, *image), optimizer, steps, step=step) for n in (FIRST, SECOND))
    same = first.events == second.events and [s.kind for s in first.storages] == [s.kind for s in second.storages]
    if not same:
        raise ValueError(_not_affine("the run"))
    return BatchCurve(first, second)


def largest_batch(
    model: Model,
    memory_bytes: int,
    image: Sequence[int] = (3, 224, 224),
    optimizer: str | MakeOptimizer = "momentum",
    steps: int = 3,
) -> int:
    """The largest batch that trains within `memory_bytes`; subtract the CUDA context first (`predict.usable`).

    Args:
        model: as in `predict`.
        memory_bytes: what PyTorch may reserve.
        image: the shape of one image.
        optimizer: as in `predict`.
        steps: as in `predict`.
    """
    return batch_curve(model, image, optimizer, steps).largest(memory_bytes)


def _not_affine(what: str) -> str:
    return explain(
        f"the memory of {what} is not a straight line in the batch size",
        expected="the same operations with batches of 4 and of 8",
        fix="predict each batch size by itself: predict(model, (batch, …))",
    )
