"""A source notebook that later stages could not rely on is refused; what students get is what stock nbgrader makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import notebook as nb
from grading.course import Course
from grading.regions import StripError
from grading.settings import Assignment
from grading.source import SourceError, read_all, read_source, student_notebook

from .conftest import MINI, cell


def rewrite(course: Course, change: Callable[[list[nb.Cell]], object]) -> None:
    """Change the cells of the tiny course's source."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    source = nb.parse(path.read_bytes(), "mini")
    change(source["cells"])
    path.write_text(nb.dump(source))


def named(cells: list[nb.Cell], name: str) -> nb.Cell:
    """The cell of that id."""
    return next(found for found in cells if found["id"] == name)


def test_the_source_is_read_as_it_stands(course: Course, assignment: Assignment) -> None:
    """A sound source comes back unchanged, solutions and all."""
    read = read_source(course, assignment, "mini")
    assert nb.dump(read) == nb.dump(MINI)
    assert nb.parts(read)["a_double_test"] == "a"


def test_cell_ids_are_the_grade_ids(course: Course, assignment: Assignment) -> None:
    """Editors give cells random ids: the release sets those of graded cells, and no two cells end up with one."""

    def change(cells: list[nb.Cell]) -> None:
        named(cells, "a_double")["id"] = "3f2a9c1e"
        named(cells, "intro")["id"] = "a_double"
        cells.append(cell("markdown", "a_double", "a copy of the text"))

    rewrite(course, change)
    (source,) = read_all(course, assignment)
    ids = [found["id"] for found in source.student["cells"]]
    assert len(set(ids)) == len(ids)
    assert ids == ["a_double-2", "setup", "a_double", "a_double_test", "b_answer", "c_count", "c_count_test", "a_double-3"]


def test_a_mark_scheme_is_the_task_cells(course: Course, assignment: Assignment) -> None:
    """What graders read of a task is taken out of it; in another cell it would be given away, and is refused."""
    text = "Draw it.\n### BEGIN MARK SCHEME\nlabels: 1\n### END MARK SCHEME"
    rewrite(course, lambda cells: cells.append(cell("markdown", "d_task", text, task=True, locked=True, points=1)))
    (source,) = read_all(course, assignment)
    assert source.student["cells"][-1]["source"] == "Draw it." and "labels: 1" in source.removed
    rewrite(course, lambda cells: cells.append(cell("markdown", "e_text", text)))
    with pytest.raises(SourceError, match="cell e_text: a mark scheme in a cell that is no task"):
        read_all(course, assignment)


def test_optional_parts_exist(course: Course, assignment: Assignment) -> None:
    """A part that is optional and in no notebook is a slip of the pen, and said."""
    with pytest.raises(SourceError, match=r"assignments\.mini\] optional: no part is called 'x'"):
        read_all(course, replace(assignment, optional=("c", "x")))
    assert [source.name for source in read_all(course, assignment)] == ["mini"]


def test_a_link_to_colab(course: Course, assignment: Assignment) -> None:
    """Where the course names an address, each notebook has its own below the title, and what comes back from there is as given."""
    (plain,) = read_all(course, assignment)
    rewrite(
        course,
        lambda cells: cells.insert(0, {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Mini\n\nHello."}),
    )
    (source,) = read_all(replace(course, colab="https://colab.example/{assignment}/{notebook}.ipynb"), assignment)
    badge = "![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)"
    link = f"[{badge}](https://colab.example/mini/mini.ipynb)"
    assert source.student["cells"][0]["source"] == f"# Mini\n\n{link}\n\nHello."
    assert source.student["cells"][1:] == plain.student["cells"]
    assert source.notebook["cells"][0]["source"] == "# Mini\n\nHello.", "solution pages have none"


def test_the_address_of_the_library(course: Course, assignment: Assignment) -> None:
    """It is filled in where the author left a place for it, in the hand-out only."""
    first = {"cell_type": "code", "id": "first", "metadata": {}, "source": 'course_wheel = ""\nimport numpy'}
    rewrite(course, lambda cells: cells.insert(0, first))
    (source,) = read_all(replace(course, wheel="https://course.example/{assignment}.whl"), assignment)
    assert source.student["cells"][0]["source"] == "course_wheel = 'https://course.example/mini.whl'\nimport numpy"
    assert source.notebook["cells"][0]["source"] == first["source"]


def test_a_missing_source_is_named(course: Course, assignment: Assignment) -> None:
    """A notebook that course.toml lists and nobody wrote."""
    with pytest.raises(SourceError, match=r"the source of ghost is missing[\s\S]*notebooks/mini/ghost\.ipynb"):
        read_source(course, assignment, "ghost")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda cells: cells.append(cell("code", "again", "", locked=True, grade_id="setup")),
            "cell setup: the grade id is used twice",
        ),
        (lambda cells: nb.meta(named(cells, "a_double")).update(grade_id="a double"), "cell 'a double': a grade id is made of"),
        (lambda cells: nb.meta(named(cells, "a_double")).update(grade_id="d" * 65), "a grade id is made of 1 to 64"),
        (lambda cells: nb.meta(named(cells, "b_answer")).update(solution=False), "cell b_answer: a written answer has both"),
        (lambda cells: nb.meta(named(cells, "a_double_test")).update(points=None), "a_double_test"),
        (lambda cells: nb.meta(named(cells, "a_double_test")).update(points="two"), "a_double_test"),
        (lambda cells: nb.meta(named(cells, "a_double_test")).update(points=-2), "a_double_test"),
        (lambda cells: cells.append(cell("code", "d_task", "", task=True, points=1)), "cell d_task: a task is a text"),
        (lambda cells: cells.append(cell("markdown", "d_task", "", task=True, locked=True, points=-4)), "cell d_task: its points"),
    ],
)
def test_a_broken_rule_is_named(
    course: Course, assignment: Assignment, change: Callable[[list[nb.Cell]], object], said: str
) -> None:
    """Each rule that later stages rely on has its own sentence, with the file and the cell."""
    rewrite(course, change)
    with pytest.raises(SourceError) as caught:
        read_source(course, assignment, "mini")
    assert said in str(caught.value)
    assert "mini.ipynb breaks" in str(caught.value)


