"""Measures the tensor memory of real training on the CPU, from the allocations that PyTorch's own profiler sees.

The numbers come from the allocator, not from the dispatch mode of `trace`, so they can check a prediction. Knows nothing of GPUs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from hw_lib.labs.memory.predict import check_run
from hw_lib.labs.memory.trace import Step, in_loading_order
from hw_lib.labs.memory.training import MakeOptimizer, optimizer_maker, plain_step


@dataclass(frozen=True)
class CpuMeasurement:
    """Bytes of tensors during real steps on the CPU.

    Attributes:
        peak_tensors: the most at once.
        loaded: model and batch, before the first step.
        ends_tensors: after each step.
        step_peaks: the peak within each step.
    """

    peak_tensors: int
    loaded: int
    ends_tensors: list[int]
    step_peaks: list[int]


def measure_cpu(
    model: nn.Module,
    input: Sequence[int],
    optimizer: str | MakeOptimizer = "sgd",
    steps: int = 2,
    *,
    step: Step = plain_step,
    classes: int = 10,
) -> CpuMeasurement:
    """Train for some steps on random images and watch the CPU's allocator.

    Args:
        model: a module on the CPU; it is trained.
        input: the shape of one batch.
        optimizer: as in `predict`.
        steps: at least 2, as in `predict`.
        step: the training step.
        classes: labels are integers below this.

    Returns:
        What the tensors took. Memory of Python itself is no part of it.

    Raises:
        ValueError: fewer than two steps, an unknown optimizer, or an impossible shape.
    """
    check_run(input, steps)
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(tuple(input), generator=generator), torch.randint(classes, (input[0],), generator=generator)
    for parameter in model.parameters():
        parameter.grad = None
    model.train()
    maker = optimizer_maker(optimizer)
    maker(iter([nn.Parameter(torch.zeros(1))]))  # the first optimizer of a process imports half of PyTorch; not while we watch
    loaded = _bytes([*(tensor for tensor, _ in in_loading_order(model)), x, y])
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler need not tell that it found no GPU
    with torch.autograd.profiler.profile(use_cpu=True, profile_memory=True) as profile:
        chosen = maker(model.parameters())
        for number in range(steps):
            with torch.profiler.record_function(f"hw_lib_step_{number}"):
                step(model, x, y, chosen)
    return _summary(profile.kineto_results.events(), loaded, steps)


def _bytes(tensors: Sequence[Tensor]) -> int:
    sizes = {tensor.untyped_storage()._cdata: tensor.untyped_storage().nbytes() for tensor in tensors}
    return sum(sizes.values())


def _summary(events: Sequence[Any], loaded: int, steps: int) -> CpuMeasurement:
    """Add the allocations up, in the order of time, and cut them at the ends of the steps."""
    changes = sorted(((e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]"), key=lambda change: change[0])
    ends = sorted(e.end_ns() for e in events if e.name().startswith("hw_lib_step_"))
    now, place = loaded, 0
    after, peaks = [], []
    for end in ends[:steps]:
        peak = now
        while place < len(changes) and changes[place][0] <= end:
            now += changes[place][1]
            peak = max(peak, now)
            place += 1
        after.append(now)
        peaks.append(peak)
    return CpuMeasurement(max(peaks), loaded, after, peaks)
