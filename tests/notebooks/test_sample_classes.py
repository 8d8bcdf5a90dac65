"""The sample classes of the assignments of several notebooks, through the whole pipeline: every cell as expected.json says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import pipeline
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard
from grading.pages import feedback
from grading.release import handout
from tests.submissions import classes

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = sorted(
    path.name
    for path in (ROOT / "tests" / "submissions").iterdir()
    if path.name not in ("dropout", "dropout_more", "records") and path.is_dir() and not path.name.startswith("__")
)
pytestmark = [pytest.mark.slow, pytest.mark.kernel]


@pytest.fixture(scope="module")
def course(parents: None, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, with a build folder of its own."""
    build = tmp_path_factory.mktemp("classes") / "build"
    return replace(courses.load(ROOT / "course.toml"), build=build, db=f"sqlite:///{build}/gradebook.db")


@pytest.fixture(
    scope="module", params=[*ASSIGNMENTS, *(pytest.param(f"{name} long", marks=pytest.mark.long) for name in ASSIGNMENTS)]
)
def graded(
    request: pytest.FixtureRequest, course: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, Scorecard]]:
    """A class, or in the long run the rest of it, graded once for all tests of this file; the feedback pages are written."""
    name, _, long = request.param.partition(" ")
    quick = classes.names(name, long=False)
    cases = [case for case in classes.names(name) if case not in quick] if long else quick
    hurried = [case for case in cases if "limits" in classes.expected(name, case)]
    cards = _graded(course, name, [case for case in cases if case not in hurried], {}, tmp_path_factory.mktemp("class"))
    for case in hurried:
        cards |= _graded(course, name, [case], classes.expected(name, case)["limits"], tmp_path_factory.mktemp("hurried"))
    return name, cards


def _graded(course: Course, name: str, cases: list[str], limits: dict[str, float], folder: Path) -> dict[str, Scorecard]:
    """The cards of some cases, after the whole pipeline."""
    assignment = course.assignments[name]
    assignment = replace(assignment, limits=replace(assignment.limits, **limits))
    classes.make(course, assignment, folder, cases)
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)
    cards = pipeline.grade(course, assignment)
    setting = feedback.setting(course, assignment)
    for card in cards:
        feedback.write_page(card, course.workspace(assignment), setting)
    return {card.student: card for card in cards}


def test_the_class_is_graded_as_expected(graded: tuple[str, dict[str, Scorecard]]) -> None:
    """Points, verdict and reason of every cell of every case; the author gets everything, the blank notebook nothing."""
    name, cards = graded
    quick = set(classes.names(name, long=False))
    assert set(cards) in (quick, set(classes.names(name)) - quick)
    wrong = {case: found for case, card in cards.items() if (found := classes.differences(card, classes.expected(name, case)))}
    assert not wrong, "\n".join(f"{case}: {problem}" for case, found in wrong.items() for problem in found)
    if set(cards) == quick:  # the author and the blank notebook are always among these
        right, blank = cards["perfect"].totals, cards["blank"].totals
        assert (right.earned, right.bonus) == (right.possible, right.bonus_possible)
        assert (blank.earned, blank.bonus) == (0, 0)
        assert len(cards) >= 4


def test_feedback_of_all(graded: tuple[str, dict[str, Scorecard]], course: Course) -> None:
    """Everybody has a page, and whoever lost points reads why."""
    name, cards = graded
    for case, card in cards.items():
        (page,) = (course.build / name / "feedback" / case).glob("*.html")
        text = page.read_text(encoding="utf-8")
        for mark in card.marks:
            if mark.points == 0 and not mark.by_hand:
                assert mark.what, (case, mark.grade_id)
        assert "NaN" not in text
