"""Measures the memory of training on a GPU, each configuration in a process of its own; being out of memory is a result.

Without a GPU `machine()` says so and `measure_gpu` explains what to do instead. Knows nothing of notebooks or records.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import torch

from hw_lib.errors import explain, invalid
from hw_lib.labs.memory.machine import NO_GPU, Machine
from hw_lib.labs.memory.predict import check_run
from hw_lib.labs.memory.training import OPTIMIZERS

TIMEOUT_S = 600.0
Run = Callable[[dict[str, Any]], dict[str, Any]]


class NoGpu(RuntimeError):  # noqa: N818 - students read this name
    """There is no GPU to measure on."""


@dataclass(frozen=True)
class GpuMeasurement:
    """Bytes on a real GPU.

    Attributes:
        outcome: 'done', 'out of memory', or 'failed: …'; what could not be measured is 0, None or empty.
        machine: the card.
        peak_allocated: the most that tensors took in the steps.
        peak_reserved: the most that PyTorch held.
        loaded: after the model was moved, before the batch.
        step_peaks: the peak of each step.
        ends: allocated after each step.
        driver_bytes: what the driver's figure grew by, the context included; None if it cannot be asked.
    """

    outcome: str
    machine: Machine
    peak_allocated: int = 0
    peak_reserved: int = 0
    loaded: int = 0
    step_peaks: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    driver_bytes: int | None = None


def has_gpu() -> bool:
    """True where PyTorch can use an NVIDIA GPU; its CPU build and its CUDA build both say False on other machines."""
    return torch.cuda.is_available()


def machine(run: Run | None = None) -> Machine:
    """The GPU of this machine, and what a CUDA context takes on it; everything is empty where there is none.

    Args:
        run: does a job; default: a process of its own, on the GPU.
    """
    if run is None and not has_gpu():
        return NO_GPU
    result = (run or in_a_process)({"task": "machine"})
    return cast(Machine, result.get("machine", NO_GPU))


def measure_gpu(
    depth: int,
    input: Sequence[int],
    optimizer: str = "sgd",
    steps: int = 3,
    *,
    classes: int = 10,
    snapshot: str = "",
    run: Run | None = None,
) -> GpuMeasurement:
    """Train a ResNet for some steps on the GPU and read the allocator's figures.

    Args:
        depth: of the ResNet; a model must be nameable to cross into another process.
        input: the shape of one batch.
        optimizer: 'sgd', 'momentum' or 'adam'.
        steps: at least 2.
        classes: outputs of the model.
        snapshot: a file for PyTorch's memory viewer, if given.
        run: does a job; default: a process of its own, on the GPU.

    Returns:
        The figures, also when the card's memory was not enough.

    Raises:
        NoGpu: there is no GPU.
        ValueError: fewer than two steps, an unknown optimizer or an impossible shape.
    """
    check_run(input, steps)
    if optimizer not in OPTIMIZERS:
        raise invalid("there is no such optimizer", expected=sorted(OPTIMIZERS), got=optimizer)
    if run is None and not has_gpu():
        raise NoGpu(
            explain(
                "there is no GPU to measure on",
                expected="a machine where torch.cuda.is_available()",
                got=f"torch {torch.__version__} without a GPU",
                fix="use predict(…) for what a GPU would need, and measure_cpu(…) to measure on this machine",
            )
        )
    job = {
        "task": "steps",
        "depth": depth,
        "classes": classes,
        "shape": list(input),
        "optimizer": optimizer,
        "steps": steps,
        "snapshot": snapshot,
    }
    result = (run or in_a_process)(job)
    known = {key: result[key] for key in GpuMeasurement.__dataclass_fields__ if result.get(key) is not None}
    return GpuMeasurement(**{"machine": NO_GPU, **known})


def in_a_process(
    job: dict[str, Any], command: Sequence[str] = (sys.executable, "-m", "hw_lib.labs.memory.worker")
) -> dict[str, Any]:
    """Do a job in a fresh process.

    Args:
        job: for `worker.work`.
        command: what is started; it reads the job and writes the result.

    Returns:
        What the process wrote, or {"outcome": "failed: …"} if it wrote nothing: killed, too slow, no driver.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTORCH_NO_CUDA_MEMORY_CACHING"}
    try:
        done = subprocess.run(
            list(command), input=json.dumps(job) + "\n", capture_output=True, text=True, timeout=TIMEOUT_S, env=environment
        )
    except subprocess.TimeoutExpired:
        return {"outcome": f"failed: no answer within {TIMEOUT_S:g} seconds"}
    try:
        return cast(dict[str, Any], json.loads(done.stdout.strip().splitlines()[-1]))
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode} and said nothing"])[-1]
        return {"outcome": f"failed: {last}"}
