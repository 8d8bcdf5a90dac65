"""A course of one tiny homework, for tests of the grading: no torch, runs in a blink, has every kind of cell."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from grading import cli
from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.settings import Assignment
from grading.source import read_source, student_notebook
from tests.grading import shared_parents

ROOT = Path(__file__).parents[2]

COURSE = """
[course]
jobs = 2
[limits]
wall_s = 60
cell_s = 2
cpu_s = 60
memory_mb = 1000
processes = 32
open_files = 128
file_mb = 5
work_mb = 20
output_mb = 0.2
restarts = 2
[assignments.mini]
title = "A tiny homework"
notebooks = ["mini"]
strip = ["hw_lib/layers/dropout.py", "hw_lib/**/*.py"]
optional = ["c"]
"""


def cell(kind: str, cell_id: str, source: str, **nbgrader: object) -> nb.Cell:
    """One cell; keyword arguments make it nbgrader's."""
    metadata: dict[str, object] = {}
    if nbgrader:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": cell_id}
        metadata["nbgrader"] = {**flags, **nbgrader}
    return {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}


MINI: nb.Notebook = {
    "cells": [
        cell("markdown", "intro", "# Tiny\nDouble things."),
        cell("code", "setup", "from hw_lib import checks", locked=True),
        cell(
            "code",
            "a_double",
            "def double(x):\n    ### BEGIN SOLUTION\n    return x + x + 0 * x\n    ### END SOLUTION",
            solution=True,
        ),
        cell(
            "code",
            "a_double_test",
            "checks.value('double(1)', double(1), 2)\n### BEGIN HIDDEN TESTS\n"
            "checks.value('double(21)', double(21), 42, mistakes={'you squared instead of doubling': 441})\n### END HIDDEN TESTS",
            grade=True,
            locked=True,
            points=2,
        ),
        cell("markdown", "b_answer", "Because adding a thing to itself is doubling it.", grade=True, solution=True, points=1),
        cell("code", "c_count", "### BEGIN SOLUTION\nseen = [1, 2, 3]\n### END SOLUTION", solution=True),
        cell("code", "c_count_test", "float(len(set(seen) & {1, 2, 3}))", grade=True, locked=True, points=3),
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
}


@pytest.fixture(scope="session", autouse=True)
def parents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All gradings of tiny courses share their warm parents."""
    with shared_parents.shared(tmp_path_factory.mktemp("shared")):
        yield


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The tiny course, in a folder of its own."""
    root = tmp_path / "course"
    (root / "notebooks" / "mini").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    (root / "notebooks" / "mini" / "mini.ipynb").write_text(nb.dump(MINI))
    shutil.copytree(ROOT / "hw_lib", root / "hw_lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return courses.load(root / "course.toml")


@pytest.fixture
def assignment(course: Course) -> Assignment:
    """Its one assignment."""
    return course.assignments["mini"]


@pytest.fixture
def blank(course: Course, assignment: Assignment) -> nb.Notebook:
    """What a student gets."""
    return student_notebook(read_source(course, assignment, "mini"), "mini")[0]


PERFECT = {"a_double": "def double(x):\n    return 2 * x", "b_answer": "It just is.", "c_count": "seen = [3, 2, 1]"}


def answered(notebook: nb.Notebook, answers: Mapping[str, str]) -> nb.Notebook:
    """A notebook with some cells' sources replaced."""
    cells = [{**found, "source": answers.get(found["id"], found["source"])} for found in notebook["cells"]]
    return {**notebook, "cells": cells}


HandIn = Callable[..., Path]


@pytest.fixture
def hand_in(course: Course, blank: nb.Notebook) -> HandIn:
    """Write a submission, for example hand_in("ada", PERFECT, c_count="seen = []"); returns the folder of the class."""
    folder = course.root / "class"
    folder.mkdir()

    def write(student: str, answers: Mapping[str, str] | None = None, **more: str) -> Path:
        (folder / student).mkdir()
        notebook = answered(blank, {**(answers or {}), **more})
        (folder / student / "mini.ipynb").write_text(nb.dump(notebook))
        return folder

    return write


Hw = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hw(course: Course, capsys: pytest.CaptureFixture[str]) -> Hw:
    """Calls `hw`: (exit status, standard output, standard error)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["--course", str(course.root / "course.toml"), *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call
