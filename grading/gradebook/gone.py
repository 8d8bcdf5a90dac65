"""Assignments that course.toml no longer has: what the gradebook keeps of them, and how one that was renamed gets it back.

Of an assignment that is gone nothing is touched: another course may share the gradebook. One that says what it was called before
takes over what people gave: first it is set aside under the new name (`aside`), and from there each cell that is still asked takes
its own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from nbgrader import api
from sqlalchemy import delete, select, update

from grading.gradebook import aside, graded_answers
from grading.gradebook.database import exists, write_lock
from grading.gradebook.grades import opened
from grading.marks import Aside


def unlisted(url: str, known: Collection[str]) -> list[Aside]:
    """What students have in assignments that are none of those, whether nbgrader's tables or ours keep it."""
    if not exists(url):
        return []
    found: list[Aside] = []
    with opened(url) as book:
        for assignment in book.assignments:
            if assignment.name not in known:
                found += _grades(assignment.name, book)
                found += aside.read(book, assignment.name)
    return sorted(found, key=lambda one: (one.assignment, one.notebook, one.cell, one.student))


def adopt(url: str, old: str, new: str) -> None:
    """Set aside under a new name everything that the gradebook has of an assignment that was renamed; at once or not at all."""
    if not exists(url):
        return
    with opened(url) as book, write_lock(url):
        try:
            assignment = book.find_assignment(old)
        except api.MissingEntry:
            return
        aside.create(book.engine)
        graded_answers.create(book.engine)
        for notebook in assignment.notebooks:
            for cell in list(notebook.grade_cells):
                aside.put_cell(book.db, new, notebook, cell)
        aside.rename(book.db, old, new)
        _rename_answers(book.db, old, new)
        book.db.flush()
        book.remove_assignment(old)  # commits


def _grades(name: str, book: Any) -> list[Aside]:
    return [
        Aside(
            student=submission.student_id,
            notebook=notebook.name,
            cell=grade.name,
            automatic=grade.auto_score,
            by_hand=None if grade.manual_score is None else grade.manual_score + (grade.extra_credit or 0.0),
            max_points=grade.max_score,
            comment=next((comment.manual_comment or "" for comment in notebook.comments if comment.name == grade.name), ""),
            assignment=name,
        )
        for submission in book.assignment_submissions(name)
        for notebook in submission.notebooks
        for grade in notebook.grades
    ]


def _rename_answers(session: Any, old: str, new: str) -> None:
    """What people graded is what counts as graded: an answer that has changed since is read again."""
    table = graded_answers.table
    keys = session.execute(select(table.c.student, table.c.notebook, table.c.cell).where(table.c.assignment == old)).all()
    for student, notebook, cell in keys:
        here = (table.c.student == student, table.c.notebook == notebook, table.c.cell == cell)
        session.execute(delete(table).where(table.c.assignment == new, *here))
    session.execute(update(table).where(table.c.assignment == old).values(assignment=new))
