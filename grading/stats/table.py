"""Scorecards as arrays: students down, graded cells across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grading.marks import Mark, Scorecard
from grading.stats.estimates import Floats

Cell = tuple[str, str]  # notebook, grade id
Columns = NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """A class.

    Attributes:
        marks: one of each cell, in the author's order: what it is worth, whether it is optional or read by a person.
        points: (N, M); NaN where nothing is decided, or the student was not asked.
        asked, answered: (N, M).
    """

    marks: tuple[Mark, ...]
    points: Floats
    asked: NDArray[np.bool_]
    answered: NDArray[np.bool_]

    @property
    def worth(self) -> Floats:
        """(M,) points of each cell; 1 for a cell that is worth nothing, which nobody can earn anything in."""
        return np.array([mark.max_points or 1.0 for mark in self.marks])

    @property
    def shares(self) -> Floats:
        """(N, M) points as a share of what the cell is worth; extra credit counts as all of it, NaN stays."""
        return np.clip(self.points / self.worth, 0.0, 1.0)

    def columns(self, *, part: str = "", required: bool = False, automatic: bool = False) -> Columns:
        """Which cells belong to a part, are required, are checked by tests."""
        wanted = [
            k
            for k, mark in enumerate(self.marks)
            if (not part or mark.part == part) and not (required and mark.optional) and not (automatic and mark.by_hand)
        ]
        return np.array(wanted, dtype=np.int64)

    def share_of(self, columns: Columns) -> Floats:
        """(N,) points of these cells as a share of what those that are decided are worth; NaN where none is."""
        points = self.points[:, columns]
        decided = ~np.isnan(points)
        worth = (decided * self.worth[columns]).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.clip(np.where(worth > 0, np.nansum(points, axis=1) / worth, np.nan), 0.0, 1.0)


def table(cards: Sequence[Scorecard]) -> Table:
    """The class as arrays; cells in the order of the first card that has them."""
    first: dict[Cell, Mark] = {}
    for card in cards:
        for mark in card.marks:
            first.setdefault((mark.notebook, mark.grade_id), mark)
    place = {cell: k for k, cell in enumerate(first)}
    shape = len(cards), len(place)
    points = np.full(shape, np.nan)
    asked, answered = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, card in enumerate(cards):
        for mark in card.marks:
            column = place[mark.notebook, mark.grade_id]
            asked[row, column], answered[row, column] = True, mark.answered
            if mark.points is not None and not mark.undecided:
                points[row, column] = mark.points
    return Table(tuple(first.values()), points, asked, answered)
