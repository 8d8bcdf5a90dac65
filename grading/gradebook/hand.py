"""What people gave for written answers, read from and written into nbgrader's rows; the caller holds the transaction.

Whoever writes here keeps tables of their own beside nbgrader's and wants both to change together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from nbgrader import api
from sqlalchemy import and_, bindparam, case, func, insert, outerjoin, select, union_all, update

from grading import display
from grading.gradebook import graded_answers
from grading.gradebook.database import GradebookError, begun, exists
from grading.marks import HandGrade, Reading

_assignment, _notebook, _cell = api.Assignment.__table__, api.Notebook.__table__, api.BaseCell.__table__
_grade, _comment = api.Grade.__table__, api.Comment.__table__
_graded = (select(kind.__table__.c.id, kind.__table__.c.max_score) for kind in (api.GradeCell, api.TaskCell))
_asked = union_all(*_graded).subquery("asked")
_submission, _handed_in = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
_answer = graded_answers.table


@contextmanager
def changing(url: str) -> Iterator[Any]:
    """A SQLAlchemy connection in a transaction of which there is one at a time; it is committed at the end, or nothing is.

    Raises:
        GradebookError: there is no such database, or it holds no gradebook.
    """
    _refuse_none(url)
    with begun(url, write=True) as connection:
        yield connection


@contextmanager
def looking(url: str) -> Iterator[Any]:
    """The same for reading; waits for nobody.

    Raises:
        GradebookError: there is no such database, or it holds no gradebook.
    """
    _refuse_none(url)
    with begun(url, write=False) as connection:
        yield connection


def readings(connection: Any, assignment: str, cell: str = "") -> dict[tuple[str, str], Reading]:
    """How far reading has come, by notebook and cell; of cells of one name where it is given."""
    wanted = [_assignment.c.name == assignment, *([_cell.c.name == cell] if cell else [])]
    given = case((_grade.c.manual_score.is_not(None) & ~_grade.c.needs_manual_grade, 1), else_=0)
    points = case((given == 1, _grade.c.manual_score + func.coalesce(_grade.c.extra_credit, 0.0)), else_=0.0)
    again = case((_grade.c.manual_score.is_not(None) & _grade.c.needs_manual_grade, 1), else_=0)
    waits = case((_grade.c.needs_manual_grade, 1), else_=0)
    rows = connection.execute(
        select(_notebook.c.name, _cell.c.name, func.sum(waits), func.sum(again), func.sum(given), func.sum(points))
        .select_from(_grades())
        .where(*wanted)
        .group_by(_notebook.c.name, _cell.c.name)
    )
    return {(row[0], row[1]): Reading(int(row[2]), int(row[3]), int(row[4]), float(row[5])) for row in rows}


def hand_grades(
    connection: Any, assignment: str, notebook: str, cell: str, students: Collection[str] | None = None
) -> dict[str, HandGrade]:
    """What stands in the gradebook for one question, by student; `students` alone where they are named."""
    wanted = [_assignment.c.name == assignment, _notebook.c.name == notebook, _cell.c.name == cell]
    if students is not None:
        wanted.append(_submission.c.student_id.in_(students))
    solution = _cell.alias("solution")
    tables = outerjoin(
        _grades(),
        solution,
        and_(solution.c.notebook_id == _notebook.c.id, solution.c.name == cell, solution.c.type.in_(("SolutionCell", "TaskCell"))),
    )
    tables = outerjoin(tables, _comment, and_(_comment.c.notebook_id == _handed_in.c.id, _comment.c.cell_id == solution.c.id))
    answered = and_(
        _answer.c.assignment == assignment,
        _answer.c.student == _submission.c.student_id,
        _answer.c.notebook == notebook,
        _answer.c.cell == cell,
    )
    rows = connection.execute(
        select(
            _submission.c.student_id,
            _asked.c.max_score,
            _grade.c.auto_score,
            _grade.c.manual_score,
            _grade.c.extra_credit,
            _grade.c.needs_manual_grade,
            _comment.c.manual_comment,
            _answer.c.answer,
            _grade.c.id,
            _comment.c.id,
            _handed_in.c.id,
            solution.c.id,
        )
        .select_from(outerjoin(tables, _answer, answered))
        .where(*wanted)
    )
    return {
        row[0]: HandGrade(
            student=row[0],
            max_points=float(row[1]),
            automatic=row[2],
            given=row[3],
            extra=float(row[4] or 0.0),
            asked=bool(row[5]),
            comment=row[6] or "",
            answer=row[7] or "",
            rows=tuple(row[8:12]),
        )
        for row in rows
    }


def give(connection: Any, grades: Iterable[HandGrade], points: float, comment: str) -> None:
    """Points and a comment for answers that are all worth the same; whoever was asked for is no longer."""
    grades = list(grades)
    connection.execute(
        update(_grade).where(_grade.c.id == bindparam("row")).values(manual_score=points, needs_manual_grade=False),
        [{"row": grade.rows[0]} for grade in grades],
    )
    said = [grade for grade in grades if grade.comment != comment]
    if there := [grade for grade in said if grade.rows[1]]:
        connection.execute(
            update(_comment).where(_comment.c.id == bindparam("row")).values(manual_comment=comment),
            [{"row": grade.rows[1]} for grade in there],
        )
    if new := [grade for grade in said if not grade.rows[1] and grade.rows[3]]:
        made = [
            {"id": uuid4().hex, "notebook_id": grade.rows[2], "cell_id": grade.rows[3], "manual_comment": comment} for grade in new
        ]
        connection.execute(insert(_comment), made)


def rescore(connection: Any, points: Iterable[tuple[HandGrade, float]]) -> None:
    """Other points for answers that were read; what else stands there stays."""
    rows = [{"row": grade.rows[0], "points": value} for grade, value in points]
    if rows:
        statement = update(_grade).where(_grade.c.id == bindparam("row")).values(manual_score=bindparam("points"))
        connection.execute(statement, rows)


def ask(connection: Any, grade: HandGrade) -> None:
    """Somebody has to look at an answer again."""
    connection.execute(update(_grade).where(_grade.c.id == grade.rows[0]).values(needs_manual_grade=True))


def _grades() -> Any:
    """The tables that say whose grade of which cell a row is."""
    return (
        _grade.join(_handed_in, _grade.c.notebook_id == _handed_in.c.id)
        .join(_submission, _handed_in.c.assignment_id == _submission.c.id)
        .join(_assignment, _submission.c.assignment_id == _assignment.c.id)
        .join(_notebook, _handed_in.c.notebook_id == _notebook.c.id)
        .join(_cell, _grade.c.cell_id == _cell.c.id)
        .join(_asked, _asked.c.id == _cell.c.id)
    )


def _refuse_none(url: str) -> None:
    if not exists(url):
        raise GradebookError(
            "there is no gradebook",
            expected=f"the one that `hw grade` wrote at {display.without_password(url)}",
            got="no such file",
            fix="is --db right? If that gradebook is gone, `hw grade` makes a new one",
        )
