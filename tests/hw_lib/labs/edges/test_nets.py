"""The edge networks one at a time and stacked: shapes, sizes, edge-detector kernels, equal scores and gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from hw_lib.labs.edges import (
    DeeperCNN,
    SimpleCNN,
    SimpleCNN_avgpool,
    ThreeLayerMLP,
    TwoLayerMLP,
    WiderCNN,
    count_parameters,
    custom_sobel,
    edge_share,
    freeze_conv_layer,
    init_conv_kernel_with_edge_detector,
)
from hw_lib.labs.edges.stacked import Stack


class Own(nn.Module):
    """An architecture that the library does not know."""

    def __init__(self) -> None:
        """Two layers, and a ReLU that is no ReLU."""
        super().__init__()
        self.conv1, self.fc = nn.Conv2d(1, 2, 3, stride=2), nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores."""
        scores: torch.Tensor = self.fc(nn.functional.gelu(self.conv1(x)).amax(dim=(2, 3)))
        return scores


BUILDS: dict[str, tuple[Callable[[], nn.Module], int]] = {  # with the number of parameters, counted by hand
    "SimpleCNN 7x7": (lambda: SimpleCNN(3, 7), 3 * 49 + 3 + 9 * 49 + 3 + 12),
    "SimpleCNN 2x2": (lambda: SimpleCNN(), 3 * 4 + 3 + 9 * 4 + 3 + 12),
    "SimpleCNN 11x11": (lambda: SimpleCNN(3, 11, 5), 3 * 121 + 3 + 9 * 121 + 3 + 20),
    "average pool": (lambda: SimpleCNN_avgpool(3, 7), 3 * 49 + 3 + 9 * 49 + 3 + 12),
    "WiderCNN": (lambda: WiderCNN(kernel_size=5), 6 * 25 + 6 + 36 * 25 + 6 + 35),
    "DeeperCNN": (lambda: DeeperCNN(), 3 * 49 + 3 + 3 * (9 * 49 + 3) + 20),
    "TwoLayerMLP": (lambda: TwoLayerMLP(hidden_dim=50), 784 * 50 + 50 + 153),
    "ThreeLayerMLP": (lambda: ThreeLayerMLP(), 7850 + 110 + 33),
    "own": (Own, 18 + 2 + 9),
}


@pytest.mark.parametrize("name", BUILDS)
def test_stacked_is_one_by_one(name: str) -> None:
    """Five networks in a stack give the scores and the gradients of each alone."""
    torch.manual_seed(0)
    build, _ = BUILDS[name]
    x = torch.rand(4, 1, 28, 28)
    x[:2] = x[:2, :, :, :1]  # constant along rows, like an edge: full of ties for the pool
    models = [build() for _ in range(5)]
    stack = Stack(models)
    scores, alone = stack.scores(x), torch.stack([model(x) for model in models])
    assert torch.allclose(scores, alone, atol=1e-5)
    dout = torch.randn_like(scores)
    (scores * dout).sum().backward()  # type: ignore[no-untyped-call]
    (alone * dout).sum().backward()  # type: ignore[no-untyped-call]
    for parameter, tensor in stack.params.items():
        wanted = torch.stack([dict(model.named_parameters())[parameter].grad for model in models])  # type: ignore[misc]
        assert tensor.grad is not None
        assert torch.allclose(tensor.grad, wanted, atol=1e-4 * float(wanted.abs().max())), parameter


@pytest.mark.parametrize("name", BUILDS)
def test_parameters_are_counted(name: str) -> None:
    """The count is the one that a student gets by hand."""
    build, count = BUILDS[name]
    assert count_parameters(build()) == count


def test_frozen_parameters_do_not_train() -> None:
    """Freezing takes the convolutions out of the trainable count, and out of a stack's gradients."""
    model = SimpleCNN(3, 7)
    freeze_conv_layer(model)
    assert count_parameters(model, only_trainable=True) == 12
    stack = Stack([model])
    assert {name for name, p in stack.params.items() if p.requires_grad} == {"fc.weight", "fc.bias"}


def test_what_differs_is_not_stacked() -> None:
    """Two architectures, two sizes, one frozen: refused with the reason."""
    frozen = SimpleCNN(3, 7)
    freeze_conv_layer(frozen)
    for pair in ([SimpleCNN(3, 7), SimpleCNN(3, 5)], [SimpleCNN(3, 7), SimpleCNN_avgpool(3, 7)], [SimpleCNN(3, 7), frozen], []):
        with pytest.raises(ValueError, match="cannot be trained together"):
            Stack(pair)
    with pytest.raises(ValueError, match="buffers"):
        Stack([nn.Sequential(nn.Flatten(), nn.BatchNorm1d(784))])


def test_constructors_leave_the_seed_alone() -> None:
    """Two builds in a row differ, and the second one is what the generator gives next."""
    torch.manual_seed(3)
    first, second = ThreeLayerMLP(), ThreeLayerMLP()
    assert not torch.equal(first.fc1.weight, second.fc1.weight)


@pytest.mark.parametrize("size", [2, 3, 7])
def test_edge_detectors_find_their_edge(size: int) -> None:
    """Filter 0 answers to a horizontal edge only, filter 1 to a vertical one, filter 2 to nothing."""
    model = SimpleCNN(3, size)
    init_conv_kernel_with_edge_detector(model)
    horizontal = torch.zeros(1, 1, 28, 28)
    horizontal[:, :, 14:] = 1
    for edge, silent in ((horizontal, 1), (horizontal.transpose(2, 3), 0)):
        answer = model.conv1(edge).detach().abs().amax(dim=(0, 2, 3))
        assert answer[1 - silent] > 0.5
        assert float(answer[silent]) < 1e-6 and float(answer[2]) == 0


def test_edge_detectors_want_three_filters() -> None:
    """Anything else is refused."""
    for model in (SimpleCNN(6, 7), SimpleCNN(3, 4)):
        with pytest.raises(ValueError, match="cannot become edge detectors"):
            init_conv_kernel_with_edge_detector(model)
    with pytest.raises(ValueError, match="odd shape"):
        custom_sobel((4, 4), 0)


def test_edge_share_tells_detectors_from_noise() -> None:
    """Row-constant and column-constant kernels have 1, random ones about 1/k, constants 0; scale and mean do not matter."""
    rows = np.arange(7.0)[:, None] * np.ones(7)
    assert np.allclose(edge_share([rows, rows.T, 5 - 3 * rows]), 1)
    assert edge_share(np.ones((7, 7))) == 0
    assert 0.1 < edge_share(np.random.default_rng(0).normal(size=(500, 7, 7))).mean() < 0.3
