"""What people decided, read from nbgrader's tables: three statements for a class, however large it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbgrader import api
from sqlalchemy import select

from grading.marks import Mark, Scorecard, Verdict

Cell = tuple[str, str]  # notebook, grade id


@dataclass(frozen=True)
class Decided:
    """What one person gave one answer.

    Attributes:
        points: given by hand; None where nobody gave any.
        extra: credit on top, as nbgrader adds it.
        again: the work has changed since.
        comment: for the student.
    """

    points: float | None = None
    extra: float = 0.0
    again: bool = False
    comment: str = ""


def decided(session: Any, assignment: str) -> dict[str, dict[Cell, Decided]]:
    """For every student whom the gradebook knows in this assignment, what people decided; no cell that nobody looked at."""
    known: dict[str, dict[Cell, Decided]] = {student: {} for (student,) in session.execute(_students(assignment))}
    comments: defaultdict[str, dict[Cell, str]] = defaultdict(dict)
    for student, notebook, cell, comment in session.execute(cells_of(assignment, api.Comment, api.Comment.manual_comment)):
        if comment:
            comments[student][notebook, cell] = comment
            known[student][notebook, cell] = Decided(comment=comment)
    columns = api.Grade.manual_score, api.Grade.extra_credit, api.Grade.needs_manual_grade
    for student, notebook, cell, points, extra, again in session.execute(cells_of(assignment, api.Grade, *columns)):
        if points is not None or extra:
            comment = comments[student].get((notebook, cell), "")
            known[student][notebook, cell] = Decided(points, float(extra or 0), bool(again), comment)
    return known


def _students(assignment: str) -> Any:
    return (
        select(api.SubmittedAssignment.student_id).join(api.SubmittedAssignment.assignment).where(api.Assignment.name == assignment)
    )


def cells_of(assignment: str, table: Any, *columns: Any) -> Any:
    """Student, notebook and cell beside some columns of what belongs to a cell."""
    return (
        select(api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name, *columns)
        .select_from(table)
        .join(table.cell)
        .join(table.notebook)
        .join(api.SubmittedNotebook.notebook)
        .join(api.SubmittedNotebook.assignment)
        .join(api.SubmittedAssignment.assignment)
        .where(api.Assignment.name == assignment)
    )


def with_decisions(card: Scorecard, found: Mapping[Cell, Decided]) -> Iterator[Mark]:
    """A card's marks with what people decided about them."""
    for mark in card.marks:
        given = found.get((mark.notebook, mark.grade_id), Decided())
        if given.comment:
            mark = replace(mark, comment=given.comment)
        if given.points is not None:
            mark = _graded_by_hand(mark, float(given.points) + given.extra, again=given.again)
        elif given.extra and mark.points is not None:
            reason = f"{given.extra:g} points of extra credit; {mark.reason}".rstrip("; ")
            mark = replace(mark, points=mark.points + given.extra, reason=reason)
        yield mark


def _graded_by_hand(mark: Mark, points: float, *, again: bool) -> Mark:
    if again:
        reason = f"{points:g} points given by a person, and the work has changed since: look once more"
        verdict = Verdict.BY_HAND if mark.by_hand else Verdict.UNJUDGED
        return replace(mark, points=points, verdict=verdict, reason=reason, again=True)
    if mark.by_hand:
        return replace(mark, points=points, reason="graded by a person")
    verdict = Verdict.PASSED if points >= mark.max_points else Verdict.PARTIAL if points > 0 else Verdict.FAILED
    return replace(mark, points=points, verdict=verdict, reason=f"{points:g} points given by a person; {mark.reason}".rstrip("; "))
