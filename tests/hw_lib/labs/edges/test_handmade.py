"""Passes written by hand give the weights that PyTorch's own SGD gives, whatever is frozen and whatever the kernels' size."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from hw_lib.labs.edges import (
    DeeperCNN,
    EdgeDetectionDataset,
    SimpleCNN,
    SimpleCNN_avgpool,
    TwoLayerMLP,
    WiderCNN,
    freeze_conv_layer,
)
from hw_lib.labs.edges import handmade_layers as layers
from hw_lib.labs.edges.handmade import HandmadeCNN
from hw_lib.labs.edges.stacked import Stack
from hw_lib.labs.edges.striped import Lines, directions
from hw_lib.labs.edges.sweeps import built, orders, sweep

EDGES = EdgeDetectionDataset({"data_per_class": 7}).tensors()
KINDS = ["horizontal", "vertical", "none", "diagonal", "both"]
FIVE = EdgeDetectionDataset({"data_per_class": 4, "num_classes": 5, "class_type": KINDS}).tensors()  # not all of them are lines
NOISE = torch.rand(21, 2, 13, 11, generator=torch.Generator().manual_seed(0)), EDGES[1]  # spans everything; odd sides; two channels


def frozen(name: str) -> SimpleCNN:
    """A network of which this layer stays."""
    model = SimpleCNN(3, 5)
    getattr(model, name).requires_grad_(False)
    return model


def frozen_convolutions() -> SimpleCNN:
    """A network of which only the last layer learns."""
    model = SimpleCNN(3, 7)
    freeze_conv_layer(model)
    return model


def sgd(model: nn.Module, momentum: float) -> torch.optim.Optimizer:
    """For what a network trains."""
    return torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.02, momentum=momentum)


def trained_by_torch(
    model: nn.Module, x: Tensor, y: Tensor, epochs: list[tuple[Tensor, ...]], optimizer: torch.optim.Optimizer
) -> Tensor:
    """Train one network; the scores before each step."""
    scores = []
    for batch in (batch for batches in epochs for batch in batches):
        scores.append(model(x[batch]))
        optimizer.zero_grad()
        functional.cross_entropy(scores[-1], y[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return torch.cat(scores).detach()


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize(
    ("build", "data"),
    [
        (lambda: SimpleCNN(3, 7), EDGES),
        (lambda: SimpleCNN(3, 2), EDGES),
        (lambda: WiderCNN(1, 6, 4, 3), EDGES),
        (lambda: SimpleCNN(3, 7, 5), FIVE),
        (lambda: WiderCNN(1, 6, 4, 5), FIVE),
        (lambda: SimpleCNN(4, 3, input_channel=2), NOISE),
        (lambda: SimpleCNN(6, 1, input_channel=2), NOISE),
        (lambda: frozen("conv1"), EDGES),
        (lambda: frozen("conv2"), EDGES),
        (lambda: frozen("fc"), EDGES),
        (frozen_convolutions, EDGES),
        (
            lambda: SimpleCNN(3, 5, input_channel=2),
            (EDGES[0].expand(-1, 2, -1, -1) * torch.tensor([1.0, 0.5])[:, None, None], EDGES[1]),
        ),
    ],
    ids=[
        "7x7",
        "2x2",
        "4x4, wider",
        "7x7, five",
        "4x4, five",
        "3x3, two channels",
        "1x1",
        "first",
        "second",
        "last",
        "both frozen",
        "lines of two channels",
    ],
)
def test_same_weights_as_torch(build: Callable[[], nn.Module], data: tuple[Tensor, Tensor], momentum: float) -> None:
    """Weights, training scores and validation scores agree, with batches of different sizes; what is frozen is untouched."""
    x, y = data
    held_out = x.flip(3)
    stack = Stack([built(build, seed) for seed in range(3)])
    trainer = HandmadeCNN(stack, x, y, held_out, rule="sgd", lr=0.02, momentum=momentum)
    epochs = [torch.split(torch.randperm(len(x), generator=torch.Generator().manual_seed(k)), 6) for k in range(5)]
    seen = torch.cat([trainer.epoch(batches) for batches in epochs], dim=1)
    valid = trainer.validation_scores()
    trainer.write()
    for k in range(3):
        model, before = built(build, k), dict(built(build, k).named_parameters())
        torch.testing.assert_close(seen[k].float(), trained_by_torch(model, x, y, epochs, sgd(model, momentum)), atol=1e-5, rtol=0)
        torch.testing.assert_close(valid[k].float(), model(held_out).detach(), atol=1e-5, rtol=0)
        for name, p in model.named_parameters():
            weight = stack.params[name][k].detach()
            torch.testing.assert_close(weight, p.detach(), atol=1e-5, rtol=0)
            assert torch.equal(weight, before[name]) is not p.requires_grad, name


@pytest.mark.parametrize("k", [7, 3, 2])
@pytest.mark.parametrize("frozen", [(), ("conv1.weight", "fc.bias")])
def test_adam_is_as_exact_as_64_bits(k: int, frozen: tuple[str, ...]) -> None:
    """Adam's steps divide by the size of gradients, so rounding shows: eight digits are left of ten. What is frozen stays."""

    def build() -> nn.Module:
        model = SimpleCNN(3, k)
        for name in frozen:
            model.get_parameter(name).requires_grad = False
        return model

    x, y = EDGES
    stack = Stack([built(build, 0)])
    trainer = HandmadeCNN(stack, x, y, x, rule="adam", lr=0.01, momentum=0.9)
    epochs = [torch.split(torch.randperm(len(x), generator=torch.Generator().manual_seed(k)), 6) for k in range(20)]
    seen = torch.cat([trainer.epoch(batches) for batches in epochs], dim=1)
    model = built(build, 0).double()
    rule = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.01)
    torch.testing.assert_close(seen[0], trained_by_torch(model, x.double(), y, epochs, rule), atol=1e-8, rtol=0)
    torch.testing.assert_close(trainer.validation_scores()[0], model(x.double()).detach(), atol=1e-8, rtol=0)


