"""One measurement on a GPU, in a process of its own: `python -m hw_lib.labs.memory.worker` reads a job and writes what came out.

The job is one line of JSON on standard input, the result one line of JSON on standard output. A process that ends frees everything
it had on the card, so that nobody has to restart a notebook between two measurements.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hw_lib.labs.memory.machine import Driver, this_machine
from hw_lib.labs.memory.training import optimizer_maker, plain_step, resnet


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job on the GPU.

    Args:
        job: {"task": "machine"}, or {"task": "steps", "depth", "classes", "shape", "optimizer", "steps", "snapshot"}.

    Returns:
        {"outcome": "done" | "out of memory", "machine": …}, and of steps all sizes in bytes: see `measure.GpuMeasurement`.
    """
    driver = Driver()
    before = driver.used()
    machine = this_machine(before, driver)
    torch.cuda.empty_cache()
    result: dict[str, Any] = {"outcome": "done", "machine": machine}
    if job["task"] == "steps":
        figures: dict[str, Any] = {"step_peaks": [], "ends": []}
        try:
            _steps(job, figures)
        except torch.cuda.OutOfMemoryError:  # an answer, not an accident
            result["outcome"] = "out of memory"
        # the step that failed has no entry in step_peaks, but it has a peak
        figures["peak_allocated"] = max([*figures["step_peaks"], torch.cuda.max_memory_allocated()])
        figures["peak_reserved"] = torch.cuda.max_memory_reserved()  # never falls: nothing is given back between steps
        used = driver.used()
        figures["driver_bytes"] = max((used[card] - before.get(card, 0) for card in used), default=None)
        result.update(figures)
    return result


def _steps(job: dict[str, Any], figures: dict[str, Any]) -> None:
    """Train, and fill `figures` as far as it goes."""
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = False  # the search for the fastest kernel takes workspaces that training does not need
    if job.get("snapshot"):
        torch.cuda.memory._record_memory_history(max_entries=200_000)
    model: nn.Module = resnet(job["depth"], job["classes"])
    model.to("cuda").train()
    figures["loaded"] = torch.cuda.memory_allocated()
    x = torch.randn(job["shape"], device="cpu").to("cuda")
    y = torch.randint(job["classes"], (job["shape"][0],)).to("cuda")
    figures["loaded_with_batch"] = torch.cuda.memory_allocated()
    optimizer = optimizer_maker(job["optimizer"])(model.parameters())
    for _ in range(job["steps"]):
        torch.cuda.reset_peak_memory_stats()
        plain_step(model, x, y, optimizer)
        torch.cuda.synchronize()
        figures["step_peaks"].append(torch.cuda.max_memory_allocated())
        figures["ends"].append(torch.cuda.memory_allocated())
    if job.get("snapshot"):
        torch.cuda.memory._dump_snapshot(str(Path(job["snapshot"])))  # type: ignore[no-untyped-call]


def main() -> None:
    """Read the job, do it, write the result."""
    result = work(json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
