"""Losses of a classifier: scores and labels in, the mean loss and its gradient out."""

from __future__ import annotations

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array, check_rank, floating

__all__ = ["softmax_loss", "svm_loss"]


def softmax_loss(x: Array, y: Array) -> tuple[float, Array]:
    """Cross-entropy between the softmax of the scores and the labels, averaged over the batch.

        p = exp(x) / sum exp(x),   loss = -mean log p[n, y[n]],   dx = (p - onehot(y)) / N

    Each row's maximum is subtracted first: p stays the same, and exp cannot overflow.

    Cost: N * C exponentials.

    Args:
        x: (N, C). Scores; never modified.
        y: (N,) integers in [0, C). The right classes.

    Returns:
        loss: the mean over the batch.
        dx: (N, C), dtype of x (float64 for integers).

    Raises:
        ValueError: x is no matrix, or y does not hold one class for each row of x.

    Source:
        Bridle 1990.
    """
    rows = _check_labels("softmax_loss", x, y)
    shifted = (x - x.max(axis=1, keepdims=True)).astype(floating(x.dtype), copy=False)
    dx = np.exp(shifted)
    total = dx.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, y], dtype=np.float64)
    dx /= total
    dx[rows, y] -= 1
    dx /= len(y)
    return float(loss), dx


def svm_loss(x: Array, y: Array) -> tuple[float, Array]:
    """Multiclass hinge loss with margin 1, averaged over the batch.

        loss = mean over n of  sum over c != y[n] of  max(0, x[n, c] - x[n, y[n]] + 1)

    Cost: N * C additions and comparisons.

    Args:
        x: (N, C). Scores; never modified.
        y: (N,) integers in [0, C). The right classes.

    Returns:
        loss: the mean over the batch.
        dx: (N, C), dtype of x (float64 for integers); 0 for a margin that is exactly met.

    Raises:
        ValueError: x is no matrix, or y does not hold one class for each row of x.

    Source:
        Weston and Watkins 1999.
    """
    rows = _check_labels("svm_loss", x, y)
    margins = np.maximum(x - x[rows, y][:, None] + 1, 0)
    margins[rows, y] = 0
    dx = (margins > 0).astype(floating(x.dtype))
    dx[rows, y] -= dx.sum(axis=1)
    dx /= len(y)
    return float(margins.sum(dtype=np.float64) / len(y)), dx


def _check_labels(loss: str, x: Array, y: Array) -> Array:
    """Refuse labels that do not belong to the scores; return the row numbers."""
    check_rank(loss, "x", x, "N, C")
    if y.shape != x.shape[:1]:
        raise invalid(f"{loss}: y has the wrong shape", expected=x.shape[:1], got=y.shape, fix="one label for each row of scores")
    if y.dtype.kind not in "iu":
        raise invalid(f"{loss}: y does not hold integers", expected="class numbers", got=str(y.dtype), fix="use y.astype(int)")
    if y.min() < 0 or y.max() >= x.shape[1]:
        raise invalid(
            f"{loss}: a label has no score",
            expected=f"labels from 0 to {x.shape[1] - 1}, as x has {x.shape[1]} columns",
            got=f"labels from {y.min()} to {y.max()}",
            fix="count classes from 0, and give the network one output for each",
        )
    return np.arange(len(y))
