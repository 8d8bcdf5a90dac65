"""What a notebook of the hand-out knows about itself; and stock nbgrader still sees every failure."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.validator import Validator
from traitlets.config import Config

from grading import notebook as nb
from grading.course import Course
from grading.release.handout import release
from grading.settings import Assignment
from tests.grading.conftest import answered


def released(course: Course, assignment: Assignment) -> Path:
    """The notebook that students get."""
    return release(course, assignment).folder / "mini.ipynb"


def test_it_knows_where_names_come_from(course: Course, assignment: Assignment) -> None:
    """Names of answers, and nothing of what they say; the assignment and the notebooks beside it."""
    told = json.loads(released(course, assignment).read_text())["metadata"]["hw_lib"]
    assert (told["assignment"], told["notebooks"], told["optional"]) == ("mini", ["mini"], [*assignment.optional])
    assert told["defines"]["a_double"] == ["double"]
    assert set(told) == {"edition", "assignment", "notebooks", "optional", "library", "upload", "files", "parts", "defines"}
    assert told["parts"]["a_double_test"] == "a" and told["files"] == []


def test_run_all_stops_nowhere_but_at_the_first_cell(course: Course, assignment: Assignment) -> None:
    """Without the library nothing else makes sense; after that an open task or a failing test is no reason to stop."""
    cells = [cell for cell in json.loads(released(course, assignment).read_text())["cells"] if cell["cell_type"] == "code"]
    assert ["raises-exception" in cell["metadata"].get("tags", []) for cell in cells] == [False] + [True] * (len(cells) - 1)


@pytest.mark.kernel
def test_stock_validation_sees_a_failing_test(course: Course, assignment: Assignment) -> None:
    """Nbgrader's Validate button, on a wrong answer: the tag that lets Run All go on hides nothing."""
    path = released(course, assignment)
    blank = nb.parse(path.read_bytes(), "mini")
    path.write_text(nb.dump(answered(blank, {"a_double": "def double(x):\n    return 3 * x"})))
    found = Validator(config=Config()).validate(str(path))
    failed = {cell["source"].splitlines()[0] for cell in found["failed"]}
    tests = {cell["id"]: cell["source"].splitlines()[0] for cell in blank["cells"] if nb.is_test(cell)}
    assert tests["a_double_test"] in failed


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_stock_autograding_gives_no_point_for_it(
    course: Course, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nbgrader's own autograder on the same hand-out: the failing test earns nothing, the passing one its points."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")  # nbgrader calls alembic by its name
    blank = nb.parse(released(course, assignment).read_bytes(), "mini")
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.db_url = str(tmp_path), f"sqlite:///{tmp_path}/gradebook.db"
    source = course.notebooks / "mini" / "mini.ipynb"
    (tmp_path / "source" / "mini").mkdir(parents=True)
    (tmp_path / "source" / "mini" / "mini.ipynb").write_bytes(source.read_bytes())
    api = NbGraderAPI(config=config)
    assert api.generate_assignment("mini")["success"]
    for student, body in (("right", "return x + x"), ("wrong", "return 3 * x")):
        folder = tmp_path / "submitted" / student / "mini"
        folder.mkdir(parents=True)
        notebook = nbformat.reads(nb.dump(answered(blank, {"a_double": f"def double(x):\n    {body}"})), 4)
        nbformat.write(notebook, folder / "mini.ipynb")
        assert api.autograde("mini", student)["success"]
    with api.gradebook as book:
        scores = {student: book.find_grade("a_double_test", "mini", "mini", student).auto_score for student in ("right", "wrong")}
    assert scores["wrong"] == 0 < scores["right"]
