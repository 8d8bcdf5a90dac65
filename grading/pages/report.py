"""Scorecards -> the tables staff read on a terminal: the class, and one student cell by cell.

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
from grading.settings import Assignment

_LEGEND = "✓ all points  ◐ some  ✗ none  ✎ a person reads it  ? could not be judged, a person has to look  ⚑ read this code"
_STYLES = {"✓": "green", "◐": "yellow", "✗": "red", "?": "bold magenta", "✎": "blue", "·": "dim"}
_SYMBOLS = {
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
        late: how late, and what part of the points counts; empty for work that is on time.
    """

    student: str
    parts: dict[str, PartResult]
    totals: Totals
    reason: str
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


def class_table(cards: Iterable[Scorecard], assignment: Assignment, *, reasons: bool = True) -> Table:
    """The class: one row per student, a footer with each part's mean and how many have all its points, a legend.

    Args:
        cards: the class.
        assignment: its title.
        reasons: with a last column for the first thing to know; a narrow terminal shows these below the table instead.

    Returns:
        A table for rich to print.
    """
    lines = rows(cards)
    part_names = list(lines[0].parts) if lines else []
    grid = Table(
        title=Text(display.line(assignment.title), style="bold"),
        title_justify="left",
        caption=Text(_caption(lines), style="dim"),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_footer=bool(lines),
        padding=0,
        pad_edge=False,
        expand=reasons,
    )
    grid.add_column("student\n", "mean\nall points", no_wrap=True, overflow="ellipsis", min_width=10, max_width=24)
    for name in part_names:
        results = [row.parts[name] for row in lines]
        grid.add_column(_header(name, results), _part_footer(results), no_wrap=True, min_width=3)
    _add_totals(grid, lines)
    if reasons:
        grid.add_column("first thing to know\n", no_wrap=True, overflow="ellipsis", ratio=1, min_width=12)
    for row in lines:
        cells = _cells(row, part_names, given=any(line.totals.read for line in lines), late=any(line.late for line in lines))
        grid.add_row(*(cells if reasons else cells[:-1]))
    return grid


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
        symbol = _SYMBOLS[mark.verdict]
        points = "open" if mark.points is None else display.number(mark.points)
        grid.add_row(
            Text(display.line(mark.part, chars=20)),
            Text(display.line(mark.grade_id, chars=60)),
            Text(f"{points}/{display.number(mark.max_points)}"),
            Text(f"{symbol} {mark.verdict}{'*' if mark.optional else ''}", style=_STYLES[symbol]),
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
    return Row(display.line(card.student, chars=60), parts, card.totals, reason(card), lateness.symbol(card.lateness))


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


# ---- from rows to cells ----


def _header(name: str, results: Sequence[PartResult]) -> Text:
    """The part, and below it what is decided of it is worth."""
    possible = max((result.possible for result in results), default=0.0)
    return Text(f"{display.line(name, chars=8)}\n{'/' + display.number(possible) if possible else ''}")


def _part_footer(results: Sequence[PartResult]) -> Text:
    """The mean of those who were judged, and how many have all points."""
    judged = [result for result in results if result.symbol in "✓◐✗"]
    if not judged:
        return Text("")
    mean = sum(result.earned for result in judged) / len(judged)
    return Text(f"{mean:.1f}\n{sum(result.symbol == '✓' for result in judged)}/{len(judged)}")


def _add_totals(grid: Table, lines: Sequence[Row]) -> None:
    judged = [row for row in lines if not row.totals.unjudged]
    _add_total(grid, "auto", [row.totals.possible for row in lines], [row.totals.earned for row in judged])
    _add_total(grid, "bonus", [row.totals.bonus_possible for row in lines], [row.totals.bonus for row in judged])
    if any(row.totals.read for row in lines):  # until somebody has read something, there is nothing to show
        _add_hand(grid, lines)
    if any(row.late for row in lines):
        grid.add_column("late\n", no_wrap=True)
    grid.add_column("✎\n", no_wrap=True, justify="right", min_width=2)


def _add_total(grid: Table, name: str, possible: Sequence[float], earned: Sequence[float]) -> None:
    mean = f"{sum(earned) / len(earned):.1f}" if earned else ""
    head = f"{name}\n/{display.number(max(possible, default=0.0))}"
    grid.add_column(Text(head), Text(mean), no_wrap=True, justify="right", min_width=4)


def _add_hand(grid: Table, lines: Sequence[Row]) -> None:
    """What people gave; the mean is over those whose answers have all been read."""
    done = [row for row in lines if not row.totals.waiting]
    _add_total(grid, "hand", [row.totals.by_hand_possible for row in lines], [row.totals.given for row in done])


def _cells(row: Row, names: Iterable[str], *, given: bool, late: bool) -> list[Text]:
    strange = _STYLES["?"] if row.totals.unjudged else ""
    total = Text(display.number(row.totals.earned) + ("?" if row.totals.unjudged else ""), style=strange or "bold")
    return [
        Text(row.student),
        *(_part_cell(row.parts[name]) for name in names),
        total,
        Text(display.number(row.totals.bonus)),
        *([Text(display.number(row.totals.given) if row.totals.given_possible else "")] if given else []),
        *([Text(row.late, style="yellow")] if late else []),
        Text(display.number(row.totals.waiting), style="blue"),
        Text(row.reason, style=strange),
    ]


def _part_cell(result: PartResult) -> Text:
    points = f" {display.number(result.earned)}" if result.possible else ""
    return Text(f"{result.symbol}{points}", style=_STYLES[result.symbol])


def _caption(lines: Sequence[Row]) -> str:
    people = sum(row.totals.unjudged > 0 for row in lines)
    if not lines:
        return "No student yet."
    needs = f"{people} {'needs' if people == 1 else 'need'} a person (left out of the means)" if people else "all judged"
    waiting = display.number(sum(row.totals.waiting for row in lines))
    given, possible = (display.number(sum(getattr(row.totals, name) for row in lines)) for name in ("given", "given_possible"))
    read = f"{given} of {possible} points given by hand, " if any(row.totals.read for row in lines) else ""
    count = "1 student" if len(lines) == 1 else f"{len(lines)} students"
    return f"{count}, {needs}. ✎ {read}{waiting} points wait for a reader.\n{_LEGEND}"
