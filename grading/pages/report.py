"""Scorecards -> what staff read on a terminal: the rows of the class (`class_table` draws them), and one student cell by cell.

Builds rich tables and never prints them. What a student wrote is cleaned and put in as text, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from grading import display
from grading.marks import Mark, Scorecard, Totals, Verdict
from grading.pages import lateness

LEGEND = "✓ all points  ◐ some  ✗ none  ✎ a person reads it  ? could not be judged, a person has to look  ⚑ read this code"
STYLES = {"✓": "green", "◐": "yellow", "✗": "red", "?": "bold magenta", "✎": "blue", "⚑": "yellow", "·": "dim"}
SYMBOLS = {
    Verdict.PASSED: "✓",
    Verdict.PARTIAL: "◐",
    Verdict.FAILED: "✗",
    Verdict.UNJUDGED: "?",
    Verdict.BY_HAND: "✎",
}
_REASON_CHARS = 300


@dataclass(frozen=True)
class PartResult:
    """What is decided of one part: the automatic checks, and the written answers that a person has read.

    Attributes:
        symbol: ✓ all points, ◐ some, ✗ none, ? something could not be judged, ✎ a person has to read it first, · no such part.
        earned: points, as far as they are decided; the same sum as in `grades.csv`.
        possible: what the decided ones are worth; an empty answer, which nobody reads, is not among them.
    """

    symbol: str
    earned: float = 0.0
    possible: float = 0.0


@dataclass(frozen=True)
class Row:
    """One student in the table of the class.

    Attributes:
        parts: part -> result, in the order of the table.
        totals: the sums over all marks.
        reason: what to know first; empty when there is nothing to say.
        look: ? something could not be judged or opened, ⚑ a person should read this code; empty for neither.
        card: what all this was taken from.
        late: how late, and what part of the points counts; empty for work that is on time.
    """

    student: str
    parts: dict[str, PartResult]
    totals: Totals
    reason: str
    look: str
    card: Scorecard
    late: str = ""


def rows(cards: Iterable[Scorecard]) -> list[Row]:
    """One row per student, sorted by name; every row has the same parts."""
    ordered = sorted(cards, key=lambda card: card.student)
    names = _parts(ordered)
    return [_row(card, names) for card in ordered]


def reason(card: Scorecard) -> str:
    """One line about one student: what several checks follow from, what could not be judged, notes, the first loss of points."""
    causes = card.causes
    rest = [mark for mark in card.marks if mark.cause not in causes]
    unjudged = [mark for mark in rest if mark.undecided]
    lost = [mark for mark in rest if mark.verdict in (Verdict.FAILED, Verdict.PARTIAL)]
    follows = [f"({marks[0].part}) {cause} ({len(marks)} checks follow from it)" for cause, marks in causes.items()]
    said = [*follows[:2], _first(unjudged), *_flagged(card), *card.notes[:2], _first(sorted(lost, key=lambda mark: mark.optional))]
    return display.line(" · ".join(text for text in said if text), chars=_REASON_CHARS)


def student_table(card: Scorecard) -> Table:
    """One student: one row per graded cell."""
    totals = card.totals
    grid = Table(
        title=Text(
            f"{display.line(card.student)}: {display.number(totals.earned)} of {display.number(totals.possible)} automatic points"
            f"{_hand(totals)}",
            style="bold",
        ),
        title_justify="left",
        caption=Text(_below(card), style="dim"),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
        expand=True,
    )
    grid.add_column("part", no_wrap=True)
    grid.add_column("cell", no_wrap=True, overflow="ellipsis", min_width=12)
    grid.add_column("points", no_wrap=True, justify="right")
    grid.add_column("verdict", no_wrap=True)
    grid.add_column("reason", overflow="fold", ratio=1, min_width=20)
    for mark in card.marks:
        symbol = SYMBOLS[mark.verdict]
        points = "open" if mark.points is None else display.number(mark.points)
        grid.add_row(
            Text(display.line(mark.part, chars=20)),
            Text(display.line(mark.grade_id, chars=60)),
            Text(f"{points}/{display.number(mark.max_points)}"),
            Text(f"{symbol} {mark.verdict}{'*' if mark.optional else ''}", style=STYLES[symbol]),
            Text(display.line(mark.reason, chars=_REASON_CHARS)),
        )
    return grid


def _below(card: Scorecard) -> str:
    """What the asterisk means, what somebody should look at, and what was odd about the files."""
    optional = ["* optional" for mark in card.marks if mark.optional][:1]
    late = filter(None, [lateness.staff_line(card)])
    return "\n".join([*optional, *late, *(f"⚑ {display.line(flag)}" for flag in card.flags), *map(display.line, card.notes)])


def _hand(totals: Totals) -> str:
    """What people gave, and what waits for them; nothing where they have nothing to read."""
    given = f", {display.number(totals.given)} of {display.number(totals.given_possible)} by hand" if totals.given_possible else ""
    return given + (f", {display.number(totals.waiting)} open" if totals.waiting else "")


# ---- from marks to rows ----


def _parts(cards: Iterable[Scorecard]) -> list[str]:
    """Every part of the class, in the order of the first scorecards that have it."""
    return list(dict.fromkeys(part for card in cards for part in card.parts))


def _row(card: Scorecard, names: Iterable[str]) -> Row:
    parts = {name: _result(card.of_part(name)) for name in names}
    return Row(
        display.line(card.student, chars=60), parts, card.totals, reason(card), look(card), card, lateness.symbol(card.lateness)
    )


def look(card: Scorecard) -> str:
    """Whether a person should look at this student's work before anything else."""
    if card.unopened or any(mark.undecided for mark in card.marks):
        return "?"
    return "⚑" if card.flags else ""


def _result(marks: Sequence[Mark]) -> PartResult:
    if not marks:
        return PartResult("·")
    checks, read = [mark for mark in marks if not mark.by_hand], [mark for mark in marks if mark.read]
    if not checks and not read and any(mark.waits for mark in marks):
        return PartResult("✎")
    decided = [*checks, *read] or marks  # nothing but empty answers
    earned, possible = sum(mark.points or 0.0 for mark in marks), sum(mark.max_points for mark in decided)
    return PartResult(_symbol(checks, decided, any(mark.waits for mark in marks)), earned, possible)


def _symbol(checks: Sequence[Mark], decided: Sequence[Mark], waits: bool) -> str:
    """While a person has something to read, the symbol speaks of the checks, where there are any."""
    if any(mark.verdict is Verdict.UNJUDGED for mark in checks):
        return "?"
    if waits and not checks:
        return "✎"
    counted = checks if waits else decided
    if all((mark.points or 0.0) >= mark.max_points for mark in counted):
        return "✓"
    return "◐" if any(mark.points for mark in counted) else "✗"


def _flagged(card: Scorecard) -> list[str]:
    """The first thing that a person should look at in a student's code, and how many more there are."""
    more = f" (+{len(card.flags) - 1} more)" if len(card.flags) > 1 else ""
    return [f"⚑ {display.line(card.flags[0], chars=120)}{more}"] if card.flags else []


def _first(marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    more = f" (+{len(marks) - 1} more)" if len(marks) > 1 else ""
    return f"({marks[0].part}) {display.line(marks[0].reason or marks[0].verdict.lower(), chars=160)}{more}"
