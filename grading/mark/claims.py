"""Who has which answer in front of them. A claim lasts while it is open and some minutes more; it steers, it forbids nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select

from grading.mark import tables
from grading.mark.question import Question

LASTS_S = 300  # an open page renews it every minute


def others(connection: Any, question: Question, me: str) -> dict[str, str]:
    """Students whose answers somebody else has, and who."""
    table = tables.claims
    rows = connection.execute(
        select(table.c.student, table.c.made_by).where(
            *tables.of(table, question), table.c.made_by != me, table.c.until > time.time()
        )
    )
    return {str(student): str(who) for student, who in rows}


def everybody(connection: Any, assignment: str) -> dict[tuple[str, str], list[str]]:
    """Who reads what now, by notebook and cell."""
    table = tables.claims
    rows = connection.execute(
        select(table.c.notebook, table.c.cell, table.c.made_by)
        .where(table.c.assignment == assignment, table.c.until > time.time())
        .distinct()
    )
    found: dict[tuple[str, str], list[str]] = {}
    for notebook, cell, who in rows:
        found.setdefault((notebook, cell), []).append(who)
    return found


def claim(connection: Any, question: Question, students: Iterable[str], me: str) -> None:
    """Take answers that nobody else has, or renew it; the caller has looked, in the same transaction."""
    table, students = tables.claims, list(students)
    connection.execute(delete(table).where(*tables.of(table, question), table.c.student.in_(students)))
    until = time.time() + LASTS_S
    rows = [{**tables.named(question), "student": student, "made_by": me, "until": until} for student in students]
    if rows:
        connection.execute(insert(table), rows)


def held(connection: Any, question: Question, me: str) -> set[str]:
    """Students whose answers a person has."""
    table = tables.claims
    return {row[0] for row in connection.execute(select(table.c.student).where(*tables.of(table, question), table.c.made_by == me))}


def release(connection: Any, question: Question, students: Iterable[str], me: str) -> None:
    """Give answers back."""
    table = tables.claims
    mine = table.c.student.in_(list(students)), table.c.made_by == me
    connection.execute(delete(table).where(*tables.of(table, question), *mine))
