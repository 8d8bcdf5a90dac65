"""What people decided: read, and saved together with nbgrader's points and comment in one transaction, or not at all.

Whoever saves says what they saw. If something else stands there by then, nothing is written and both are shown.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, func, insert, select

from grading import gradebook
from grading.mark import tables
from grading.mark.items import CLOSE, Rubric
from grading.mark.question import Question
from grading.marks import HandGrade
from grading.records import GradingError


class DecisionError(GradingError):
    """A decision that cannot stand."""


class OvertakenError(DecisionError):
    """Something else stands there than what the person saw who decided; nothing was written."""


@dataclass(frozen=True)
class Choice:
    """What a person chose for an answer.

    Attributes:
        items: the items that are on.
        adjust: points by hand on top of the items', or off them.
        reason: why.
        comment: for the student.
    """

    items: tuple[str, ...] = ()
    adjust: float = 0.0
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Decision:
    """A choice that was saved.

    Attributes:
        answer: a digest of what was read.
        text: the words that were read.
        batch: what the decisions of one group share.
        kind: "read", "rescored" or "reopened".
    """

    version: int
    made_by: str
    made_at: float
    choice: Choice
    points: float
    answer: str
    text: str
    batch: str
    kind: str


@dataclass(frozen=True)
class State:
    """Where one answer stands.

    Attributes:
        decision: the last one; None where nobody has decided here.
    """

    grade: HandGrade
    decision: Decision | None = None

    @property
    def waits(self) -> bool:
        """A person has to look."""
        return self.grade.asked

    @property
    def done(self) -> bool:
        """A person has decided, here or in the formgrader."""
        return self.grade.given is not None and not self.grade.asked

    @property
    def adjusted(self) -> bool:
        """Other points stand there than were given here: somebody typed them in the formgrader."""
        given = self.grade.given
        return given is not None and (self.decision is None or abs(given - self.decision.points) > CLOSE)

    @property
    def choice(self) -> Choice:
        """What is chosen now: what was decided here, as far as the formgrader has not overtaken it, or nothing."""
        if self.decision is None or self.adjusted:
            before = Choice() if self.decision is None else self.decision.choice
            reason = "typed in the formgrader" if self.grade.given is not None else ""
            return Choice((), self.grade.given or 0.0, reason, self.grade.comment or before.comment)
        chosen = self.decision.choice
        return Choice(chosen.items, chosen.adjust, chosen.reason, self.grade.comment)


def states(connection: Any, question: Question, students: Collection[str] | None = None) -> dict[str, State]:
    """Where the answers to a question stand, by student; of some students where they are named."""
    grades = gradebook.hand_grades(connection, question.assignment, question.notebook, question.cell, students)
    last = _last(connection, question, students)
    return {student: State(grade, last.get(student)) for student, grade in grades.items()}


def history(connection: Any, question: Question, student: str) -> list[Decision]:
    """Everything that was decided about an answer, the newest first."""
    table = tables.decisions
    rows = connection.execute(
        select(table).where(*tables.of(table, question), table.c.student == student).order_by(table.c.version.desc())
    )
    return [_decision(row) for row in rows.mappings()]


def stamp(found: Mapping[str, State]) -> str:
    """What a person sees of some answers as one word: another word means that something changed."""
    seen = [
        [
            student,
            state.decision.version if state.decision else 0,
            state.grade.given,
            state.grade.extra,
            state.grade.asked,
            state.grade.comment,
            state.grade.answer,
        ]
        for student, state in sorted(found.items())
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:20]


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
    points = _points(rubric, choice)
    _add(connection, question, {student: (state, choice, points) for student, state in found.items()}, made_by, "read", texts or {})
    gradebook.give(connection, [state.grade for state in found.values()], points, choice.comment)
    return points


def reopen(connection: Any, question: Question, student: str, state: State, why: str, made_by: str) -> None:
    """Ask for an answer again; its points stay until somebody decides."""
    kept = {student: (state, state.choice, state.grade.given or 0.0)}
    before = {student: state.decision.text if state.decision else ""}
    _add(connection, question, kept, made_by, "reopened", before, reason=why)
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
        points = _points(rubric, choice, student_count=True)
        if choice.items != kept.items or abs(points - state.grade.given) > CLOSE:
            changed[student] = state, choice, points
    if changed:
        before = {student: state.decision.text for student, (state, _, _) in changed.items() if state.decision}
        _add(connection, question, changed, made_by, "rescored", before)
        gradebook.rescore(connection, [(state.grade, points) for state, _, points in changed.values()])
    return len(changed)


def comments(connection: Any, question: Question, most: int = 30) -> list[tuple[str, int]]:
    """The comments that were written for a question and how often, the most used first."""
    used: dict[str, int] = {}
    for state in _last(connection, question, None).values():
        if said := state.choice.comment.strip():
            used[said] = used.get(said, 0) + 1
    return sorted(used.items(), key=lambda one: (-one[1], one[0]))[:most]


def _points(rubric: Rubric, choice: Choice, *, student_count: bool = False) -> float:
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
        whose = "an answer that was adjusted by hand" if student_count else "the answer"
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
                "made_by": made_by,
                "made_at": now,
                "items": json.dumps(choice.items),
                "adjust": choice.adjust,
                "reason": choice.reason if reason is None else reason,
                "comment": choice.comment,
                "points": points,
                "answer": state.grade.answer,
                "text": texts.get(student, ""),
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
        select(table)
        .join(newest, and_(table.c.student == newest.c.student, table.c.version == newest.c.version))
        .where(*tables.of(table, question))
    )
    return {row["student"]: _decision(row) for row in rows.mappings()}


def _decision(row: Mapping[str, Any]) -> Decision:
    choice = Choice(tuple(json.loads(row["items"])), row["adjust"], row["reason"], row["comment"])
    names = ("version", "made_by", "made_at", "points", "answer", "text", "batch", "kind")
    return Decision(choice=choice, **{name: row[name] for name in names})


def same(found: Iterable[State]) -> bool:
    """Whether answers stand at one place: all wait, or one decision was made about all."""
    found = list(found)
    fresh = all(state.decision is None and state.grade.given is None and state.waits for state in found)
    batches = {state.decision.batch if state.decision and not state.adjusted and state.done else "" for state in found}
    return fresh or (len(batches) == 1 and "" not in batches)
