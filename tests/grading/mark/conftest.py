"""A class whose written answers wait to be read: as `hw grade` leaves it, without running anybody's code."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import gradebook
from grading import notebook as nb
from grading.course import Course
from grading.files import write_text
from grading.mark.desk import Desk
from grading.mark.question import Question
from grading.marks import Mark, Scorecard, Verdict
from grading.records import save
from tests.grading.conftest import COURSE, MINI, ROOT, answered, cell

RUBRIC = (
    "Because adding a thing to itself is doubling it: $x + x = 2x$.\n\n"
    "**Rubric (2 points).** 1: adding to itself. 0.5: the formula. 0.5: a reason. -0.5: no sentence. Formulas alone count."
)
ANSWER = cell("markdown", "b_answer", RUBRIC, grade=True, solution=True, points=2)
SOURCE: nb.Notebook = {**MINI, "cells": [ANSWER if one["id"] == "b_answer" else one for one in MINI["cells"]]}
# No answer is drawn for a second reading: the draw is by a secret that is made anew, so one test in twenty would meet it.
ONCE = COURSE.replace("[course]", "[course]\nread_twice = 0")
Hand = Callable[[Mapping[str, str]], None]


def with_questions(cells: Sequence[str]) -> nb.Notebook:
    """The tiny notebook with some written answers instead of one."""
    return {**SOURCE, "cells": [one for one in SOURCE["cells"] if one is not ANSWER] + [_renamed(name) for name in cells]}


def _renamed(name: str) -> nb.Cell:
    return {**ANSWER, "id": name, "metadata": {"nbgrader": {**ANSWER["metadata"]["nbgrader"], "grade_id": name}}}


def write_class(course: Course, answers: Mapping[str, str], cells: Sequence[str] = ("b_answer",)) -> None:
    """What `hw grade` leaves of a class: restored and executed notebooks, scorecards, the gradebook; a blank answer is blank."""
    work, cards = course.workspace(course.assignments["mini"]), []
    source = SOURCE if [*cells] == ["b_answer"] else with_questions(cells)
    for student, text in answers.items():
        code = {"a_double": f"def double(x):\n    return 2 * x  # {len(text)}"}
        notebook = nb.dump(answered(source, {**dict.fromkeys(cells, text), **code}))
        for path in (work.restored(student, "mini"), work.formgrader(student, "mini")):
            write_text(path, notebook)
        digest, there = hashlib.sha256(text.encode()).hexdigest()[:16], bool(text)
        written = Mark("", "mini", "", None if there else 0.0, 2.0, Verdict.BY_HAND, answered=there, answer=digest)
        marks = (
            Mark("a_double_test", "mini", "a", 2.0, 2.0, Verdict.PASSED),
            *(replace(written, grade_id=name, part=name[0]) for name in cells),
            Mark("c_count_test", "mini", "c", 3.0, 3.0, Verdict.PASSED, optional=True),
        )
        cards.append(Scorecard("mini", student, marks))
        save(work.scorecard(student), cards[-1])
    gradebook.write(course.db, "mini", {"mini": source}, cards)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gradebook, made once: making the tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("mark") / "gradebook.db"
    gradebook.write(f"sqlite:///{path}", "none", {}, [])
    return path


@pytest.fixture
def course(tmp_path: Path, empty: Path) -> Course:
    """The tiny course, with a rubric of four items, and nobody in it."""
    root = tmp_path / "course"
    write_text(root / "course.toml", ONCE)
    write_text(root / "notebooks" / "mini" / "mini.ipynb", nb.dump(SOURCE))
    (root / "build").mkdir()
    shutil.copy(empty, root / "build" / "gradebook.db")
    return courses.load(root / "course.toml")


@pytest.fixture
def hand(course: Course) -> Iterator[Hand]:
    """Write the class: student -> answer."""
    yield lambda answers: write_class(course, answers)


def desk_of(course: Course, share: float = 0.0) -> tuple[Desk, Question]:
    """A desk, and its one question."""
    desk = Desk(course, [course.assignments["mini"]], share)
    return desk, desk.questions["mini/mini/b_answer"]


__all__ = ["ROOT"]
