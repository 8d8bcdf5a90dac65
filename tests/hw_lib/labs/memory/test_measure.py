"""The recorder of GPUs, as far as it can be tried without one: jobs, failures, NVIDIA's library, and what a record may claim.

What a real card does is not faked here: `test_on_a_real_gpu` runs where there is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from hw_lib.errors import CheckFailed, RecordAltered
from hw_lib.labs.memory import NoGpu, find_card, has_gpu, machine, measure_gpu, predict, read_cards, resnet, train_against_time
from hw_lib.labs.memory import records as claims
from hw_lib.labs.memory.machine import NO_GPU, Driver
from hw_lib.labs.memory.measure import in_a_process
from hw_lib.labs.memory.recording import file_name, main

T4 = {"gpu": "Tesla T4", "driver": "550", "torch": "2.9", "total_bytes": 15_835_660_288, "context_bytes": 150_000_000}
P = 232_657_192
no_gpu = pytest.mark.skipif(has_gpu(), reason="this machine has a GPU")


# ---- without a GPU ----


@no_gpu
def test_without_a_gpu_it_says_so() -> None:
    """No machine, a sentence that says what to do instead, and no file from the recording command."""
    assert machine() == NO_GPU
    with pytest.raises(NoGpu, match="use predict"):
        measure_gpu(18, (4, 3, 32, 32), "sgd")


@no_gpu
def test_the_recording_command_without_a_gpu(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written, and the exit status tells."""
    assert main([str(tmp_path)]) == 1
    assert "there is no GPU here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([]) == 2


@pytest.mark.slow
@no_gpu
def test_the_worker_without_a_gpu() -> None:
    """The real worker process fails with PyTorch's reason, and the reason is the outcome."""
    got = measure_gpu(18, (4, 3, 32, 32), "sgd", run=in_a_process)
    assert got.outcome.startswith("failed: ")
    assert (got.peak_allocated, got.step_peaks, got.driver_bytes) == (0, [], None)


@pytest.mark.slow
def test_importing_hw_lib_does_not_import_it() -> None:
    """`import hw_lib` loads neither this package nor torch, and the package loads no torchvision."""
    code = "import sys, hw_lib; print('torch' in sys.modules, 'hw_lib.labs.memory' in sys.modules)\n"
    code += "import hw_lib.labs.memory; print('torchvision' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split() == ["False"] * 3


# ---- jobs and their outcomes ----


def answers(result: dict[str, Any]) -> Any:
    """A process that reads its job and writes this."""
    return lambda job: in_a_process(job, (sys.executable, "-c", f"import sys; sys.stdin.readline(); print({json.dumps(result)!r})"))


def test_out_of_memory_is_a_result() -> None:
    """The row is there, with what was reached."""
    got = measure_gpu(
        18, (4096, 3, 224, 224), "momentum", run=answers({"outcome": "out of memory", "machine": T4, "peak_allocated": 15})
    )
    assert (got.outcome, got.peak_allocated, got.machine["gpu"], got.ends) == ("out of memory", 15, "Tesla T4", [])


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("import os; os.abort()", "failed: it ended with"),
        ("raise SystemExit('CUDA error: an illegal memory access')", "failed: CUDA error: an illegal memory access"),
        ("print('no json')", "failed: it ended with 0"),
    ],
)
def test_a_worker_that_dies(code: str, outcome: str) -> None:
    """Killed, failed or talking nonsense: an outcome, never an exception."""
    assert in_a_process({"task": "machine"}, (sys.executable, "-c", code))["outcome"].startswith(outcome)


def test_a_job_says_everything() -> None:
    """What the process needs to know is in the job, and wrong jobs are not sent."""
    sent = []

    def run(job: dict[str, Any]) -> dict[str, Any]:
        sent.append(job)
        return {"outcome": "done", "machine": T4}

    assert measure_gpu(152, (8, 3, 224, 224), "adam", 2, run=run).outcome == "done"
    assert sent == [
        {"task": "steps", "depth": 152, "classes": 10, "shape": [8, 3, 224, 224], "optimizer": "adam", "steps": 2, "snapshot": ""}
    ]
    with pytest.raises(ValueError, match="no such optimizer"):
        measure_gpu(18, (8, 3, 224, 224), "lamb", run=run)
    with pytest.raises(ValueError, match="one step"):
        measure_gpu(18, (8, 3, 224, 224), "adam", 1, run=run)
    assert len(sent) == 1


