"""`check_gradient`: a backward pass against the slope of the forward pass along one random direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hw_lib import streams
from hw_lib.errors import CheckFailed, explain
from hw_lib.gradient_check.directional import Backward, Forward, Point, name_of, named, size_of

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


def check_gradient(
    forward: Forward, backward: Backward, inputs: Mapping[str, Any] | Sequence[Any], *, seed: int | None = None
) -> Checked:
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
        seed: of the direction and of dout; without one they come from a stream that nobody knows where work is graded: along a
            direction that is known, a slope that was measured could pass for a gradient.

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
    rng = streams.rng("check_gradient") if seed is None else np.random.default_rng(seed)
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
