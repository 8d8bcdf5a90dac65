"""Parameters, multiply-adds and memory of a stack of layers, counted from shapes alone: nothing is computed or allocated.

print(count((3, 32, 32), [conv(32, 7, pad=3), relu(), max_pool(2), affine(100), relu(), affine(10)]))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hw_lib.errors import invalid

Shape = tuple[int, ...]  # of one sample: (D,) or (C, H, W)


@dataclass(frozen=True)
class LayerCost:
    """What one layer costs for one sample.

    Attributes:
        name: the layer, with its settings.
        out: shape of its output, without the batch axis.
        parameters: numbers that training changes.
        multiply_adds: of the forward pass. Comparisons, exponentials and additions alone do not count.
        kept: numbers that the forward pass keeps for the backward pass: its input, or a mask of that size.
    """

    name: str
    out: Shape
    parameters: int
    multiply_adds: int
    kept: int


@dataclass(frozen=True)
class Layer:
    """A layer whose input shape is not known yet."""

    name: str
    cost: Callable[[str, Shape], LayerCost]


@dataclass(frozen=True)
class StackCost:
    """What a stack of layers costs. `str()` is a table.

    Attributes:
        input: shape of one sample.
        layers: one row for each layer.
    """

    input: Shape
    layers: tuple[LayerCost, ...]

    @property
    def parameters(self) -> int:
        """Numbers that training changes, in all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Of one sample's forward pass. A backward pass takes about twice as many."""
        return sum(layer.multiply_adds for layer in self.layers)

    def activation_bytes(self, batch_size: int = 1, itemsize: int = 4) -> int:
        """What the forward pass keeps for the backward pass, in bytes; grows with the batch."""
        return batch_size * itemsize * sum(layer.kept for layer in self.layers)

    def parameter_bytes(self, itemsize: int = 4, copies: int = 1) -> int:
        """The parameters, in bytes. Copies: 2 with gradients, 3 with SGD's velocity, 4 with Adam's two moments."""
        return copies * itemsize * self.parameters

    def training_bytes(self, batch_size: int, itemsize: int = 4, states: int = 0) -> int:
        """Parameters, their gradients, the optimizer's states (0 SGD, 1 momentum, 2 Adam) and kept activations, in bytes."""
        return self.parameter_bytes(itemsize, 2 + states) + self.activation_bytes(batch_size, itemsize)

    def __str__(self) -> str:
        """A table with one row for each layer and the totals."""
        rows = [("layer", "output", "parameters", "multiply-adds", "kept")]
        rows += [(r.name, str(r.out), f"{r.parameters:,}", f"{r.multiply_adds:,}", f"{r.kept:,}") for r in self.layers]
        rows += [("total", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", f"{self.activation_bytes(1, 1):,}")]
        widths = [max(len(row[i]) for row in rows) for i in range(5)]
        return "\n".join(
            "  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        )


def count(input_shape: Shape, layers: Sequence[Layer]) -> StackCost:
    """Walk one sample's shape through a stack of layers and count.

    Args:
        input_shape: (D,) or (C, H, W), without the batch axis.
        layers: made by the functions of this module, in order.

    Returns:
        The rows and totals.

    Raises:
        ValueError: a layer that does not fit the shape that reaches it.
    """
    shape, rows = tuple(input_shape), []
    for layer in layers:
        rows.append(layer.cost(layer.name, shape))
        shape = rows[-1].out
    return StackCost(tuple(input_shape), tuple(rows))


def affine(units: int, *, bias: bool = True) -> Layer:
    """Fully connected: D * units weights and multiply-adds; the input is flattened to D numbers."""
    return Layer(
        f"affine {units}",
        lambda name, s: LayerCost(name, (units,), (math.prod(s) + bias) * units, math.prod(s) * units, math.prod(s)),
    )


def conv(filters: int, size: int, *, stride: int = 1, pad: int = 0, bias: bool = True) -> Layer:
    """Convolution: filters * C * size^2 weights, each used once for each output pixel."""

    def cost(name: str, s: Shape) -> LayerCost:
        C, H, W = _image(name, s)
        out = (filters, *_windows(name, (H + 2 * pad, W + 2 * pad), size, stride))
        weights = filters * C * size**2
        return LayerCost(name, out, weights + bias * filters, weights * out[1] * out[2], math.prod(s))

    return Layer(f"conv {size}x{size}, {filters}", cost)


def depthwise_conv(size: int, *, stride: int = 1, pad: int = 0, bias: bool = True) -> Layer:
    """One filter for each channel: C * size^2 weights, each used once for each output pixel."""

    def cost(name: str, s: Shape) -> LayerCost:
        C, H, W = _image(name, s)
        out = (C, *_windows(name, (H + 2 * pad, W + 2 * pad), size, stride))
        return LayerCost(name, out, C * (size**2 + bias), size**2 * math.prod(out), math.prod(s))

    return Layer(f"depthwise conv {size}x{size}", cost)


def pointwise_conv(filters: int, *, bias: bool = True) -> Layer:
    """A 1 x 1 convolution: it mixes channels and looks at no neighbour."""
    return conv(filters, 1, bias=bias)


def conv_transpose(filters: int, size: int, *, stride: int = 1, pad: int = 0, bias: bool = True) -> Layer:
    """Transposed convolution: C * filters * size^2 weights, each used once for each input pixel."""

    def cost(name: str, s: Shape) -> LayerCost:
        C, H, W = _image(name, s)
        height, width = ((side - 1) * stride + size - 2 * pad for side in (H, W))
        if height < 1 or width < 1:
            raise _misfit(name, "padding that leaves something of the output", s)
        weights = filters * C * size**2
        return LayerCost(name, (filters, height, width), weights + bias * filters, weights * H * W, math.prod(s))

    return Layer(f"conv transpose {size}x{size}, {filters}", cost)


def max_pool(size: int, *, stride: int | None = None) -> Layer:
    """Max pooling: comparisons only. The stride is the window's size if none is given."""
    return _pool("max pool", size, stride or size, lambda out: 0)


def avg_pool(size: int, *, stride: int | None = None) -> Layer:
    """Average pooling: one multiply-add for each entry of each window. It keeps nothing: its gradient needs no input."""
    return _pool("average pool", size, stride or size, lambda out: math.prod(out) * size**2, kept=0)


def norm(kind: str = "batchnorm") -> Layer:
    """A normalisation with a scale and a shift for each feature or channel; about 4 multiply-adds for each entry."""
    return Layer(kind, lambda name, s: LayerCost(name, s, 2 * s[0], 4 * math.prod(s), math.prod(s)))


def relu() -> Layer:
    """ReLU: comparisons only."""
    return Layer("relu", lambda name, s: LayerCost(name, s, 0, 0, math.prod(s)))


def dropout() -> Layer:
    """Dropout while training: one multiplication for each entry, and a mask to keep."""
    return Layer("dropout", lambda name, s: LayerCost(name, s, 0, math.prod(s), math.prod(s)))


def _pool(kind: str, size: int, stride: int, work: Callable[[Shape], int], kept: int | None = None) -> Layer:
    def cost(name: str, s: Shape) -> LayerCost:
        C, H, W = _image(name, s)
        out = (C, *_windows(name, (H, W), size, stride))
        return LayerCost(name, out, 0, work(out), math.prod(s) if kept is None else kept)

    return Layer(f"{kind} {size}x{size}", cost)


def _image(name: str, shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise _misfit(name, "an image (C, H, W)", shape)
    return shape[0], shape[1], shape[2]


def _windows(name: str, image: tuple[int, int], size: int, stride: int) -> tuple[int, int]:
    """How many windows fit, down and across."""
    if size > min(image) or min(size, stride) < 1:
        raise _misfit(name, f"a window of 1 to {min(image)} pixels and a stride of at least 1", image)
    return (image[0] - size) // stride + 1, (image[1] - size) // stride + 1


def _misfit(name: str, expected: str, got: Shape) -> ValueError:
    return invalid(f"cost: {name} does not fit", expected=expected, got=got, fix="change this layer, or those before it")
