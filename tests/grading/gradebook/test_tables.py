"""nbgrader's tables, said once more by us, are nbgrader's: whoever raises its version is told what has changed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from nbgrader import api
from sqlalchemy import Table

from grading.gradebook import tables

THEIRS = api.Base.metadata.tables
OURS = [table for table in vars(tables).values() if isinstance(table, Table)]


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_our_columns_are_nbgraders(table: Table) -> None:
    """The same names in the same order, and what Python makes of a value; what databases make of them, `test_fresh` compares."""
    theirs = THEIRS[table.name]
    assert table.c.keys() == theirs.c.keys()
    for column in table.c:
        assert column.type.python_type is theirs.c[column.name].type.python_type
        assert getattr(column.type, "length", None) == getattr(theirs.c[column.name].type, "length", None)


def test_there_is_no_other_table() -> None:
    """Every table of nbgrader's, under a name of ours."""
    assert {table.name for table in OURS} == THEIRS.keys()
    assert len(OURS) == len(THEIRS)


@pytest.mark.parametrize("table", [tables.student, tables.submission, tables.handed_in, tables.grade, tables.comment], ids=str)
def test_a_row_of_ours_has_what_nbgraders_has(table: Table) -> None:
    """Where nbgrader fills a column in by itself, so do we; ids are made by whoever inserts."""
    filled = {column.name: column.default.arg for column in THEIRS[table.name].c if column.default and column.name != "id"}
    assert {column.name: column.default.arg for column in table.c if column.default} == filled


def test_reading_does_not_import_nbgrader() -> None:
    """Nor what runs, shows or counts: seconds of imports, for verbs that print a table or write a CSV."""
    heavy = {"nbgrader", "alembic", "nbformat", "nbconvert", "tornado", "IPython", "numpy", "jinja2", "yaml"}
    code = f"import sys, grading.cli, grading.staff, grading.returning; print({heavy} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "set()\n"


def test_grading_imports_what_it_needs() -> None:
    """Neither NumPy, nor what magics are read with, nor pages and the desk where answers are read."""
    heavy = {"nbgrader", "alembic", "numpy", "IPython", "jinja2", "grading.pages", "grading.mark", "grading.staff"}
    code = f"import sys, grading.cli, grading.pipeline, grading.stages; print({heavy} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "set()\n"


def test_help_imports_no_database() -> None:
    """`hw --help` answers at once."""
    heavy = {"sqlalchemy", "numpy", "rich", "importlib.metadata"}
    code = (
        f"import sys, grading.cli; sys.argv[1:] = ['--help']\ntry: grading.cli.main()\nfinally: print({heavy} & sys.modules.keys())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert said.endswith("\nset()\n")
