"""The table of a notebook's parts: what is done, open, not right yet, written; and what is missing before it is handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from hw_lib.notebook.file import Cell, Page
from hw_lib.notebook.session import Session


class State(Enum):
    """How far a graded cell is; the value is what the table says."""

    DONE = "✓ done"
    PARTLY = "✓ partly"
    WRONG = "✗ not yet right"
    OPEN = "· open"
    AGAIN = "· run its test again"
    NOT_RUN = "· test not run yet"
    WRITTEN = "✓ written"
    BELOW = "✎ in cells below it"


@dataclass(frozen=True)
class Row:
    """One graded cell.

    Attributes:
        earned: points of a test that passed; None where a person gives them.
        bonus: whether its points count on top.
    """

    cell: Cell
    state: State
    earned: float | None
    problem: str = ""
    bonus: bool = False


def rows(page: Page, session: Session) -> list[Row]:
    """Every graded cell of the notebook, in order."""
    bonus = {f"({part})" if len(part) == 1 else part for part in page.optional}
    return [replace(_row(cell, page, session), bonus=cell.part in bonus) for cell in page.cells if cell.graded]


def text(found: list[Row]) -> str:
    """The table, its sums, and what they mean."""
    if not found:
        return "The notebook's file is not here, so there is no table. The ticks below the test cells count all the same."
    wide = min(20, max(6, *(len(row.cell.part) for row in found)))
    lines = [f"{'part':{wide}} {'what':44} {'state':22} points"]
    for row in found:
        points = "read by a person" if row.earned is None else f"{row.earned:g} of {row.cell.points:g}"
        bonus = ", a bonus" if row.bonus else ""
        lines.append(f"{_cut(row.cell.part, wide):{wide}} {_cut(row.cell.title, 44):44} {row.state.value:22} {points}{bonus}")
    return "\n".join([*lines, "", *_sums(found)])


def _sums(found: list[Row]) -> list[str]:
    by_hand = sum(row.cell.points for row in found if row.earned is None)
    tested = [row for row in found if row.earned is not None]
    have, of = sum(row.earned or 0 for row in tested if not row.bonus), sum(row.cell.points for row in tested if not row.bonus)
    extra = sum(row.earned or 0 for row in tested if row.bonus)
    on_top = f", and {extra:g} on top" if extra else ""
    lines = [f"so far   {have:g} of {of:g} points by tests{on_top}; more is checked after you hand in"]
    return [*lines, f"         {by_hand:g} points for written answers, which a person reads"] if by_hand else lines


def missing(found: list[Row]) -> list[str]:
    """What is not done, a line each."""
    said = {
        State.WRONG: "the test does not pass yet",
        State.OPEN: "not answered",
        State.AGAIN: "the answer ran after its test: run the test again",
        State.NOT_RUN: "its test has not run since the kernel started",
    }
    return [
        f"{row.cell.part} {row.cell.title}: {said[row.state]}{f' ({row.problem})' if row.problem else ''}"
        for row in found
        if row.state in said and not (row.bonus and row.state is State.OPEN)
    ]


def _row(cell: Cell, page: Page, session: Session) -> Row:
    if cell.task:
        return Row(cell, State.BELOW, None)
    if cell.answer:
        return Row(cell, State.OPEN if cell.is_open else State.WRITTEN, None)
    place = session.last(cell)
    if place is None:
        return Row(cell, State.OPEN if _has_open_answer(cell, page) else State.NOT_RUN, 0.0)
    run = session.runs[place]
    if run.earned is None:
        return Row(cell, State.OPEN if _has_open_answer(cell, page) else State.WRONG, 0.0, run.problem)
    if session.outdated(page, cell):
        return Row(cell, State.AGAIN, 0.0)
    return Row(cell, State.DONE if run.earned >= cell.points else State.PARTLY, run.earned)


def _has_open_answer(test: Cell, page: Page) -> bool:
    """Whether the answer that stands last above a test is still open."""
    above = [cell for cell in page.cells[: page.cells.index(test)] if cell.code and cell.answer]
    return bool(above) and above[-1].is_open


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
