"""What the networks share: checks of their arguments, and weight decay. Knows no layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import invalid

Array = NDArray[Any]
Params = dict[str, Array]
LossAndGrads = tuple[float, Params]


def check_sizes(model: str, **sizes: int | Sequence[int]) -> None:
    """Refuse a size that is not a whole number from 1 on."""
    for name, value in sizes.items():
        for size in np.ravel(np.asarray(value, dtype=object)):
            if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
                raise invalid(
                    f"{model}: {name} is not usable", expected="whole numbers >= 1", got=repr(value), fix=f"change {name}"
                )


def add_weight_decay(loss: float, grads: Params, params: Params, reg: float, names: Iterable[str]) -> LossAndGrads:
    """Add L2 regularisation of the weights to a loss and its gradients.

        loss + reg / 2 * sum W^2,   dW + reg * W

    Args:
        loss: without regularisation.
        grads: gradient of every parameter; the arrays are not modified.
        params: the model's parameters.
        reg: strength.
        names: which parameters are regularised.

    Returns:
        The loss and a dict of gradients in the order of params.
    """
    weights = set(names)
    loss += 0.5 * reg * sum(float(np.sum(np.square(params[name], dtype=np.float64))) for name in weights)
    decayed = {
        name: grads[name] + params[name].dtype.type(reg) * params[name] if name in weights else grads[name] for name in params
    }
    return float(loss), decayed
