"""What is trained when memory is predicted or measured: named models, named optimizers, and one training step.

The same few lines run on 'meta', on the CPU and on a GPU. torchvision is imported only when one of its models is built.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint_sequential

from hw_lib.errors import invalid
from hw_lib.labs.memory.blanks import Remembering
from hw_lib.labs.memory.torchvision_models import models

OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    # foreach is the default on a GPU only, and it needs more memory than a loop: say so, and all devices do the same
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-3, foreach=True),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=1e-3, momentum=0.9, foreach=True),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-3, foreach=True),
}
_DEPTHS = (18, 34, 50, 101, 152)
MakeOptimizer = Callable[[Iterator[nn.Parameter]], torch.optim.Optimizer]


def resnet(depth: int, classes: int = 10, device: str | None = None) -> nn.Module:
    """A ResNet of torchvision with fresh weights; nothing is downloaded.

    Args:
        depth: 18, 34, 50, 101 or 152.
        classes: outputs of its last layer.
        device: 'meta' gives a model with shapes and no numbers; None: PyTorch's default device.
    """
    if depth not in _DEPTHS:
        raise invalid("there is no such ResNet", expected=list(_DEPTHS), got=depth)
    quickly = Remembering() if device == "meta" else contextlib.nullcontext()
    with torch.device(device) if device else contextlib.nullcontext(), quickly:
        return cast(nn.Module, getattr(models(), f"resnet{depth}")(weights=None, num_classes=classes))


def optimizer_maker(optimizer: str | MakeOptimizer) -> MakeOptimizer:
    """The function that makes an optimizer of parameters, from a name ('sgd', 'momentum', 'adam') or from such a function.

    Raises:
        ValueError: an unknown name.
    """
    if callable(optimizer):
        return optimizer
    if optimizer not in OPTIMIZERS:
        raise invalid(
            "there is no such optimizer",
            expected=sorted(OPTIMIZERS),
            got=optimizer,
            fix="use one of these names, or a function that takes the parameters and returns the optimizer",
        )
    return OPTIMIZERS[optimizer]


def plain_step(model: nn.Module, x: Tensor, y: Tensor, optimizer: torch.optim.Optimizer) -> None:
    """One training step as everybody writes it: gradients away, forward, backward, update."""
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()  # type: ignore[no-untyped-call]  # torch's stubs lack it
    optimizer.step()


def accumulating_step(pieces: int) -> Callable[[nn.Module, Tensor, Tensor, torch.optim.Optimizer], None]:
    """A step that processes the batch in `pieces` equal parts and adds up their gradients before the update."""

    def step(model: nn.Module, x: Tensor, y: Tensor, optimizer: torch.optim.Optimizer) -> None:
        ### BEGIN SOLUTION
        optimizer.zero_grad()
        for images, labels in zip(x.chunk(pieces), y.chunk(pieces), strict=True):
            loss = nn.functional.cross_entropy(model(images), labels) * (len(images) / len(x))
            loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        ### END SOLUTION

    return step


class Checkpointed(nn.Module):
    """A chain of modules in `segments` runs: only activations between runs are kept, the backward pass recomputes the others.

    Batchnorm layers see such a batch twice, so their running averages move twice; gradients stay what they were.
    Source: Chen et al. 2016, Training deep nets with sublinear memory cost.
    """

    def __init__(self, chain: nn.Sequential, segments: int) -> None:
        """`chain` is used as it is, not copied."""
        super().__init__()
        self.chain = chain
        self.segments = segments

    def forward(self, x: Tensor) -> Tensor:
        """What the chain gives."""
        return cast(Tensor, checkpoint_sequential(self.chain, self.segments, x, use_reentrant=False))  # type: ignore[no-untyped-call]


def resnet_chain(model: Any) -> nn.Sequential:
    """A ResNet as one chain: its stem, every residual block, and its head."""
    stem = [nn.Sequential(model.conv1, model.bn1, model.relu), model.maxpool]
    blocks = [block for layer in (model.layer1, model.layer2, model.layer3, model.layer4) for block in layer]
    return nn.Sequential(*stem, *blocks, nn.Sequential(model.avgpool, nn.Flatten(), model.fc))


def on_meta(model: nn.Module) -> nn.Module:
    """A copy of a model on the meta device: shapes without values; the original's values are not read."""
    memo: dict[int, Any] = {}
    for parameter in model.parameters():
        memo[id(parameter)] = nn.Parameter(torch.empty_like(parameter, device="meta"), requires_grad=parameter.requires_grad)
    for buffer in model.buffers():
        memo[id(buffer)] = torch.empty_like(buffer, device="meta")
    return copy.deepcopy(model, memo)
