"""What people decided, read from nbgrader's tables: three statements for a class, however large it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from grading.gradebook import tables
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


def decided(connection: Any, assignment: str) -> dict[str, dict[Cell, Decided]]:
    """For every student whom the gradebook knows in this assignment, what people decided; no cell that nobody looked at."""
    known: dict[str, dict[Cell, Decided]] = {student: {} for (student,) in connection.execute(_students(assignment))}
    comments: defaultdict[str, dict[Cell, str]] = defaultdict(dict)
    for student, notebook, cell, comment in connection.execute(
        cells_of(assignment, tables.comment, tables.comment.c.manual_comment)
    ):
        if comment:
            comments[student][notebook, cell] = comment
            known[student][notebook, cell] = Decided(comment=comment)
    grade = tables.grade
    columns = grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade
    for student, notebook, cell, points, extra, again in connection.execute(cells_of(assignment, grade, *columns)):
        if points is not None or extra:
            comment = comments[student].get((notebook, cell), "")
            known[student][notebook, cell] = Decided(points, float(extra or 0), bool(again), comment)
    return known


def _students(assignment: str) -> Any:
    submission, its = tables.submission, tables.assignment
    handed_in = submission.join(its, submission.c.assignment_id == its.c.id)
    return select(submission.c.student_id).select_from(handed_in).where(its.c.name == assignment)


def cells_of(assignment: str, table: Any, *columns: Any) -> Any:
    """Student, notebook and cell beside some columns of what belongs to a cell."""
    return (
        select(tables.submission.c.student_id, tables.notebook.c.name, tables.cell.c.name, *columns)
        .select_from(tables.of_students(table))
        .where(tables.assignment.c.name == assignment)
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
