"""How well people agree who read the same answers, and how each reads beside the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_RESAMPLES, _SEED = 500, 20_240_917
_ENOUGH = 10  # pairs from which on an interval says something
_NONE = 1e-12  # a difference that everybody could have had
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
    """One decision: who, when, which part of the points, and of which question."""

    made_by: str
    made_at: float
    share: float
    question: str


@dataclass(frozen=True)
class Person:
    """How somebody reads beside the others. Questions are not equally hard, so answers are compared with those to the same one.

    Attributes:
        mean: which part of the points they give on average.
        apart: by how much they give more than others do to the same questions; None where nobody else read these.
        drift: by how much they give more in the second half of what they read than in the first, each answer beside the
            mean of its question.
    """

    name: str
    count: int
    mean: float
    apart: float | None
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
    mine: dict[str, list[Reading]] = {}
    sums: dict[tuple[str, str], tuple[int, float]] = {}  # by question and person, and by question alone
    for one in readings:
        mine.setdefault(one.made_by, []).append(one)
        for key in ((one.question, one.made_by), (one.question, "")):
            count, total = sums.get(key, (0, 0.0))
            sums[key] = count + 1, total + one.share
    return [_person(name, some, sums) for name, some in sorted(mine.items())]


def _person(name: str, readings: list[Reading], sums: dict[tuple[str, str], tuple[int, float]]) -> Person:
    apart, relative = [], []
    for one in sorted(readings, key=lambda one: one.made_at):
        (all_count, all_total), (count, total) = sums[one.question, ""], sums[one.question, name]
        relative.append(one.share - all_total / all_count)
        if all_count > count:
            apart.append(one.share - (all_total - total) / (all_count - count))
    half = len(relative) // 2
    drift = fmean(relative[half:]) - fmean(relative[:half]) if half else 0.0
    return Person(name, len(readings), fmean(one.share for one in readings), fmean(apart) if apart else None, drift)


def _kappa(values: Sequence[tuple[float, float]]) -> float | None:
    if not values:
        return None
    first, second = [one for one, _ in values], [other for _, other in values]
    observed = fmean((one - other) ** 2 for one, other in values)
    # the mean over all pairs of a first and a second reading, without making them
    expected = fmean(one**2 for one in first) + fmean(other**2 for other in second) - 2 * fmean(first) * fmean(second)
    return 1 - observed / expected if expected > _NONE else None


def _interval(values: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    """By drawing as many pairs anew, many times; how often each pair was drawn is its weight."""
    import numpy as np

    first, second = np.array(values).T
    weights = np.random.default_rng(_SEED).multinomial(len(values), [1 / len(values)] * len(values), _RESAMPLES) / len(values)
    observed = weights @ (first - second) ** 2
    expected = weights @ first**2 + weights @ second**2 - 2 * (weights @ first) * (weights @ second)
    drawn = np.sort(1 - observed[expected > _NONE] / expected[expected > _NONE])
    if len(drawn) < _RESAMPLES // 2:
        return None, None
    return float(drawn[int(0.025 * len(drawn))]), float(drawn[int(0.975 * len(drawn)) - 1])