def test_every_broken_rule_is_told_at_once(course: Course, assignment: Assignment) -> None:
    """The author mends them in one go."""

    def change(cells: list[nb.Cell]) -> None:
        nb.meta(named(cells, "a_double"))["grade_id"] = "setup"
        nb.meta(named(cells, "c_count_test"))["points"] = -9

    rewrite(course, change)
    with pytest.raises(
        SourceError, match=r"breaks 2 rule\(s\)[\s\S]*setup: the grade id is used twice[\s\S]*c_count_test: its points are -9"
    ):
        read_source(course, assignment, "mini")


def test_regions_belong_into_cells_of_their_kind() -> None:
    """A solution region in a given cell, or hidden tests in a cell without points, would be graded wrongly."""
    solution = cell("code", "given", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", locked=True)
    with pytest.raises(SourceError, match=r"hw\.ipynb, cell given: a solution region in a cell that is not a solution cell"):
        student_notebook({"cells": [solution], "metadata": {}}, "hw")
    prose = cell("markdown", "text", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    with pytest.raises(SourceError, match="cell text: a solution region"):
        student_notebook({"cells": [prose], "metadata": {}}, "hw")
    hidden = cell("code", "given", "### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS", locked=True)
    with pytest.raises(SourceError, match="cell given: hidden tests in a cell without points"):
        student_notebook({"cells": [hidden], "metadata": {}}, "hw")


def test_an_unclosed_region_names_cell_and_line() -> None:
    """A marker without its partner is found before anything is made of the notebook."""
    open_cell = cell("code", "a_x", "x = 0\n### BEGIN SOLUTION\nx = 1", solution=True)
    with pytest.raises(StripError, match=r"hw\.ipynb, cell a_x, line 2"):
        student_notebook({"cells": [open_cell], "metadata": {}}, "hw")


def test_what_was_taken_out_is_told() -> None:
    """Solution lines, whole answers and hidden tests are returned, for the audit."""
    _, removed = student_notebook(MINI, "mini")
    assert "    return x + x + 0 * x" in removed
    assert "Because adding a thing to itself is doubling it." in removed
    assert "seen = [1, 2, 3]" in removed
    assert any("you squared instead of doubling" in line for line in removed)


def test_a_cell_that_is_all_answer_becomes_a_stub() -> None:
    """A solution cell without a region is replaced whole, code and prose each by its own stub."""
    answers = [cell("code", "a_x", "x = 1", solution=True), cell("markdown", "b_y", "y", solution=True, grade=True, points=1)]
    student, _ = student_notebook({"cells": answers, "metadata": {}}, "hw")
    assert [found["source"] for found in student["cells"]] == [
        "# YOUR CODE HERE\nraise NotImplementedError()",
        "YOUR ANSWER HERE",
    ]


def nbgrader_assignment(course: Course) -> dict[str, dict[str, Any]]:
    """The cells that stock `nbgrader generate_assignment` makes of the tiny course, by id."""
    settings = {
        "CourseDirectory.root": str(course.root),
        "CourseDirectory.source_directory": "notebooks",
        "CourseDirectory.release_directory": "stock",
        "CourseDirectory.db_url": f"sqlite:///{course.root}/stock.db",
        "ClearSolutions.code_stub": {"python": "# YOUR CODE HERE\nraise NotImplementedError()"},
    }
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\n" + "".join(f"c.{name} = {value!r}\n" for name, value in settings.items())
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "mini"]
    done = subprocess.run(
        command, cwd=course.root, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    made = json.loads((course.root / "stock" / "mini" / "mini.ipynb").read_text())
    return {found["id"]: found for found in made["cells"]}


@pytest.mark.slow
def test_the_release_is_what_stock_nbgrader_makes(course: Course, blank: nb.Notebook) -> None:
    """Stock or ours, cell by cell: the source, nbgrader's metadata with the checksum, and what may be deleted and edited."""
    stock = nbgrader_assignment(course)
    ours = {found["id"]: found for found in blank["cells"]}
    assert list(ours) == list(stock)
    for name, found in ours.items():
        assert found["source"] == "".join(stock[name]["source"]), name
        assert found["metadata"] == stock[name]["metadata"], name
        assert found["cell_type"] == stock[name]["cell_type"], name
