"""Points into the one column of a platform's file, and everything that has to be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from grading import display
from grading.marks import Scorecard
from grading.pages.export import total
from grading.pages.match import Matched
from grading.pages.sheet import PlatformError, Sheet

_NAMES = 20


@dataclass
class Filled:
    """A file with its column filled in.

    Attributes:
        text: of the file; empty where there is none to write.
        changed, same, undecided, kept: students whose field is new, was right already, is left because a person has still to
            decide, or is left because the platform says so (excused, locked).
        matched: who is who.
        notes: what else to know, a sentence each.
    """

    matched: Matched
    text: str = ""
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What to say on the terminal: everybody who was not filled in is named."""
        said = [f"filled in  {len(self.changed)} changed, {len(self.same)} as they were"]
        for what, names in (
            ("a person has still to decide, left as they are", self.undecided),
            ("the platform keeps them (excused or locked), left as they are", self.kept),
            ("handed in, and not in the file", self.matched.students),
            ("in the file, and handed in nothing", self.matched.people),
        ):
            if names:
                said.append(f"           {what}: {len(names)}: {display.listed(names, most=_NAMES)}")
        return [*said, *(f"look at    {display.line(note)}" for note in (*self.matched.doubts, *self.notes))]


def fill(
    sheet: Sheet,
    column: int,
    cards: Mapping[str, Scorecard],
    matched: Matched,
    keeps: Callable[[Sequence[str]], bool],
    numbers: Sequence[int],
) -> tuple[Filled, list[list[str]]]:
    """Put each student's total into a column.

    Args:
        sheet: the file.
        column: which.
        cards: by student.
        matched: whose row is whose.
        keeps: whether the platform wants this row's field left alone.
        numbers: columns that show how decimals are written.

    Returns:
        What was done, and the rows.

    Raises:
        PlatformError: nobody in the file is a student of ours.
    """
    if not matched.rows:
        got = display.listed(matched.people, most=5) or "nobody"
        fix = "is it of this course? --roster FILE says who is who: a CSV with the columns student and id"
        raise PlatformError(f"{sheet.name} names nobody of this class", expected=display.listed(cards, most=5), got=got, fix=fix)
    made, rows, decimal = Filled(matched), [list(row) for row in sheet.rows], sheet.decimal(numbers)
    for row, student in matched.rows.items():
        points = total(cards[student])
        if points is None:
            made.undecided.append(student)
        elif keeps(sheet.rows[row]):
            made.kept.append(student)
        elif is_same(rows[row][column], points):
            made.same.append(student)
        else:
            rows[row][column] = display.number(points).replace(".", decimal)
            made.changed.append(student)
    return made, rows


def is_same(text: str, points: float) -> bool:
    """Whether a field holds these points already, at the two decimals that platforms compare."""
    try:
        return abs(float(text.strip().replace(",", ".")) - round(points, 2)) < 0.005
    except ValueError:
        return False


def possible(cards: Mapping[str, Scorecard]) -> float:
    """What the homework is worth without its optional parts."""
    return max((sum(mark.max_points for mark in card.marks if not mark.optional) for card in cards.values()), default=0.0)
