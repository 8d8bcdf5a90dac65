"""Convolutions that start as edge detectors, or that training may not touch, and a number for "this kernel looks like one"."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from hw_lib.errors import invalid


def custom_sobel(shape: tuple[int, int], axis: int) -> NDArray[np.float32]:
    """A derivative filter of any odd size: offset along one axis, divided by the squared distance from the centre.

    Args:
        shape: height and width, both odd.
        axis: 0 differentiates across (finds vertical edges), 1 down (finds horizontal edges).

    Returns:
        (height, width) float32; zero in the centre.

    Raises:
        ValueError: an even size has no centre, or the axis is neither 0 nor 1.
    """
    if shape[0] % 2 == 0 or shape[1] % 2 == 0 or axis not in (0, 1):
        raise invalid("custom_sobel has no such filter", expected="an odd shape and axis 0 or 1", got=(shape, axis))
    down, across = np.meshgrid(*(np.arange(n) - n // 2 for n in shape), indexing="ij")
    distance = np.maximum(down**2 + across**2, 1)
    return np.asarray((across, down)[axis] / distance, np.float32)


@torch.no_grad()
def init_conv_kernel_with_edge_detector(model: nn.Module) -> None:
    """Make both convolutions of a SimpleCNN edge detectors: filter 0 horizontal, 1 vertical, 2 nothing; biases zero.

    Args:
        model: has `conv1` and `conv2` with three filters of side 2 or of an odd side; changed in place.

    Raises:
        ValueError: another number of filters, or another even size.
    """
    net: Any = model
    filters, size = net.conv1.out_channels, net.conv1.kernel_size[0]
    if filters != 3 or (size % 2 == 0 and size != 2):
        raise invalid(
            "these convolutions cannot become edge detectors", expected="3 filters, 2x2 or odd", got=f"{filters}, {size}x{size}"
        )
    if size == 2:
        horizontal, vertical = torch.tensor([[1.0, 1.0], [-1.0, -1.0]]), torch.tensor([[1.0, -1.0], [1.0, -1.0]])
    else:
        horizontal, vertical = (torch.from_numpy(custom_sobel((size, size), axis)) for axis in (1, 0))
    detectors = torch.stack([horizontal, vertical, torch.zeros(size, size)])[:, None]
    for layer in (net.conv1, net.conv2):
        layer.weight.copy_(detectors.expand_as(layer.weight))
        layer.bias.zero_()


def freeze_conv_layer(model: nn.Module) -> None:
    """Freeze every parameter whose name starts with 'conv'."""
    for name, parameter in model.named_parameters():
        if name.startswith("conv"):
            parameter.requires_grad = False


def edge_share(kernels: ArrayLike) -> NDArray[np.float64]:
    """How much each kernel looks like an edge detector: the share of its energy that is constant along rows or along columns.

    Args:
        kernels: (..., k, k) weights.

    Returns:
        (...) in [0, 1]: the larger of the two shares, after the kernel's mean is taken off; 0 for a constant kernel. Random
        kernels lie near 1 / k, a perfect detector of horizontal or vertical edges at 1.
    """
    k = np.asarray(kernels, np.float64)
    k = k - k.mean(axis=(-2, -1), keepdims=True)
    energy = (k**2).sum(axis=(-2, -1))
    shares = [k.shape[axis] * (k.mean(axis=axis) ** 2).sum(axis=-1) for axis in (-1, -2)]
    return np.asarray(np.maximum(*shares) / np.where(energy > 0, energy, 1))
