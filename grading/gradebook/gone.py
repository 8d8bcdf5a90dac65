"""Assignments that course.toml no longer has: what the gradebook keeps of them, and how one that was renamed gets it back.

Of an assignment that is gone nothing is touched: another course may share the gradebook. One that says what it was called before
takes over what people gave: first it is set aside under the new name (`aside`), and from there each cell that is still asked takes
its own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update

from grading.gradebook import aside, graded_answers, tables
from grading.gradebook.book import opened, reading
from grading.gradebook.database import exists, write_lock
from grading.gradebook.decided import cells_of
from grading.marks import Aside


def unlisted(url: str, known: Collection[str]) -> list[Aside]:
    """What students have in assignments that are none of those, whether nbgrader's tables or ours keep it."""
    if not exists(url):
        return []
    found: list[Aside] = []
    with reading(url) as connection:
        for (name,) in connection.execute(select(tables.assignment.c.name)).all():
            if name not in known:
                found += _grades(name, connection)
                found += aside.read(connection, name)
    return sorted(found, key=lambda one: (one.assignment, one.notebook, one.cell, one.student))


def adopt(url: str, old: str, new: str) -> None:
    """Set aside under a new name everything that the gradebook has of an assignment that was renamed; at once or not at all."""
    if not exists(url):
        return
    with opened(url) as book, write_lock(url):
        if not book.db.execute(select(tables.assignment.c.id).where(tables.assignment.c.name == old)).all():
            return
        aside.create(book.engine)
        graded_answers.create(book.engine)
        for notebook in book.find_assignment(old).notebooks:
            for cell in list(notebook.grade_cells):
                aside.put_cell(book.db, new, notebook, cell)
        aside.rename(book.db, old, new)
        _rename_answers(book.db, old, new)
        book.db.flush()
        book.remove_assignment(old)  # commits


def _grades(name: str, connection: Any) -> list[Aside]:
    grade, worth = tables.grade, tables.worth()
    comments = cells_of(name, tables.comment, tables.comment.c.manual_comment)
    said = {(student, notebook, cell): text for student, notebook, cell, text in connection.execute(comments)}
    columns = grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit, worth.c.max_score
    return [
        Aside(
            student=student,
            notebook=notebook,
            cell=cell,
            automatic=automatic,
            by_hand=None if by_hand is None else by_hand + (extra or 0.0),
            max_points=most,
            comment=said.get((student, notebook, cell)) or "",
            assignment=name,
        )
        for student, notebook, cell, automatic, by_hand, extra, most in connection.execute(
            cells_of(name, grade, *columns).join(worth, worth.c.id == grade.c.cell_id)
        )
    ]


def _rename_answers(session: Any, old: str, new: str) -> None:
    """What people graded is what counts as graded: an answer that has changed since is read again."""
    table = graded_answers.table
    keys = session.execute(select(table.c.student, table.c.notebook, table.c.cell).where(table.c.assignment == old)).all()
    for student, notebook, cell in keys:
        here = (table.c.student == student, table.c.notebook == notebook, table.c.cell == cell)
        session.execute(delete(table).where(table.c.assignment == new, *here))
    session.execute(update(table).where(table.c.assignment == old).values(assignment=new))
