"""The zip of a tiny course, in the stand-in for the platform's container, grades as `hw grade` does, and never gives a 0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grading import autograder, autograding, collect, pages, pipeline
from grading import course as courses
from grading.course import Course
from grading.release import handout
from tests.grading.autograder import container
from tests.grading.autograder.container import METADATA, Container
from tests.grading.conftest import COURSE, PERFECT, HandIn

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

DEADLINE = """
[assignments.mini.deadline]
due = 2026-11-20T12:00:00-08:00
penalty = 0.1
extensions = { "bob@uni.edu" = 2026-11-21T12:00:00-08:00 }
"""
GROUP: dict[str, Any] = {**METADATA, "users": [{"email": "ada@uni.edu", "name": "Ada"}, {"email": "bob@uni.edu", "name": "Bob"}]}
SECRETS = (
    *("", "source", "source/course/build/secret", "source/course/notebooks/mini/mini.ipynb", "source/library/grading/score.py"),
    *("submission", "submission_metadata.json", "results", "results/results.json", "run_autograder"),
)
SPY = f"""
import os

def closed(path):
    for flags in (os.O_RDONLY, os.O_WRONLY | os.O_APPEND):
        try:
            os.close(os.open("/autograder/" + path, flags))
        except OSError:
            continue
        return False
    return True

seen = [1, 2, 3] if all(map(closed, {SECRETS!r})) else []
"""


@pytest.fixture
def box(course: Course) -> Iterator[Container]:
    """A container without limits for the tiny course, which has a deadline."""
    container.needs()
    (course.root / "course.toml").write_text(COURSE + DEADLINE)
    course = courses.load(course.root)
    handout.release(course, course.assignments["mini"])
    autograding.bundle(course, [course.assignments["mini"]], "mini", 10)
    with container.made(course.workspace(course.assignments["mini"]).autograder("mini"), memory_mb=None, processors=None) as made:
        yield made


def at_home(course: Course, folder: Path) -> dict[str, Any]:
    """What the results would be, made of the card of `hw grade`."""
    course = courses.load(course.root)
    assignment = course.assignments["mini"]
    collect.collect(folder, course, assignment)
    pipeline.grade(course, assignment)
    card = pipeline.cards(course, assignment)[1]  # bob's: his extension is what most counts by
    written = pages.written_answers(card, course.workspace(assignment))
    shown = pages.Graded(card, pages.setting(course, assignment), autograding.hidden(course, assignment), written)
    return pages.results([shown], ("ada@uni.edu", "bob@uni.edu"), 0)


def test_it_grades_as_at_home(course: Course, box: Container, hand_in: HandIn, tmp_path: Path) -> None:
    """A group's hand-in: the points, sentences and lateness of `hw grade`; it reads and writes nothing of the machine."""
    submission = hand_in("x", PERFECT, a_double="def double(x):\n    return x**2 if x > 1 else 2 * x", c_count=SPY) / "x"
    run = box.grade(submission, GROUP)
    assert run.status == 0, run.said
    assert [name for name in SECRETS if not (box.folder / name).exists()] == []
    (tmp_path / "submission_metadata.json").write_text(json.dumps(GROUP))
    autograder.as_download(submission, autograder.handed_in(tmp_path / "submission_metadata.json"), tmp_path / "class")
    assert {**run.results, "execution_time": 0} == at_home(course, tmp_path / "class")
    assert run.scores()["(c) count"] == 3.0, "something of the machine could be opened"
    assert "you squared instead of doubling" in str(run.results["tests"])
    assert "you squared" not in run.results["output"] and "Handed in together: ada@uni.edu, bob@uni.edu." in run.results["output"]
    assert "FAILED" in run.said and "group      bob@uni.edu" in run.said


def test_a_fault_of_ours_has_no_score(box: Container, hand_in: HandIn) -> None:
    """A secret that is none, a program that is not there, no time: the file says so, has no score, and staff read why."""
    submission = hand_in("x", PERFECT) / "x"
    box.unpack()
    kept, script = box.folder / "source/course/build/secret", box.folder / "run_autograder"
    secret, text = kept.read_text(), script.read_text()

    def refused(why: str) -> None:
        run = box.grade(submission)
        assert run.status != 0
        assert {*run.results} == {"output", "output_format", "stdout_visibility"}
        assert "was not graded" in run.results["output"]
        assert why in run.said

    kept.write_text("no secret")
    refused("does not hold the course's secret")
    kept.write_text(secret)
    script.write_text(text.replace("timeout --kill-after=10 570", "timeout --kill-after=10 0.2"))
    refused("the grader ended with status 124")
    script.write_text(text)
    (box.folder / "source/library/grading/score.py").unlink()
    refused("No module named 'grading.score'")


@pytest.mark.long
def test_memory_that_runs_out_is_nobodys_zero(box: Container, hand_in: HandIn) -> None:
    """In a container smaller than the course's limit: what was passed before stays, the rest is open, and staff read why."""
    box.memory_mb = 400
    eater = "held = [bytearray(50_000_000) for _ in range(18)]\nfor one in held:\n    one[::4096] = bytes(len(one[::4096]))\n"
    run = box.grade(hand_in("x", PERFECT, c_count=f"{eater}\nseen = [1, 2, 3]") / "x")
    assert run.status == 0, run.said
    assert "memory ran out: the container has 419 MB" in run.said
    assert run.scores() == {"(a) double": 2.0}
