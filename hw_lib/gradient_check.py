"""Finite differences: `check_gradient`, which is quick, and the classic loops over every entry, as coursework knows them.

Knows nothing of layers: every function is checked through what it takes and returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import randrange
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.directional import Backward, Forward, Point, name_of, named, size_of
from hw_lib.errors import CheckFailed, explain

Array = NDArray[Any]

__all__ = [
    "Checked",
    "Inconclusive",
    "check_gradient",
    "eval_numerical_gradient",
    "eval_numerical_gradient_array",
    "eval_numerical_gradient_blobs",
    "eval_numerical_gradient_net",
    "grad_check_sparse",
]


_DRAWS = 10  # points that check_gradient tries before giving up


class Inconclusive(RuntimeError):  # noqa: N818  says more than InconclusiveError
    """The check could not decide: the function has kinks or jumps wherever it was tried."""


@dataclass(frozen=True)
class Checked:
    """A gradient that passed.

    Attributes:
        error: the difference between predicted and measured slope, relative to the slope's size.
        evaluations: calls of forward.
        redraws: how often inputs lay at a kink and were moved a little.
    """

    error: float
    evaluations: int
    redraws: int


def check_gradient(forward: Forward, backward: Backward, inputs: Mapping[str, Any] | Sequence[Any], *, seed: int = 0) -> Checked:
    """Check a backward pass against central differences along a random direction through all inputs together.

        sum over outputs of  dout * (f(x + h v) - f(x - h v)) / (2 h)   =   sum over inputs of  dx * v

    v has random signs and sizes from 1 to 2 (times the input's own size), dout likewise. Three step sizes, extrapolated to
    0, must agree; where they do not, or where the slopes on the two sides of x differ, there is a kink (of a ReLU, a maximum,
    a hinge) within reach: then a smaller step is tried, then inputs moved by up to 1 %. A mismatch is bisected to the first
    wrong entry. One entry that is wrong by a millionth is found, unless it is far smaller than the other entries.

    Cost: about 8 calls of forward and one of backward; some 6 more for each halving after a mismatch.

    Args:
        forward: called as forward(*inputs) -> (out, cache); out is an array or a number. It must give the same values on
            every call: fix the seed of a random layer.
        backward: called as backward(dout, cache) -> one gradient for each input, in order; a single one may stand alone.
        inputs: arrays, by name (in the order of forward's arguments) or in a sequence. Copied, converted to float64, never
            modified. Wrap forward in a lambda to hold other arguments fixed.
        seed: of the direction and of dout.

    Returns:
        How well they agree, and what it cost.

    Raises:
        CheckFailed: a gradient is wrong (the message names input, entry and both values), has the wrong shape, or is
            not finite; forward returns no (out, cache), computes in float32, or changes from call to call.
        Inconclusive: every point that was tried lies at a kink.

    Source:
        Directional derivatives with Richardson's extrapolation (1911).
    """
    names, arrays = named(forward, inputs)
    rng = np.random.default_rng(seed)
    evaluations = 0
    for redraws in range(_DRAWS):
        point = Point(forward, backward, names, arrays, rng)
        slope = point.slope(point.direction)
        wrong = point.first_wrong() if slope.differs else None
        evaluations += point.evaluations
        if wrong is not None:
            raise CheckFailed(point.describe(*wrong, moved=redraws > 0))
        if slope.agrees:
            return Checked(abs(slope.numeric - slope.analytic) / max(slope.size, np.finfo(float).tiny), evaluations, redraws)
        arrays = [array + 0.01 * size_of(array) * rng.uniform(-1, 1, array.shape) for array in arrays]
    raise Inconclusive(
        explain(
            f"check_gradient could not decide about {name_of(backward)}",
            expected="a function that is smooth around its inputs",
            got=f"kinks or jumps around each of {_DRAWS} inputs",
            fix="choose inputs away from kinks, or fewer of them; this says nothing about the gradient",
        )
    )


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
    for index, above, below in _wiggled(lambda: f(x), x, h):
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
    for index, above, below in _wiggled(lambda: np.array(f(x)), x, h):
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
        for index, above, below in _wiggled(values, blob.vals, h):
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


def _wiggled(value: Callable[[], Any], x: Array, h: float) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
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
