"""What the normalising layers share: checks of their arguments, reading and writing bn_param. The formulas are in the layers."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array, Param, cast_like, check_rank, floating

MutableParam = MutableMapping[str, Any]
Gradients = tuple[Array, Array, Array]


class NormCache(NamedTuple):
    """What a backward pass needs. Statistics are float64, one for each group of entries that is normalised together."""

    x: Array
    gamma: Array
    beta: Array
    mean: Array
    inv_std: Array
    mode: str = "train"
    groups: int = 0  # of group norm


@dataclass(frozen=True)
class BatchnormSettings:
    """What bn_param says, checked, with the defaults filled in."""

    layer: str
    mode: str
    eps: float
    momentum: float
    running_mean: Array
    running_var: Array

    def check_finite(self, var: Array) -> None:
        """Refuse a batch whose variance is not finite, before it spoils the running statistics for good."""
        if not np.isfinite(var).all():
            raise invalid(
                f"{self.layer}: x is not finite",
                expected="numbers whose variance is a number",
                got=f"NaN, infinity or overflow in {int((~np.isfinite(var)).sum())} of {var.size} features",
                fix="training has diverged: lower the learning rate or the weight scale, and start again",
            )

    def store(self, bn_param: MutableParam, running_mean: Array, running_var: Array) -> None:
        """Write the running statistics into bn_param as new arrays, in the dtype they had."""
        bn_param["running_mean"] = running_mean.astype(self.running_mean.dtype)
        bn_param["running_var"] = running_var.astype(self.running_var.dtype)


def batchnorm_settings(layer: str, x: Array, D: int, bn_param: Param) -> BatchnormSettings:
    """Read and check bn_param for D features.

    Raises:
        ValueError: no mode or an unknown one, eps or momentum out of range, running statistics of another length.
    """
    mode = bn_param.get("mode")
    if mode not in ("train", "test"):
        raise invalid(
            f'Invalid forward batchnorm mode "{mode}"' if "mode" in bn_param else f"{layer}: bn_param has no 'mode'",
            expected="'train' or 'test'",
            got=repr(mode) if "mode" in bn_param else sorted(bn_param),
            fix="set bn_param['mode'] to one of the two",
        )
    momentum = bn_param.get("momentum", 0.9)
    if not 0 <= momentum <= 1:
        raise invalid(
            f"{layer}: momentum is outside [0, 1]",
            expected="the weight of the old running statistics",
            got=momentum,
            fix="0.9 is customary; PyTorch's momentum is 1 minus this one",
        )
    running = [np.asarray(bn_param.get(key, np.zeros(D, floating(x.dtype)))) for key in ("running_mean", "running_var")]
    for key, array in zip(("running_mean", "running_var"), running, strict=True):
        if array.shape != (D,):
            raise invalid(
                f"{layer}: {key} has the wrong shape", expected=(D,), got=array.shape, fix="use a new bn_param for each layer"
            )
    return BatchnormSettings(
        layer, mode, epsilon(layer, bn_param), float(momentum), *(a.astype(floating(a.dtype)) for a in running)
    )


def epsilon(layer: str, param: Mapping[str, Any]) -> float:
    """Read eps, the small number that keeps the division safe; refuse one that is negative or not finite."""
    eps = param.get("eps", 1e-5)
    if not 0 <= eps < np.inf:
        raise invalid(f"{layer}: eps is not usable", expected="a small number >= 0", got=eps, fix="1e-5 is customary")
    return float(eps)


def check_norm(layer: str, x: Array, gamma: Array, beta: Array, axes: str) -> None:
    """Refuse an x of another rank, and a gamma or beta without one entry for each feature (the second axis)."""
    check_rank(layer, "x", x, axes)
    for name, array in (("gamma", gamma), ("beta", beta)):
        if array.shape != (x.shape[1],):
            raise invalid(
                f"{layer}: {name} has the wrong shape",
                expected=f"({x.shape[1]},), one entry for each feature or channel of x {x.shape}",
                got=array.shape,
                fix=f"make {name} for that many; they are the second axis of x",
            )


def typed(cache: NormCache, dx: Array, dgamma: Array, dbeta: Array) -> Gradients:
    """Give each gradient the dtype of its array (float64 where that is an integer array)."""
    return (
        cast_like(dx, cache.x),
        cast_like(dgamma, cache.gamma),
        cast_like(dbeta, cache.beta),
    )
