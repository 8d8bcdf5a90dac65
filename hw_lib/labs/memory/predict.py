"""Predicts what training will need on a GPU: traces it without one, then replays the trace through the allocator's rules.

What a trace cannot see is left out: the CUDA context, and the workspaces of cuBLAS and cuDNN (a few MiB to a few per cent).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from hw_lib.errors import invalid
from hw_lib.labs.memory.allocator import MIB, Block, CachingAllocator, DoesNotFit
from hw_lib.labs.memory.blanks import Remembering
from hw_lib.labs.memory.trace import KINDS, Step, Trace, record
from hw_lib.labs.memory.training import MakeOptimizer, on_meta, optimizer_maker, plain_step

Model = nn.Module | Callable[[], nn.Module]


@dataclass(frozen=True)
class Prediction:
    """What training needs; all sizes in bytes.

    Attributes:
        peak_allocated: the most that tensors took at once during the steps, rounding included (`torch.cuda.max_memory_allocated`).
        peak_reserved: the most that PyTorch held of the card, context not included (`torch.cuda.max_memory_reserved`).
        peak_tensors: the same peak without the allocator's rounding, as a CPU has it; memory on the host included.
        loaded: allocated bytes before the first step.
        ends: allocated bytes after each step.
        ends_tensors: the same without rounding, host included.
        step_peaks: the peak within each step.
        breakdown: bytes by kind at the peak; they add up to peak_allocated.
        timeline: {kind: allocated bytes after each event}.
        trace: the allocations and frees behind all this.
    """

    peak_allocated: int
    peak_reserved: int
    peak_tensors: int
    loaded: int
    ends: list[int]
    ends_tensors: list[int]
    step_peaks: list[int]
    breakdown: dict[str, int]
    timeline: dict[str, list[int]] = field(repr=False)
    trace: Trace = field(repr=False)


def predict(
    model: Model,
    input: Sequence[int],
    optimizer: str | MakeOptimizer = "sgd",
    steps: int = 3,
    *,
    step: Step = plain_step,
) -> Prediction:
    """Predict the memory of training, without a GPU and without the memory.

    Args:
        model: a module (it is not changed), or a function that makes one; the function runs with 'meta' as the default device.
        input: the shape of one batch, for example (8, 3, 224, 224).
        optimizer: 'sgd', 'momentum', 'adam', or a function from parameters to an optimizer (give it foreach=True: a GPU does).
        steps: at least 2, because an optimizer's state is born at the end of the first step.
        step: the training step, step(model, x, y, optimizer); it must not look at numbers (no `.item()`), there are none.

    Returns:
        The prediction.

    Raises:
        ValueError: fewer than two steps, an unknown optimizer, or an impossible shape.
    """
    return replay(trace_training(model, input, optimizer, steps, step=step))


def trace_training(
    model: Model, shape: Sequence[int], optimizer: str | MakeOptimizer = "sgd", steps: int = 3, *, step: Step = plain_step
) -> Trace:
    """The allocations and frees that `predict` replays; the same arguments."""
    check_run(shape, steps)
    if not isinstance(model, nn.Module):
        with torch.device("meta"), Remembering():
            model = model()
    meta = on_meta(model)
    x = torch.empty(tuple(shape), device="meta")
    y = torch.empty(shape[0], dtype=torch.int64, device="meta")
    return record(meta.train(), x, y, optimizer_maker(optimizer), step, steps)


def check_run(shape: Sequence[int], steps: int) -> None:
    """Refuse a run of fewer than two steps, and shapes that are no batch.

    Raises:
        ValueError: one of the two.
    """
    if steps < 2:
        raise invalid(
            "one step does not show what an optimizer needs",
            expected="steps >= 2",
            got=steps,
            fix="its state is born at the end of the first step, when the activations are gone: the peak comes in the second",
        )
    if len(shape) < 2 or min(shape) < 1:
        raise invalid("this is not the shape of a batch", expected="for example (8, 3, 224, 224)", got=tuple(shape))


def replay(trace: Trace, capacity: int | None = None) -> Prediction:
    """Play a trace through the allocator.

    Args:
        trace: births and deaths.
        capacity: bytes the card can give to PyTorch; None for no limit.

    Raises:
        DoesNotFit: it is more than `capacity`.
    """
    allocator, blocks = CachingAllocator(capacity), dict[int, Block]()
    now = dict.fromkeys(KINDS, 0)
    timeline: dict[str, list[int]] = {kind: [] for kind in KINDS}
    tensors, peak_tensors, peak, loaded = 0, 0, 0, 0
    breakdown: dict[str, int] = {}
    ends, ends_tensors, step_peaks, marks = [], [], [], set(trace.ends)
    step_peak = 0
    for count, (number, born) in enumerate(trace.events, 1):
        storage = trace.storages[number]
        tensors += storage.size if born else -storage.size
        if not storage.host:
            if born:
                blocks[number] = allocator.malloc(storage.size, storage.kind)
            size = blocks[number].size
            now[storage.kind] += size if born else -size
            if not born:
                allocator.free(blocks.pop(number))
        for kind, series in timeline.items():
            series.append(now[kind])
        if count == trace.loaded:
            loaded = allocator.allocated
        if count >= trace.loaded:
            peak_tensors, step_peak = max(peak_tensors, tensors), max(step_peak, allocator.allocated)
            if allocator.allocated > peak:
                peak, breakdown = allocator.allocated, dict(now)
        if count in marks:
            ends.append(allocator.allocated)
            ends_tensors.append(tensors)
            step_peaks.append(step_peak)
            step_peak = allocator.allocated
    return Prediction(
        peak, allocator.peak_reserved, peak_tensors, loaded, ends, ends_tensors, step_peaks, breakdown, timeline, trace
    )


def watch(
    model: nn.Module, x: Tensor, y: Tensor, optimizer: str | MakeOptimizer = "sgd", *, step: Step, steps: int = 2
) -> Prediction:
    """Trace real training on the CPU: for code that depends on values, and for small models.

    Args:
        model: on the CPU; it is trained.
        x: (N, …) one batch.
        y: (N,) its labels.
        optimizer: as in `predict`.
        step: the training step.
        steps: how many.

    Returns:
        What a GPU would need for these tensors.
    """
    return replay(record(model, x, y, optimizer_maker(optimizer), step, steps))


def usable(card_bytes: int, context_bytes: int = 500 * MIB) -> int:
    """What of a card is left for PyTorch after the CUDA context (which only a measurement can tell; half a GiB is a fair guess)."""
    return max(card_bytes - context_bytes, 0)


def fits(trace: Trace, capacity: int) -> bool:
    """Whether a run fits into `capacity` bytes."""
    try:
        _run(trace.events, trace, capacity)
    except DoesNotFit:
        return False
    return True


def _run(events: Iterable[tuple[int, bool]], trace: Trace, capacity: int) -> None:
    """The allocator's part of a replay alone, which is faster."""
    allocator, blocks = CachingAllocator(capacity), dict[int, Any]()
    for number, born in events:
        storage = trace.storages[number]
        if storage.host:
            continue
        if born:
            blocks[number] = allocator.malloc(storage.size)
        else:
            allocator.free(blocks.pop(number))
