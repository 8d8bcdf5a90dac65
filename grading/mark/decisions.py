"""What people decided: read, and saved together with nbgrader's points and comment in one transaction, or not at all.

Whoever saves says what they saw. If something else stands there by then, nothing is written and both are shown.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, func, insert, select

from grading import gradebook
from grading.mark import tables
from grading.mark.items import CLOSE, Rubric
from grading.mark.question import Question
from grading.mark.state import Choice, Decision, State
from grading.records import GradingError


class DecisionError(GradingError):
    """A decision that cannot stand."""


class OvertakenError(DecisionError):
    """Something else stands there than what the person saw who decided; nothing was written."""


def states(connection: Any, question: Question, students: Collection[str] | None = None) -> dict[str, State]:
    """Where the answers to a question stand, by student; of some students where they are named."""
    grades = gradebook.hand_grades(connection, question.assignment, question.notebook, question.cell, students)
    last = _last(connection, question, students)
    return {student: State(grade, last.get(student)) for student, grade in grades.items()}


def history(connection: Any, question: Question, student: str) -> list[Decision]:
    """Everything that was decided about an answer, the newest first."""
    table = tables.decisions
    rows = connection.execute(
        select(*_COLUMNS).where(*tables.of(table, question), table.c.student == student).order_by(table.c.version.desc())
    )
    return [_decision(row[1:]) for row in rows]


def save(
    connection: Any,
    question: Question,
    rubric: Rubric,
    found: Mapping[str, State],
    choice: Choice,
    made_by: str,
    texts: Mapping[str, str] | None = None,
) -> float:
    """One decision for one answer, or for a group of answers that say the same.

    Args:
        connection: the transaction in which `found` was read.
        question: what was asked.
        rubric: as it is now.
        found: the answers, by student.
        choice: what the person chose.
        made_by: who.
        texts: what was read, by student.

    Returns:
        The points.

    Raises:
        DecisionError: more points than the answer is worth, fewer than none, or items that the rubric does not have.
    """
    points = points_of(rubric, choice)
    _add(connection, question, {student: (state, choice, points) for student, state in found.items()}, made_by, "read", texts or {})
    gradebook.give(connection, [state.grade for state in found.values()], points, choice.comment)
    return points


def reopen(connection: Any, question: Question, student: str, state: State, why: str, made_by: str) -> None:
    """Ask for an answer again; its points stay until somebody decides."""
    kept = {student: (state, state.choice, state.grade.given or 0.0)}
    _add(connection, question, kept, made_by, "reopened", {}, reason=why)
    gradebook.ask(connection, state.grade)


def rescore(connection: Any, question: Question, rubric: Rubric, made_by: str) -> int:
    """Other points for every answer that was decided by items, after the rubric changed. Returns how many.

    Points that were adjusted by hand keep what was added or taken off; points typed in the formgrader stay.

    Raises:
        DecisionError: an answer would have more points than it is worth.
    """
    changed: dict[str, tuple[State, Choice, float]] = {}
    known = {item.name for item in rubric.items}
    for student, state in states(connection, question).items():
        if state.decision is None or state.adjusted or state.grade.given is None:
            continue
        kept = state.choice
        choice = Choice(tuple(name for name in kept.items if name in known), kept.adjust, kept.reason, kept.comment)
        points = points_of(rubric, choice, many=True)
        if choice.items != kept.items or abs(points - state.grade.given) > CLOSE:
            changed[student] = state, choice, points
    if changed:
        _add(connection, question, changed, made_by, "rescored", {})
        gradebook.rescore(connection, [(state.grade, points) for state, _, points in changed.values()])
    return len(changed)


def comments(connection: Any, question: Question, most: int = 30) -> list[tuple[str, int]]:
    """The comments that were written for a question and for how many answers, the most used first."""
    table = tables.decisions
    used = func.count(table.c.student.distinct()).label("used")
    wanted = [*tables.of(table, question), table.c.comment != ""]
    rows = connection.execute(select(table.c.comment, used).where(*wanted).group_by(table.c.comment))
    return sorted(((str(said), int(count)) for said, count in rows), key=lambda one: (-one[1], one[0]))[:most]


def points_of(rubric: Rubric, choice: Choice, *, many: bool = False) -> float:
    """What a choice gives.

    Raises:
        DecisionError: items that the rubric does not have, more points than the answer is worth, or fewer than none.
    """
    unknown = sorted({*choice.items} - {item.name for item in rubric.items})
    if unknown:
        raise DecisionError(
            "the rubric does not have these items",
            expected=", ".join(item.name for item in rubric.items),
            got=", ".join(unknown)[:200],
            fix="load the page again: the rubric has changed",
        )
    points = round(rubric.points(choice.items, choice.adjust), 9)
    if not -CLOSE <= points <= rubric.max_points + CLOSE:
        whose = "an answer that somebody adjusted by hand" if many else "the answer"
        raise DecisionError(
            f"{whose} would have {points:g} points",
            expected=f"0 to {rubric.max_points:g}, what it is worth",
            got=f"{points - choice.adjust:g} from the items and {choice.adjust:+g} by hand",
            fix="change the items or the points by hand; what goes beyond is extra credit, which the formgrader has",
        )
    return points


def _add(
    connection: Any,
    question: Question,
    chosen: Mapping[str, tuple[State, Choice, float]],
    made_by: str,
    kind: str,
    texts: Mapping[str, str],
    reason: str | None = None,
) -> None:
    batch, now = uuid4().hex, time.time()
    rows = []
    for student, (state, choice, points) in chosen.items():
        before = state.decision
        rows.append(
            {
                **tables.named(question),
                "student": student,
                "version": 1 + (before.version if before else 0),
                "made_by": before.made_by if before and kind == "rescored" else made_by,  # the rubric's table says who changed it
                "made_at": now,
                "items": json.dumps(choice.items),
                "adjust": choice.adjust,
                "reason": choice.reason if reason is None else reason,
                "comment": choice.comment,
                "points": points,
                "answer": state.grade.answer,
                "text": "" if before and before.answer == state.grade.answer else texts.get(student, ""),  # once for every text
                "batch": before.batch if before and kind == "rescored" else batch,
                "kind": kind,
            }
        )
    connection.execute(insert(tables.decisions), rows)


def _last(connection: Any, question: Question, students: Collection[str] | None) -> dict[str, Decision]:
    table = tables.decisions
    wanted: list[Any] = tables.of(table, question)
    if students is not None:
        wanted.append(table.c.student.in_(students))
    newest = select(table.c.student, func.max(table.c.version).label("version")).where(*wanted).group_by(table.c.student).subquery()
    rows = connection.execute(
        select(*_COLUMNS)
        .select_from(table)
        .join(newest, and_(table.c.student == newest.c.student, table.c.version == newest.c.version))
        .where(*tables.of(table, question))
    )
    return {row[0]: _decision(row[1:]) for row in rows}


_COLUMNS = [
    tables.decisions.c[name]
    for name in (
        *("student", "items", "adjust", "reason", "comment"),
        *("version", "made_by", "made_at", "points", "answer", "text", "batch", "kind"),
    )
]


def _decision(row: Sequence[Any]) -> Decision:
    chosen, adjust, reason, comment, version, made_by, made_at, *rest = row
    return Decision(version, made_by, made_at, Choice(tuple(json.loads(chosen)), adjust, reason, comment), *rest)
