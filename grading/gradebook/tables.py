"""The columns of nbgrader's tables (0.9.6) that we read and fill, said once more: importing nbgrader to ask it takes a second.

nbgrader makes the tables (`book`); a test compares these with its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, MetaData, String, Table, Text, inspect, select, union_all

_metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _metadata, *columns)


def _text(name: str, length: int = 32) -> Column[Any]:
    return Column(name, String(length))


assignment = _table("assignment", _text("id"), _text("name", 128))
notebook = _table("notebook", _text("id"), _text("name", 128), _text("assignment_id"), _text("kernelspec", 1024))
cell = _table("base_cell", _text("id"), _text("name", 128), _text("notebook_id"), _text("type", 50))
grade_cell = _table("grade_cells", _text("id"), Column("max_score", Float), _text("cell_type", 8))
task_cell = _table("task_cells", _text("id"), Column("max_score", Float), _text("cell_type", 8))
solution_cell = _table("solution_cells", _text("id"))
source_cell = _table(
    "source_cell",
    _text("name", 128),
    _text("cell_type", 8),
    Column("locked", Boolean),
    Column("source", Text),
    _text("checksum", 128),
    _text("notebook_id"),
)
student = _table("student", _text("id", 128))
submission = _table("submitted_assignment", _text("id"), _text("assignment_id"), _text("student_id", 128))
handed_in = _table(
    "submitted_notebook", _text("id"), _text("assignment_id"), _text("notebook_id"), Column("flagged", Boolean, default=False)
)
grade = _table(
    "grade",
    _text("id"),
    _text("notebook_id"),
    _text("cell_id"),
    *(Column(name, Float) for name in ("auto_score", "manual_score", "extra_credit")),
    Column("needs_manual_grade", Boolean, default=True),
)
comment = _table(
    "comment", _text("id"), _text("notebook_id"), _text("cell_id"), Column("auto_comment", Text), Column("manual_comment", Text)
)


def are_there(connection: Any, *ours: Table) -> bool:
    """Whether a database has these tables, and some of ours beside them; one statement."""
    return {*_metadata.tables, *(table.name for table in ours)} <= set(inspect(connection).get_table_names())


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
