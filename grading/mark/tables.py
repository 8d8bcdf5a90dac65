"""The tables of reading, beside nbgrader's in the same database: decisions, rubrics that grew, claims, remarks, second readings.

Decisions and rubrics are only ever added to. A version has a number and a number is there once, so that of two people who saw the
same version one is told; and what somebody decided before can always be shown.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, insert, inspect, select

from grading import gradebook

_all = MetaData()
_QUESTION = ("assignment", "notebook", "cell")


def _key(*names: str) -> list[Any]:
    return [Column(name, String(128), primary_key=True) for name in names]


decisions = Table(
    "hw_lib_decisions",
    _all,
    *_key(*_QUESTION, "student"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Float, nullable=False),  # seconds since 1970
    Column("items", Text, nullable=False),  # JSON: names of the items that are on
    Column("adjust", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("answer", String(128), nullable=False),  # a digest of what was read
    Column("text", Text, nullable=False),  # and the words, in the first version that read them, for whoever is asked again
    Column("batch", String(32), nullable=False),  # decisions of one group have one
    Column("kind", String(16), nullable=False),
)
rubrics = Table(
    "hw_lib_rubrics",
    _all,
    *_key(*_QUESTION),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("items", Text, nullable=False),  # JSON: [name, points, text]
)
claims = Table(
    "hw_lib_claims",
    _all,
    *_key(*_QUESTION, "student"),
    Column("made_by", String(128), nullable=False),
    Column("until", Float, nullable=False),
)
remarks = Table(
    "hw_lib_remarks",
    _all,
    Column("id", String(32), primary_key=True),
    *(Column(name, String(128), nullable=False, index=name == "cell") for name in (*_QUESTION, "student")),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
)
requests = Table(
    "hw_lib_requests",
    _all,
    Column("id", String(32), primary_key=True),  # of the remark
    Column("given", Float),  # what stood in the gradebook when the student asked
    Column("comment", Text, nullable=False),
)
second = Table(
    "hw_lib_second",
    _all,
    *_key(*_QUESTION, "student"),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("items", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("answer", String(128), nullable=False),
)
proposals = Table(
    "hw_lib_proposals",
    _all,
    *_key(*_QUESTION, "student"),
    Column("made_by", String(128), nullable=False),  # the file it came from
    Column("made_at", Float, nullable=False),
    Column("items", Text, nullable=False),
    Column("comment", Text, nullable=False),
)


def create(url: str) -> None:
    """Make the tables where they are not there yet."""
    with gradebook.changing(url) as connection:
        _all.create_all(connection)


def there(connection: Any) -> bool:
    """Whether somebody has read here."""
    return bool(inspect(connection).has_table(decisions.name))


def adopt(connection: Any, old: str, new: str) -> None:
    """Everything about an assignment's questions is about those of its new name, but for questions that were read there already.

    Copied, not moved: decisions are only ever added to.
    """
    ids: dict[str, str] = {}  # of remarks: the requests among them are known by it
    for table in (table for table in _all.sorted_tables if table is not requests):
        place = [table.c.notebook, table.c.cell]
        read = set(connection.execute(select(*place).where(table.c.assignment == new)).all())
        rows = connection.execute(select(table).where(table.c.assignment == old)).mappings()
        copies = [{**row, "assignment": new} for row in rows if (row["notebook"], row["cell"]) not in read]
        for row in copies:
            if "id" in row:
                fresh = uuid4().hex
                ids[row["id"]], row["id"] = fresh, fresh
        if copies:
            connection.execute(insert(table), copies)
    asked = connection.execute(select(requests).where(requests.c.id.in_([*ids]))).mappings().all()
    if asked:
        connection.execute(insert(requests), [{**row, "id": ids[row["id"]]} for row in asked])


def of(table: Table, question: Any) -> list[Any]:
    """The condition that a row is about a question."""
    return [table.c[name] == getattr(question, name) for name in _QUESTION]


def named(question: Any) -> dict[str, str]:
    """A question's name as columns."""
    return {name: getattr(question, name) for name in _QUESTION}
