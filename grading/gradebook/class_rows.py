"""Writes the cards of several students at once: one transaction, and as many statements for fifty as for one.

nbgrader's own way takes some sixty statements and three transactions a student, which is minutes for a class on a database that is
ten milliseconds away. The tables are filled as nbgrader fills them (0.9.6, `Gradebook.add_submission`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader import api
from sqlalchemy import insert, select, update

from grading.gradebook import aside, graded_answers
from grading.gradebook.decided import Cell
from grading.gradebook.unchanged import Row, Rows, Said, comment, rows, wanted
from grading.marks import Scorecard

AT_ONCE = 50  # students in one transaction: nobody else writes meanwhile


@dataclass(frozen=True)
class Asked:
    """What an assignment has rows for.

    Attributes:
        notebooks: name -> id.
        graded: cells that carry points -> their id, and how many.
        commented: cells that are commented on -> their id.
    """

    id: str
    notebooks: dict[str, str]
    graded: dict[Cell, tuple[str, float]]
    commented: dict[Cell, str]

    @property
    def points(self) -> dict[Cell, float]:
        """How many points each cell carries."""
        return {cell: most for cell, (_, most) in self.graded.items()}


def asked(session: Any, assignment: str) -> Asked:
    """Read it, in six statements."""
    (number,) = session.execute(select(api.Assignment.id).where(api.Assignment.name == assignment)).one()
    notebooks = session.execute(select(api.Notebook.name, api.Notebook.id).where(api.Notebook.assignment_id == number))
    found = Asked(number, dict(map(tuple, notebooks)), {}, {})
    names = {one: name for name, one in found.notebooks.items()}

    def cells(kind: Any, *more: Any) -> Iterator[Any]:
        yield from session.execute(select(kind.notebook_id, kind.name, kind.id, *more).where(kind.notebook_id.in_(names)))

    for kind in (api.GradeCell, api.TaskCell):
        found.graded.update({(names[where], cell): (one, most) for where, cell, one, most in cells(kind, kind.max_score)})
    for kind in (api.SolutionCell, api.TaskCell):
        found.commented.update({(names[where], cell): one for where, cell, one in cells(kind)})
    return found


def write_some(session: Any, assignment: str, asked_for: Asked, cards: Sequence[Scorecard]) -> None:
    """Write the cards of at most `AT_ONCE` students in one transaction; manual grades are never touched."""
    names = [card.student for card in cards]
    there = rows(session, assignment, names)
    missing = _missing(session, asked_for, there, names)
    for table, made in missing:
        if made:
            session.execute(insert(table), made)
    if _bring_back(session, assignment, asked_for, there):
        there = rows(session, assignment, names)
    grades, comments = [], []
    for card in cards:
        found, marks = there[card.student], {(mark.notebook, mark.grade_id): mark for mark in card.marks}
        for cell, row in found.grades.items():
            if cell in asked_for.graded:
                automatic, waits = wanted(row, marks.get(cell), asked_for.graded[cell][1], found.answers.get(cell))
                grades.append({"id": row.id, "auto_score": automatic, "needs_manual_grade": waits})
        comments += [
            {"id": said.id, "auto_comment": comment(marks[cell])} for cell, said in found.comments.items() if cell in marks
        ]
    for table, changed in ((api.Grade, grades), (api.Comment, comments)):
        if changed:
            session.execute(update(table), changed)
    graded_answers.keep(session, assignment, cards)
    session.commit()


def chunks(cards: Sequence[Scorecard]) -> Iterator[Sequence[Scorecard]]:
    """As many cards as go into one transaction."""
    return (cards[start : start + AT_ONCE] for start in range(0, len(cards), AT_ONCE))


Made = list[dict[str, Any]]


def _missing(session: Any, asked_for: Asked, there: dict[str, Rows], names: Sequence[str]) -> list[tuple[Any, Made]]:
    """What has to be inserted, table by table, so that every student has every row; `there` has them from now on."""
    students, submissions, notebooks, grades, comments = ([] for _ in range(5))  # type: tuple[Made, Made, Made, Made, Made]
    known = {one for (one,) in session.execute(select(api.Student.id).where(api.Student.id.in_(names)))}
    submitted, opened = _submitted(session, asked_for, names)
    for student in names:
        if student not in known:
            students.append({"id": student})
        if student not in submitted:
            submitted[student] = api.new_uuid()
            submissions.append({"id": submitted[student], "assignment_id": asked_for.id, "student_id": student})
        for name, number in asked_for.notebooks.items():
            if (student, name) not in opened:
                opened[student, name] = api.new_uuid()
                notebooks.append({"id": opened[student, name], "notebook_id": number, "assignment_id": submitted[student]})
        found = there.setdefault(student, Rows())
        for cell, (number, _) in asked_for.graded.items():
            if cell not in found.grades:
                found.grades[cell] = Row(api.new_uuid())
                grades.append({"id": found.grades[cell].id, "cell_id": number, "notebook_id": opened[student, cell[0]]})
        for cell, number in asked_for.commented.items():
            if cell not in found.comments:
                found.comments[cell] = Said(api.new_uuid())
                comments.append({"id": found.comments[cell].id, "cell_id": number, "notebook_id": opened[student, cell[0]]})
    tables = api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment
    return list(zip(tables, (students, submissions, notebooks, grades, comments), strict=True))


def _submitted(session: Any, asked_for: Asked, names: Sequence[str]) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The ids of these students' submissions, and of their notebooks by student and name."""
    one = api.SubmittedAssignment
    theirs = select(one.student_id, one.id).where(one.assignment_id == asked_for.id, one.student_id.in_(names))
    submitted = dict(map(tuple, session.execute(theirs)))
    name_of = {number: name for name, number in asked_for.notebooks.items()}
    inside = select(one.student_id, api.SubmittedNotebook.notebook_id, api.SubmittedNotebook.id)
    inside = inside.join(one, one.id == api.SubmittedNotebook.assignment_id)
    found = session.execute(inside.where(one.assignment_id == asked_for.id, one.student_id.in_(names)))
    return submitted, {(student, name_of[number]): notebook for student, number, notebook in found if number in name_of}


def _bring_back(session: Any, assignment: str, asked_for: Asked, there: Mapping[str, Rows]) -> bool:
    """Give cells that are asked again what was kept of them; whether there were any."""
    again = [student for student, found in there.items() if found.aside & asked_for.graded.keys()]
    for student in again:
        one = api.SubmittedAssignment
        theirs = select(one).where(one.assignment_id == asked_for.id, one.student_id == student)
        for notebook in session.execute(theirs).scalar_one().notebooks:
            aside.bring_back(session, assignment, student, notebook)
    session.flush()
    return bool(again)
