"""The columns that a table of the class can have: what stands in each, its heading and the figures below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.text import Text

from grading import display
from grading.marks import Mark, Scorecard
from grading.pages.report import STYLES, SYMBOLS, PartResult, Row

_STUDENT = 24  # the widest name
_NAME_LINES = 3  # of a part's or a cell's name
_CELL_NAME = 9  # characters in one of them


@dataclass(frozen=True)
class Column:
    """One column of text, with its heading above and its figures below."""

    head: Sequence[str]
    cells: Sequence[Text]
    foot: Sequence[str] = ()
    right: bool = False

    @property
    def width(self) -> int:
        """The widest that stands in it: nothing of it is cut."""
        return max(Text(text).cell_len for text in (*self.head, *self.foot, *(cell.plain for cell in self.cells)))


@dataclass(frozen=True)
class Group:
    """The rows that are shown, and those of the whole class, over which means are taken."""

    shown: list[Row]
    all: list[Row]

    @property
    def parts(self) -> list[str]:
        """The parts of the homework, in its order."""
        return list(self.all[0].parts) if self.all else []


def student(group: Group) -> Column:
    """Names; below them what the figures of the other columns are."""
    names = [Text(display.line(row.student, chars=60)) for row in group.shown]
    for name in names:
        name.truncate(_STUDENT, overflow="ellipsis")
    return Column(["student", ""], names, ["mean", "all points"])


def look(group: Group) -> Column:
    """Who needs a look."""
    return Column(["", "!"], [Text(row.look, style=STYLES[row.look or "·"]) for row in group.shown])


def part(group: Group, name: str) -> Column:
    """A part's symbol and points; below them the mean of those who were judged, and how many of them have all points."""
    results = [row.parts[name] for row in group.all]
    possible = max((result.possible for result in results), default=0.0)
    head = [display.line(name, chars=8), f"/{display.number(possible)}" if possible else ""]
    return Column(head, [_part_cell(row.parts[name]) for row in group.shown], _part_foot(results))


def _part_foot(results: Sequence[PartResult]) -> list[str]:
    judged = [result for result in results if result.symbol in "✓◐✗"]
    if not judged:
        return ["", ""]
    mean = sum(result.earned for result in judged) / len(judged)
    return [f"{mean:.1f}", f"{sum(result.symbol == '✓' for result in judged) / len(judged):.0%}"]


def _part_cell(result: PartResult) -> Text:
    points = f" {display.number(result.earned)}" if result.possible else ""
    return Text(f"{result.symbol}{points}", style=STYLES[result.symbol])


def symbols(group: Group) -> Column:
    """All parts in one column, a symbol each, their names above them from top to bottom."""
    names = [display.line(name, chars=_NAME_LINES).rjust(1) for name in group.parts]
    deep = max((len(name) for name in names), default=1)
    head = ["".join(name.ljust(deep)[line] for name in names) for line in range(deep)]
    cells = [Text.assemble(*((one.symbol, STYLES[one.symbol]) for one in row.parts.values())) for row in group.shown]
    return Column(head, cells)


def cells_of(group: Group, part: str) -> list[Column]:
    """A column for every graded cell of a part, under its name without the part's."""
    first: dict[str, Mark] = {}
    for row in group.all:
        for mark in row.card.of_part(part):
            first.setdefault(mark.grade_id, mark)
    columns = []
    for grade_id, mark in first.items():
        found = [_mark(row.card, grade_id) for row in group.shown]
        points = [one.points for row in group.all if (one := _mark(row.card, grade_id)) and one.points is not None]
        mean = f"{sum(points) / len(points):.1f}" if points else ""
        words = display.line(grade_id.removeprefix(f"{part}_"), chars=40).replace("_", " ")
        head = [*wrap(words, _CELL_NAME)[:_NAME_LINES], f"/{display.number(mark.max_points)}"]
        columns.append(Column(head, [_mark_cell(one) for one in found], [mean, ""]))
    return columns


def cell_symbols(group: Group, part: str) -> Column:
    """The cells of a part in one column, a symbol each."""
    names = list(dict.fromkeys(mark.grade_id for row in group.all for mark in row.card.of_part(part)))
    cells = []
    for row in group.shown:
        symbols = [_mark_cell(_mark(row.card, name)) for name in names]
        cells.append(Text.assemble(*((one.plain[:1], one.style) for one in symbols)))
    return Column([part, ""], cells)


def _mark(card: Scorecard, grade_id: str) -> Mark | None:
    return next((mark for mark in card.marks if mark.grade_id == grade_id), None)


def _mark_cell(mark: Mark | None) -> Text:
    if mark is None:
        return Text("·", style=STYLES["·"])
    symbol = SYMBOLS[mark.verdict]
    return Text(symbol if mark.points is None else f"{symbol} {display.number(mark.points)}", style=STYLES[symbol])


def total(group: Group, name: str) -> Column:
    """Points that tests gave; who has not been judged is not in the mean."""
    bonus = name == "bonus"
    judged = [row.totals for row in group.all if not row.totals.unjudged]
    earned = [total.bonus if bonus else total.earned for total in judged]
    possible = max((row.totals.bonus_possible if bonus else row.totals.possible for row in group.all), default=0.0)
    cells = [Text(display.number(row.totals.bonus)) if bonus else _auto_cell(row) for row in group.shown]
    foot = [f"{sum(earned) / len(earned):.1f}" if earned else "", ""]
    return Column([name, f"/{display.number(possible)}"], cells, foot, right=True)


def _auto_cell(row: Row) -> Text:
    strange = row.totals.unjudged
    return Text(display.number(row.totals.earned) + ("?" if strange else ""), style=STYLES["?"] if strange else "bold")


def hand(group: Group) -> list[Column]:
    """What people gave; the mean is over those whose answers have all been read. No column before somebody has read something."""
    if not any(row.totals.read for row in group.all):
        return []
    done = [row.totals.given for row in group.all if not row.totals.waiting]
    possible = max(row.totals.by_hand_possible for row in group.all)
    cells = [Text(display.number(row.totals.given) if row.totals.given_possible else "") for row in group.shown]
    foot = [f"{sum(done) / len(done):.1f}" if done else "", ""]
    return [Column(["hand", f"/{display.number(possible)}"], cells, foot, right=True)]


def late(group: Group) -> list[Column]:
    """How late, and what part of the points counts; no column where everybody was on time."""
    if not any(row.late for row in group.all):
        return []
    return [Column(["late", ""], [Text(row.late, style=STYLES["?"]) for row in group.shown])]


def waiting(group: Group) -> Column:
    """Points that wait for a person who reads."""
    cells = [Text(display.number(row.totals.waiting), style=STYLES["✎"]) for row in group.shown]
    return Column(["✎", ""], cells, right=True)
