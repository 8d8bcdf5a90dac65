"""A gradebook that we make is the one that nbgrader makes, row by row, and nbgrader is imported only where it makes it."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader import api
from sqlalchemy import MetaData, create_engine, create_mock_engine, inspect, text
from sqlalchemy.schema import DDLElement

from grading import gradebook
from grading import notebook as nb
from grading.gradebook import asked_cells, book, fresh, tables
from grading.gradebook.database import begun
from tests.grading.conftest import MINI, cell

_GRADING = """
import sys
from pathlib import Path
from grading import gradebook, notebook, pipeline
from grading.marks import Mark, Scorecard, Verdict
path, url = sys.argv[1:]
sources = {"mini": notebook.parse(Path(path).read_bytes(), path)}
mark = Mark("a_double_test", "mini", "a", 2.0, 2.0, Verdict.PASSED)
gradebook.write(url, "mini", sources, [Scorecard("mini", "ada", (mark,))])
print(len(gradebook.dump(url, "mini")), {"nbgrader", "alembic"} & sys.modules.keys())
"""
TASK = cell("markdown", "d_task", "Do something.", task=True, points=4, locked=True)
SOURCES = {"mini": {**MINI, "cells": [*MINI["cells"], TASK]}, "again": MINI}


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A gradebook that nbgrader makes and fills."""
    url = f"sqlite:///{tmp_path}/theirs.db"
    with monkeypatch.context() as patched:
        patched.setattr(fresh, "is_known", lambda: False)
        gradebook.write(url, "mini", SOURCES, [])
    return url


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that we make and fill: nothing of nbgrader's can be called."""
    url = f"sqlite:///{tmp_path}/ours.db"
    with monkeypatch.context() as patched:
        patched.setattr(api, "Gradebook", None)
        gradebook.write(url, "mini", SOURCES, [])
    return url


def rows(url: str, statement: str) -> list[Any]:
    """What a statement finds."""
    with begun(url, write=False) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_the_tables_are_nbgraders(ours: str, theirs: str) -> None:
    """Statement by statement, with the mark of their version and the course; SQLAlchemy puts them in any order that works."""
    for asked in ("SELECT type, name, tbl_name, sql FROM sqlite_master", "SELECT * FROM alembic_version", "SELECT * FROM course"):
        assert sorted(rows(ours, asked), key=repr) == sorted(rows(theirs, asked), key=repr)
    assert len(rows(ours, "SELECT * FROM course")) == 1


def test_postgresql_gets_the_same_statements() -> None:
    """Tables, types, keys and constraints, as nbgrader would say them there."""
    assert len(statements(tables.metadata)) > 13
    assert sorted(statements(tables.metadata)) == sorted(statements(api.Base.metadata))


def statements(metadata: MetaData) -> list[str]:
    """What makes the tables on PostgreSQL."""
    said: list[str] = []

    def note(element: DDLElement, *_: object) -> None:
        said.append(str(element.compile(dialect=engine.dialect)))

    engine = create_mock_engine("postgresql+psycopg2://", note)
    metadata.create_all(engine, checkfirst=False)
    return said


def test_the_cells_are_nbgraders(ours: str, theirs: str) -> None:
    """What two notebooks ask, a task among it: the same rows, whatever their ids are."""
    assert contents(ours) == contents(theirs)
    assert {name for name, _ in contents(ours)} >= {"notebook", "grade_cells", "task_cells", "solution_cells", "source_cell"}


def contents(url: str) -> list[tuple[str, str]]:
    """Every row of what an assignment asks, ids said by what they stand for."""
    names = {
        **dict(rows(url, "SELECT id, name FROM assignment")),
        **dict(rows(url, "SELECT id, name FROM notebook")),
        **dict(rows(url, "SELECT c.id, c.name || c.type || n.name FROM base_cell c JOIN notebook n ON n.id = c.notebook_id")),
        **dict(rows(url, "SELECT c.id, 'of ' || n.name FROM source_cell c JOIN notebook n ON n.id = c.notebook_id")),
    }
    asked = ("assignment", "notebook", "base_cell", "grade_cells", "task_cells", "solution_cells", "source_cell")
    found = [(table, [names.get(value, value) for value in row]) for table in asked for row in rows(url, f"SELECT * FROM {table}")]
    return sorted((table, repr(row)) for table, row in found)


