"""Reading between two gradings: what people decide in `hw mark` survives, and a new submission is asked about again."""

from __future__ import annotations

import shutil

import pytest

from grading import collect, pages, pipeline, release
from grading.course import Course
from grading.mark import Desk
from grading.mark.state import Choice
from grading.settings import Assignment
from tests.grading.conftest import PERFECT, HandIn

pytestmark = [pytest.mark.kernel, pytest.mark.slow]


def by_hand(course: Course, assignment: Assignment) -> dict[str, tuple[float | None, bool]]:
    """Points of the written answer and whether a person has to look, by student."""
    cards = pipeline.cards(course, assignment)
    return {card.student: (mark.points, mark.waits) for card in cards for mark in card.marks if mark.grade_id == "b_answer"}


def test_reading_between_two_gradings(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Graded, read, graded again, handed in anew by one: points stay, one answer is asked about again beside its earlier text."""
    hand_in("ada", PERFECT)
    hand_in("bob", PERFECT, b_answer="Since *it* is added to itself.")
    folder = hand_in("cyd", {"a_double": PERFECT["a_double"]})
    release.release(course, assignment)
    collect.collect(folder, course, assignment)
    pipeline.grade(course, assignment)
    desk = Desk(course, [assignment], 0.0)
    question = desk.questions["mini/mini/b_answer"]
    assert desk.rows()[0].reading.waiting == 2, "a blank answer asks nobody"
    name = ""
    while name := desk.following(question, "tom", name):
        sheet = desk.sheet(question, "tom", name)
        assert sheet.written.text in (PERFECT["b_answer"], "Since *it* is added to itself.")
        desk.save(question, "tom", name, sheet.stamp, Choice(("all",), -0.25, "short", "A word more."))
    pipeline.grade(course, assignment)
    assert by_hand(course, assignment) == {"ada": (0.75, False), "bob": (0.75, False), "cyd": (0.0, False)}

    shutil.rmtree(folder / "bob")
    hand_in("bob", PERFECT, b_answer="Since it is added to itself, which is two of it.")
    collect.collect(folder, course, assignment)
    pipeline.grade(course, assignment)
    assert by_hand(course, assignment)["bob"] == (0.75, True)
    name = desk.following(question, "tom")
    sheet = desk.sheet(question, "tom", name)
    assert (sheet.earlier, sheet.written.text) == (
        "Since *it* is added to itself.",
        "Since it is added to itself, which is two of it.",
    )
    desk.save(question, "tom", name, sheet.stamp, Choice(("all",)))
    assert by_hand(course, assignment) == {"ada": (0.75, False), "bob": (1.0, False), "cyd": (0.0, False)}
    pages.write_pages(
        pipeline.cards_for_students(course, assignment),
        assignment,
        course.workspace(assignment),
        pages.setting(course, assignment),
    )
    html = course.workspace(assignment).feedback_page("ada").read_text()
    assert all(words in html for words in ("+1 right and complete", "-0.25 short", "A word more.", PERFECT["b_answer"]))
