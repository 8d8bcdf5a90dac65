"""The affine (fully connected) layer. Knows arrays only; bad shapes are refused before any arithmetic."""

from __future__ import annotations

import math

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array, cast_like, check_dout, float_type

__all__ = ["affine_backward", "affine_forward"]

AffineCache = tuple[Array, Array, Array]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, AffineCache]:
    """Multiply each sample by a weight matrix and add a bias.

        out = X w + b,   X = x flattened to (N, D)

    Cost: N * D * M multiply-adds.

    Args:
        x: (N, d1, ..., dk), with d1 * ... * dk = D. Never modified.
        w: (D, M). Weights.
        b: (M,). Biases.

    Returns:
        out: (N, M), float32 if x, w and b are.
        cache: (x, w, b), for affine_backward.

    Raises:
        ValueError: w is no matrix, x does not flatten to w's rows, or b does not have one entry for each column of w.

    Source:
        Rosenblatt 1958; the matrix form is that of every textbook.
    """
    X = _flat("affine_forward", x, w, b)
    dtype = float_type(x, w, b)
    out = X.astype(dtype, copy=False) @ w.astype(dtype, copy=False)
    out += b
    return out, (x, w, b)


def affine_backward(dout: Array, cache: AffineCache) -> tuple[Array, Array, Array]:
    """Send the gradient of the scores back to the samples, the weights and the biases.

        dX = dout w^T,   dw = X^T dout,   db = sum over samples of dout

    Cost: 2 * N * D * M multiply-adds, twice the forward pass.

    Args:
        dout: (N, M). Upstream gradient; never modified.
        cache: (x, w, b), from affine_forward.

    Returns:
        dx: x's shape, not flattened.
        dw: (D, M).
        db: (M,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout is not (N, M).

    Source:
        The chain rule, applied to the formula of affine_forward.
    """
    x, w, b = cache
    X = _flat("affine_backward", x, w, b)
    check_dout("affine_backward", dout, (X.shape[0], w.shape[1]))
    dx = (dout @ w.T).reshape(x.shape)
    dw = X.T @ dout
    db = dout.sum(axis=0)
    return cast_like(dx, x), cast_like(dw, w), cast_like(db, b)


def _flat(layer: str, x: Array, w: Array, b: Array) -> Array:
    """Check that the shapes belong together, and return x as a matrix."""
    if w.ndim != 2:
        raise invalid(f"{layer}: w is not a matrix", expected="(D, M)", got=w.shape, fix="one row for each feature")
    if b.shape != w.shape[1:]:
        raise invalid(f"{layer}: b has the wrong shape", expected=w.shape[1:], got=b.shape, fix="one bias for each column of w")
    if x.ndim < 1 or math.prod(x.shape[1:]) != w.shape[0]:
        raise invalid(
            f"{layer}: x does not fit w",
            expected=f"{w.shape[0]} numbers in each sample, as w of shape {w.shape} has rows",
            got=f"x of shape {x.shape}: {math.prod(x.shape[1:])} in each sample",
            fix="the first axis of x counts the samples; make w for the rest",
        )
    return np.reshape(x, (x.shape[0], w.shape[0]))
