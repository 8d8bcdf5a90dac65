"""Two weights on one example with dropout on the inputs: do they follow from the losses of their training, or were they typed in?

The training is so small that it can be followed by arithmetic: with a batch of one each loss says which inputs were dropped, and so
where the next step goes; with a large batch the losses fall along the expected curve. Imports no torch.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.checks.numbers import show, vector
from hw_lib.errors import CheckFailed

_X, _Y = (10.0, 1.0), 11.0  # the example and its target
_P_KEPT = 0.5  # probability that an input is kept
_LR = 1e-3  # of gradient descent
_MOST = 64  # ways through the first steps, whose losses are all alike
_CLOSE = 2e-3  # of a loss, relative to 1 + its size: float32 against float64


def follow(names: tuple[str, str], weights: Any, losses: Any) -> None:
    """Check that weights are where gradient descent with a batch of one ends whose losses these are, from zero.

    Args:
        names: what the weights and the losses are called.
        weights: (2,) at the end.
        losses: (T,) of the steps.

    Raises:
        CheckFailed: no choice of dropped inputs gives these losses, or they lead to other weights.
    """
    end, seen = vector(names[0], weights, 2), vector(names[1], losses, np.size(losses))
    inputs = _inputs()
    ways = np.zeros((1, 2))
    for t, loss in enumerate(seen):
        wrong = ways @ inputs.T - _Y  # (ways, masks)
        fits = np.argwhere(np.abs(wrong**2 - loss) <= _CLOSE * (1 + loss))
        if len(fits) == 0:
            raise _typed(names, f"no inputs dropped give the loss {loss:.5g} of step {t + 1} after those before it")
        way, mask = fits.T
        ways = np.unique((ways[way] - _LR * 2 * wrong[way, mask, None] * inputs[mask]).round(9), axis=0)[:_MOST]
    if np.abs(ways - end).max(axis=1).min() > 0.01:
        raise _typed(names, f"the losses lead to {show(ways[0])}, not to {show(end)}")


def follow_on_average(names: tuple[str, str], weights: Any, losses: Any, *, batch_size: int) -> None:
    """The same for a large batch: the losses fall along the expected curve, with the noise of that many masks.

    Raises:
        CheckFailed: they leave it, or they are the curve itself.
    """
    end, seen = vector(names[0], weights, 2), vector(names[1], losses, np.size(losses))
    inputs, chances = _inputs(), np.full(4, 0.25)
    w, away = np.zeros(2), np.empty(len(seen))
    for t, loss in enumerate(seen):
        wrong = inputs @ w - _Y
        expected = float(chances @ wrong**2)
        noise = float(np.sqrt(chances @ (wrong**2 - expected) ** 2 / batch_size))
        away[t] = (loss - expected) / (noise + 0.01 * expected)
        w = w - _LR * 2 * (chances * wrong) @ inputs
    worst = int(np.argmax(np.abs(away)))
    if abs(away[worst]) > 8:
        raise _typed(names, f"the loss of step {worst + 1} is {seen[worst]:.5g}, far from where training is then")
    if len(seen) > 200 and np.diff(away[100:]).std() < 0.4:  # 0.9 or more for a training, whatever its batch size
        raise _typed(names, "the losses have none of the noise that random masks make")
    if np.abs(end - w).max() > 0.05:
        raise _typed(names, f"the losses lead to about {show(w)}, not to {show(end)}")


def _inputs() -> NDArray[np.float64]:
    """(4, 2): what can come out of the example, each as often as the others."""
    kept = np.array(list(itertools.product((0.0, 1.0), repeat=2)))
    inputs: NDArray[np.float64] = kept * np.array(_X) / _P_KEPT
    return inputs


def _typed(names: tuple[str, str], got: str) -> CheckFailed:
    return CheckFailed(
        f"{names[0]} and {names[1]} do not belong to one training",
        expected="the weights and the losses of one run of train_simple",
        got=got,
        fix="train the network, and take both from what train_simple returns",
    )
