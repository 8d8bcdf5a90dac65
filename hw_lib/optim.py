"""Update rules: each takes parameters, their gradient and a config, and returns the next parameters and the config.

A rule is (w, dw, config=None) -> (next_w, config). Missing settings are filled in, and whatever a rule must remember between
steps is kept in the config. Knows nothing of layers or models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import invalid

Array = NDArray[Any]
Config = dict[str, Any]
UpdateRule = Callable[..., tuple[Array, Config]]


def sgd(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Take a step downhill, in place.

        w -= learning_rate * dw

    Args:
        w: any shape. Changed in place.
        dw: shape of w. Never modified.
        config: 'learning_rate' (1e-2).

    Returns:
        next_w: w itself.
        config: with its defaults filled in.

    Raises:
        ValueError: dw does not have the shape of w, or a setting is out of range.

    Source:
        Robbins and Monro 1951.
    """
    config = _filled("sgd", w, dw, config, learning_rate=1e-2)
    w -= float(config["learning_rate"]) * dw
    return w, config


def sgd_momentum(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Step along a decaying sum of past gradients. This is PyTorch's convention: the learning rate is not in the velocity.

        v = momentum * v + dw,   next_w = w - learning_rate * v

    Args:
        w: any shape. Never modified.
        dw: shape of w. Never modified.
        config: 'learning_rate' (1e-2), 'momentum' (0.9), 'velocity' (zeros).

    Returns:
        next_w: a new array.
        config: with the new 'velocity'.

    Raises:
        ValueError: dw does not have the shape of w, or a setting is out of range.

    Source:
        Polyak 1964.
    """
    config = _filled("sgd_momentum", w, dw, config, learning_rate=1e-2, momentum=0.9)
    velocity = config.get("velocity", np.zeros_like(w))
    velocity = float(config["momentum"]) * velocity + dw
    next_w = w - float(config["learning_rate"]) * velocity
    config["velocity"] = velocity
    return next_w, config


def rmsprop(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Divide each step by the root of a running mean of the squared gradient.

        cache = decay_rate * cache + (1 - decay_rate) * dw^2,   next_w = w - learning_rate * dw / (sqrt(cache) + epsilon)

    Args:
        w: any shape. Never modified.
        dw: shape of w. Never modified.
        config: 'learning_rate' (1e-2), 'decay_rate' (0.99), 'epsilon' (1e-8), 'cache' (zeros).

    Returns:
        next_w: a new array.
        config: with the new 'cache'.

    Raises:
        ValueError: dw does not have the shape of w, or a setting is out of range.

    Source:
        Tieleman and Hinton 2012, lecture 6.5.
    """
    config = _filled("rmsprop", w, dw, config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    cache = config.get("cache", np.zeros_like(w))
    decay = float(config["decay_rate"])
    cache = decay * cache + (1 - decay) * dw**2
    next_w = w - float(config["learning_rate"]) * dw / (np.sqrt(cache) + float(config["epsilon"]))
    config["cache"] = cache
    return next_w, config


def adam(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Momentum and RMSProp together, both corrected for having started at zero.

        t += 1,   m = beta1 * m + (1 - beta1) * dw,   v = beta2 * v + (1 - beta2) * dw^2
        next_w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)

    Args:
        w: any shape. Never modified.
        dw: shape of w. Never modified.
        config: 'learning_rate' (1e-3), 'beta1' (0.9), 'beta2' (0.999), 'epsilon' (1e-8), 'm', 'v' (zeros), 't' (0).

    Returns:
        next_w: a new array.
        config: with the new 'm', 'v' and 't'.

    Raises:
        ValueError: dw does not have the shape of w, or a setting is out of range.

    Source:
        Kingma and Ba 2015.
    """
    config = _filled("adam", w, dw, config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8)
    return w - float(config["learning_rate"]) * _adam_direction(dw, config), config


def adamw(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Adam with weight decay that is not scaled by the gradient's history.

        next_w = adam(w, dw) - learning_rate * weight_decay * w

    Args:
        w: any shape. Never modified.
        dw: shape of w. Never modified.
        config: as for adam, and 'weight_decay' (1e-2).

    Returns:
        next_w: a new array.
        config: with the new 'm', 'v' and 't'.

    Raises:
        ValueError: dw does not have the shape of w, or a setting is out of range.

    Source:
        Loshchilov and Hutter 2019; the defaults are PyTorch's.
    """
    config = _filled("adamw", w, dw, config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=1e-2)
    rate = float(config["learning_rate"])
    return w * (1 - rate * float(config["weight_decay"])) - rate * _adam_direction(dw, config), config


def _adam_direction(dw: Array, config: Config) -> Array:
    """Advance Adam's memory by one step and return what the learning rate is multiplied with."""
    beta1, beta2, epsilon = (float(config[key]) for key in ("beta1", "beta2", "epsilon"))
    t = config["t"] = config.get("t", 0) + 1
    m = config["m"] = beta1 * config.get("m", np.zeros_like(dw)) + (1 - beta1) * dw
    v = config["v"] = beta2 * config.get("v", np.zeros_like(dw)) + (1 - beta2) * dw**2
    direction = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
    return np.asarray(direction)


RULES: dict[str, UpdateRule] = {rule.__name__: rule for rule in (sgd, sgd_momentum, rmsprop, adam, adamw)}

_BELOW_ONE = ("momentum", "decay_rate", "beta1", "beta2")


def _filled(rule: str, w: Array, dw: Array, config: Config | None, **defaults: float) -> Config:
    """Fill in the defaults, in the caller's own dict, after checking the shapes and every setting."""
    if dw.shape != w.shape:
        raise invalid(
            f"{rule}: dw does not have the shape of w", expected=w.shape, got=dw.shape, fix="return the gradient of this w"
        )
    config = {} if config is None else config
    for key, default in defaults.items():
        value = config.setdefault(key, default)
        if not 0 <= value < (1 if key in _BELOW_ONE else np.inf):
            raise invalid(
                f"{rule}: {key!r} is out of range",
                expected="0 <= value < 1" if key in _BELOW_ONE else "a number >= 0",
                got=value,
                fix=f"{default} is customary",
            )
    return config
