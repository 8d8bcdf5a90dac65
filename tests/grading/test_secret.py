"""The course's secret: made once, for its owner alone; hidden inputs follow from it, and nobody else ever sees it."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from grading import execute, pipeline, secret
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.execute import cache, job
from grading.marks import Scorecard
from grading.progress import Step
from grading.records import Execution
from grading.release import ReleaseError, handout
from grading.secret import SecretError
from grading.settings import Assignment, RunOptions
from grading.source import read_all
from hw_lib import streams

from .conftest import PERFECT, HandIn

DRAWS = """
def _test():
    ### BEGIN HIDDEN TESTS
    x = int(checks.rng("mini/a_double_test/x").integers(2**40))
    checks.value("double(x)", double(x), 2 * x)
    ### END HIDDEN TESTS


_test()
"""
WRONG = "def double(x):\n    return 0"
SPIES = f"import os\nprint(os.environ.get({streams.SECRET!r}, 'nothing'))\ndef double(x):\n    raise ValueError(str(os.environ))"


def test_the_variable_is_the_librarys() -> None:
    """Said twice, because asking hw_lib for its name imports NumPy."""
    assert secret.VARIABLE == streams.SECRET


@pytest.fixture
def course(course: Course, assignment: Assignment) -> Course:
    """The tiny course, whose first test draws its input."""
    path = course.source(assignment, "mini")
    source = nb.parse(path.read_bytes(), "mini")
    cells = [{**cell, "source": DRAWS.strip()} if cell["id"] == "a_double_test" else cell for cell in source["cells"]]
    path.write_text(nb.dump({**source, "cells": cells}))
    return course


def graded(course: Course, assignment: Assignment, folder: Path) -> tuple[dict[str, Scorecard], list[Step]]:
    """Collect and grade; scorecards by student, and what was run or not."""
    steps: list[Step] = []
    collection.collect(folder, course, assignment)
    return {card.student: card for card in pipeline.grade(course, assignment, progress=steps.append)}, steps


def asked(card: Scorecard) -> str:
    """What the test expected of a wrong answer: it tells the input."""
    return next(mark for mark in card.marks if mark.grade_id == "a_double_test").expected


def test_it_is_made_once_for_its_owner(tmp_path: Path) -> None:
    """Whoever reads it gets the same, and nobody else may; no draft of it stays."""
    path = tmp_path / "build" / "secret"
    first = secret.read_or_make(path)
    assert len(first) == 64
    assert secret.read_or_make(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret"]


def test_several_that_make_it_agree(tmp_path: Path) -> None:
    """Shards begin at the same time; all of them draw the same."""
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(secret.read_or_make(tmp_path / "secret"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20
    assert len(set(made)) == 1


@pytest.mark.parametrize("text", ["", "a" * 63, "G" * 64])
def test_another_file_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    """A file that was cut off is an error that says what to do, and is left as it is."""
    path = tmp_path / "secret"
    path.write_text(text)
    with pytest.raises(SecretError, match="put your backup"):
        secret.read_or_make(path)
    assert path.read_text() == text


def test_a_release_makes_it_and_does_not_hold_it(course: Course, assignment: Assignment) -> None:
    """It is there after the first release; no file of the hand-out has it, and one that had would be refused."""
    made = handout.release(course, assignment)
    kept = course.workspace(assignment).secret.read_text().strip().encode()
    with zipfile.ZipFile(made.archive) as packed:
        assert not any(kept in packed.read(name) for name in packed.namelist())
    assert not any(kept in path.read_bytes() for path in made.student_build.rglob("*") if path.is_file())
    path = course.source(assignment, "mini")
    path.write_text(path.read_text().replace("Double things.", f"Double things: {kept.decode()}"))
    with pytest.raises(ReleaseError, match="give 1 thing"):
        handout.release(course, assignment)


def test_only_a_digest_of_it_is_in_the_key(course: Course, assignment: Assignment) -> None:
    """The key of an execution changes with the secret and does not hold it; neither does what an error would show."""
    handout.release(course, assignment)
    sources = read_all(course, assignment)
    keys = set()
    for text in ("", "a" * 64, "b" * 64):
        shared = job.shared_inputs(course, assignment, sources, RunOptions(), text)["mini"]
        assert shared.secret == text
        assert not text or text not in shared.key + repr(shared)
        keys.add(shared.key)
    assert len(keys) == 3


@pytest.mark.kernel
def test_hidden_inputs_follow_from_it(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """The same secret asks the same once more and runs nothing again; another one asks another thing, and runs all of it."""
    handout.release(course, assignment)
    folder, path = hand_in("ada", PERFECT, a_double=WRONG), course.workspace(assignment).secret
    first, _ = graded(course, assignment, folder)
    again, steps = graded(course, assignment, folder)
    assert asked(again["ada"]) == asked(first["ada"])
    assert [step.cached for step in steps] == [True]
    course.workspace(assignment).execution("ada", "mini").unlink()
    assert asked(graded(course, assignment, folder)[0]["ada"]) == asked(first["ada"])
    path.write_text("0" * 64)
    other, steps = graded(course, assignment, folder)
    assert [step.cached for step in steps] == [False]
    assert asked(other["ada"]) != asked(first["ada"])
    x = int(streams.rng("mini/a_double_test/x").integers(2**40))  # what a student's notebook draws
    assert f"{2 * x:.6g}"[:6] not in asked(first["ada"]) + asked(other["ada"])


@pytest.mark.kernel
def test_no_process_of_a_students_has_it(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Neither a cell nor a function that a hidden test calls finds it, and nothing that grading leaves on disk has it."""
    handout.release(course, assignment)
    cards, _ = graded(course, assignment, hand_in("eve", PERFECT, a_double=SPIES))
    kept = course.workspace(assignment).secret.read_text().strip()
    mark = next(mark for mark in cards["eve"].marks if mark.grade_id == "a_double_test")
    assert mark.points == 0
    assert "ValueError" in mark.reason
    found = [path for path in course.build.rglob("*") if path.is_file() and kept.encode() in path.read_bytes()]
    assert found == [course.workspace(assignment).secret]
    run = next(run for run in _execution(course, assignment).cells if run.cell_id == "a_double")
    assert run.outputs[0]["text"] == "nothing\n"


def _execution(course: Course, assignment: Assignment) -> Execution:
    """What happened in the notebook of the one student."""
    _, found = cache.read(course.workspace(assignment).execution("eve", "mini"))
    assert found is not None
    return found


@pytest.mark.kernel
def test_the_author_is_proved_without_it(course: Course, assignment: Assignment) -> None:
    """What `hw release` runs of the author's own draws the fixed streams, as stock nbgrader does."""
    handout.release(course, assignment)
    assert execute.check_tests(course, assignment) == ["mini"]
    course.workspace(assignment).secret.write_text("0" * 64)
    assert execute.check_tests(course, assignment) == []  # and does not depend on it
