"""Accuracy against wall time: one training run for each batch size, the clock stopped while accuracy is measured.

Knows nothing of where the images come from.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

LR_OF_64 = 0.02


def learning_rate(batch: int) -> float:
    """Larger batches may take larger steps: LR_OF_64 * sqrt(batch / 64)."""
    return float(LR_OF_64 * (batch / 64) ** 0.5)


def train_against_time(
    model: nn.Module,
    train: tuple[NDArray[np.uint8], NDArray[np.int64]],
    test: tuple[NDArray[np.uint8], NDArray[np.int64]],
    batch: int,
    epochs: int,
    *,
    device: str = "cpu",
    seed: int = 0,
) -> dict[str, Any]:
    """Train with momentum and measure the accuracy in every epoch: on its training images, and on the test images after it.

    Args:
        model: returns (N, classes) scores; moved to `device`.
        train: images (N, 3, H, W) and labels (N,).
        test: likewise.
        batch: images per step.
        epochs: passes over the training images.
        device: 'cpu' or 'cuda'.
        seed: the order of the images.

    Returns:
        {"seconds": [end of each epoch, since the start, tests not counted], "accuracy": [on the test images], "train_accuracy": [on
        the epoch's batches, each judged just before its step, as a training loop prints it], "loss": [mean]}.
    """
    model.to(device)
    (x, y), (x_test, y_test) = (_tensors(pair, device) for pair in (train, test))
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate(batch), momentum=0.9, foreach=True)
    order = torch.Generator().manual_seed(seed)
    spent = 0.0
    found: dict[str, list[float]] = {"seconds": [], "accuracy": [], "train_accuracy": [], "loss": []}
    for _ in range(epochs):
        started = time.perf_counter()
        total, right = torch.zeros((), device=device), torch.zeros((), device=device)
        model.train()
        for chosen in torch.split(torch.randperm(len(x), generator=order).to(device), batch):
            optimizer.zero_grad()
            scores = model(x[chosen])
            loss = nn.functional.cross_entropy(scores, y[chosen])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += loss.detach() * len(chosen)
            right += (scores.detach().argmax(dim=1) == y[chosen]).sum()
        found["loss"].append(float(total) / len(x))  # reading the number waits for the GPU
        found["train_accuracy"].append(int(right) / len(x))
        spent += time.perf_counter() - started
        found["seconds"].append(round(spent, 3))
        found["accuracy"].append(_accuracy(model, x_test, y_test))
    return found


def _tensors(pair: tuple[NDArray[np.uint8], NDArray[np.int64]], device: str) -> tuple[Tensor, Tensor]:
    images, labels = pair
    x = torch.from_numpy(np.ascontiguousarray(images)).to(device=device, dtype=torch.float32)
    return x.sub_(127.5).div_(64.0), torch.from_numpy(np.asarray(labels, np.int64)).to(device)


@torch.no_grad()
def _accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    model.eval()
    pairs = zip(torch.split(x, 256), torch.split(y, 256), strict=True)
    return sum(int((model(images).argmax(dim=1) == labels).sum()) for images, labels in pairs) / len(x)
