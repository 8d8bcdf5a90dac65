"""The small networks of the edge-detection homework.

No constructor touches a seed: seed the generator before you build, and two builds in a row give two different networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from torch import Tensor, nn


class SimpleCNN(nn.Module):
    """Convolution, ReLU, 2x2 max pool, convolution, ReLU, average over the picture, linear; reflecting padding.

    Args:
        num_filters: of both convolutions.
        kernel_size: side of both kernels, in pixels; odd sizes keep the picture's size.
        num_classes: scores that come out.
        input_channel: channels that go in.
    """

    def __init__(self, num_filters: int = 3, kernel_size: int = 2, num_classes: int = 3, input_channel: int = 1) -> None:
        """Make the layers with PyTorch's own initialisation."""
        super().__init__()
        self.num_filters, self.kernel_size = num_filters, kernel_size
        self.conv1 = _conv(input_channel, num_filters, kernel_size)
        self.conv2 = _conv(num_filters, num_filters, kernel_size)
        self.pool: nn.Module = nn.MaxPool2d(2)
        self.fc = nn.Linear(num_filters, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Scores (N, num_classes) of images (N, C, H, W)."""
        scores: Tensor = self.fc(self.get_features(x)[-1])
        return scores

    def get_features(self, x: Tensor) -> list[Tensor]:
        """The activations of images (N, C, H, W): both sides of each ReLU, the pooled maps, the last averages (N, F)."""
        first = self.conv1(x)
        pooled = self.pool(first.relu())
        second = self.conv2(pooled)
        return [first, first.relu(), pooled, second, second.relu(), second.relu().mean(dim=(2, 3))]


class SimpleCNN_avgpool(SimpleCNN):  # noqa: N801  the homework's own name
    """SimpleCNN with a 2x2 average pool instead of the max pool."""

    def __init__(self, num_filters: int = 3, kernel_size: int = 2, num_classes: int = 3, input_channel: int = 1) -> None:
        """Make the layers; the same draws as SimpleCNN's."""
        super().__init__(num_filters, kernel_size, num_classes, input_channel)
        self.pool = nn.AvgPool2d(2)


class WiderCNN(SimpleCNN):
    """SimpleCNN with more filters; the argument order is the homework's."""

    def __init__(self, input_channel: int = 1, num_filters: int = 6, kernel_size: int = 7, num_classes: int = 5) -> None:
        """Make the layers."""
        super().__init__(num_filters, kernel_size, num_classes, input_channel)


class DeeperCNN(nn.Module):
    """Two convolutions, 2x2 max pool, two convolutions, each with ReLU; average over the picture, linear."""

    def __init__(self, input_channel: int = 1, num_filters: int = 3, kernel_size: int = 7, num_classes: int = 5) -> None:
        """Make the layers."""
        super().__init__()
        self.num_filters, self.kernel_size = num_filters, kernel_size
        self.conv1 = _conv(input_channel, num_filters, kernel_size)
        self.conv2 = _conv(num_filters, num_filters, kernel_size)
        self.conv3 = _conv(num_filters, num_filters, kernel_size)
        self.conv4 = _conv(num_filters, num_filters, kernel_size)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(num_filters, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Scores (N, num_classes) of images (N, C, H, W)."""
        x = self.pool(self.conv2(self.conv1(x).relu()).relu())
        scores: Tensor = self.fc1(self.conv4(self.conv3(x).relu()).relu().mean(dim=(2, 3)))
        return scores


class ThreeLayerMLP(nn.Module):
    """Two hidden layers with ReLU.

    Args:
        input_dim: shape of one image.
        hidden_dims: units of the hidden layers.
        num_classes: scores that come out.
    """

    def __init__(
        self, input_dim: tuple[int, ...] = (1, 28, 28), hidden_dims: Sequence[int] = (10, 10), num_classes: int = 3
    ) -> None:
        """Make the layers."""
        super().__init__()
        first, second = hidden_dims
        self.fc1 = nn.Linear(prod(input_dim), first)
        self.fc2 = nn.Linear(first, second)
        self.fc3 = nn.Linear(second, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Scores (N, num_classes) of images (N, C, H, W)."""
        scores: Tensor = self.fc3(self.fc2(self.fc1(x.flatten(1)).relu()).relu())
        return scores


class TwoLayerMLP(nn.Module):
    """One hidden layer with ReLU; arguments as ThreeLayerMLP's."""

    def __init__(self, input_dim: tuple[int, ...] = (1, 28, 28), hidden_dim: int = 10, num_classes: int = 3) -> None:
        """Make the layers."""
        super().__init__()
        self.fc1 = nn.Linear(prod(input_dim), hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Scores (N, num_classes) of images (N, C, H, W)."""
        scores: Tensor = self.fc2(self.fc1(x.flatten(1)).relu())
        return scores


def count_parameters(model: nn.Module, only_trainable: bool = False) -> int:
    """How many numbers a model has, or how many of them training may change."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not only_trainable)


def _conv(inputs: int, outputs: int, kernel_size: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size, padding=(kernel_size - 1) // 2, padding_mode="reflect")
