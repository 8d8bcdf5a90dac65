"""Making a gradebook, and nbgrader's own object for one, for what people would notice if it were done another way.

Importing nbgrader takes a second, nearly all of it for its web pages; so it is done here, when there is something to do.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SAWarning

from grading import files
from grading.files import write_bytes
from grading.gradebook import fresh, tables
from grading.gradebook.database import SQLITE, begun, exists, friendly_errors, write_lock


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """Nbgrader's own object for a database, closed again afterwards; what goes wrong with the database is a GradebookError."""
    from nbgrader import api

    api.get_alembic_version = _newest_layout
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's way of filling tables, which SQLAlchemy 2 remarks on
        with friendly_errors(url):
            book = api.Gradebook(url)
            try:
                yield book
            finally:
                book.close()


@contextmanager
def reading(url: str) -> Iterator[Any]:
    """A connection for reading what is in nbgrader's tables; a database without them gets them first.

    Raises:
        GradebookError: there is no such database.
    """
    if not _has_tables(url):
        with write_lock(url):
            create(url)
    with begun(url, write=False) as connection:
        yield connection


def create(url: str) -> None:
    """Make the tables. An SQLite file appears in one move: a run that is killed meanwhile must not leave half of them."""
    if exists(url):
        if not _has_tables(url):
            with files.around():
                _fill(url)
    else:
        with files.around(), files.folder("gradebook-") as folder:
            new, path = folder / "gradebook.db", Path(url.removeprefix(SQLITE))
            _fill(f"{SQLITE}{new}")
            write_bytes(path, new.read_bytes())
            path.chmod(new.stat().st_mode)  # as private as this user wants new files to be


def _fill(url: str) -> None:
    """Make the tables: we ourselves in an empty database, nbgrader where we do not know how."""
    if fresh.is_known():
        with begun(url, write=False) as connection:  # who calls has locked it, or nobody knows it yet
            if fresh.fill(connection):
                return
    with opened(url):
        pass


def _has_tables(url: str) -> bool:
    with begun(url, write=False) as connection:
        return tables.are_there(connection)


def _newest_layout() -> str:
    """What `alembic heads` says of nbgrader's tables. nbgrader starts a process to ask: two seconds, nearly all of it imports."""
    from alembic.script import ScriptDirectory
    from nbgrader import dbutil

    return str(ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head())
