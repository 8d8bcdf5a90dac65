"""Weights and losses of one training belong together; what was typed in does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hw_lib.checks import two_weights
from hw_lib.errors import CheckFailed

NAMES = ("weights_d", "losses_d")
_X, _Y, _LR = np.array([10.0, 1.0]), 11.0, 1e-3


def trained(batch_size: int, seed: int, steps: int = 1000) -> tuple[Any, Any]:
    """Gradient descent with dropout on the inputs, from zero: the weights and the losses."""
    rng, w, losses = np.random.default_rng(seed), np.zeros(2), []
    for _ in range(steps):
        z = _X * (rng.random((batch_size, 2)) < 0.5) / 0.5
        wrong = z @ w - _Y
        losses.append(float(np.mean(wrong**2)))
        w = w - _LR * 2 * (wrong[:, None] * z).mean(axis=0)
    return w, np.array(losses)


@pytest.mark.parametrize("seed", range(8))
def test_what_was_trained_passes(seed: int) -> None:
    """Also in float32, and when the steps in which all was dropped come first."""
    w, losses = trained(1, seed)
    two_weights.follow(NAMES, w.astype(np.float32), losses.astype(np.float32))
    w, losses = trained(1024, seed)
    two_weights.follow_on_average(NAMES, w, losses, batch_size=1024)


def test_other_weights_or_losses_fail() -> None:
    """Weights that the losses do not lead to; a loss that no mask gives; losses in another order."""
    w, losses = trained(1, 3)
    changed, shuffled = losses.copy(), np.random.default_rng(0).permutation(losses)
    changed[400] += 0.5
    for weights, seen in ((w + 0.05, losses), (w, changed), (w, shuffled), ([0.3, 3.5], np.full(1000, 121.0))):
        with pytest.raises(CheckFailed, match="weights_d and losses_d do not belong to one training"):
            two_weights.follow(NAMES, weights, seen)


def test_an_invented_smooth_curve_fails() -> None:
    """Of another shape, without the noise of random masks, or with other weights at its end."""
    w, losses = trained(1024, 4)
    smooth = 40.5 + 80.5 * np.exp(-np.arange(1000) / 3)
    for weights, seen in ((w, smooth), (w, losses[::-1]), ([0.2, 3.0], losses)):
        with pytest.raises(CheckFailed, match="do not belong to one training"):
            two_weights.follow_on_average(NAMES, weights, seen, batch_size=1024)


def test_a_curve_without_noise_fails() -> None:
    """The expectation itself is no training."""
    second, w, losses = np.array([[200.0, 10.0], [10.0, 2.0]]), np.zeros(2), []
    for _ in range(1000):
        losses.append(float(w @ second @ w - 22 * (_X @ w) + _Y**2))
        w = w - _LR * 2 * (second @ w - _Y * _X)
    with pytest.raises(CheckFailed, match="none of the noise"):
        two_weights.follow_on_average(NAMES, w, losses, batch_size=1024)
