"""How well people agree who read the same answers, and how each reads beside the others. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_RESAMPLES, _SEED = 500, 20_240_917
_ENOUGH = 10  # pairs from which on an interval says something
_FAR = 0.25  # of the points: two readings that differ by as much are worth a third look


@dataclass(frozen=True)
class Pair:
    """One answer that two people read.

    Attributes:
        first, second: which part of its points each gave.
    """

    question: str
    name: str
    first_by: str
    second_by: str
    first: float
    second: float

    @property
    def apart(self) -> float:
        """By how much they differ."""
        return abs(self.first - self.second)

    @property
    def far(self) -> bool:
        """Whether somebody should look at it again."""
        return self.apart >= _FAR


@dataclass(frozen=True)
class Agreement:
    """What pairs of readings say.

    Attributes:
        count: how many pairs.
        mean_difference: of the points, as a part of what the answers are worth.
        kappa: weighted kappa with quadratic weights: 1 is full agreement, 0 what two people give who do not read; None where
            everybody gave everything the same.
        low, high: its 95 % interval, by resampling; None below ten pairs.
    """

    count: int
    mean_difference: float
    kappa: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Reading:
    """One decision: who, when, and which part of the points."""

    made_by: str
    made_at: float
    share: float


@dataclass(frozen=True)
class Person:
    """How somebody reads beside the others.

    Attributes:
        mean, others: which part of the points they and everybody else give on average; `others` is None where there is nobody.
        drift: by how much the second half of what they read has more than the first.
    """

    name: str
    count: int
    mean: float
    others: float | None
    drift: float


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """How well two readings agree.

    Source: Cohen 1968, with quadratic weights; on points that is 1 - E(x - y)² / E(x - y')² with y' of another answer.
    """
    values = [(pair.first, pair.second) for pair in pairs]
    difference = fmean(pair.apart for pair in pairs) if pairs else 0.0
    low, high = _interval(values) if len(values) >= _ENOUGH else (None, None)
    return Agreement(len(values), difference, _kappa(values), low, high)


def people(readings: Iterable[Reading]) -> list[Person]:
    """Everybody who read, by name."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        found.setdefault(reading.made_by, []).append(reading)
    result = []
    for name, mine in sorted(found.items()):
        theirs = [one.share for other, many in found.items() if other != name for one in many]
        shares = [one.share for one in sorted(mine, key=lambda one: one.made_at)]
        half = len(shares) // 2
        drift = fmean(shares[half:]) - fmean(shares[:half]) if half else 0.0
        result.append(Person(name, len(shares), fmean(shares), fmean(theirs) if theirs else None, drift))
    return result


def _kappa(values: Sequence[tuple[float, float]]) -> float | None:
    if not values:
        return None
    first, second = [one for one, _ in values], [other for _, other in values]
    observed = fmean((one - other) ** 2 for one, other in values)
    # the mean over all pairs of a first and a second reading, without making them
    expected = fmean(one**2 for one in first) + fmean(other**2 for other in second) - 2 * fmean(first) * fmean(second)
    return 1 - observed / expected if expected > 1e-12 else None


def _interval(values: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    draw = random.Random(_SEED)
    drawn = sorted(kappa for _ in range(_RESAMPLES) if (kappa := _kappa(draw.choices(values, k=len(values)))) is not None)
    if len(drawn) < _RESAMPLES // 2:
        return None, None
    return drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn)) - 1]
