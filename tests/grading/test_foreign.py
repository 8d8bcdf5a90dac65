"""Notebooks from elsewhere are told apart before anything trips over them, and their author reads what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grading import cli
from grading.course import Course
from grading.settings import Assignment
from grading.source import SourceError, read_all, read_source

from .conftest import MINI


def rewritten(course: Course, **changes: Any) -> None:
    """The tiny notebook with another metadata, or more cells."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["cells"] += changes.pop("cells", [])
    path.write_text(json.dumps({**raw, **changes}), encoding="utf-8")


def refusal(course: Course, assignment: Assignment) -> str:
    """What the author reads."""
    with pytest.raises(SourceError) as caught:
        read_source(course, assignment, "mini")
    return str(caught.value)


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"kernelspec": {"name": "julia-1.10", "display_name": "Julia"}, "language_info": {"name": "julia"}},
    ],
)
def test_another_language(course: Course, assignment: Assignment, metadata: dict[str, Any]) -> None:
    """R and Julia have kernels, but nothing here runs them."""
    rewritten(course, metadata=metadata)
    assert "hw runs and grades notebooks in Python only" in refusal(course, assignment)


@pytest.mark.parametrize("metadata", [{}, {"kernelspec": {}}, {"language_info": {"name": "python"}}])
def test_without_metadata_it_is_python(course: Course, assignment: Assignment, metadata: dict[str, Any]) -> None:
    """Converters leave the kernel out; students get one, so that Jupyter does not ask them."""
    rewritten(course, metadata=metadata)
    (source,) = read_all(course, assignment)
    assert source.student["metadata"]["kernelspec"] == MINI["metadata"]["kernelspec"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("raw", "# ASSIGNMENT CONFIG\nname: hw01"),
        ("raw", "# BEGIN QUESTION\nname: q1\npoints: 2"),
        ("raw", "# BEGIN SOLUTION"),
        ("raw", "# END TESTS"),
        ("markdown", "<!-- BEGIN QUESTION -->"),
        ("markdown", "```\nBEGIN QUESTION\nname: q1\n```"),
    ],
)
def test_cells_of_otter(course: Course, assignment: Assignment, kind: str, text: str) -> None:
    """The cells that tell otter what is what mean nothing to nbgrader; where they stand is said, and where to read on."""
    rewritten(course, cells=[{"cell_type": kind, "id": "raw", "metadata": {}, "source": text}])
    said = refusal(course, assignment)
    assert "cell no. 8" in said and "otter-grader" in said and "docs/your-own-course.md" in said


def test_an_ordinary_raw_cell_stays(course: Course, assignment: Assignment) -> None:
    """Raw cells are not wrong in themselves."""
    rewritten(course, cells=[{"cell_type": "raw", "id": "raw", "metadata": {}, "source": "for LaTeX"}])
    (source,) = read_all(course, assignment)
    assert source.student["cells"][-1]["source"] == "for LaTeX"


def test_a_notebook_in_a_subfolder(course: Course, assignment: Assignment) -> None:
    """Where it lies is found, and where it belongs is said."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    (path.parent / "week1").mkdir()
    path.rename(path.parent / "week1" / path.name)
    assert "move week1/mini.ipynb into" in refusal(course, assignment)


@pytest.mark.parametrize("name", ["week1/mini", "mini.ipynb", "../mini", ""])
def test_a_name_that_is_a_path(course: Course, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """course.toml names notebooks, not files."""
    path = course.root / "course.toml"
    path.write_text(path.read_text().replace('notebooks = ["mini"]', f'notebooks = ["{name}"]'))
    assert cli.main(["--course", str(path), "release", "mini"]) == 1
    said = capsys.readouterr().err
    assert "no name of a notebook" in said and "without its folder and without .ipynb" in said


def test_a_source_that_is_not_there_names_what_is(course: Course, assignment: Assignment) -> None:
    """A slip of the pen shows beside what lies in the folder."""
    (course.root / "notebooks" / "mini" / "mini.ipynb").rename(course.root / "notebooks" / "mini" / "minni.ipynb")
    assert "has minni" in refusal(course, assignment)
