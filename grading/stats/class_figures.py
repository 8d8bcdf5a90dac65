"""The figures of a class, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grading.figures import Bin, Figures, Section
from grading.marks import Scorecard
from grading.stats import estimates, items
from grading.stats.estimates import Floats
from grading.stats.groups import Groups
from grading.stats.mistakes import mistakes, waiting
from grading.stats.table import table
from grading.stats.times import Times

_BINS = 10


def figures(
    cards: Sequence[Scorecard],
    titles: Mapping[str, str] | None = None,
    times: Times | None = None,
    groups: Groups | None = None,
) -> Figures:
    """Everything that a class's results say.

    Args:
        cards: one for each student, with what people decided.
        titles: part or grade id -> what the author calls it.
        times: seconds in the sandbox.
        groups: kind -> student -> section.
    """
    made, times, titles = table(cards), times or Times(), titles or {}
    checks = made.columns(required=True, automatic=True)
    shares = made.share_of(checks)
    return Figures(
        students=len(cards),
        mean=estimates.mean(shares[~np.isnan(shares)]),
        alpha=estimates.alpha(made.points[:, made.columns(automatic=True)]),
        totals=_bins(shares[~np.isnan(shares)]),
        parts=items.parts(made, titles),
        cells=items.cells(made, titles),
        mistakes=mistakes(cards),
        open=waiting(cards),
        seconds=times.of_notebooks(),
        slow_cells=times.of_cells(),
        sections=_sections(cards, shares, groups or {}),
    )


def _bins(shares: Floats) -> tuple[Bin, ...]:
    """Ten bins of equal width; all points are in the last one."""
    counts, ends = np.histogram(shares, bins=_BINS, range=(0.0, 1.0))
    return tuple(Bin(float(ends[k]), float(ends[k + 1]), int(count)) for k, count in enumerate(counts))


def _sections(cards: Sequence[Scorecard], shares: Floats, groups: Groups) -> tuple[Section, ...]:
    """The mean of each section; who belongs to none is shown as such."""
    found = []
    for kind, members in groups.items():
        names = [members.get(card.student, "not named") for card in cards]
        for name in sorted(set(names)):
            here = np.array([one == name for one in names])
            values = shares[here & ~np.isnan(shares)]
            found.append(Section(kind, name, int(here.sum()), estimates.mean(values)))
    return tuple(found)
