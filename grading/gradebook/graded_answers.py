"""Which answers the grades of the gradebook are about: a table of ours beside nbgrader's, which keeps no answers.

Without it nobody would notice that an answer has changed which a person has graded.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData, String, Table, delete, insert, select

from grading.marks import Scorecard

_KEY = ("assignment", "student", "notebook", "cell")
table = Table(
    "hw_lib_answers",
    MetaData(),
    *(Column(name, String(128), primary_key=True) for name in _KEY),
    Column("answer", String(4096), nullable=False),
)


def create(engine: Any) -> None:
    """Make the table where it is not there yet."""
    table.create(engine, checkfirst=True)


def of_all(assignment: str) -> Any:
    """The statement for everybody's answers: student, notebook, cell, answer."""
    return select(table.c.student, table.c.notebook, table.c.cell, table.c.answer).where(table.c.assignment == assignment)


def before(session: Any, card: Scorecard, notebook: str) -> dict[str, str]:
    """The answers that were there when this notebook was last written, by cell."""
    rows = session.execute(select(table.c.cell, table.c.answer).where(*_of(card, notebook)))
    return {str(cell): str(answer) for cell, answer in rows}


def keep(session: Any, card: Scorecard, notebook: str) -> None:
    """The answers that this card is about; the caller commits them with the scores."""
    session.execute(delete(table).where(*_of(card, notebook)))
    rows = [
        dict(zip((*_KEY, "answer"), (card.assignment, card.student, notebook, mark.grade_id, mark.answer), strict=True))
        for mark in card.marks
        if mark.notebook == notebook
    ]
    if rows:
        session.execute(insert(table), rows)


def _of(card: Scorecard, notebook: str) -> list[Any]:
    wanted = (card.assignment, card.student, notebook)
    return [table.c[name] == value for name, value in zip(_KEY[:3], wanted, strict=True)]
