"""Whoever grades a written answer sees the author's answer and rubric below it; nobody else ever does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grading import cli
from grading import notebook as nb
from grading.course import Course
from grading.gradebook import rubric, sanitize
from tests.grading.conftest import MINI, PERFECT, ROOT, HandIn, answered, cell

ANSWER = "It is $2x$.\n\n**Rubric (1 point).** 0.5: the words. 0.5: the $x$."
SOURCE = answered(MINI, {"b_answer": f"### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION"})


def submitted(text: str = "Since x + x.") -> nb.Notebook:
    """A notebook as it is shown, with a student's written answer."""
    return sanitize.sanitize_notebook(answered(SOURCE, {"b_answer": text}))


def cells(notebook: nb.Notebook) -> list[dict[str, Any]]:
    """The cells of a notebook."""
    return list(notebook["cells"])


def test_the_rubric_stands_below_the_answer() -> None:
    """Right below the cell that a person grades, marked as the staff's, and below no other cell."""
    before, after = submitted(), rubric.with_rubrics(submitted(), SOURCE)
    names = [found["id"] for found in cells(after)]
    assert names[names.index("b_answer") + 1] == "grader-rubric-b_answer"
    (added,) = [found for found in cells(after) if found["id"].startswith("grader-rubric-")]
    text = "".join(added["source"])
    assert ANSWER in text and "For graders only" in text
    assert "SOLUTION" not in text and added["metadata"] == {"tags": [rubric.TAG]}
    assert [found for found in cells(after) if found is not added and found != added] == cells(before)


def test_again_changes_nothing_and_an_edit_replaces() -> None:
    """The same grading twice is the same file; a mended rubric stands where the old one stood."""
    once = rubric.with_rubrics(submitted(), SOURCE)
    assert rubric.with_rubrics(once, SOURCE) == once
    mended = rubric.with_rubrics(once, answered(SOURCE, {"b_answer": "### BEGIN SOLUTION\nNew words.\n### END SOLUTION"}))
    assert len(cells(mended)) == len(cells(once))
    assert "New words." in nb.dump(mended) and "Rubric (1 point)" not in nb.dump(mended)


def test_a_whole_cell_and_code_are_answers_too() -> None:
    """Without markers the whole cell is the answer; an answer in code is shown as code."""
    assert "adding a thing to itself" in nb.dump(rubric.with_rubrics(submitted(), MINI))
    code = cell(
        "code",
        "d_code",
        "def f():\n    ### BEGIN SOLUTION\n    return 7\n    ### END SOLUTION",
        grade=True,
        solution=True,
        points=2,
    )
    whole = {**MINI, "cells": [*MINI["cells"], code]}
    text = "".join(cells(rubric.with_rubrics(whole, whole))[-1]["source"])
    assert "```python\n    return 7\n```" in text and "(2 points)" in text


def test_nobody_can_fake_it() -> None:
    """A student who types the same box, or has a cell of that name, gets plain text, and the real one stays the only one."""
    (box,) = ["".join(found["source"]) for found in cells(rubric.with_rubrics(submitted(), SOURCE)) if "rubric" in found["id"]]
    sources = ["".join(found["source"]) for found in cells(rubric.with_rubrics(submitted(box), SOURCE))]
    assert [source for source in sources if "<div" in source] == [box]


def course_with_rubric(course: Course) -> None:
    """The tiny course, its written answer with a rubric."""
    path = course.source(course.assignments["mini"], "mini")
    path.write_text(nb.dump(SOURCE))


@pytest.mark.kernel
def test_graders_see_it_and_nobody_else(course: Course, hand_in: HandIn) -> None:
    """After a grading it is in the notebook that the formgrader opens, and in nothing that students get."""
    course_with_rubric(course)
    folder = hand_in("ada", PERFECT)
    (folder / "bob").mkdir()
    for verb in ("release", "collect", "grade", "feedback", "export"):
        more = (str(folder),) if verb == "collect" else ()
        assert cli.main(["--course", str(course.root / "course.toml"), verb, "mini", *more]) == 0
    shown_path = course.build / "autograded" / "ada" / "mini" / "mini.ipynb"
    assert "Rubric (1 point)" in shown_path.read_text()
    holders = {path.relative_to(course.build).parts[0] for path in course.build.rglob("*") if path.is_file() and holds(path)}
    assert holders <= {"autograded", "gradebook.db"}
    assert not any(holds(path) for path in (course.build / "mini").rglob("*") if path.is_file())
    mended = answered(SOURCE, {"b_answer": "### BEGIN SOLUTION\nRubric (1 point): mended.\n### END SOLUTION"})
    course.source(course.assignments["mini"], "mini").write_text(nb.dump(mended))
    assert cli.main(["--course", str(course.root / "course.toml"), "grade", "mini"]) == 0
    assert "mended" in shown_path.read_text() and "the words" not in shown_path.read_text()


def holds(path: Path) -> bool:
    """Whether a file, or a member of an archive, holds the rubric."""
    if path.suffix in (".zip", ".whl"):
        with zipfile.ZipFile(path) as packed:
            return any(b"Rubric (1" in packed.read(name) or b"0.5: the words" in packed.read(name) for name in packed.namelist())
    return b"Rubric (1" in path.read_bytes()


@pytest.mark.kernel
def test_stock_feedback_leaves_it_out(course: Course, hand_in: HandIn) -> None:
    """Whoever uses nbgrader's own feedback, with our configuration, gives no rubric away."""
    course_with_rubric(course)
    folder = hand_in("ada", PERFECT)
    for verb in ("release", "collect", "grade"):
        more = (str(folder),) if verb == "collect" else ()
        assert cli.main(["--course", str(course.root / "course.toml"), verb, "mini", *more]) == 0
    shutil.copy(ROOT / "nbgrader_config.py", course.root)
    tool = [sys.executable, "-m", "nbgrader", "generate_feedback", "mini", "--force"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        tool, cwd=course.root, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.returncode == 0, done.stderr
    (made,) = (course.build / "nbgrader" / "feedback").rglob("*.html")
    assert "It just is." in made.read_text()
    assert "Rubric" not in made.read_text() and "For graders" not in made.read_text()
