"""Numerical gradients by central differences, entry by entry: the classic loops, as coursework knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import randrange
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def eval_numerical_gradient(f: Callable[[Array], Any], x: Array, verbose: bool = True, h: float = 0.00001) -> Array:
    """Differentiate a scalar function numerically, entry by entry.

        grad[i] = (f(x + h e_i) - f(x - h e_i)) / (2 h)

    Cost: 1 + 2 * x.size calls of f.

    Args:
        f: takes x, returns a number.
        x: where to differentiate, a float array. Changed in place while f is called, and put back.
        verbose: print every entry's index and derivative.
        h: step.

    Returns:
        The gradient, an array like x.

    Source:
        Central differences; the error is of order h^2.
    """
    f(x)  # once more than needed: some functions prepare themselves in their first call
    grad = np.zeros_like(x)
    for index, above, below in _perturbed(lambda: f(x), x, h):
        grad[index] = (above - below) / (2 * h)
        if verbose:
            print(index, grad[index])  # noqa: T201  this is what verbose asks for
    return grad


def eval_numerical_gradient_array(f: Callable[[Array], Array], x: Array, df: Array, h: float = 1e-5) -> Array:
    """Differentiate a function that returns an array numerically, entry by entry, and weight its outputs by df.

        grad[i] = sum over all outputs of  (f(x + h e_i) - f(x - h e_i)) * df / (2 h)

    Cost: 2 * x.size calls of f.

    Args:
        f: takes x, returns an array.
        x: where to differentiate, a float array. Changed in place while f is called, and put back.
        df: upstream gradient, the shape of f's output.
        h: step.

    Returns:
        The gradient, an array like x.

    Source:
        Central differences; the error is of order h^2.
    """
    grad = np.zeros_like(x)
    for index, above, below in _perturbed(lambda: np.array(f(x)), x, h):
        grad[index] = np.sum((above - below) * df) / (2 * h)
    return grad


def eval_numerical_gradient_blobs(f: Callable[..., Any], inputs: Sequence[Any], output: Any, h: float = 1e-5) -> list[Array]:
    """Differentiate a function that writes its output into a blob.

    Cost: two calls of f for each entry of each input.

    Args:
        f: called as f(*inputs, output); writes output.vals.
        inputs: blobs; a blob has .vals and .diffs, arrays of one shape. Their vals are changed in place and put back.
        output: a blob; its diffs are the upstream gradient.
        h: step.

    Returns:
        One gradient for each input.

    Source:
        Central differences; the error is of order h^2.
    """

    def values() -> Array:
        f(*inputs, output)
        return np.array(output.vals)

    diffs = []
    for blob in inputs:
        diff = np.zeros_like(blob.diffs)
        for index, above, below in _perturbed(values, blob.vals, h):
            diff[index] = np.sum((above - below) * output.diffs) / (2 * h)
        diffs.append(diff)
    return diffs


def eval_numerical_gradient_net(net: Any, inputs: Sequence[Any], output: Any, h: float = 1e-5) -> list[Array]:
    """Differentiate net.forward(), which reads the input blobs and writes the output blob.

    Args:
        net: has forward().
        inputs: blobs, as for eval_numerical_gradient_blobs.
        output: a blob, likewise.
        h: step.

    Returns:
        One gradient for each input.
    """
    return eval_numerical_gradient_blobs(lambda *_: net.forward(), inputs, output, h=h)


def grad_check_sparse(f: Callable[[Array], Any], x: Array, analytic_grad: Array, num_checks: int = 10, h: float = 1e-5) -> None:
    """Print the numerical and the analytic derivative at a few random entries (drawn by Python's `random`).

    Args:
        f: takes x, returns a number.
        x: where to differentiate, a float array. Changed in place while f is called, and put back.
        analytic_grad: the gradient to check, the shape of x.
        num_checks: how many entries.
        h: step.
    """
    for _ in range(num_checks):
        index = tuple(randrange(size) for size in x.shape)
        above, below = _around(lambda: f(x), x, index, h)
        numerical, analytic = (above - below) / (2 * h), analytic_grad[index]
        error = abs(numerical - analytic) / max(abs(numerical) + abs(analytic), np.finfo(float).tiny)
        print(f"numerical: {numerical:f} analytic: {analytic:f}, relative error: {error:e}")  # noqa: T201  it prints


def _perturbed(value: Callable[[], Any], x: Array, h: float) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
    """Every index of x, with the value at x + h and at x - h there."""
    for index in np.ndindex(*x.shape):
        yield index, *_around(value, x, index, h)


def _around(value: Callable[[], Any], x: Array, index: tuple[int, ...], h: float) -> tuple[Any, Any]:
    """The value with x[index] raised and lowered by h; x is put back, even if `value` raises."""
    original = x[index]
    try:
        x[index] = original + h
        above = value()
        x[index] = original - h
        return above, value()
    finally:
        x[index] = original
