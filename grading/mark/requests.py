"""What students ask to be looked at again: a row each, open until somebody decides, whoever checked the cell, a test or a person.

A request closes by itself: when somebody decides in the pages, when other points or another comment stand in the gradebook than
when it was made (the formgrader's decisions have no time of their own), or when it is answered in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, inspect, select

from grading import gradebook
from grading.mark import remarks, tables
from grading.mark.remarks import Cell
from grading.marks import HandGrade
from grading.records import GradingError


class RequestError(GradingError):
    """A request that cannot be made or answered."""


@dataclass(frozen=True)
class Request:
    """One of them.

    Attributes:
        made_by: who wrote it down.
        decided_by: who closed it; empty while it is open.
        decided_at: seconds since 1970; None where nobody knows.
        decision: what was decided, in words.
    """

    cell: Cell
    student: str
    text: str
    made_by: str
    made_at: float
    decided_by: str = ""
    decided_at: float | None = None
    decision: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.decided_by


@dataclass(frozen=True)
class _Closed:
    by: str
    at: float | None
    what: str


def ask(url: str, cell: Cell, student: str, text: str, made_by: str) -> None:
    """Write down what a student asks.

    Raises:
        RequestError: the gradebook has no such cell of that student, or nothing is said.
    """
    if not text.strip():
        raise RequestError("nothing is asked", expected="the student's words", got="nothing", fix="--say 'why'")
    tables.create(url)
    with gradebook.changing(url) as connection:
        grade = _grade(connection, cell, student)
        made = remarks.add(connection, cell, student, made_by, remarks.REQUEST, text[:4_000])
        connection.execute(insert(tables.requests), [{"id": made, "given": grade.given, "comment": grade.comment}])


def answer(url: str, cell: Cell, student: str, text: str, made_by: str) -> None:
    """Close what a student asked about a cell without changing its points.

    Raises:
        RequestError: nothing of that student is open there.
    """
    if not [one for one in requests(url, cell.assignment) if one.is_open and (one.cell, one.student) == (cell, student)]:
        fix = f"`hw requests {cell.assignment}` lists what is open"
        raise RequestError(
            "there is nothing to answer", expected="an open request", got=f"none of {student} about {cell.cell}", fix=fix
        )
    with gradebook.changing(url) as connection:
        remarks.add(connection, cell, student, made_by, remarks.ANSWERED, text[:4_000])


def requests(url: str, assignment: str) -> list[Request]:
    """Everything that was asked in an assignment, what is open first, then the oldest first."""
    with gradebook.looking(url) as connection:
        if not inspect(connection).has_table(tables.requests.name):
            return []
        found = [_request(row, _first(_closings(connection, row))) for row in _rows(connection, assignment)]
    return sorted(found, key=lambda one: (not one.is_open, one.made_at))


def of_tests(url: str, assignments: Iterable[str], read: Collection[str]) -> list[Request]:
    """What is open about cells that no person grades; `read` has the others as "assignment/notebook/cell"."""
    found = [one for name in assignments for one in requests(url, name) if one.is_open]
    return [one for one in found if f"{one.cell.assignment}/{one.cell.notebook}/{one.cell.cell}" not in read]


def _rows(connection: Any, assignment: str) -> list[Any]:
    table, stood = tables.remarks, tables.requests
    wanted = select(table, stood.c.id.label("stood"), stood.c.given, stood.c.comment).select_from(
        table.outerjoin(stood, table.c.id == stood.c.id)
    )
    return list(connection.execute(wanted.where(table.c.assignment == assignment, table.c.kind == remarks.REQUEST)).mappings())


def _request(row: Any, closed: _Closed | None) -> Request:
    cell = Cell(row["assignment"], row["notebook"], row["cell"])
    decided = (closed.by, closed.at, closed.what) if closed else ()
    return Request(cell, row["student"], row["text"], row["made_by"], row["made_at"], *decided)


def _closings(connection: Any, row: Any) -> Iterable[_Closed]:
    """Everything that closes a request."""
    cell, student = Cell(row["assignment"], row["notebook"], row["cell"]), row["student"]
    for table, said in ((tables.decisions, None), (tables.remarks, remarks.ANSWERED)):
        wanted = [*tables.of(table, cell), table.c.student == student, table.c.made_at > row["made_at"]]
        wanted += [table.c.kind == said] if said else [table.c.kind != "reopened"]
        for one in connection.execute(select(table).where(*wanted).order_by(table.c.made_at)).mappings():
            yield _Closed(one["made_by"], one["made_at"], one["text"] if said else f"{one['points']:g} points")
    grade = gradebook.hand_grades(connection, cell.assignment, cell.notebook, cell.cell, [student]).get(student)
    if row["stood"] and grade is not None and (grade.given, grade.comment) != (row["given"], row["comment"]):
        yield _Closed("somebody in the formgrader", None, "a comment" if grade.given is None else f"{grade.given:g} points")


def _first(closed: Iterable[_Closed]) -> _Closed | None:
    """The first of them; one without a time comes last."""
    return min(closed, key=lambda one: one.at if one.at is not None else float("inf"), default=None)


def _grade(connection: Any, cell: Cell, student: str) -> HandGrade:
    found = gradebook.hand_grades(connection, cell.assignment, cell.notebook, cell.cell, [student]).get(student)
    if found is None:
        fix = f"is the name right? `hw report {cell.assignment}` lists students, --student NAME their cells"
        raise RequestError(
            "the gradebook has no such cell", expected="a graded cell of a student", got=f"{cell.cell} of {student}", fix=fix
        )
    return found
