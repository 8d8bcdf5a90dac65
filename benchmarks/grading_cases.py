"""The homeworks that grading is measured on: every assignment of the course, and a NumPy-only one that is made here."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process_cost import ROOT
from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.release import handout
from tests.submissions import classes

MINI = """
[assignments.affine]
title = "An affine layer in NumPy"
notebooks = ["affine"]
strip = ["hw_lib/**/*.py"]
"""
_CELLS = {
    "setup": "import numpy as np\nfrom hw_lib import checks",
    "a_forward": "def affine(x, w, b):\n    ### BEGIN SOLUTION\n    return x.reshape(len(x), -1) @ w + b\n    ### END SOLUTION",
    "a_forward_test": """x, w, b = np.arange(12.0).reshape(2, 3, 2), np.ones((6, 2)), np.array([1.0, -1.0])
checks.value("affine(x, w, b)", affine(x, w, b), np.array([[16.0, 14.0], [52.0, 50.0]]))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(0)
x, w, b = rng.standard_normal((5, 4)), rng.standard_normal((4, 3)), rng.standard_normal(3)
checks.value("affine(x, w, b)", affine(x, w, b), x @ w + b)
### END HIDDEN TESTS""",
    "b_backward": "def affine_backward(dout, x, w):\n    ### BEGIN SOLUTION\n    flat = x.reshape(len(x), -1)\n"
    "    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)\n    ### END SOLUTION",
    "b_backward_test": """dout, x, w = np.ones((2, 2)), np.arange(12.0).reshape(2, 6), np.ones((6, 2))
checks.value("db", affine_backward(dout, x, w)[2], np.array([2.0, 2.0]))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(1)
dout, x, w = rng.standard_normal((5, 3)), rng.standard_normal((5, 2, 2)), rng.standard_normal((4, 3))
dx, dw, db = affine_backward(dout, x, w)
checks.value("dx", dx, (dout @ w.T).reshape(5, 2, 2))
checks.value("dw", dw, x.reshape(5, 4).T @ dout)
### END HIDDEN TESTS""",
}


@dataclass(frozen=True)
class Case:
    """One homework and its class."""

    name: str
    notebooks: tuple[str, ...]
    course: Course
    answer: Path  # the folder of the right submission


def mini_notebook() -> nb.Notebook:
    """The author's NumPy-only notebook."""
    cells = []
    for name, source in _CELLS.items():
        test, solution = name.endswith("_test"), "SOLUTION" in source
        marks: dict[str, Any] = {"grade": test, "grade_id": name, "locked": not solution, "schema_version": 3, "solution": solution}
        marks |= {"task": False} | ({"points": 2} if test else {})
        cell = {"cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source}
        cells.append({**cell, "execution_count": None, "outputs": []})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@contextlib.contextmanager
def cases(wanted: Sequence[str]) -> Iterator[list[Case]]:
    """A course in a folder of its own, with these homeworks released; `affine` is the one that is made here."""
    with tempfile.TemporaryDirectory(prefix="hw-bench-") as made:
        root = Path(made)
        root.chmod(0o755)
        (root / "course.toml").write_text((ROOT / "course.toml").read_text() + MINI)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        shutil.copy(ROOT / "pyproject.toml", root)
        shutil.copytree(ROOT / "notebooks", root / "notebooks")
        shutil.copytree(ROOT / "hw_lib", root / "hw_lib", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "docs").mkdir()
        shutil.copy(ROOT / "docs/students.md", root / "docs")
        (root / "notebooks/affine").mkdir()
        (root / "notebooks/affine/affine.ipynb").write_text(nb.dump(mini_notebook()))
        course = courses.load(root / "course.toml")
        yield [_case(course, name) for name in wanted]


def _case(course: Course, name: str) -> Case:
    """Release a homework, and answer it rightly."""
    assignment, answer = course.assignments[name], course.root / "answers" / name
    handout.release(course, assignment)
    if name == "dropout":
        shutil.copytree(ROOT / "tests/submissions/dropout/perfect", answer, ignore=shutil.ignore_patterns("expected.json"))
    elif name == "affine":
        answer.mkdir(parents=True)
        _answer(course.build / "affine/release/affine.ipynb", answer / "affine.ipynb")
    else:
        classes.make(course, assignment, answer.parent / f"{name}-class", ["perfect"])
        (answer.parent / f"{name}-class/perfect").rename(answer)
    return Case(name, assignment.notebooks, course, answer)


def _answer(released: Path, path: Path) -> None:
    """The release with the author's solutions in it."""
    notebook = nb.parse(released.read_bytes(), released.name)
    plain = {name: "\n".join(line for line in text.split("\n") if "### " not in line) for name, text in _CELLS.items()}
    cells = [
        {**cell, "source": plain[cell["id"]] if not cell["id"].endswith("_test") else cell["source"]} for cell in notebook["cells"]
    ]
    path.write_text(nb.dump({**notebook, "cells": cells}), encoding="utf-8")
