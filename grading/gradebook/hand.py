"""What people gave for written answers, read from and written into nbgrader's rows; the caller holds the transaction.

Whoever writes here keeps tables of their own beside nbgrader's and wants both to change together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, bindparam, case, func, insert, outerjoin, select, update

from grading import display
from grading.gradebook import graded_answers, tables
from grading.gradebook.database import GradebookError, begun, exists
from grading.marks import HandGrade, Reading

_assignment, _notebook, _cell = tables.assignment, tables.notebook, tables.cell
_grade, _comment = tables.grade, tables.comment
_submission, _handed_in = tables.submission, tables.handed_in
_answer = graded_answers.table


@contextmanager
def changing(url: str) -> Iterator[Any]:
    """A SQLAlchemy connection in a transaction of which there is one at a time; it is committed at the end, or nothing is.

    Raises:
        GradebookError: there is no such database, or it holds no gradebook.
    """
    _refuse_none(url)
    with begun(url, write=True, again=True) as connection:
        yield connection


@contextmanager
def looking(url: str) -> Iterator[Any]:
    """The same for reading; waits for nobody.

    Raises:
        GradebookError: there is no such database, or it holds no gradebook.
    """
    _refuse_none(url)
    with begun(url, write=False, again=True) as connection:
        yield connection


def readings(connection: Any, assignment: str, cell: str = "") -> dict[tuple[str, str], Reading]:
    """How far reading has come, by notebook and cell; of cells of one name where it is given."""
    rows = connection.execute(_READINGS_OF_CELL if cell else _READINGS, {"assignment": assignment, "cell": cell})
    return {(row[0], row[1]): Reading(int(row[2]), int(row[3]), int(row[4]), float(row[5])) for row in rows}


def glance(
    connection: Any, assignment: str, notebook: str, cell: str, students: Collection[str] | None = None
) -> dict[str, tuple[bool, float | None]]:
    """Everybody who has an answer to one question: whether it waits for a person, and the points that one gave.

    The quick look at a whole class, where `hand_grades` reads every comment; `students` alone where they are named.
    """
    named = {"assignment": assignment, "notebook": notebook, "cell": cell}
    rows = connection.execute(*_asked_for(_GLANCE, named, students))
    return {row[0]: (bool(row[1]), row[2]) for row in rows}


def hand_grades(
    connection: Any, assignment: str, notebook: str, cell: str, students: Collection[str] | None = None
) -> dict[str, HandGrade]:
    """What stands in the gradebook for one question, by student; `students` alone where they are named."""
    named = {"assignment": assignment, "notebook": notebook, "cell": cell}
    rows = connection.execute(*_asked_for(_HAND_GRADES, named, students))
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


def _asked_for(statement: Any, named: dict[str, str], students: Collection[str] | None) -> tuple[Any, dict[str, Any]]:
    if students is None:
        return statement, named
    return statement.where(_submission.c.student_id.in_(bindparam("students", expanding=True))), {**named, "students": [*students]}


def _refuse_none(url: str) -> None:
    if not exists(url):
        raise GradebookError(
            "there is no gradebook",
            expected=f"the one that `hw grade` wrote at {display.without_password(url)}",
            got="no such file",
            fix="is --db right? If that gradebook is gone, `hw grade` makes a new one",
        )


def _readings() -> Any:
    given = case((_grade.c.manual_score.is_not(None) & ~_grade.c.needs_manual_grade, 1), else_=0)
    points = case((given == 1, _grade.c.manual_score + func.coalesce(_grade.c.extra_credit, 0.0)), else_=0.0)
    again = case((_grade.c.manual_score.is_not(None) & _grade.c.needs_manual_grade, 1), else_=0)
    waits = case((_grade.c.needs_manual_grade, 1), else_=0)
    return (
        select(_notebook.c.name, _cell.c.name, func.sum(waits), func.sum(again), func.sum(given), func.sum(points))
        .select_from(tables.of_students(_grade))
        .where(_assignment.c.name == bindparam("assignment"))
        .group_by(_notebook.c.name, _cell.c.name)
    )


def _hand_grades() -> Any:
    asked, solution = tables.worth(), _cell.alias("solution")
    kinds = solution.c.type.in_(("SolutionCell", "TaskCell"))
    of_cell = and_(solution.c.notebook_id == _notebook.c.id, solution.c.name == _cell.c.name, kinds)
    answered = and_(
        _answer.c.assignment == _assignment.c.name,
        _answer.c.student == _submission.c.student_id,
        _answer.c.notebook == _notebook.c.name,
        _answer.c.cell == _cell.c.name,
    )
    joined = outerjoin(tables.of_students(_grade).join(asked, asked.c.id == _cell.c.id), solution, of_cell)
    joined = outerjoin(joined, _comment, and_(_comment.c.notebook_id == _handed_in.c.id, _comment.c.cell_id == solution.c.id))
    return select(
        _submission.c.student_id,
        asked.c.max_score,
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
    ).select_from(outerjoin(joined, _answer, answered))


def _of_question(statement: Any) -> Any:
    return statement.where(*(table.c.name == bindparam(name) for name, table in _NAMED.items()))


# made once: putting a statement together takes longer than running it
_NAMED = {"assignment": _assignment, "notebook": _notebook, "cell": _cell}
_READINGS = _readings()
_READINGS_OF_CELL = _READINGS.where(_cell.c.name == bindparam("cell"))
_HAND_GRADES = _of_question(_hand_grades())
_GLANCE = _of_question(
    select(_submission.c.student_id, _grade.c.needs_manual_grade, _grade.c.manual_score).select_from(tables.of_students(_grade))
)
