"""What people say about an answer: notes, who else must look, what stands apart from its group, what a student asks."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from grading.mark import tables
from grading.mark.question import Question

NOTE, LEAD, SKIP, APART, REQUEST = "note", "lead", "skip", "apart", "request"
KINDS = (NOTE, LEAD, SKIP, APART, REQUEST)
ANSWERED = "answered"  # of a request, without other points; `requests` writes it


@dataclass(frozen=True)
class Cell:
    """A graded cell, whoever grades it."""

    assignment: str
    notebook: str
    cell: str


@dataclass(frozen=True)
class Remark:
    """One of them."""

    student: str
    made_by: str
    made_at: float
    kind: str
    text: str


def add(connection: Any, question: Question | Cell, student: str, made_by: str, kind: str, text: str = "") -> str:
    """Say something about an answer; returns the remark's id."""
    row = {"id": uuid4().hex, "student": student, "made_by": made_by, "made_at": time.time(), "kind": kind, "text": text}
    connection.execute(insert(tables.remarks), [{**tables.named(question), **row}])
    return str(row["id"])


def about(connection: Any, question: Question, students: Collection[str] | None = None) -> list[Remark]:
    """What was said about the answers to a question, the oldest first."""
    table = tables.remarks
    wanted: list[Any] = tables.of(table, question)
    if students is not None:
        wanted.append(table.c.student.in_(students))
    rows = connection.execute(select(table).where(*wanted).order_by(table.c.made_at)).mappings()
    names = ("student", "made_by", "made_at", "kind", "text")
    return [Remark(**{name: row[name] for name in names}) for row in rows]


def latest(found: Iterable[Remark], kind: str, *, by: str = "") -> dict[str, Remark]:
    """The last remark of a kind for each student; of one person where they are named."""
    return {remark.student: remark for remark in found if remark.kind == kind and by in ("", remark.made_by)}
