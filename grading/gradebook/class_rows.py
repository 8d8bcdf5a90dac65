"""Writes the cards of several students at once: one transaction, and as many statements for fifty as for one.

nbgrader's own way takes some sixty statements and three transactions a student, which is minutes for a class on a database that is
ten milliseconds away. The tables are filled as nbgrader fills them (0.9.6, `Gradebook.add_submission`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

from grading.gradebook import aside, graded_answers, tables
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


def asked(connection: Any, assignment: str) -> Asked:
    """Read it, in six statements."""
    its, notebook, cell = tables.assignment, tables.notebook, tables.cell
    (number,) = connection.execute(select(its.c.id).where(its.c.name == assignment)).one()
    notebooks = connection.execute(select(notebook.c.name, notebook.c.id).where(notebook.c.assignment_id == number))
    found = Asked(number, dict(map(tuple, notebooks)), {}, {})
    names = {one: name for name, one in found.notebooks.items()}

    def cells(kind: Any, *more: Any) -> Iterator[Any]:
        columns = select(cell.c.notebook_id, cell.c.name, cell.c.id, *more).join_from(cell, kind, cell.c.id == kind.c.id)
        yield from connection.execute(columns.where(cell.c.notebook_id.in_(names)))

    for kind in (tables.grade_cell, tables.task_cell):
        found.graded.update({(names[where], name): (one, most) for where, name, one, most in cells(kind, kind.c.max_score)})
    for kind in (tables.solution_cell, tables.task_cell):
        found.commented.update({(names[where], name): one for where, name, one in cells(kind)})
    return found


def write_some(connection: Any, assignment: str, asked_for: Asked, cards: Sequence[Scorecard]) -> None:
    """Write the cards of at most `AT_ONCE` students; the caller commits. Manual grades are never touched."""
    names = [card.student for card in cards]
    there = rows(connection, assignment, names)
    missing = _missing(connection, asked_for, there, names)
    for table, made in missing:
        if made:
            connection.execute(insert(table), made)
    if _bring_back(connection, assignment, asked_for, there):
        there = rows(connection, assignment, names)
    grades, comments = [], []
    for card in cards:
        found, marks = there[card.student], {(mark.notebook, mark.grade_id): mark for mark in card.marks}
        for cell, row in found.grades.items():
            if cell in asked_for.graded:
                automatic, waits = wanted(row, marks.get(cell), asked_for.graded[cell][1], found.answers.get(cell))
                grades.append({"row": row.id, "auto_score": automatic, "needs_manual_grade": waits})
        comments += [
            {"row": said.id, "auto_comment": comment(marks[cell])} for cell, said in found.comments.items() if cell in marks
        ]
    for table, changed in ((tables.grade, grades), (tables.comment, comments)):
        if changed:
            connection.execute(update(table).where(table.c.id == bindparam("row")), changed)
    graded_answers.keep(connection, assignment, cards)


def chunks(cards: Sequence[Scorecard]) -> Iterator[Sequence[Scorecard]]:
    """As many cards as go into one transaction."""
    return (cards[start : start + AT_ONCE] for start in range(0, len(cards), AT_ONCE))


Made = list[dict[str, Any]]


def _missing(connection: Any, asked_for: Asked, there: dict[str, Rows], names: Sequence[str]) -> list[tuple[Any, Made]]:
    """What has to be inserted, table by table, so that every student has every row; `there` has them from now on."""
    students, submissions, notebooks, grades, comments = ([] for _ in range(5))  # type: tuple[Made, Made, Made, Made, Made]
    known = {one for (one,) in connection.execute(select(tables.student.c.id).where(tables.student.c.id.in_(names)))}
    submitted, opened = _submitted(connection, asked_for, names)
    for student in names:
        if student not in known:
            students.append({"id": student})
        if student not in submitted:
            submitted[student] = uuid4().hex
            submissions.append({"id": submitted[student], "assignment_id": asked_for.id, "student_id": student})
        for name, number in asked_for.notebooks.items():
            if (student, name) not in opened:
                opened[student, name] = uuid4().hex
                notebooks.append({"id": opened[student, name], "notebook_id": number, "assignment_id": submitted[student]})
        found = there.setdefault(student, Rows())
        for cell, (number, _) in asked_for.graded.items():
            if cell not in found.grades:
                found.grades[cell] = Row(uuid4().hex)
                grades.append({"id": found.grades[cell].id, "cell_id": number, "notebook_id": opened[student, cell[0]]})
        for cell, number in asked_for.commented.items():
            if cell not in found.comments:
                found.comments[cell] = Said(uuid4().hex)
                comments.append({"id": found.comments[cell].id, "cell_id": number, "notebook_id": opened[student, cell[0]]})
    into = tables.student, tables.submission, tables.handed_in, tables.grade, tables.comment
    return list(zip(into, (students, submissions, notebooks, grades, comments), strict=True))


def _submitted(connection: Any, asked_for: Asked, names: Sequence[str]) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The ids of these students' submissions, and of their notebooks by student and name."""
    one, handed_in = tables.submission, tables.handed_in
    mine = one.c.assignment_id == asked_for.id, one.c.student_id.in_(names)
    submitted = dict(map(tuple, connection.execute(select(one.c.student_id, one.c.id).where(*mine))))
    name_of = {number: name for name, number in asked_for.notebooks.items()}
    inside = select(one.c.student_id, handed_in.c.notebook_id, handed_in.c.id)
    found = connection.execute(inside.join_from(handed_in, one, one.c.id == handed_in.c.assignment_id).where(*mine))
    return submitted, {(student, name_of[number]): notebook for student, number, notebook in found if number in name_of}


def _bring_back(connection: Any, assignment: str, asked_for: Asked, there: Mapping[str, Rows]) -> bool:
    """Give cells that are asked again what was kept of them; whether there were any."""
    again = [student for student, found in there.items() if found.aside & asked_for.graded.keys()]
    for student in again:
        grades = {cell: row.id for cell, row in there[student].grades.items() if row.by_hand is None}
        comments = {cell: said.id for cell, said in there[student].comments.items()}
        aside.bring_back(connection, assignment, student, grades, comments)
    return bool(again)
