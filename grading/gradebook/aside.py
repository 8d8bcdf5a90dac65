"""Grades of cells that the author has taken away since: a table of ours beside nbgrader's, so that no point is lost.

nbgrader's own tables forget the cell, so that its totals are right. When the cell comes back, so do the points that people gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Float, MetaData, String, Table, Text, delete, insert, inspect, select, update

from grading import notebook as nb
from grading.gradebook import tables
from grading.gradebook.decided import Cell
from grading.marks import Aside

_KEY = ("assignment", "student", "notebook", "cell")
_POINTS = ("auto_score", "manual_score", "extra_credit", "max_score")
_KEPT = (*_POINTS, "needs_manual_grade")
table = Table(
    "hw_lib_aside",
    MetaData(),
    *(Column(name, String(128), primary_key=True) for name in _KEY),
    *(Column(name, Float) for name in _POINTS),
    Column("needs_manual_grade", Boolean),
    Column("comment", Text),
)


def create(engine: Any) -> None:
    """Make the table where it is not there yet."""
    table.create(engine, checkfirst=True)


def of_all(assignment: str) -> Any:
    """The statement for whose points are kept: student, notebook, cell."""
    return select(table.c.student, table.c.notebook, table.c.cell).where(table.c.assignment == assignment)


def read(connection: Any, assignment: str) -> list[Aside]:
    """Everything that is kept of an assignment, by cell and student."""
    if not inspect(connection).has_table(table.name):
        return []
    rows = connection.execute(select(table).where(table.c.assignment == assignment)).mappings()
    found = [
        Aside(
            student=row["student"],
            notebook=row["notebook"],
            cell=row["cell"],
            automatic=row["auto_score"],
            by_hand=None if row["manual_score"] is None else row["manual_score"] + (row["extra_credit"] or 0.0),
            max_points=row["max_score"] or 0.0,
            comment=row["comment"] or "",
            assignment=assignment,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.notebook, one.cell, one.student))


def put(book: Any, assignment: str, sources: Mapping[str, nb.Notebook]) -> None:
    """Move the grades of every cell that the sources no longer have out of nbgrader's tables, in one transaction."""
    if not book.db.execute(select(tables.assignment.c.id).where(tables.assignment.c.name == assignment)).all():
        return
    for notebook in list(book.find_assignment(assignment).notebooks):
        source = sources.get(notebook.name, {"cells": []})
        graded = {nb.grade_id(cell) for cell in nb.known_cells(source) if nb.is_grade(cell)}
        for cell in [cell for cell in (*notebook.grade_cells, *notebook.task_cells) if cell.name not in graded]:
            put_cell(book.db, assignment, notebook, cell)
        if notebook.name not in sources:
            book.remove_notebook(notebook.name, assignment)
    book.db.commit()


def bring_back(connection: Any, assignment: str, student: str, grades: Mapping[Cell, str], comments: Mapping[Cell, str]) -> None:
    """Give a student's cells that are asked again what was kept of them; the caller commits.

    Args:
        connection: in a transaction.
        assignment: what it was kept for.
        student: who.
        grades: cell -> the id of its grade, of those that nobody has graded anew meanwhile: what is kept of the others stays aside.
        comments: cell -> the id of what is said about it.
    """
    for (notebook, name), grade in grades.items():
        where = _where(assignment, student, notebook, name)
        row = connection.execute(select(table).where(*where)).mappings().first()
        if row is None:
            continue
        kept = {column: row[column] for column in ("auto_score", "manual_score", "extra_credit")}
        kept["needs_manual_grade"] = bool(row["needs_manual_grade"])
        connection.execute(update(tables.grade).where(tables.grade.c.id == grade).values(**kept))
        if row["comment"] and (said := comments.get((notebook, name))):
            connection.execute(update(tables.comment).where(tables.comment.c.id == said).values(manual_comment=row["comment"]))
        connection.execute(delete(table).where(*where))


def rename(session: Any, old: str, new: str) -> None:
    """What is kept of an assignment is kept under its new name, but for what is kept there already; the caller commits."""
    where = [table.c[name] for name in _KEY[1:]]
    there = set(session.execute(select(*where).where(table.c.assignment == new)).all())
    for key in session.execute(select(*where).where(table.c.assignment == old)).all():
        if key not in there:
            session.execute(update(table).where(*_where(old, *key)).values(assignment=new))


def put_cell(session: Any, assignment: str, notebook: Any, cell: Any) -> None:
    """Move what every student has in one of nbgrader's cells to where an assignment's is kept; the caller commits."""
    comments = {comment.notebook_id: comment for comment in _comments(notebook, cell.name)}
    for grade in list(cell.grades):
        comment = comments.get(grade.notebook_id)
        said = comment.manual_comment if comment is not None else None
        names = (assignment, grade.student.id, notebook.name, cell.name)
        session.execute(delete(table).where(*_where(*names)))
        kept = {name: getattr(grade, name) for name in _KEPT}
        session.execute(insert(table), [{**dict(zip(_KEY, names, strict=True)), **kept, "comment": said}])
        session.delete(grade)
    for comment in comments.values():
        session.delete(comment)
    for other in (*notebook.solution_cells, *notebook.source_cells):
        if other.name == cell.name:
            session.delete(other)
    session.delete(cell)
    session.flush()


def _comments(notebook: Any, name: str) -> Iterable[Any]:
    """What people wrote to every student about a cell."""
    return [comment for submitted in notebook.submissions for comment in submitted.comments if comment.name == name]


def _where(*names: str) -> list[Any]:
    return [table.c[name] == value for name, value in zip(_KEY, names, strict=True)]
