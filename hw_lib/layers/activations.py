"""Activations: elementwise functions and their derivatives."""

from __future__ import annotations

import math

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array, check_dout, floating

__all__ = [
    "leaky_relu_backward",
    "leaky_relu_forward",
    "relu_backward",
    "relu_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "tanh_backward",
    "tanh_forward",
]


def relu_forward(x: Array) -> tuple[Array, Array]:
    """Keep what is positive.

        out = max(0, x)

    Cost: one comparison for each entry.

    Args:
        x: any shape. Never modified.

    Returns:
        out: shape and dtype of x.
        cache: x, for relu_backward.

    Source:
        Nair and Hinton 2010.
    """
    return np.maximum(x, 0), x


def relu_backward(dout: Array, cache: Array) -> Array:
    """Let the gradient through where x was positive; at x = 0 it is 0.

        dx = dout * [x > 0]

    Cost: one comparison and one multiplication for each entry.

    Args:
        dout: shape of x. Upstream gradient; never modified.
        cache: x, from relu_forward.

    Returns:
        dx: shape and dtype of dout.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Nair and Hinton 2010, with the subgradient 0 that PyTorch uses too.
    """
    check_dout("relu_backward", dout, cache.shape)
    return np.multiply(dout, cache > 0)


def leaky_relu_forward(x: Array, slope: float = 0.01) -> tuple[Array, tuple[Array, float]]:
    """Keep what is positive, and shrink what is not, so that no unit is ever without a gradient.

        out = x if x > 0 else slope * x

    Cost: one comparison and one multiplication for each entry.

    Args:
        x: any shape. Never modified.
        slope: the derivative for negative x, 0 <= slope < infinity.

    Returns:
        out: shape of x, dtype of x (float64 for integers).
        cache: (x, slope), for leaky_relu_backward.

    Raises:
        ValueError: a slope that is negative or not finite.

    Source:
        Maas, Hannun and Ng 2013.
    """
    if not 0 <= slope < math.inf:
        raise invalid("leaky_relu_forward: slope is not usable", expected="a number >= 0", got=slope, fix="0.01 is customary")
    return np.where(x > 0, x, x * floating(x.dtype).type(slope)), (x, slope)


def leaky_relu_backward(dout: Array, cache: tuple[Array, float]) -> Array:
    """Let the gradient through where x was positive, and `slope` of it elsewhere.

        dx = dout if x > 0 else slope * dout

    Cost: one comparison and one multiplication for each entry.

    Args:
        dout: shape of x. Upstream gradient; never modified.
        cache: (x, slope), from leaky_relu_forward.

    Returns:
        dx: shape of x, dtype of dout.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Maas, Hannun and Ng 2013.
    """
    x, slope = cache
    check_dout("leaky_relu_backward", dout, x.shape)
    return np.where(x > 0, dout, dout * floating(dout.dtype).type(slope))


def sigmoid_forward(x: Array) -> tuple[Array, Array]:
    """Squash every number into (0, 1), without overflow at either end.

        out = 1 / (1 + exp(-x)) = exp(x) / (1 + exp(x))

    Cost: one exponential for each entry.

    Args:
        x: any shape. Never modified.

    Returns:
        out: shape of x, dtype of x (float64 for integers).
        cache: out, for sigmoid_backward: the derivative needs no more.

    Source:
        The logistic function, Verhulst 1845.
    """
    small = np.exp(-np.abs(x))  # in [0, 1] whatever x is: it cannot overflow, and the left tail keeps its digits
    out = np.where(x >= 0, 1, small) / (1 + small)
    return out, out


def sigmoid_backward(dout: Array, cache: Array) -> Array:
    """Use that the derivative of the sigmoid is a function of its value.

        dx = dout * out * (1 - out)

    Cost: two multiplications for each entry.

    Args:
        dout: shape of x. Upstream gradient; never modified.
        cache: out, from sigmoid_forward.

    Returns:
        dx: shape of x.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        d/dx 1 / (1 + e^-x) = e^-x / (1 + e^-x)^2.
    """
    check_dout("sigmoid_backward", dout, cache.shape)
    return np.asarray(dout * cache * (1 - cache))


def tanh_forward(x: Array) -> tuple[Array, Array]:
    """Squash every number into (-1, 1).

        out = tanh(x) = 2 sigmoid(2 x) - 1

    Cost: one hyperbolic tangent for each entry.

    Args:
        x: any shape. Never modified.

    Returns:
        out: shape of x, dtype of x (float64 for integers).
        cache: out, for tanh_backward.

    Source:
        LeCun et al. 1998, "Efficient BackProp", prefers it to the sigmoid: its mean is 0.
    """
    out = np.tanh(x)
    return out, out


def tanh_backward(dout: Array, cache: Array) -> Array:
    """Use that the derivative of tanh is a function of its value.

        dx = dout * (1 - out^2)

    Cost: two multiplications for each entry.

    Args:
        dout: shape of x. Upstream gradient; never modified.
        cache: out, from tanh_forward.

    Returns:
        dx: shape of x.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        d/dx tanh(x) = 1 - tanh(x)^2.
    """
    check_dout("tanh_backward", dout, cache.shape)
    return np.asarray(dout * (1 - cache * cache))
