"""What people gave, for comparing two gradings: without a gradebook, or of a student whom it does not know, that is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grading.gradebook.book import reading
from grading.gradebook.database import exists
from grading.gradebook.decided import Cell, Decided, decided, with_decisions
from grading.marks import Scorecard


class Standing:
    """What people gave in one assignment."""

    def __init__(self, found: Mapping[str, Mapping[Cell, Decided]]) -> None:
        """`found` is by student and cell."""
        self._found = found

    def counted(self, card: Scorecard) -> Scorecard:
        """A card as it counts: with what people decided about it."""
        return replace(card, marks=tuple(with_decisions(card, self._found.get(card.student, {}))))

    def by_hand(self, students: Iterable[str]) -> dict[str, list[Cell]]:
        """The cells that people gave points, by student."""
        return {one: [cell for cell, given in self._found.get(one, {}).items() if given.points is not None] for one in students}


def standing(url: str, assignment: str) -> Standing:
    """Read the gradebook, if there is one.

    Raises:
        GradebookError: there is one that cannot be read.
    """
    if not exists(url):
        return Standing({})
    with reading(url) as connection:
        return Standing(decided(connection, assignment))
