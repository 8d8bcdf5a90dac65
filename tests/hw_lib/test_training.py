"""The in-memory training loop: it learns, it repeats exactly, and it stays silent when asked."""

from __future__ import annotations

import importlib
import random
import sys

import numpy as np
import pytest
import torch
from torch import nn

from hw_lib import environment, training


def problem() -> tuple[torch.Tensor, torch.Tensor]:
    """Two classes that differ in brightness."""
    y = np.arange(64) % 2
    images = np.random.default_rng(0).integers(0, 100, (64, 3, 8, 8)) + 100 * y[:, None, None, None]
    return training.image_tensor(images.astype(np.uint8)), torch.from_numpy(y)


def network() -> nn.Module:
    """A small network with randomness in training."""
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Dropout(0.2), nn.Linear(4 * 36, 2))


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No progress bars in the test log."""
    monkeypatch.setenv("HW_LIB_QUIET", "1")


def run() -> tuple[list[float], float]:
    """Train once from fixed seeds."""
    x, y = problem()
    training.set_seed(0)
    model = network()
    losses = training.fit(model, x, y, epochs=6, batch_size=16, lr=1e-2, seed=0)
    return losses, training.accuracy(model, x, y, batch_size=10)


def test_it_learns_and_repeats() -> None:
    """The loss falls, the accuracy is a count over N, and a second run gives the same numbers to the last bit."""
    losses, accuracy = run()
    assert len(losses) == 6
    assert losses[-1] < losses[0] / 2
    assert accuracy > 0.9
    assert (accuracy * 64) % 1 == 0
    assert run() == (losses, accuracy)


def test_accuracy_puts_the_mode_back() -> None:
    """Evaluation does not leave a training model in evaluation mode, or the other way round."""
    x, y = problem()
    model = network()
    for mode in (True, False):
        model.train(mode)
        training.accuracy(model, x, y)
        assert model.training is mode


def test_image_tensor() -> None:
    """Images become float32 around zero, channels last, and the uint8 array is untouched."""
    images = np.array([0, 255], np.uint8).repeat(3 * 16).reshape(2, 3, 4, 4)
    x = training.image_tensor(images)
    assert (x.dtype, tuple(x.shape)) == (torch.float32, (2, 3, 4, 4))
    assert x.is_contiguous(memory_format=torch.channels_last)
    assert (x.min(), x.max()) == (-127.5 / 64, 127.5 / 64)
    assert images.max() == 255


def test_set_seed_covers_all_generators() -> None:
    """Python's, NumPy's and PyTorch's generators all start again."""
    draws = []
    for _ in range(2):
        training.set_seed(3)
        draws.append((random.random(), np.random.rand(), torch.rand(1).item()))
    assert draws[0] == draws[1]


def test_best_device_is_usable() -> None:
    """The device that is named can hold a tensor."""
    assert torch.zeros(1, device=training.best_device()).item() == 0


def test_progress_bar_only_when_wanted(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """HW_LIB_QUIET and grading silence the bar; otherwise it names the run."""
    run()
    assert capfd.readouterr().err == ""
    monkeypatch.delenv("HW_LIB_QUIET")
    x, y = problem()
    training.fit(network(), x, y, epochs=1, label="demo")
    assert "demo" in capfd.readouterr().err
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    training.fit(network(), x, y, epochs=1, label="demo")
    assert capfd.readouterr().err == ""


def test_in_a_notebook_the_bar_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter paints the error stream red; there a bar goes to the ordinary output, elsewhere it stays out of it."""
    monkeypatch.delitem(sys.modules, "ipykernel.kernelapp", raising=False)
    assert environment.bar_stream() is sys.stderr
    kernelapp = importlib.import_module("ipykernel.kernelapp")
    assert environment.bar_stream() is sys.stderr, "loaded, and no notebook"
    monkeypatch.setattr(kernelapp.IPKernelApp, "initialized", lambda: True)
    assert environment.bar_stream() is sys.stdout