@pytest.mark.parametrize("k", [7, 3, 2])
def test_lines_are_as_exact_as_64_bits(k: int) -> None:
    """Straight edges are trained along their lines: PyTorch in 64 bits ends at the same weights, to ten digits."""
    x, y = EDGES
    stack = Stack([built(lambda: SimpleCNN(3, k), 0)])
    trainer = HandmadeCNN(stack, x, y, x, rule="sgd", lr=0.02, momentum=0.9)
    epochs = [torch.split(torch.randperm(len(x), generator=torch.Generator().manual_seed(k)), 6) for k in range(20)]
    seen = torch.cat([trainer.epoch(batches) for batches in epochs], dim=1)
    model = built(lambda: SimpleCNN(3, k), 0).double()
    torch.testing.assert_close(seen[0], trained_by_torch(model, x.double(), y, epochs, sgd(model, 0.9)), atol=1e-10, rtol=0)
    torch.testing.assert_close(trainer.validation_scores()[0], model(x.double()).detach(), atol=1e-10, rtol=0)


def test_which_pictures_are_lines() -> None:
    """Even along every row, or along every column; an even picture goes down. One picture that is neither decides."""
    x, y = EDGES
    along = directions(x)
    assert along is not None
    assert along.tolist() == [[0.0, 1.0] if label == 1 else [1.0, 0.0] for label in y.tolist()]
    nearly = x.clone()
    nearly[-1, 0, 3, 4] += 1e-6
    assert all(directions(pictures) is None for pictures in (nearly, FIVE[0], NOISE[0], x[..., :20]))
    for pictures, lines in ((x, True), (nearly, False)):
        trainer = HandmadeCNN(Stack([SimpleCNN(3, 3)]), x, y, pictures, rule="sgd", lr=0.02, momentum=0.9)
        assert isinstance(trainer._windows, Lines) is lines


@pytest.mark.parametrize(("images", "k", "span"), [(EDGES[0], 7, 13), (EDGES[0], 2, None), (NOISE[0], 3, None)])
@pytest.mark.parametrize("room", [10**9, 0])
def test_windows_answer_every_kernel(images: Tensor, k: int, span: int | None, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coordinates in the span answer as PyTorch's convolution does, kept or laid out anew; so do bare windows."""
    monkeypatch.setattr(layers, "_MOST_BYTES", room)
    windows = layers.Windows(images, k)
    assert len(windows) == len(images)
    assert (None if windows.basis is None else windows.basis.shape[1]) == span
    kernel = torch.randn(1, images.shape[1], k, k, generator=torch.Generator().manual_seed(1))
    pad = (k - 1) // 2
    maps = functional.conv2d(functional.pad(images, (pad,) * 4, mode="reflect"), kernel)
    high, wide = windows.pooled
    assert (high, wide) == (maps.shape[2] // 2, maps.shape[3] // 2)
    w = kernel.reshape(1, -1).numpy()
    for image, expected in enumerate(maps[:, 0, : 2 * high, : 2 * wide].numpy()):
        got = (w if windows.basis is None else w @ windows.basis) @ windows[image]
        corners = expected.reshape(high, 2, wide, 2).transpose(1, 3, 0, 2)
        assert np.allclose(got.reshape(2, 2, high, wide), corners, atol=1e-5)


def changed(name: str, value: object) -> Callable[[], nn.Module]:
    """Builds a SimpleCNN of which one thing is not as usual."""

    def build() -> nn.Module:
        model = SimpleCNN(3, 3)
        owner, _, attribute = name.rpartition(".")
        setattr(model.get_submodule(owner), attribute, value)
        return model

    return build


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(
    "build",
    [
        changed("pool", nn.AvgPool2d(2)),
        changed("pool", nn.MaxPool2d(3)),
        changed("conv1.padding_mode", "zeros"),
        changed("conv2.bias", None),
        changed("fc.bias", None),
    ],
    ids=["average pool", "pool of three", "zero padding", "no bias", "no last bias"],
)
def test_a_changed_network_is_trained_as_it_is(build: Callable[[], nn.Module], optimizer: str) -> None:
    """What looks like a SimpleCNN and is none takes the general path: the weights are those of its own training."""
    data = EdgeDetectionDataset({"data_per_class": 7}), EdgeDetectionDataset({"data_per_class": 5}, "valid")
    assert not HandmadeCNN.fits(Stack([build()]))
    found = sweep({"own": build}, {7: data}, seeds=[0], epochs=3, optimizer=optimizer)
    model, (x, y) = built(build, 0), data[0].tensors()
    rule = torch.optim.Adam if optimizer == "adam" else functools.partial(torch.optim.SGD, momentum=0.9)
    step = rule(model.parameters(), lr=1e-2)
    for order in orders(len(x), 3, 0):
        for batch in torch.split(order, 10):
            step.zero_grad()
            functional.cross_entropy(model(x[batch]), y[batch]).backward()  # type: ignore[no-untyped-call]
            step.step()
    for name, p in model.named_parameters():
        torch.testing.assert_close(found.weights["own", 7, 0][name], p.detach(), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("kind", "fits"), [(SimpleCNN, True), (WiderCNN, True), (SimpleCNN_avgpool, False), (DeeperCNN, False), (TwoLayerMLP, False)]
)
def test_where_it_fits(kind: type[nn.Module], fits: bool) -> None:
    """Networks with two convolutions and a max pool."""
    assert HandmadeCNN.fits(Stack([kind()])) is fits
