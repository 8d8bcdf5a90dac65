"""A new gradebook as nbgrader 0.9.6 makes it (`Gradebook.__init__`), without importing nbgrader, which takes a second.

Only for the version whose tables are said in `tables`; any other one makes its own (`book`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, inspect, select, text

from grading.gradebook import tables

COURSE = "default_course"  # whose assignments are, where nobody says another
_REVISION = "e43177bfe90b"  # what `alembic heads` says of these tables


def is_known() -> bool:
    """Whether the nbgrader that is installed is the one whose tables we can make."""
    from importlib import metadata

    try:
        return metadata.version("nbgrader") == tables.VERSION
    except metadata.PackageNotFoundError:
        return False


def fill(connection: Any) -> bool:
    """Make the tables of an empty database; whether it was one: what to do with another's, nbgrader knows."""
    if inspect(connection).get_table_names():
        return False
    tables.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), {"revision": _REVISION})
    name_course(connection)
    return True


def name_course(connection: Any) -> None:
    """Note the course, where it is not there yet: nbgrader does so whenever it opens a gradebook."""
    its = tables.course
    if not connection.execute(select(its.c.id).where(its.c.id == COURSE)).all():
        connection.execute(insert(its).values(id=COURSE))
