"""Scorecards -> CSV files for a spreadsheet: one row per student, one row per graded cell, and what is no longer asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grading import display, quotes
from grading.files import write_text
from grading.marks import Aside, Mark, Scorecard, Verdict
from grading.pages import lateness
from grading.pages.csv_text import Whole, csv_text
from grading.workspace import Workspace

_CELLS = (
    *("student", "part", "cell", "notebook", "points", "max_points", "verdict", "optional", "answered"),
    *("reason", "what", "expected", "got", "fix", "comment"),
)
_ASIDE = ("student", "notebook", "cell", "automatic", "by_hand", "max_points", "comment", "assignment")


def write_csv(cards: Iterable[Scorecard], work: Workspace) -> list[Path]:
    """Write `grades.csv` and `cells.csv`, sorted by student.

    Returns:
        The two paths, grades first.
    """
    ordered = sorted(cards, key=lambda card: card.student)
    paths = [work.export / "grades.csv", work.export / "cells.csv"]
    for path, lines in zip(paths, (_grades(ordered), _cells(ordered)), strict=True):
        write_text(path, csv_text(lines))
    return paths


def write_aside(aside: Sequence[Aside], work: Workspace) -> list[Path]:
    """Write `aside.csv`, the points in cells that the homework no longer asks; no file where there are none."""
    path = work.export / "aside.csv"
    if not aside:
        path.unlink(missing_ok=True)
        return []
    write_text(path, csv_text([_ASIDE, *([getattr(one, name) for name in _ASIDE] for one in aside)]))
    return [path]


def aside_lines(aside: Sequence[Aside], assignment: str) -> list[str]:
    """What to say of what the homework no longer asks: one line for each cell, and for each assignment that is gone.

    Args:
        aside: what the gradebook keeps.
        assignment: what was asked for; all others in `aside` are assignments that course.toml no longer has.
    """
    lines = []
    mine = [one for one in aside if one.assignment == assignment]
    for where in dict.fromkeys((one.notebook, one.cell) for one in mine):
        here = [one for one in mine if (one.notebook, one.cell) == where]
        what = f"{where[1]} ({display.number(here[0].max_points)} points)"
        lines.append(f"set aside: {where[0]} no longer asks {what}; kept {_kept(here)}")
    if lines:
        lines.append("           not counted; `hw export` writes aside.csv; a cell that gets its old grade id back gets them back")
    for name in dict.fromkeys(one.assignment for one in aside if one.assignment != assignment):
        kept = _kept([one for one in aside if one.assignment == name])
        lines.append(f"set aside: course.toml no longer has the assignment {name}; kept {kept}, in aside.csv, too")
        lines.append(f'           renamed? `formerly = "{name}"` below its new name in course.toml has `hw grade` take them over')
    return lines


def _kept(aside: Sequence[Aside]) -> str:
    return f"of {len({one.student for one in aside})} students, {sum(one.by_hand is not None for one in aside)} by hand"


def _grades(cards: Sequence[Scorecard]) -> list[list[object]]:
    """One row per student. A part's points are all that are decided, by hand included; empty when none is."""
    parts = list(dict.fromkeys(part for card in cards for part in card.parts))
    head = [
        "automatic",
        "automatic_max",
        "bonus",
        "by_hand_points",
        "by_hand_points_waiting",
        "total",
        "unjudged",
        "flags",
        "reason",
    ]
    late = lateness.COLUMNS if any(card.lateness for card in cards) else ()
    return [["student", *parts, *head, *late], *(_grade_row(card, parts, late=bool(late)) for card in cards)]


def _grade_row(card: Scorecard, parts: Iterable[str], *, late: bool) -> list[object]:
    totals = card.totals
    read = [mark for mark in card.marks if mark.by_hand]
    return [
        card.student,
        *(_decided(card.of_part(part)) for part in parts),
        None if _is_open(card, optional=False) else totals.earned,
        totals.possible,
        None if _is_open(card, optional=True) else totals.bonus,
        sum((mark.points or 0.0 for mark in read), 0.0),
        totals.waiting,
        total(card),
        totals.unjudged,
        Whole("; ".join(card.flags)),
        _reason(card),
        *(lateness.row(total(card), card.lateness) if late else ()),
    ]


def total(card: Scorecard) -> float | None:
    """All points, bonus and those given by hand included; empty while a person has something to do: it is not the end yet."""
    if any(mark.points is None or mark.undecided for mark in card.marks):
        return None
    return sum((mark.points or 0.0 for mark in card.marks), 0.0)


def _is_open(card: Scorecard, *, optional: bool) -> bool:
    """Whether a check could not be judged: a sum without it would be read as the student's points."""
    return any(mark.points is None and not mark.by_hand and mark.optional is optional for mark in card.marks)


def _decided(marks: Iterable[Mark]) -> float | None:
    points = [mark.points for mark in marks if mark.points is not None]
    return sum(points) if points else None


def _reason(card: Scorecard) -> str:
    """Everything that cost points or needs a person, what several parts have in common once, then the notes."""
    told = [mark for mark in card.marks if mark.undecided or mark.verdict in (Verdict.FAILED, Verdict.PARTIAL)]
    told.sort(key=lambda mark: (mark.cause not in card.causes, not mark.undecided))
    parts: dict[str, list[str]] = {}
    for mark in told:
        parts.setdefault(mark.cause or mark.reason, []).append(mark.part)
    said = (f"({', '.join(dict.fromkeys(names))}) {display.line(reason)}" for reason, names in parts.items())
    return "; ".join([*said, *card.notes])


def _cells(cards: Iterable[Scorecard]) -> list[list[object]]:
    return [list(_CELLS), *(_cell_row(card.student, mark) for card in cards for mark in card.marks)]


def _cell_row(student: str, mark: Mark) -> list[object]:
    return [
        *(student, mark.part, mark.grade_id, mark.notebook, mark.points, mark.max_points, mark.verdict.value),
        *("yes" if mark.optional else "no", "yes" if mark.answered else "no"),
        *(mark.reason, *map(quotes.whole, (mark.what, mark.expected, mark.got, mark.fix)), mark.comment),
    ]
