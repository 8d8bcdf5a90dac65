"""PyTorch training and evaluation with all images in memory as one tensor: no loader, no worker processes.

Knows nothing of notebooks, plots or where images come from. Importing it imports torch.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from hw_lib import environment


def set_seed(seed: int) -> None:
    """Seed every generator a notebook may use: Python's, NumPy's global one and PyTorch's."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def best_device() -> str:
    """'cuda' if PyTorch sees a GPU, else 'cpu'."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def image_tensor(images: NDArray[np.uint8], device: str = "cpu") -> Tensor:
    """Turn images into the network's input, once for all epochs.

    Args:
        images: (N, 3, H, W) uint8.
        device: where the tensor lives.

    Returns:
        (N, 3, H, W) float32, about zero mean and unit variance, laid out channels last (faster convolutions).
    """
    x = torch.from_numpy(images).to(device=device, dtype=torch.float32)
    return x.sub_(127.5).div_(64.0).contiguous(memory_format=torch.channels_last)


def fit(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    epochs: int,
    batch_size: int = 64,
    lr: float = 1e-3,
    seed: int = 0,
    label: str = "training",
) -> list[float]:
    """Train a classifier with Adam and cross-entropy on images that are already in memory.

    Args:
        model: returns (N, classes) scores; moved to x's device and left in training mode.
        x: (N, C, H, W) float.
        y: (N,) int64 labels, on x's device.
        epochs: passes over the images.
        batch_size: images per step.
        lr: Adam's learning rate.
        seed: the order of the images. Dropout draws from the global generators: seed those with `set_seed`.
        label: what the progress bar says.

    Returns:
        The mean loss of each epoch.
    """
    model.to(device=x.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs lack it
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    order = torch.Generator().manual_seed(seed)
    history: list[float] = []
    for _ in (bar := tqdm(range(epochs), desc=label, unit="epoch", disable=environment.quiet(), file=environment.bar_stream())):
        history.append(_epoch(model, optimizer, x, y, _batches(torch.randperm(len(x), generator=order).to(x.device), batch_size)))
        bar.set_postfix(loss=f"{history[-1]:.3f}")
    return history


def _batches(x: Tensor, size: int) -> tuple[Tensor, ...]:
    return tuple(torch.split(x, size))


def _epoch(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor, batches: tuple[Tensor, ...]) -> float:
    total = torch.zeros((), device=x.device)
    for batch in batches:
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's stubs lack it
        optimizer.step()
        total += loss.detach() * len(batch)
    return float(total) / len(x)


@torch.no_grad()
def accuracy(model: nn.Module, x: Tensor, y: Tensor, batch_size: int = 1000) -> float:
    """Share of the images whose highest score is at their label, with the model in evaluation mode.

    Args:
        model: returns (N, classes) scores; its mode is put back afterwards.
        x: (N, C, H, W) float.
        y: (N,) int64 labels.
        batch_size: images per forward pass.

    Returns:
        A number in [0, 1], a multiple of 1/N.
    """
    was_training = model.training
    model.eval()
    pairs = zip(_batches(x, batch_size), _batches(y, batch_size), strict=True)
    right = sum(int((model(images).argmax(dim=1) == labels).sum().item()) for images, labels in pairs)
    model.train(was_training)
    return right / len(x)


def save_weights(model: nn.Module, path: str | Path) -> None:
    """Write a model's state_dict, from whatever device it is on, so that any machine can read it.

    Args:
        model: the trained network; it stays where and as it is.
        path: the file; written beside it first, then moved there in one step.
    """
    state = {name: value.detach().to("cpu").contiguous() for name, value in model.state_dict().items()}
    beside = Path(f"{path}.part")
    torch.save(state, beside)
    beside.replace(path)
