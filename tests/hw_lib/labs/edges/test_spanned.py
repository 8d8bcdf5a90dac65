"""Training in the span of the images gives the weights that PyTorch's own SGD gives, and is used only where it can be."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from hw_lib.labs.edges import EdgeDetectionDataset, SimpleCNN, ThreeLayerMLP, TwoLayerMLP, sweeps
from hw_lib.labs.edges.spanned import SpannedMLP, span
from hw_lib.labs.edges.stacked import Stack
from hw_lib.labs.edges.sweeps import built

X, Y = EdgeDetectionDataset({"data_per_class": 7}).tensors()
HELD_OUT = EdgeDetectionDataset({"data_per_class": 5}, "valid").tensors()[0]


def mlp() -> nn.Module:
    """A network of 784, 30 and 3 units."""
    return TwoLayerMLP(hidden_dim=30)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_same_weights_as_torch(momentum: float) -> None:
    """Weights, training scores and validation scores agree, with batches of different sizes."""
    stack = Stack([built(mlp, seed) for seed in range(4)])
    trainer = SpannedMLP(stack, X, span(X), Y, HELD_OUT, lr=0.05, momentum=momentum)
    epochs = [torch.split(torch.randperm(len(X), generator=torch.Generator().manual_seed(k)), 6) for k in range(5)]
    seen = torch.cat([trainer.epoch(batches) for batches in epochs], dim=1)
    valid = trainer.validation_scores()
    trainer.write()
    for k in range(4):
        model = built(mlp, k)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=momentum)
        scores = []
        for batch in (batch for batches in epochs for batch in batches):
            scores.append(model(X[batch]))
            optimizer.zero_grad()
            functional.cross_entropy(scores[-1], Y[batch]).backward()
            optimizer.step()
        torch.testing.assert_close(seen[k].float(), torch.cat(scores).detach(), atol=1e-4, rtol=0)
        torch.testing.assert_close(valid[k].float(), model(HELD_OUT).detach(), atol=1e-4, rtol=0)
        for name, p in model.named_parameters():
            assert not torch.equal(p, dict(built(mlp, k).named_parameters())[name])
            torch.testing.assert_close(stack.params[name][k].detach(), p.detach(), atol=1e-5, rtol=0)


def frozen() -> nn.Module:
    """A network whose first layer stays."""
    model = TwoLayerMLP()
    model.fc1.requires_grad_(False)
    return model


@pytest.mark.parametrize(("build", "fits"), [(mlp, True), (frozen, False), (ThreeLayerMLP, False), (SimpleCNN, False)])
def test_where_it_fits(build: type[nn.Module], fits: bool) -> None:
    """Two-layer MLPs of which everything is trained."""
    assert SpannedMLP.fits(Stack([build()])) is fits


@pytest.mark.parametrize("n", [7, 300])
def test_the_span(n: int) -> None:
    """Pictures of straight edges span few dimensions, however many there are; noise spans as many as there are pictures."""
    images = EdgeDetectionDataset({"data_per_class": n}).tensors()[0]
    basis = span(images)
    assert len(basis) <= min(3 * n, 60)
    torch.testing.assert_close(basis @ basis.T, torch.eye(len(basis), dtype=torch.float64), atol=1e-12, rtol=0)
    flat = images.flatten(1).double()
    torch.testing.assert_close(flat @ basis.T @ basis, flat, atol=1e-7, rtol=0)
    assert len(span(torch.randn(12, 1, 28, 28, generator=torch.Generator().manual_seed(n)))) == 12


@pytest.mark.parametrize(("images", "spanned"), [(X, True), (torch.randn(800, 1, 28, 28), False)], ids=["edges", "noise"])
def test_only_where_it_saves_work(images: torch.Tensor, spanned: bool) -> None:
    """Pictures that span every pixel are trained by PyTorch itself."""
    labels = torch.zeros(len(images), dtype=torch.long)
    trainer = sweeps._trainer(Stack([mlp()]), images, labels, HELD_OUT, "sgd", 0.01, 0.9)
    assert isinstance(trainer, SpannedMLP) is spanned
