"""What every graded test cell keeps to, read from its source."""

from __future__ import annotations

import symtable
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading.source import read_source

COURSE = courses.load(Path(__file__).parents[2] / "course.toml")
TESTS = [
    pytest.param(cell["source"], id=f"{name}-{cell['id']}")
    for part in COURSE.assignments.values()
    for name in part.notebooks
    for cell in read_source(COURSE, part, name)["cells"]
    if nb.is_test(cell)
]


def left_behind(source: str) -> set[str]:
    """The names that a cell binds outside of functions, imports included."""
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def test_there_are_test_cells() -> None:
    """The cells are found."""
    assert len(TESTS) > 80


@pytest.mark.parametrize("source", TESTS)
def test_a_test_cell_leaves_nothing_behind(source: str) -> None:
    """It binds the one name `_test`, so a function that uses a global by mistake finds what it finds when graded."""
    assert left_behind(source) == {"_test"}
    assert source.rstrip().endswith("\n_test()")


def test_what_is_left_behind_is_seen() -> None:
    """Assignments, loops, imports and functions are names; what a function binds is not."""
    assert left_behind("import numpy as np\nfor k in range(2):\n    x = k\ndef f():\n    y = 1\n") == {"np", "k", "x", "f"}
