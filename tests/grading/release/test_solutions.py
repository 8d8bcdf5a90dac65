"""Solution notebooks: executed, the same every time, and readable without a network."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import formulas
from grading import notebook as nb
from grading.course import Course
from grading.release import solutions, webpage
from grading.settings import Assignment
from tests.browser import findings, opened

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


def test_tiny_solution_is_the_same_twice(course: Course, assignment: Assignment) -> None:
    """Two runs of a notebook with a figure, a set and random numbers from a seed are byte-identical."""
    path = course.source(assignment, "mini")
    drawing = (
        "import matplotlib.pyplot as plt\\nimport numpy as np\\nplt.plot(np.random.default_rng(0).random(5))\\nprint(set('abc'))\\n"
    )
    path.write_text(path.read_text().replace("seen = [1, 2, 3]", f"{drawing}seen = [1, 2, 3]"))
    found = []
    for _ in range(2):
        notebook, page = solutions.solve(course, assignment, "mini")
        found.append((notebook.read_bytes(), page.read_bytes()))
    assert found[0] == found[1]
    assert b"image/png" in found[0][0]


def test_failing_solution(course: Course, assignment: Assignment) -> None:
    """A source whose own answer fails is an error that says what failed, and nothing is written."""
    path = course.source(assignment, "mini")
    path.write_text(path.read_text().replace("x + x + 0 * x", "x + x + 1"))
    with pytest.raises(solutions.SolutionError, match=r"double\(1\)"):
        solutions.solve(course, assignment, "mini")
    assert not (course.build / "mini" / "solutions" / "mini.ipynb").exists()


def solve_dropout(build: Path) -> tuple[bytes, str]:
    """The executed dropout solution, training and plots included, and its page."""
    course = replace(courses.load(ROOT / "course.toml"), build=build)
    notebook, page = solutions.solve(course, course.assignments["dropout"], "q_coding_dropout")
    return notebook.read_bytes(), page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_dropout_solution_is_whole(tmp_path: Path) -> None:
    """The dropout solution runs to its end, and its page shows every formula and asks nothing of the network."""
    notebook, html = solve_dropout(tmp_path)
    assert len(nb.parse(notebook, "solution")["cells"]) > 40
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"' >]*""", html) == []
    assert html.count("<math") > 50
    with opened() as page:
        page.goto((tmp_path / "dropout" / "solutions" / "q_coding_dropout.html").as_uri())
        assert findings(page) == []


@pytest.mark.long
@pytest.mark.slow
def test_dropout_solution_is_the_same_twice(tmp_path: Path) -> None:
    """Two runs of the dropout solution, training and plots included, are byte-identical."""
    assert solve_dropout(tmp_path / "first") == solve_dropout(tmp_path / "second")


def test_formula_nobody_can_read() -> None:
    """A formula that the converter cannot read is shown as it was written, escaped."""
    assert "<math" in formulas.mathml(r"\hat y = 10\,w_1", "inline")
    broken = formulas.mathml(r"\frac{<b>", "inline")
    assert "<b>" not in broken


def test_a_figure_has_its_words() -> None:
    """The page has them as the picture's text alternative and, folded, below it; a figure without words is still named."""
    picture = {"output_type": "display_data", "data": {"image/png": "aGk="}}
    outputs = [{**picture, "metadata": {"image/png": {"alt": 'it falls & <b>"rises"</b>'}}}, {**picture, "metadata": {}}]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "plot()", "outputs": outputs, "execution_count": 1}
    page = webpage.page(nb.dump({"cells": [cell], "metadata": {}}), "t")
    alternatives = re.findall(r"""<img alt=(?:"([^"]*)"|'([^']*)')""", page)
    assert [html.unescape(one or two) for one, two in alternatives] == ['it falls & <b>"rises"</b>', "A figure of this cell"]
    assert "<p>it falls &amp; &lt;b&gt;" in page and page.count("The figure in words") == 1