class FakeLibrary:
    """What NVIDIA's library answers, some of it as bytes, as its older versions did."""

    def nvmlInit(self) -> None:  # noqa: N802
        """Nothing to do."""

    def nvmlSystemGetDriverVersion(self) -> bytes:  # noqa: N802
        """As bytes."""
        return b"550.54"

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        """Two cards."""
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        """The index is the handle."""
        return index

    def nvmlDeviceGetUUID(self, handle: int) -> str:  # noqa: N802
        """As text."""
        return f"GPU-{handle}{handle}"

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> Any:  # noqa: N802
        """Different for each card."""
        return type("Info", (), {"used": 1000 * (handle + 1)})


def test_the_driver_is_asked_card_by_card() -> None:
    """Figures by UUID, because PyTorch may number the cards in another order."""
    driver = Driver(FakeLibrary)
    assert (driver.version(), driver.used()) == ("550.54", {"00": 1000, "11": 2000})


@pytest.mark.parametrize("error", [ImportError, RuntimeError, OSError])
def test_no_library_no_figures(error: type[Exception]) -> None:
    """Not installed, no driver, no permission: empty answers."""

    def load() -> Any:
        raise error

    driver = Driver(load)
    assert (driver.version(), driver.used()) == ("", {})


# ---- what a record may claim ----


def test_right_claims_pass() -> None:
    """A real card, a real CPU, and the predicted optimizers."""
    claims.check_machine(T4, "Tesla T4")
    claims.check_machine({**T4, "context_bytes": None}, "Tesla T4")
    claims.check_machine(NO_GPU, "cpu")
    claims.check_same_machine(T4, dict(T4))
    claims.check_optimizers({"sgd": 1_707_000_000, "momentum": 1_945_000_000, "adam": 2_182_000_000}, P, T4["total_bytes"])
    claims.check_batches([(4, 221), (16, 477), (64, 1536), (256, 5831), (1024, 23006)], (4, 16, 64, 256))


@pytest.mark.parametrize(
    ("machine", "device", "why"),
    [
        (T4, "NVIDIA A100-SXM4-40GB", "written on 'NVIDIA A100-SXM4-40GB'"),
        (T4, "cpu", "written on 'cpu'"),
        (NO_GPU, "Tesla T4", "names the GPU 'none'"),
        ({**T4, "context_bytes": 5_000_000}, "Tesla T4", "a CUDA context takes 100 to 1500 MB"),
        ({**T4, "context_bytes": 4_000_000_000}, "Tesla T4", "a CUDA context takes 100 to 1500 MB"),
        ({**T4, "total_bytes": 16}, "Tesla T4", "a card has no memory of 16 bytes"),
        ({**NO_GPU, "context_bytes": 300_000_000}, "cpu", "no GPU and yet a GPU's memory"),
    ],
)
def test_impossible_machines(machine: dict[str, Any], device: str, why: str) -> None:
    """Each is flagged for a person, with its reason."""
    with pytest.raises(RecordAltered, match=why) as caught:
        claims.check_machine(machine, device)
    assert "a person should look" in str(caught.value)


def test_two_machines() -> None:
    """Records of one student come from one machine."""
    with pytest.raises(RecordAltered, match="Tesla T4"):
        claims.check_same_machine(T4, NO_GPU)


@pytest.mark.parametrize(
    ("peaks", "error", "why"),
    [
        ((1_945, 1_707, 2_182), RecordAltered, "plain SGD needs more"),
        ((1_707, 1_945, 20_000), RecordAltered, "do not fit on a card"),
        ((58, 58, 58), RecordAltered, "less than the parameters and their gradients"),
        ((1_707, 1_707, 1_707), CheckFailed, "measure at least two steps"),
        ((1_707, 1_945, 1_945), CheckFailed, "Adam keeps two numbers"),
        ((1_707, 1_800, 2_182), CheckFailed, "does not show what momentum keeps"),
    ],
)
def test_wrong_optimizers(peaks: tuple[int, int, int], error: type[Exception], why: str) -> None:
    """Impossible ones are flagged, implausible ones explained."""
    sizes = {name: 10**6 * size for name, size in zip(("sgd", "momentum", "adam"), peaks, strict=True)}
    with pytest.raises(error, match=why):
        claims.check_optimizers(sizes, P, T4["total_bytes"])


