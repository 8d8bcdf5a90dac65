"""How long something will take on this machine, from how long it took on the author's: a moment of arithmetic tells them apart."""

from __future__ import annotations

import functools
import time

import numpy as np

_REFERENCE_S = 0.0042  # what `_work` takes on the machine where the seconds that notebooks name were measured


def here(seconds: float) -> float:
    """Seconds on this machine for work that took so many on the author's; right within a factor of two or so."""
    return seconds * _slowness()


def said(seconds: float) -> str:
    """A duration as a sentence has it: seconds, or minutes from two on."""
    if seconds >= 110:
        return f"{seconds / 60:.0f} minutes"
    return f"{max(5 * round(seconds / 5), 5)} s"


@functools.cache
def _slowness() -> float:
    """This machine's time for a small piece of work, in units of the author's; the best of three is disturbed least."""
    return min(_timed() for _ in range(3)) / _REFERENCE_S


def _timed() -> float:
    started = time.perf_counter()
    _work()
    return time.perf_counter() - started


def _work() -> None:
    """Products of matrices and element by element, as layers have them."""
    x = np.full((192, 192), 0.005, np.float32)
    for _ in range(20):
        x = np.maximum(x @ x, 0.005)
