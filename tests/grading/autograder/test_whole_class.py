"""The sample class of the dropout homework, each hand-in graded by the zip in the stand-in for the platform's container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import autograding, collect, pages, pipeline
from grading import course as courses
from grading.course import Course
from grading.release import handout
from tests.grading.autograder import container
from tests.grading.autograder.container import Container

ROOT = Path(__file__).parents[3]
CLASSES = [ROOT / "tests" / "submissions" / name for name in ("dropout", "dropout_more")]
CASES = {path.name: path for folder in CLASSES for path in sorted(folder.iterdir()) if path.is_dir()}

_PLACES_OWN = re.compile(r"(?<=longer than )\d+(?= seconds)|\[Errno \d+\] [\w ]+")
pytestmark = [pytest.mark.kernel, pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, with a build folder of its own, and the class graded as `hw grade` does."""
    container.needs()
    build = tmp_path_factory.mktemp("whole") / "build"
    made = replace(courses.load(ROOT / "course.toml"), build=build, db=f"sqlite:///{build}/gradebook.db")
    handout.release(made, made.assignments["dropout"])
    return made


@pytest.fixture(scope="module")
def at_home(course: Course) -> dict[str, dict[str, Any]]:
    """What the results would be, made of the cards of `hw grade`."""
    assignment = course.assignments["dropout"]
    found = {}
    for folder in CLASSES:
        collect.collect(folder, course, assignment)
        for card in pipeline.grade(course, assignment):
            written, setting = pages.written_answers(card, course.workspace(assignment)), pages.setting(course, assignment)
            shown = pages.Graded(card, setting, autograding.hidden(course, assignment), written)
            found[card.student] = pages.results([shown], (), 0)
    return found


@pytest.fixture(scope="module")
def box(course: Course) -> Iterator[Container]:
    """The container, with half a processor; the memory of a PyTorch with a GPU's libraries is larger than the platform's."""
    autograding.bundle(course, [course.assignments["dropout"]], "dropout", 10)
    archive = course.workspace(course.assignments["dropout"]).autograder("dropout")
    with container.made(archive, memory_mb=None) as made:
        yield made


def _elsewhere(test: dict[str, Any]) -> dict[str, Any]:
    """A test's words, without the clock's limit, which is longer there, and the system's words for a network that is not there."""
    return {**test, "output": _PLACES_OWN.sub("…", test.get("output", ""))}


def differing(there: dict[str, Any], here: dict[str, Any]) -> list[tuple[str, object, object]]:
    """What is not the same in two files of results, test by test."""
    tests = [{test["name"]: _elsewhere(test) for test in found["tests"]} for found in (there, here)]
    pairs = [*((name, tests[0].get(name), tests[1].get(name)) for name in {**tests[0], **tests[1]})]
    pairs += [(key, there.get(key), here.get(key)) for key in {**there, **here} if key != "tests"]
    return [pair for pair in pairs if pair[1] != pair[2]]


@pytest.mark.parametrize("case", CASES)
def test_it_scores_as_at_home(case: str, at_home: dict[str, dict[str, Any]], box: Container) -> None:
    """The same points and the same sentences, under Landlock on half a processor and in bubblewrap on a whole one."""
    run = box.grade(CASES[case])
    assert run.status == 0, run.said
    found = differing({**run.results, "execution_time": 0}, at_home[case])
    assert not found, "\n".join(f"{name}\n  there {there}\n  here  {here}" for name, there, here in found)
