"""Second readings: a share of the answers is read by two people, the second of whom sees nothing of the first."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from grading.mark import decisions, tables
from grading.mark.items import Rubric
from grading.mark.question import Question
from grading.mark.state import Choice, State


@dataclass(frozen=True)
class Pair:
    """One answer that two people read, and the points that each gave."""

    student: str
    first_by: str
    second_by: str
    first: float
    second: float


def wanted(connection: Any, question: Question, students: Iterable[str], me: str, key: str, share: float) -> set[str]:
    """Which of some answers a person should read as the second one."""
    drawn = {student for student in students if _drawn(question.path, student, key, share)} if share else set()
    drawn -= {*_readers(connection, question)} if drawn else set()
    found = decisions.states(connection, question, drawn) if drawn else {}
    return {student for student, state in found.items() if _read_by_another(state, me)}


def asked(connection: Any, question: Question, state: State, me: str, key: str, share: float) -> bool:
    """Whether a person who opens an answer reads it as the second one; what they saved so can still be changed by them."""
    student = state.grade.student
    if not (_read_by_another(state, me) and _drawn(question.path, student, key, share)):
        return False
    return _readers(connection, question).get(student, me) == me


def mine(connection: Any, question: Question, student: str, me: str) -> Choice | None:
    """What a person chose in their second reading."""
    table = tables.second
    row = connection.execute(
        select(table.c["items"], table.c.points).where(
            *tables.of(table, question), table.c.student == student, table.c.made_by == me
        )
    ).first()
    return Choice(tuple(json.loads(row[0]))) if row is not None else None


def save(connection: Any, question: Question, rubric: Rubric, state: State, choice: Choice, me: str) -> float:
    """Keep a second reading; the student's points stay as they are. Returns what it would have given.

    Raises:
        DecisionError: more points than the answer is worth.
    """
    points, table, student = decisions.points_of(rubric, choice), tables.second, state.grade.student
    connection.execute(delete(table).where(*tables.of(table, question), table.c.student == student))
    row = {**tables.named(question), "student": student, "made_by": me, "made_at": time.time(), "answer": state.grade.answer}
    connection.execute(insert(table), [{**row, "items": json.dumps(choice.items), "points": points}])
    return points


def pairs(connection: Any, question: Question, found: Mapping[str, State]) -> list[Pair]:
    """Every answer that two people read, as it is now, with the points that each gave."""
    table = tables.second
    rows = connection.execute(select(table).where(*tables.of(table, question))).mappings()
    return [
        Pair(row["student"], state.decision.made_by, row["made_by"], state.grade.given, row["points"])
        for row in rows
        if (state := found.get(row["student"])) is not None
        and state.decision is not None
        and state.grade.given is not None
        and row["answer"] == state.grade.answer
    ]


def _read_by_another(state: State, me: str) -> bool:
    last = state.decision
    return last is not None and last.kind in ("read", "rescored") and last.made_by != me and state.done and not state.adjusted


@functools.lru_cache(maxsize=200_000)
def _drawn(path: str, student: str, key: str, share: float) -> bool:
    """Whether an answer is in the share: the course's secret draws it, so nobody knows which ones are."""
    said = f"second\n{path}\n{student}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hmac.new(key.encode(), said, hashlib.sha256).digest()[:8], "big") < share * 2**64


def _readers(connection: Any, question: Question) -> dict[str, str]:
    table = tables.second
    return {
        str(row[0]): str(row[1])
        for row in connection.execute(select(table.c.student, table.c.made_by).where(*tables.of(table, question)))
    }
