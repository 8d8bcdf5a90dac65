"""Dropout. Here p is always the probability of dropping an entry; q = 1 - p is the probability of keeping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array

__all__ = ["dropout_backward", "dropout_forward"]

Cache = tuple[Mapping[str, Any], Array | None]


def dropout_forward(x: Array, dropout_param: Mapping[str, Any]) -> tuple[Array, Cache]:
    """Zero each entry with probability p and scale the survivors by 1 / (1 - p).

        out = x * mask,   mask_ij = Bernoulli(1 - p) / (1 - p)

    Args:
        x: any shape, float. Activations; never modified.
        dropout_param: 'mode': 'train' or 'test'; 'p': float in [0, 1). Where the randomness comes from is optional:
            'rng', a numpy.random.Generator, or 'seed', an int that gives the same mask on every call (the mask that
            seeding NumPy's legacy generator would give; the global state stays untouched). Default: NumPy's global state.

    Returns:
        out: shape and dtype of x; in train mode its expectation is x, in test mode it is x.
        cache: (dropout_param, mask), for dropout_backward; mask is None in test mode.

    Raises:
        ValueError: p outside [0, 1), an unknown mode, a missing key, or both 'rng' and 'seed'.

    Source:
        Srivastava et al. 2014, with inverted scaling.
    """
    mode, p = mode_and_p(dropout_param)
    uniform = _uniform_source(dropout_param)  # uniform(shape): random numbers in [0, 1)
    ### BEGIN SOLUTION
    if mode == "test":
        return x, (dropout_param, None)
    mask = ((uniform(x.shape) >= p) / (1 - p)).astype(_mask_dtype(x), copy=False)
    out = (x * mask).astype(x.dtype, copy=False)
    return out, (dropout_param, mask)
    ### END SOLUTION


def dropout_backward(dout: Array, cache: Cache) -> Array:
    """Send the gradient back through the entries that survived.

        dx = dout * mask

    Args:
        dout: shape of x. Upstream gradient; never modified.
        cache: what dropout_forward returned.

    Returns:
        dx: shape and dtype of dout; dout itself if the forward pass was in test mode.

    Source:
        Srivastava et al. 2014, with inverted scaling.
    """
    ### BEGIN SOLUTION
    _, mask = cache
    if mask is None:
        return dout
    return (dout * mask).astype(dout.dtype, copy=False)
    ### END SOLUTION


def mode_and_p(dropout_param: Mapping[str, Any]) -> tuple[str, float]:
    """Read and check the two keys that every call needs."""
    for key in ("mode", "p"):
        if key not in dropout_param:
            raise invalid(
                f"dropout_forward: dropout_param has no {key!r}",
                expected="the keys 'mode' and 'p'",
                got=sorted(dropout_param),
                fix=f"add {key!r} to dropout_param",
            )
    mode, p = dropout_param["mode"], dropout_param["p"]
    if mode not in ("train", "test"):
        raise invalid(
            "dropout_forward: unknown mode",
            expected="'train' or 'test'",
            got=repr(mode),
            fix="set dropout_param['mode'] to one of the two",
        )
    if not 0 <= p < 1:
        raise invalid(
            "dropout_forward: p is outside [0, 1)",
            expected="the probability of dropping an entry, 0 <= p < 1",
            got=p,
            fix="pass p = 1 - q if your text gives q, the probability of keeping an entry",
        )
    return mode, float(p)


def _uniform_source(dropout_param: Mapping[str, Any]) -> Callable[[tuple[int, ...]], Array]:
    """Where the random numbers come from; see dropout_forward."""
    rng, seed = dropout_param.get("rng"), dropout_param.get("seed")
    if rng is not None and seed is not None:
        raise invalid(
            "dropout_forward: dropout_param has both 'rng' and 'seed'",
            expected="at most one source of randomness",
            fix="keep 'rng' for fresh masks, or 'seed' for the same mask on every call",
        )
    if rng is not None:
        return lambda shape: np.asarray(rng.random(shape))
    if seed is not None:
        return np.random.RandomState(seed).random_sample
    return np.random.random_sample


def _mask_dtype(x: Array) -> np.dtype[Any]:
    """The mask has x's own dtype, or float64 for integers, which could not hold 1 / (1 - p)."""
    return x.dtype if np.issubdtype(x.dtype, np.floating) else np.dtype(np.float64)
