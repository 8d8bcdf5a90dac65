"""Records the measurements of an NVIDIA GPU for the course: `python -m hw_lib.labs.memory.recording data/gpu_memory`.

Writes <folder>/<gpu>.json: ResNet-152 with three optimizers, ResNet-18 over batch sizes, accuracy against time. What was predicted
stands beside what was measured.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hw_lib.data import load
from hw_lib.labs.memory.measure import Run, has_gpu, machine, measure_gpu
from hw_lib.labs.memory.predict import predict
from hw_lib.labs.memory.training import OPTIMIZERS, resnet
from hw_lib.labs.memory.walltime import train_against_time

BATCHES = (4, 16, 64, 256, 1024)
IMAGE = (3, 224, 224)


def record_card(run: Run | None = None) -> dict[str, Any]:
    """Measure and predict the rows of the homework.

    Args:
        run: does a job, as in `measure_gpu`; default: on the GPU.

    Returns:
        {"machine", "optimizers": [row, …], "batches": [row, …]}; a row is the configuration, "predicted" and "measured".
    """
    optimizers = [_row(152, 8, name, run) for name in OPTIMIZERS]
    return {"machine": machine(run), "optimizers": optimizers, "batches": [_row(18, batch, "momentum", run) for batch in BATCHES]}


def _row(depth: int, batch: int, optimizer: str, run: Run | None) -> dict[str, Any]:
    shape = (batch, *IMAGE)
    expected = predict(lambda: resnet(depth), shape, optimizer)
    measured = asdict(measure_gpu(depth, shape, optimizer, run=run))
    measured.pop("machine")
    names = ("peak_allocated", "peak_reserved", "loaded", "ends", "step_peaks")
    return {
        "depth": depth,
        "shape": list(shape),
        "optimizer": optimizer,
        "predicted": {name: getattr(expected, name) for name in names},
        "measured": measured,
    }


def time_card(batches: Sequence[int] = BATCHES, epochs: int = 10) -> dict[str, Any]:
    """Accuracy against wall time of ResNet-18 on this GPU, for each batch size, on all training images at 32 x 32."""
    images = load("cifar10")
    train, test = (images.x_train, images.y_train), (images.x_test, images.y_test)
    runs = {str(batch): train_against_time(resnet(18), train, test, batch, epochs, device="cuda") for batch in batches}
    return {"data": images.name, "epochs": epochs, "runs": runs}


def file_name(gpu: str) -> str:
    """'NVIDIA H100 80GB HBM3' -> 'nvidia-h100-80gb-hbm3.json'."""
    return re.sub(r"[^a-z0-9]+", "-", gpu.lower()).strip("-") + ".json"


def main(arguments: Sequence[str]) -> int:
    """Record this machine's card into the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m hw_lib.labs.memory.recording FOLDER\n")
        return 2
    if not has_gpu():
        sys.stderr.write("there is no GPU here: PyTorch sees none (torch.cuda.is_available() is False); nothing was written\n")
        return 1
    record = {**record_card(), "training": time_card()}
    path = Path(arguments[0]) / file_name(record["machine"]["gpu"])
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