@pytest.mark.parametrize(
    ("rows", "error", "why"),
    [
        ([(4, 209), (16, 462), (64, 1482)], CheckFailed, "lacks batch sizes"),
        ([(4, 209), (16, 462), (64, 400), (256, 5561)], RecordAltered, "batch 64 takes less memory than batch 16"),
        ([(4, 209), (16, 209), (64, 210), (256, 211)], RecordAltered, "batch 16 takes less"),
        ([(4, 209), (16, 462), (64, 3482), (256, 5561)], CheckFailed, "batch 64 is"),
        ([(4, 209), (16, 462), (64, 1482), (256, 55_610)], CheckFailed, "line"),
    ],
)
def test_wrong_batches(rows: list[tuple[int, int]], error: type[Exception], why: str) -> None:
    """Memory rises along a line."""
    with pytest.raises(error, match=why):
        claims.check_batches(rows, (4, 16, 64, 256))


def test_recorded_cards(tmp_path: Path) -> None:
    """What a TA recorded is read by the card's name; the folder may be empty."""
    assert read_cards(tmp_path) == {}
    (tmp_path / file_name("NVIDIA H100 80GB HBM3")).write_text(json.dumps({"machine": {"gpu": "NVIDIA H100 80GB HBM3"}}))
    assert [path.name for path in tmp_path.iterdir()] == ["nvidia-h100-80gb-hbm3.json"]
    assert list(read_cards(tmp_path)) == ["NVIDIA H100 80GB HBM3"]


def test_accuracy_against_time() -> None:
    """The clock only goes on, and accuracies are counts of the training and of the test images."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (32, 3, 32, 32), dtype=np.uint8), rng.integers(0, 10, 32)
    torch.manual_seed(0)
    got = train_against_time(resnet(18), (images[:16], labels[:16]), (images[16:], labels[16:]), 8, 2)
    assert len(got["seconds"]) == len(got["loss"]) == 2
    assert 0 < got["seconds"][0] < got["seconds"][1]
    assert all((16 * accuracy).is_integer() for key in ("accuracy", "train_accuracy") for accuracy in got[key])


def test_training_accuracy_is_that_of_the_epochs_batches() -> None:
    """Of a model that sees its answer in the first pixel every image is right, and of one that sees the next class none."""
    labels = np.arange(12) % 10
    images = np.zeros((12, 3, 4, 4), dtype=np.uint8)
    images[:, 0, 0, 0] = labels

    class Reads(torch.nn.Module):
        """Scores that name the first pixel, moved by some classes; one weight, which changes nothing."""

        def __init__(self, moved: int) -> None:
            super().__init__()
            self.moved, self.weight = moved, torch.nn.Parameter(torch.zeros(()))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            pixel = (x[:, 0, 0, 0] * 64 + 127.5).round().long()
            return torch.nn.functional.one_hot((pixel + self.moved) % 10, 10) + 0 * self.weight

    for moved, accuracy in ((0, 1.0), (1, 0.0)):
        got = train_against_time(Reads(moved), (images, labels), (images[:5], labels[:5]), 5, 2)
        assert got["train_accuracy"] == [accuracy] * 2 and got["accuracy"] == [accuracy] * 2


# ---- with a GPU ----


@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.skipif(not has_gpu(), reason="there is no GPU")
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_on_a_real_gpu(optimizer: str) -> None:
    """Loaded exact, end of step within 1 %, peak within 3 % or 32 MiB."""
    real = measure_gpu(152, (8, 3, 224, 224), optimizer)
    expected = predict(lambda: resnet(152), (8, 3, 224, 224), optimizer)
    assert real.outcome == "done"
    assert real.loaded == expected.loaded - 8 * 3 * 224 * 224 * 4 - 512
    assert real.ends[-1] == pytest.approx(expected.ends[-1], rel=0.01)
    assert real.peak_allocated == pytest.approx(expected.peak_allocated, rel=0.03, abs=32 * 2**20)


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("T4", "T4"),
        ("tesla t4", "T4"),
        ("T4 (15,836 MB)", "T4"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("24GB", "24 GB card"),
        ("24 GB card", "24 GB card"),
        ("T4 or H100", ""),
        ("A100", ""),
        ("card", ""),
        ("", ""),
    ],
)
def test_cards_by_their_names(name: str, card: str) -> None:
    """However people call it; nothing where it is none of the list, or more than one."""
    assert find_card(name) == card
