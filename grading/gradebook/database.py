"""The database that the gradebook lies in: whether it is there, and who may write."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from grading import display
from grading.records import GradingError

SQLITE = "sqlite:///"
_BUSY_S = 30  # how long to wait for the formgrader, which takes no lock
_LOCK = 4_907_001  # the number of our lock among PostgreSQL's advisory locks


class GradebookError(GradingError):
    """The gradebook does not fit what should be written to it; nothing was written."""


def exists(url: str) -> bool:
    """Whether there is something to open; of a server only opening tells."""
    return not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).is_file()


@contextmanager
def write_lock(url: str) -> Iterator[None]:
    """Wait until no other grader writes: nbgrader looks whether a row is there and then adds it, and two would add it twice.

    The formgrader takes no lock and needs none: it changes rows that are there.
    """
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE) + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path):
            yield
    elif url.startswith("postgresql"):
        with friendly_errors(url), create_engine(url, poolclass=NullPool).connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK})
            yield  # the lock goes with the connection
    else:
        yield


@contextmanager
def begun(url: str, *, write: bool, again: bool = False) -> Iterator[Any]:
    """A connection in a transaction, which is committed at the end, or rolled back by an error.

    Args:
        url: the database.
        write: wait until nobody else writes, and keep others waiting until the end.
        again: more will follow for hours: a connection to a server stays open.
    """
    with friendly_errors(url):
        engine = _engine(url, again)
        if url.startswith(SQLITE):
            lock = FileLock(url.removeprefix(SQLITE) + ".lock", poll_interval=0.005) if write else nullcontext()
            with lock, engine.connect().execution_options(hw_write=write) as connection, connection.begin():
                yield connection
        else:
            with engine.begin() as connection:
                if write and url.startswith("postgresql"):
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
                yield connection


@functools.cache
def _engine(url: str, stays_open: bool) -> Any:
    """One for each database, as statements are put together once for each."""
    if not url.startswith(SQLITE):
        return create_engine(url, pool_pre_ping=True) if stays_open else create_engine(url, poolclass=NullPool)
    engine = create_engine(url, connect_args={"timeout": _BUSY_S}, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _ours(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # sqlite3 would begin a transaction when it sees fit

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("hw_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def friendly_errors(url: str) -> Iterator[None]:
    """A database that is not there, or that nothing here can speak to, said in our words."""
    try:
        yield
    except (DatabaseError, ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise GradebookError(
            "the gradebook cannot be opened or written",
            expected=f"a database at {display.without_password(url)}",
            got=str(error).split("\n(Background", 1)[0].strip(),
            fix="is the server up, the URL right, the file nbgrader's, the disk not full, the driver installed "
            "(PostgreSQL: make install-dev)?",
        ) from None
