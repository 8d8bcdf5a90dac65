"""Every part and every graded cell: how many got how much, how hard it was, whether it tells good work from the rest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grading.figures import Counts, Estimate, Item
from grading.stats import estimates
from grading.stats.estimates import Floats
from grading.stats.table import Columns, Table

_FULL = 1 - 1e-9


def cells(table: Table, titles: Mapping[str, str]) -> tuple[Item, ...]:
    """One item for each graded cell."""
    checks = table.columns(automatic=True)
    return tuple(_cell(table, column, checks, titles) for column in range(len(table.marks)))


def parts(table: Table, titles: Mapping[str, str]) -> tuple[Item, ...]:
    """One item for each part."""
    names = dict.fromkeys(mark.part for mark in table.marks)
    return tuple(_part(table, name, titles) for name in names)


def _cell(table: Table, column: int, checks: Columns, titles: Mapping[str, str]) -> Item:
    mark = table.marks[column]
    shares, others = table.shares[:, column], np.delete(np.arange(len(table.marks)), column)
    rest, answered = table.share_of(others), table.answered[:, column]
    kept = answered & ~np.isnan(shares) & ~np.isnan(rest)
    decided = ~np.isnan(shares)
    if (table.asked[:, column] & ~decided).sum() > decided.sum() / 2:
        decided &= answered  # the zeros of empty answers are there before anything is read, and would stand for the class
    without = checks[checks != column]
    automatic = not mark.by_hand
    return Item(
        *(mark.part, mark.grade_id, mark.notebook, titles.get(mark.grade_id, ""), mark.max_points, mark.optional, mark.by_hand),
        counts=_counts(table, np.array([column]), shares),
        mean=_mean(table.points[decided, column]),
        facility=estimates.share(shares[decided]),
        discrimination=estimates.correlation(shares[kept], rest[kept]),
        alpha=estimates.alpha(table.points[:, without]) if automatic else Estimate(),
        warnings=tuple(_warnings(shares[kept], rest[kept])),
    )


def _part(table: Table, name: str, titles: Mapping[str, str]) -> Item:
    own = table.columns(part=name)
    checks = [k for k in own if not table.marks[k].by_hand]
    other = np.delete(np.arange(len(table.marks)), own)
    shares, rest = table.share_of(own), table.share_of(other)
    answered = table.answered[:, own].any(axis=1) & ~np.isnan(shares) & ~np.isnan(rest)
    sums = np.nansum(table.points[:, own], axis=1)[~np.isnan(shares)]
    marks = [table.marks[k] for k in own]
    return Item(
        *(name, "", marks[0].notebook, titles.get(name, ""), sum(mark.max_points for mark in marks)),
        optional=all(mark.optional for mark in marks),
        by_hand=not checks,
        counts=_counts(table, own, shares),
        mean=float(sums.mean()) if len(sums) else None,
        facility=estimates.share(shares[~np.isnan(shares)]),
        discrimination=estimates.correlation(shares[answered], rest[answered]),
        alpha=estimates.alpha(table.points[:, checks]),
    )


def _counts(table: Table, columns: Columns, shares: Floats) -> Counts:
    """Where everybody stands who was asked; a part of which something is decided counts by that."""
    asked, answered = table.asked[:, columns].any(axis=1), table.answered[:, columns].any(axis=1)
    open_ = asked & np.isnan(shares)
    empty = asked & ~answered & ~open_
    rest = asked & ~empty & ~open_
    full, none = rest & (shares >= _FULL), rest & (shares <= 0)
    return Counts(int(full.sum()), int((rest & ~full & ~none).sum()), int(none.sum()), int(empty.sum()), int(open_.sum()))


def _mean(points: Floats) -> float | None:
    return float(points.mean()) if len(points) else None


def _warnings(shares: Floats, rest: Floats) -> list[str]:
    """Why a test is to be doubted, with 99 % intervals: of forty sound tests none should be named."""
    said = []
    if _fails_the_best(shares, rest):
        said.append("those who do better in the rest do worse here: is this test right?")
    elif len(shares) >= estimates.FEWEST and not shares.any():
        said.append(f"nobody of {len(shares)} who answered has a point: is this test right?")
    return said


def _fails_the_best(shares: Floats, rest: Floats) -> bool:
    """The correlation with the rest is below 0, or the best third earns less than the middle one: both beyond chance.

    The second finds a test that the weakest fail too, which the correlation over everybody can hide.
    """
    high = estimates.correlation(shares, rest, 0.99).high
    if high is not None and high < 0:
        return True
    third = len(shares) // 3
    order = np.argsort(rest, kind="stable")
    return third >= estimates.FEWEST and estimates.is_smaller(shares[order[-third:]], shares[order[third:-third]])
