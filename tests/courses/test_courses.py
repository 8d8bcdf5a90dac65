"""Courses in other people's forms are released and graded, and every student has the points that stock nbgrader gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grading import course as courses
from grading import gradebook, mark, pipeline, releasing
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.mark.answers import Answers as Written
from grading.marks import Scorecard, Verdict
from grading.release import solutions
from grading.settings import Assignment
from grading.source import read_all
from tests.grading import shared_parents

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "nbgrader_config.py"
# what students answer who do not answer as the author does; a list stands for cells of their own below the cell
Answers = Mapping[str, str | list[str]]
WRONG: dict[str, dict[str, Answers]] = {
    "ps1": {
        "no-reuse": {
            "squares": "def squares(n):\n    return [i * i for i in range(1, n + 1)]",
            "sum_of_squares": "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6",
            "sum_of_squares_equation": "n squared",
            "cell-0a1b2c3d4e5f6a7b": ["plt_values = [0, 1, 1, 2]", "I ran out of time."],
        },
        "blank": {},
    },
    "converted": {
        "half": {
            "q1": "total = float(sum(mm for _, mm in rain[1:]))",
            "rates": "def rate(b, a):\n    return (a - b) / b * 100 if b else 0",
        },
        "blank": {},
    },
}
POINTS = {
    "ps1": {
        "right": [1, 1, 0.5, 0.5, None, None, None, None, None],
        "no-reuse": [1, 0, 0.5, 0, None, 0, 0, 0, None],
        "blank": [0, 0, 0, 0, 0, 0, 0, 0, None],
    },
    "converted": {"right": [1, 2, 1, 2, None], "half": [1, 0, 1, 1, 0], "blank": [0, 0, 0, 0, 0]},
}

pytestmark = [pytest.mark.slow, pytest.mark.kernel]


@dataclass(frozen=True)
class Graded:
    """A course after its class was graded."""

    course: Course
    assignment: Assignment
    cards: dict[str, Scorecard]

    @property
    def name(self) -> str:
        """The sample course's."""
        return self.course.root.name


@pytest.fixture(scope="module", params=["ps1", "converted"])
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Released, handed in by a class, graded."""
    with shared_parents.shared(tmp_path_factory.mktemp("shared")):
        root = Path(shutil.copytree(HERE / request.param, tmp_path_factory.mktemp("courses") / request.param))
        course = courses.load(root)
        (assignment,) = course.assignments.values()
        releasing.release(course, assignment)
        write_class(course, assignment, WRONG[request.param])
        collection.collect(root / "class", course, assignment)
        return Graded(course, assignment, {card.student: card for card in pipeline.grade(course, assignment)})


def write_class(course: Course, assignment: Assignment, wrong: Mapping[str, Answers]) -> None:
    """One folder for each student, with what the hand-out has in it."""
    for source in read_all(course, assignment):
        right = {nb.grade_id(cell): answer(cell) for cell in source.notebook["cells"] if nb.is_solution(cell)}
        for student, answers in {"right": right, **wrong}.items():
            cells = [made for cell in source.student["cells"] for made in answered(cell, answers)]
            folder = course.root / "class" / student
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{source.name}.ipynb").write_text(nb.dump({**source.student, "cells": cells}), encoding="utf-8")
            for name in assignment.files:
                shutil.copy(course.notebooks / assignment.name / name, folder)


def answer(cell: nb.Cell) -> str:
    """The author's answer without the markers."""
    return "\n".join(line for line in cell["source"].split("\n") if not line.strip().startswith("###"))


def answered(cell: nb.Cell, answers: Answers) -> list[nb.Cell]:
    """The cell with an answer in it, or with cells below it."""
    said = answers.get(nb.grade_id(cell), cell["source"])
    if isinstance(said, str):
        return [{**cell, "source": said}]
    own = [{"cell_type": "code", "id": f"more-{at}", "metadata": {}, "source": text} for at, text in enumerate(said)]
    return [cell, *own]


def test_everybody_has_their_points(graded: Graded) -> None:
    """Cell by cell; None where a person reads."""
    found = {student: [one.points for one in card.marks] for student, card in graded.cards.items()}
    assert found == POINTS[graded.name]
    assert not [one.reason for card in graded.cards.values() for one in card.marks if one.verdict is Verdict.UNJUDGED]


def test_nobody_is_accused(graded: Graded) -> None:
    """Random cell ids, files that come back, given cells that raise: none of it is a student's doing."""
    assert {student: (card.flags, card.notes) for student, card in graded.cards.items() if card.flags or card.notes} == {}


def test_parts_come_from_the_headings(graded: Graded) -> None:
    """Grade ids in words, and those that JupyterLab makes up, belong to the part that stands above them."""
    parts = [one.part for one in graded.cards["right"].marks]
    ps1 = ["1A", "1A", "1B", "1B", "1C", "1D", "2A", "2A", "2B"]
    assert parts == {"ps1": ps1, "converted": ["q1", "q1", "2", "2", "3"]}[graded.name]


def test_a_task_is_read_with_what_was_done_below_it(graded: Graded) -> None:
    """`hw mark` shows the task, its mark scheme as the rubric's remarks, and the student's own cells."""
    desk = mark.desk(graded.course, [graded.assignment])
    if graded.name != "ps1":  # the other course has an ordinary written answer
        assert list(desk.questions) == ["hw1/hw1/why"]
        return
    question = desk.questions["ps1/problem2/cell-0a1b2c3d4e5f6a7b"]
    assert "first twelve numbers as bars" in question.asked and "MARK SCHEME" not in question.asked
    assert question.rubric.max_points == 2
    work = graded.course.workspace(graded.assignment)
    written = Written(work, [question]).of(question, "no-reuse")
    assert written is not None and "plt_values" in written.text and "I ran out of time." in written.text
    nothing = Written(work, [question]).of(question, "blank")
    assert nothing is not None and nothing.text == ""


def test_solutions_run(graded: Graded) -> None:
    """The author's notebooks are executed to their end; a cell that raises on purpose says so by Jupyter's own tag."""
    for name in graded.assignment.notebooks:
        notebook, page = solutions.solve(graded.course, graded.assignment, name)
        errors = [
            output["ename"]
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            for output in cell.get("outputs", ())
            if output["output_type"] == "error"
        ]
        assert errors == (["ZeroDivisionError"] if graded.name == "converted" else []) and page.is_file()


def test_stock_nbgrader_gives_the_same_points(graded: Graded, tmp_path: Path) -> None:
    """`nbgrader generate_assignment` and `autograde` on the same sources and the same class: the same rows in the gradebook."""
    root = Path(shutil.copytree(HERE / graded.name, tmp_path / graded.name))
    shutil.copy(CONFIG, root)
    name = graded.assignment.name
    for student in graded.cards:
        submitted = root / "build" / "nbgrader" / "submitted" / student / name
        shutil.copytree(graded.course.root / "class" / student, submitted)
    for verb in ("generate_assignment", "autograde"):
        nbgrader(root, verb, name)
    theirs = gradebook.dump(f"sqlite:///{root}/build/gradebook.db", name)
    ours = gradebook.dump(graded.course.db, name)
    assert len(theirs) == sum(len(card.marks) for card in graded.cards.values())
    assert [row for row in theirs if row not in ours] == []
    assert theirs == ours


def nbgrader(root: Path, *arguments: str) -> None:
    """Run stock nbgrader."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