def test_nbgrader_works_with_it(ours: str) -> None:
    """It opens the gradebook, adds nothing, finds the cells and records a submission."""
    before = contents(ours)
    with gradebook.opened(ours) as there:
        assert there.find_grade_cell("a_double_test", "mini", "mini").max_score == 2.0
        assert there.find_task_cell("d_task", "mini", "mini").max_score == 4.0
        there.add_student("ada")
        assert there.add_submission("mini", "ada").max_score > 0.0
    assert contents(ours) == before
    assert rows(ours, "SELECT COUNT(*) FROM course") == [(1,)]


def test_another_version_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we know of 0.9.6 is nothing of the next one: nbgrader makes the tables, and fills them."""
    opened: list[str] = []
    stock = api.Gradebook
    monkeypatch.setattr(api, "Gradebook", lambda url: opened.append(url) or stock(url))
    gradebook.write(f"sqlite:///{tmp_path}/known.db", "mini", SOURCES, [])
    assert not opened
    monkeypatch.setattr(tables, "VERSION", "0.9.5")
    gradebook.write(f"sqlite:///{tmp_path}/other.db", "mini", SOURCES, [])
    assert len(opened) == 2
    assert contents(f"sqlite:///{tmp_path}/known.db") == contents(f"sqlite:///{tmp_path}/other.db")


def test_what_is_there_is_left_to_nbgrader(tmp_path: Path) -> None:
    """A database with one of nbgrader's tables, or another's: it says what is missing, and what version that is."""
    path = tmp_path / "gradebook.db"
    engine = create_engine(f"sqlite:///{path}")
    tables.student.create(engine)
    with begun(f"sqlite:///{path}", write=False) as connection:
        assert not fresh.fill(connection)
        assert inspect(connection).get_table_names() == ["student"]
    book.create(f"sqlite:///{path}")
    with begun(f"sqlite:///{path}", write=False) as connection:
        assert tables.are_there(connection)
        assert not inspect(connection).has_table("alembic_version")  # nbgrader does not guess


def test_a_course_is_noted_where_nbgrader_notes_it(ours: str) -> None:
    """Another's gradebook may have none of that name: an assignment belongs to one that is there."""
    with begun(ours, write=True) as connection:
        connection.execute(tables.assignment.delete())
        connection.execute(tables.course.delete())
        assert asked_cells.add(connection, "other", {})
    assert rows(ours, "SELECT a.name, c.id FROM assignment a JOIN course c ON c.id = a.course_id") == [("other", "default_course")]


def test_an_assignment_that_is_there_is_not_added(ours: str) -> None:
    """Two graders at once: the second one finds what the first one made."""
    before = contents(ours)
    with begun(ours, write=True) as connection:
        assert not asked_cells.add(connection, "mini", SOURCES)
    assert contents(ours) == before


def test_a_cell_that_is_there_twice_is_kept_once(tmp_path: Path) -> None:
    """nbgrader would say the later one; so do we."""
    source = copy.deepcopy(SOURCES["mini"])
    source["cells"].append({**copy.deepcopy(TASK), "source": "Do something else."})
    gradebook.write(f"sqlite:///{tmp_path}/gradebook.db", "mini", {"mini": source}, [])
    found = rows(f"sqlite:///{tmp_path}/gradebook.db", "SELECT source FROM source_cell WHERE name = 'd_task'")
    assert found == [("Do something else.",)]


def test_a_first_grading_does_not_import_nbgrader(tmp_path: Path) -> None:
    """The tables, the cells and the grades of a new gradebook are written without it, and without alembic."""
    path, url = tmp_path / "mini.ipynb", f"sqlite:///{tmp_path}/gradebook.db"
    path.write_text(nb.dump(MINI), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", _GRADING, str(path), url], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("3 set()\n", "")
