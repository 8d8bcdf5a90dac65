"""The four statistics and their intervals, on plain arrays. Each says where its formula is from."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from grading.figures import Estimate

Floats = NDArray[np.float64]

FEWEST = 10  # students from which a correlation is worth a number
_SPREAD = 1e-12  # a variance that is none


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def share(values: Floats, level: float = 0.95) -> Estimate:
    """The mean of numbers between 0 and 1, with Wilson's score interval.

        (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    Meant for zeros and ones; for parts of points it is too wide rather than too narrow: no distribution on [0, 1] has a larger
    variance than p(1-p).

    Args:
        values: (N,) shares; none gives an empty estimate.
        level: of the interval.
    Source: Wilson 1927, JASA 22; Brown, Cai and DasGupta 2001 recommend it.
    """
    n = len(values)
    if not n:
        return Estimate()
    p, z = min(max(float(values.mean()), 0.0), 1.0), _z(level)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low, high = (centre - half if p else 0.0), (centre + half if p < 1 else 1.0)
    return Estimate(p, low, high, n)


def correlation(x: Floats, y: Floats, level: float = 0.95) -> Estimate:
    """Pearson's correlation with Fisher's interval: tanh(artanh r ± z / √(n - 3)).

    Of an item and the rest of the total this is the corrected item-total (item-rest) correlation.

    Args:
        x: (N,) points in the item.
        y: (N,) points in the rest.
        level: of the interval.

    Returns:
        No value for fewer than ten students, or where either does not vary.
    Source: Fisher 1921, Metron 1; item-rest: Henrysson 1963, Psychometrika 28.
    """
    n = len(x)
    if n < FEWEST or x.var() < _SPREAD or y.var() < _SPREAD:
        return Estimate(n=n)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
    if abs(r) > 1 - 1e-9:
        return Estimate(r, r, r, n)
    middle, half = math.atanh(r), _z(level) / math.sqrt(n - 3)
    return Estimate(r, math.tanh(middle - half), math.tanh(middle + half), n)


def alpha(points: Floats, level: float = 0.95) -> Estimate:
    """Cronbach's alpha with Bonett's interval.

        alpha = k/(k-1) (1 - Σ var(item) / var(total)),   ln(1 - alpha) has variance 2k / ((k-1)(n-2))

    Args:
        points: (N, k); students with a gap are left out.
        level: of the interval.

    Returns:
        No value for fewer than two items that vary, or fewer than ten students.
    Source: Cronbach 1951, Psychometrika 16; the interval: Bonett 2002, J. Educ. Behav. Stat. 27.
    """
    whole = points[~np.isnan(points).any(axis=1)] if points.size else points
    n, k = whole.shape if whole.ndim == 2 else (0, 0)
    if n < FEWEST or k < 2:
        return Estimate(n=n)
    total = float(whole.sum(axis=1).var(ddof=1))
    if total < _SPREAD:
        return Estimate(n=n)
    value = k / (k - 1) * (1 - float(whole.var(axis=0, ddof=1).sum()) / total)
    if value >= 1:
        return Estimate(value, value, value, n)
    half = _z(level) * math.sqrt(2 * k / ((k - 1) * (n - 2)))
    middle = math.log(1 - value)
    return Estimate(value, 1 - math.exp(middle + half), 1 - math.exp(middle - half), n)


def mean(values: Floats, level: float = 0.95) -> Estimate:
    """A mean with the normal interval, m ± z s/√n; one value has no interval."""
    n = len(values)
    if not n:
        return Estimate()
    m = float(values.mean())
    if n < 2:
        return Estimate(m, None, None, n)
    half = _z(level) * float(values.std(ddof=1)) / math.sqrt(n)
    return Estimate(m, m - half, m + half, n)


def is_smaller(first: Floats, second: Floats, level: float = 0.99) -> bool:
    """Whether the first mean lies below the second by more than chance: Newcombe's interval for p1 - p2 ends below 0.

        upper end = p1 - p2 + √((u1 - p1)² + (p2 - l2)²),  (l, u) Wilson's intervals

    Source: Newcombe 1998, Statistics in Medicine 17, method 10.
    """
    a, b = share(first, level), share(second, level)
    if a.value is None or b.value is None or a.high is None or b.low is None:
        return False
    return a.value - b.value + math.hypot(a.high - a.value, b.value - b.low) < 0
