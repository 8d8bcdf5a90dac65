"""What convolution and pooling layers check before any arithmetic, and the sizes they read off their arguments.

Every refusal is a ValueError in the project's message format. Knows shapes and numbers, nothing about how a layer computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import invalid

Array = NDArray[Any]
Param = Mapping[str, Any]
ConvCache = tuple[Array, Array, Array, Param]
PoolCache = tuple[Array, Param]


@dataclass(frozen=True)
class ConvSizes:
    """The axes of one convolution: x is (N, C, H, W), w is (F, C, HH, WW), out is (N, F, OH, OW)."""

    N: int
    C: int
    H: int
    W: int
    F: int
    HH: int
    WW: int
    stride: int
    pad: int
    OH: int
    OW: int

    @property
    def out(self) -> tuple[int, int, int, int]:
        """The shape of the output."""
        return self.N, self.F, self.OH, self.OW


@dataclass(frozen=True)
class PoolSizes:
    """The axes of one pooling layer: x is (N, C, H, W), a window is (PH, PW), out is (N, C, OH, OW)."""

    N: int
    C: int
    H: int
    W: int
    PH: int
    PW: int
    stride: int
    OH: int
    OW: int

    @property
    def out(self) -> tuple[int, int, int, int]:
        """The shape of the output."""
        return self.N, self.C, self.OH, self.OW


def conv_sizes(layer: str, x: Array, w: Array, b: Array, conv_param: Param) -> ConvSizes:
    """Check the arguments of a convolution and return its sizes.

    Args:
        layer: the function's name, for the messages.
        x: (N, C, H, W).
        w: (F, C, HH, WW).
        b: (F,).
        conv_param: 'stride' and 'pad', integers.

    Returns:
        The sizes. A last window that would stick out of the padded image is left out, as PyTorch does.

    Raises:
        ValueError: wrong rank, channels that differ, a window larger than the padded image, a stride below 1, a
            negative pad, NaN in w or b.
    """
    check_rank(layer, "x", x, "N, C, H, W")
    check_rank(layer, "w", w, "F, C, HH, WW")
    F, C, HH, WW = w.shape
    N, _, H, W = x.shape
    check_channels(layer, x, C)
    check_parameters(layer, w, b, F)
    stride, pad = integer(layer, conv_param, "stride", 1), integer(layer, conv_param, "pad", 0)
    check_window(layer, (HH, WW), (H + 2 * pad, W + 2 * pad))
    return ConvSizes(N, C, H, W, F, HH, WW, stride, pad, (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1)


def pool_sizes(layer: str, x: Array, pool_param: Param) -> PoolSizes:
    """Check the arguments of a pooling layer and return its sizes.

    Args:
        layer: the function's name, for the messages.
        x: (N, C, H, W).
        pool_param: 'pool_height', 'pool_width' and 'stride', integers.

    Returns:
        The sizes. A last window that would stick out of the image is left out, as PyTorch does.

    Raises:
        ValueError: wrong rank, a window larger than the image, a window or stride below 1.
    """
    check_rank(layer, "x", x, "N, C, H, W")
    N, C, H, W = x.shape
    PH, PW, stride = (integer(layer, pool_param, key, 1) for key in ("pool_height", "pool_width", "stride"))
    check_window(layer, (PH, PW), (H, W))
    return PoolSizes(N, C, H, W, PH, PW, stride, (H - PH) // stride + 1, (W - PW) // stride + 1)


def float_type(*arrays: Array) -> np.dtype[Any]:
    """The type to compute in: float32 stays float32, float64 wins over float32, integers become float64."""
    return np.result_type(np.float32, *arrays)


def floating(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type of the gradient of an array: its own when that is floating, else float64."""
    return dtype if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)


def cast_like(values: Array, array: Array) -> Array:
    """An output or gradient in the type of the array it belongs to; float64 where that holds integers."""
    return values.astype(floating(array.dtype), copy=False)


def integer(layer: str, param: Param, key: str, least: int) -> int:
    """Read one integer from a layer's dictionary, and refuse one that is missing, not whole, or too small."""
    if key not in param:
        raise invalid(
            f"{layer}: {key!r} is missing", expected=f"{key!r}: an integer >= {least}", got=sorted(param), fix=f"add {key!r}"
        )
    value = param[key]
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise invalid(
            f"{layer}: {key!r} is not an integer >= {least}",
            expected=f"an integer >= {least}",
            got=repr(value),
            fix=f"set {key!r} to a whole number from {least} on",
        )
    return int(value)


def check_rank(layer: str, name: str, array: Array, axes: str) -> None:
    """Refuse an array with another number of axes, or with an axis of length 0."""
    if array.ndim != len(axes.split(", ")):
        raise invalid(
            f"{layer}: {name} has the wrong number of axes",
            expected=f"({axes})",
            got=f"shape {array.shape}",
            fix=f"reshape {name}; a single image needs a leading axis of length 1",
        )
    if 0 in array.shape:
        raise invalid(
            f"{layer}: {name} is empty",
            expected=f"({axes}), each at least 1",
            got=f"shape {array.shape}",
            fix=f"pass a {name} with entries",
        )


def check_channels(layer: str, x: Array, C: int) -> None:
    """Refuse an image whose channels are not those the filters were made for."""
    if x.shape[1] != C:
        raise invalid(
            f"{layer}: x and w disagree about the channels",
            expected=f"x with C = {C} channels, as w has",
            got=f"x with C = {x.shape[1]}, shape {x.shape}",
            fix="x is (N, C, H, W): channels come second; make w for that C",
        )


def check_parameters(layer: str, w: Array, b: Array, F: int) -> None:
    """Refuse a bias of another length, and parameters that are not numbers."""
    if b.shape != (F,):
        raise invalid(f"{layer}: b has the wrong shape", expected=(F,), got=b.shape, fix="one bias for each output channel")
    for name, array in (("w", w), ("b", b)):
        bad = int(np.isnan(array).sum())
        if bad:
            raise invalid(
                f"{layer}: {name} holds NaN",
                expected="numbers",
                got=f"{bad} of {array.size} entries are NaN",
                fix="training has diverged: lower the learning rate or the weight scale, and start again",
            )


def check_window(layer: str, window: tuple[int, int], image: tuple[int, int]) -> None:
    """Refuse a window that does not fit into the (padded) image even once."""
    if window[0] > image[0] or window[1] > image[1]:
        raise invalid(
            f"{layer}: the window does not fit into the image",
            expected=f"a window of at most {image[0]} x {image[1]}, the image with its padding",
            got=f"{window[0]} x {window[1]}",
            fix="use a smaller window, or more padding",
        )


def check_dout(layer: str, dout: Array, shape: tuple[int, ...]) -> None:
    """Refuse an upstream gradient that does not have the shape of the output."""
    if dout.shape != shape:
        raise invalid(
            f"{layer}: dout has the wrong shape",
            expected=shape,
            got=dout.shape,
            fix="dout is the gradient of the loss with respect to out, and has its shape",
        )
