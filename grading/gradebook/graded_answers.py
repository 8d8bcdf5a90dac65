"""Which answers the grades of the gradebook are about: a table of ours beside nbgrader's, which keeps no answers.

Without it nobody would notice that an answer has changed which a person has graded.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def keep(session: Any, assignment: str, cards: Sequence[Scorecard]) -> None:
    """The answers that these cards are about, in place of those before; the caller commits them with the scores."""
    names, notebooks = [card.student for card in cards], {mark.notebook for card in cards for mark in card.marks}
    theirs = table.c.student.in_(names), table.c.notebook.in_(notebooks)
    session.execute(delete(table).where(table.c.assignment == assignment, *theirs))
    rows = [
        dict(zip((*_KEY, "answer"), (assignment, card.student, mark.notebook, mark.grade_id, mark.answer), strict=True))
        for card in cards
        for mark in card.marks
    ]
    if rows:
        session.execute(insert(table), rows)
