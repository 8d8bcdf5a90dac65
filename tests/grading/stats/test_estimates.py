"""The four statistics against arithmetic by hand, published examples and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grading.stats import estimates


def test_wilson_as_published() -> None:
    """Newcombe 1998 (Statistics in Medicine 17, 857), table I: 81 of 263 is .2553 to .3662; 0 of 20 is 0 to .1611."""
    values = np.array([1.0] * 81 + [0.0] * 182)
    found = estimates.share(values)
    assert (round(found.low or 0, 4), round(found.high or 0, 4), found.n) == (0.2553, 0.3662, 263)
    none = estimates.share(np.zeros(20))
    assert (none.value, none.low, round(none.high or 0, 4)) == (0.0, 0.0, 0.1611)
    assert estimates.share(np.array([])).value is None


def test_newcombe_as_published() -> None:
    """The same author's table II (page 882): 56/70 against 48/80 has the interval .0524 to .3339 at 95 %."""
    a, b = np.array([1.0] * 56 + [0.0] * 14), np.array([1.0] * 48 + [0.0] * 32)
    assert estimates.is_smaller(b, a, 0.95) and not estimates.is_smaller(a, b, 0.95)
    x, y = estimates.share(b), estimates.share(a)
    end = (x.value or 0) - (y.value or 0) + math.hypot((x.high or 0) - (x.value or 0), (y.value or 0) - (y.low or 0))
    assert round(-end, 4) == 0.0524


def test_fisher_by_hand() -> None:
    """r = .5 from 28 students: artanh .5 = .5493, 1.96 / 5 = .392: tanh(.1573) to tanh(.9413)."""
    rng = np.random.default_rng(0)
    x, noise = np.linalg.qr(np.column_stack([np.ones(28), rng.normal(size=(28, 2))]))[0][:, 1:].T
    found = estimates.correlation(x, 0.5 * x + math.sqrt(0.75) * noise)
    assert found.value == pytest.approx(0.5)
    assert (found.low, found.high) == (pytest.approx(0.156, abs=1e-3), pytest.approx(0.736, abs=1e-3))
    assert found.n == 28


def test_alpha_by_hand() -> None:
    """Two parallel items with covariance c and variance v: alpha = 2c / (v + c)."""
    x = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    points = np.column_stack([x, x[::-1] * 0.5 + x])
    cov = np.cov(points.T)
    expected = 4 * cov[0, 1] / cov.sum()
    found = estimates.alpha(points)
    assert found.value == pytest.approx(expected)
    assert (found.low or 0) < expected < (found.high or 0) <= 1


def test_bonett_covers() -> None:
    """The 95 % interval of alpha holds the true one in 93 to 97 of 100 drawn classes."""
    rng, inside, k = np.random.default_rng(1), 0, 5
    true = k * 0.3 / (1 + (k - 1) * 0.3)  # Spearman-Brown, correlation .3 between items
    for _ in range(1000):
        points = math.sqrt(0.3) * rng.normal(size=(60, 1)) + math.sqrt(0.7) * rng.normal(size=(60, k))
        found = estimates.alpha(points)
        inside += (found.low or 0) <= true <= (found.high or 0)
    assert 930 <= inside <= 970


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_a_handful_of_students_says_nothing(n: int) -> None:
    """No correlation and no alpha of fewer than ten; n is told all the same, and nothing divides by nothing."""
    x = np.arange(float(n))
    assert estimates.correlation(x, x).value is None and estimates.correlation(x, x).n == n
    assert estimates.alpha(np.column_stack([x, x])).value is None
    assert estimates.mean(x).n == n


def test_what_does_not_vary_says_nothing() -> None:
    """Everybody alike: no correlation, no alpha; a perfect correlation has no width."""
    same, x = np.ones(20), np.arange(20.0)
    assert estimates.correlation(same, x).value is None
    assert estimates.alpha(np.ones((20, 3))).value is None
    assert estimates.correlation(x, x).high == 1.0


def test_gaps_leave_students_out_of_alpha() -> None:
    """A student with something undecided is not in it, and n says so."""
    points = np.random.default_rng(0).normal(size=(20, 3))
    points[4, 1] = np.nan
    assert estimates.alpha(points).n == 19
