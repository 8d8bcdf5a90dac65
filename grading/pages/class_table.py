"""The class on one screen: one row per student, as many columns as the screen has room for, and a line that says what is left out.

A number is never cut. Without enough room the points of each part go first and leave their symbols, then the bonus, then the
symbols; who needs a look, the total, what waits and the first thing to know are what a TA came for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from grading import display
from grading.course import AbsentError, CourseError, unknown
from grading.marks import Scorecard
from grading.pages import class_columns as columns
from grading.pages.class_columns import Column, Group
from grading.pages.report import LEGEND, STYLES, Row, rows
from grading.settings import Assignment

SORTS = ("look", "name", "points", "waiting")
_LOOKS = ("?", "⚑", "")  # in this order
_REASON = 24  # columns that make a reason worth its place
_NARROW_REASON = 12


@dataclass(frozen=True)
class View:
    """What of the class to show.

    Attributes:
        sort: one of `SORTS`, or a part: the fewest points first.
        needs_look: only students whom a person should look at.
        part: every cell of this part instead of all parts.
    """

    sort: str = "look"
    needs_look: bool = False
    part: str = ""


@dataclass(frozen=True)
class _Layout:
    """The columns that were chosen; the reason takes what they leave."""

    columns: list[Column]
    left_out: tuple[str, ...] = ()
    reason: int = _REASON  # 0 for none

    @property
    def width(self) -> int:
        """With a blank between two columns."""
        return sum(column.width + 1 for column in self.columns) + self.reason - (not self.reason)


def class_table(cards: Iterable[Scorecard], assignment: Assignment, width: int, view: View | None = None) -> Table:
    """The class: one row per student, a footer with the means and the share of those who have all points, a legend.

    Args:
        cards: the class.
        assignment: its name and title.
        width: of the screen, in characters.
        view: order and choice; those who need a look stand first by default.

    Returns:
        A table for rich to print that is no wider than `width`.

    Raises:
        CourseError: `view` names a part or an order that there is not.
    """
    view, every = view or View(), rows(cards)
    _refuse_unknown(view, list(every[0].parts) if every else [])
    shown = [row for row in every if row.look or not view.needs_look]
    group = Group(sorted(shown, key=_key(view.sort)), every)
    layout = _chosen(_layouts(group, view.part), width)
    return _drawn(layout, group, assignment, width, view)


def _refuse_unknown(view: View, parts: Sequence[str]) -> None:
    if view.part and view.part not in parts:
        raise AbsentError(unknown("part", view.part, parts))
    if view.sort not in (*SORTS, *parts):
        raise CourseError(unknown("order", view.sort, (*SORTS, *parts)))


def _key(sort: str) -> Callable[[Row], tuple[float, str]]:
    """Rows are sorted by name where this does not tell them apart."""
    orders: dict[str, Callable[[Row], float]] = {
        "look": lambda row: _LOOKS.index(row.look),
        "name": lambda row: 0.0,
        "points": lambda row: row.totals.earned + row.totals.bonus + row.totals.given,
        "waiting": lambda row: -row.totals.waiting,
    }
    first = orders.get(sort) or (lambda row: row.parts[sort].earned)
    return lambda row: (first(row), row.student)


# ---- which columns ----


def _layouts(group: Group, part: str) -> list[_Layout]:
    """Everything first, then with less and less."""
    student, look, auto, bonus = (
        columns.student(group),
        columns.look(group),
        columns.total(group, "auto"),
        columns.total(group, "bonus"),
    )
    people = [*columns.hand(group), *columns.late(group), columns.waiting(group)]
    if part:
        cells = columns.cells_of(group, part)
        return [
            _Layout([student, look, *cells]),
            _Layout([student, look, *cells], reason=_NARROW_REASON),
            _Layout([student, look, columns.cell_symbols(group, part)], ("the points of each cell",), _NARROW_REASON),
        ]
    gone = "the points of each part"
    bonuses = [bonus] if any(row.totals.bonus_possible for row in group.all) else []
    without = (gone, "the bonus") if bonuses else (gone,)
    return [
        _Layout([student, look, *(columns.part(group, name) for name in group.parts), auto, *bonuses, *people]),
        _Layout([student, look, columns.symbols(group), auto, *bonuses, *people], (gone,)),
        _Layout([student, look, columns.symbols(group), auto, *people], without),
        _Layout([student, look, columns.symbols(group), auto, *people], without, _NARROW_REASON),
        _Layout([student, look, auto, *people], ("the parts", *without[1:]), _NARROW_REASON),
        _Layout([student, look, auto, people[-1]], ("the parts", *without[1:], "the first thing to know"), 0),
    ]


def _chosen(layouts: Sequence[_Layout], width: int) -> _Layout:
    return next((layout for layout in layouts if layout.width <= width), layouts[-1])


# ---- the table ----


def _drawn(layout: _Layout, group: Group, assignment: Assignment, width: int, view: View) -> Table:
    grid = Table(
        title=Text(display.line(assignment.title), style="bold"),
        title_justify="left",
        caption=Text(_caption(layout, group, assignment, width, view), style="dim"),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        show_footer=bool(group.all),
        padding=0,
        pad_edge=False,
        expand=bool(layout.reason),
    )
    deep = max(len(column.head) for column in layout.columns)
    for column in layout.columns:
        head = "\n".join([*column.head, *[""] * (deep - len(column.head))])
        justify = "right" if column.right else "left"
        grid.add_column(Text(head), Text("\n".join(column.foot)), no_wrap=True, justify=justify, min_width=column.width)  # type: ignore[arg-type]
    if layout.reason:
        room = max(width - layout.width + layout.reason, 1)
        grid.add_column("first thing to know" + "\n" * (deep - 1), no_wrap=True, overflow="ellipsis", max_width=room)
    for index, row in enumerate(group.shown):
        told = [Text(_reason(row, view), style=STYLES["?"] if row.totals.unjudged else "")] if layout.reason else []
        grid.add_row(*(column.cells[index] for column in layout.columns), *told)
    return grid


def _reason(row: Row, view: View) -> str:
    """The first thing to know; of one part only what cost points there."""
    if not view.part:
        return row.reason
    return next((display.line(mark.reason) for mark in row.card.of_part(view.part) if mark.reason), "")


def _caption(layout: _Layout, group: Group, assignment: Assignment, width: int, view: View) -> str:
    """The class in a sentence, what is not shown and how to see it, what the symbols mean."""
    if not group.all:
        return "No student yet."
    shown = f"{len(group.shown)} of {_students(group.all)} need a look and are shown. " if view.needs_look else ""
    return "\n".join(filter(None, [shown + _summary(group.all), _left_out(layout, assignment, width), LEGEND]))


def _left_out(layout: _Layout, assignment: Assignment, width: int) -> str:
    """What the screen has no room for, and where it is."""
    if not layout.left_out:
        return ""
    hw = f"{display.program()} report {assignment.name}"
    what = display.listed(layout.left_out)
    return (
        f"Left out at {width} columns: {what}. {hw} --part NAME shows one part, --student NAME one student; COLUMNS=160 {hw} more."
    )


def _summary(lines: Sequence[Row]) -> str:
    people = sum(row.totals.unjudged > 0 for row in lines)
    needs = f"{people} {'needs' if people == 1 else 'need'} a person (left out of the means)" if people else "all judged"
    waiting = display.number(sum(row.totals.waiting for row in lines))
    given, possible = (display.number(sum(getattr(row.totals, name) for row in lines)) for name in ("given", "given_possible"))
    read = f"{given} of {possible} points given by hand, " if any(row.totals.read for row in lines) else ""
    return f"{_students(lines)}, {needs}. ✎ {read}{waiting} points wait for a reader."


def _students(lines: Sequence[Row]) -> str:
    return "1 student" if len(lines) == 1 else f"{len(lines)} students"
