"""Solution notebooks: executed, the same every time, and readable without a network."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.release import solutions, webpage
from grading.settings import Assignment

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.kernel


def test_tiny_solution(course: Course, assignment: Assignment) -> None:
    """Answers are in, markers and hidden tests are out, cells were run."""
    notebook, page = solutions.solve(course, assignment, "mini")
    text = notebook.read_text(encoding="utf-8")
    assert "return x + x + 0 * x" in text
    assert "SOLUTION" not in text
    assert "squared instead of doubling" not in text
    assert '"3.0"' in text, "the last cell's result is an output"
    assert "It just is." not in page.read_text(encoding="utf-8")


def test_failing_solution(course: Course, assignment: Assignment) -> None:
    """A source whose own answer fails is an error that says what failed, and nothing is written."""
    path = course.source(assignment, "mini")
    path.write_text(path.read_text().replace("x + x + 0 * x", "x + x + 1"))
    with pytest.raises(solutions.SolutionError, match=r"double\(1\)"):
        solutions.solve(course, assignment, "mini")
    assert not (course.build / "mini" / "solutions" / "mini.ipynb").exists()


@pytest.mark.slow
def test_dropout_solution_is_the_same_twice(tmp_path: Path) -> None:
    """Two runs of the dropout solution, training and plots included, are byte-identical; the page asks nothing of the network."""
    notebooks = []
    for run in ("first", "second"):
        course = replace(courses.load(ROOT / "course.toml"), build=tmp_path / run)
        notebook, page = solutions.solve(course, course.assignments["dropout"], "q_coding_dropout")
        notebooks.append(notebook.read_bytes())
    assert notebooks[0] == notebooks[1]
    html = page.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"' >]*""", html) == []
    assert html.count("<math") > 50
    executed = nb.parse(notebooks[0], "solution")
    assert len(executed["cells"]) > 40


def test_formula_nobody_can_read() -> None:
    """A formula that the converter cannot read is shown as it was written, escaped."""
    assert "<math" in webpage.mathml(r"\hat y = 10\,w_1", "inline")
    broken = webpage.mathml(r"\frac{<b>", "inline")
    assert "<b>" not in broken
