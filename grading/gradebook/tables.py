"""nbgrader's tables (0.9.6), said once more: importing nbgrader to ask it takes a second.

Tests compare them with nbgrader's own. Other versions of nbgrader make their tables themselves (`book`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
    union_all,
)

VERSION = "0.9.6"  # of nbgrader, whose tables these are
metadata = MetaData()


def _table(name: str, *parts: Column[Any] | UniqueConstraint) -> Table:
    return Table(name, metadata, *parts)


def _text(name: str, length: int = 32, **more: Any) -> Column[Any]:
    return Column(name, String(length), **more)


def _id(length: int = 32, **more: Any) -> Column[Any]:
    return Column("id", String(length), primary_key=True, **more)


def _of(table: str, name: str = "", length: int = 32, **more: Any) -> Column[Any]:
    """The id of a row of another table."""
    return Column(name or f"{table}_id", String(length), ForeignKey(f"{table}.id"), **more)


def _own() -> Column[Any]:
    """The id that a row shares with the one of `base_cell` that it completes."""
    return _of("base_cell", "id", primary_key=True)


def _points() -> Column[Any]:
    return Column("max_score", Float, nullable=False)


def _kind(name: str) -> Column[Any]:
    """Code or words; PostgreSQL gives such a type a name."""
    return Column("cell_type", Enum("code", "markdown", name=name, validate_strings=True), nullable=False)


course = _table("course", _id(128, unique=True))
assignment = _table(
    "assignment",
    _id(),
    _text("name", 128, unique=True, nullable=False),
    Column("duedate", DateTime),
    _of("course", length=128, nullable=False),
)
notebook = _table(
    "notebook",
    _id(),
    _text("name", 128, nullable=False),
    _of("assignment"),
    _text("kernelspec", 1024),
    UniqueConstraint("name", "assignment_id"),
)
cell = _table(
    "base_cell",
    _id(),
    _text("name", 128, nullable=False),
    _of("notebook", nullable=False),
    _text("type", 50),
    UniqueConstraint("name", "notebook_id", "type"),
)
grade_cell = _table("grade_cells", _own(), _points(), _kind("grade_cell_type"))
task_cell = _table("task_cells", _own(), _points(), _kind("grade_cell_type"))
solution_cell = _table("solution_cells", _own())
source_cell = _table(
    "source_cell",
    _id(),
    _text("name", 128, nullable=False),
    _kind("source_cell_type"),
    Column("locked", Boolean, default=False, nullable=False),
    Column("source", Text),
    _text("checksum", 128),
    _of("notebook"),
    UniqueConstraint("name", "notebook_id"),
)
student = _table("student", _id(128), *(_text(name, 128) for name in ("first_name", "last_name", "email", "lms_user_id")))
submission = _table(
    "submitted_assignment",
    _id(),
    _of("assignment"),
    _of("student", length=128),
    Column("timestamp", DateTime),
    Column("extension", Interval),
    UniqueConstraint("assignment_id", "student_id"),
)
handed_in = _table(
    "submitted_notebook",
    _id(),
    _of("submitted_assignment", "assignment_id"),
    _of("notebook"),
    Column("flagged", Boolean, default=False),
    Column("late_submission_penalty", Float(0)),
    UniqueConstraint("notebook_id", "assignment_id"),
)
grade = _table(
    "grade",
    _id(),
    _of("submitted_notebook", "notebook_id"),
    _of("base_cell", "cell_id"),
    *(Column(name, Float) for name in ("auto_score", "manual_score", "extra_credit")),
    Column("needs_manual_grade", Boolean, default=True, nullable=False),
    UniqueConstraint("cell_id", "notebook_id"),
)
comment = _table(
    "comment",
    _id(),
    _of("submitted_notebook", "notebook_id"),
    _of("base_cell", "cell_id"),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
    UniqueConstraint("cell_id", "notebook_id"),
)


def are_there(connection: Any, *ours: Table) -> bool:
    """Whether a database has these tables, and some of ours beside them; one statement."""
    return {*metadata.tables, *(table.name for table in ours)} <= set(inspect(connection).get_table_names())


def worth() -> Any:
    """How many points each cell carries that carries any: its id and `max_score`."""
    return union_all(*(select(kind.c.id, kind.c.max_score) for kind in (grade_cell, task_cell))).subquery("asked")


def of_students(table: Table) -> Any:
    """A table of what belongs to a cell of a student (`grade`, `comment`), beside everything that says whose and which."""
    return (
        table.join(cell, table.c.cell_id == cell.c.id)
        .join(handed_in, table.c.notebook_id == handed_in.c.id)
        .join(notebook, handed_in.c.notebook_id == notebook.c.id)
        .join(submission, handed_in.c.assignment_id == submission.c.id)
        .join(assignment, submission.c.assignment_id == assignment.c.id)
    )
