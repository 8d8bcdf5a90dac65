"""A class is graded by keyboard alone in a real browser, with a server that is killed; what was pressed stands everywhere."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grading import gradebook, mark, pages, pipeline
from grading.course import Course
from tests.browser import findings, opened
from tests.grading.mark.conftest import Hand
from tests.grading.mark.server import Server, running, say_a_name

pytestmark = pytest.mark.slow
MOVED = "was => (document.getElementById('sheet') || {dataset: {}}).dataset.here !== was"
WORTH = {"1": 1.0, "2": 0.5, "3": 0.5, "4": -0.5}
WORDS = (
    "Adding a thing to itself.",
    "x + x = 2x, so it *is*",
    "No idea.",
    "because $2x = x + x$ <b>bold</b>",
    "doubling is doubling",
)


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a browser that reports what goes wrong in it."""
    with opened(bypass_csp=getattr(request, "param", False)) as made:
        made.wrong = []
        made.on("pageerror", lambda error: made.wrong.append(str(error)))
        made.on("console", lambda said: made.wrong.append(said.text) if "Content Security Policy" in said.text else None)
        yield made


def keys_for(text: str) -> list[str]:
    """What somebody presses who reads this: some of the rubric's digits, never none."""
    drawn = hashlib.sha256(text.encode()).digest()
    return [key for key, byte in zip("1234", drawn, strict=False) if byte % 2] or ["1"]


def worth(keys: list[str]) -> float:
    """What those give."""
    return max(0.0, sum(WORTH[key] for key in keys))


def test_a_class_by_keyboard_alone(course: Course, hand: Hand, page: Any) -> None:
    """Thirty students; what was pressed is in the gradebook, the export, nbgrader's totals and the feedback pages."""
    answers = {f"s{number:02d}": f"{WORDS[number % 5]} ({number // 10})" if number else "" for number in range(30)}
    hand(answers)
    pressed: dict[str, list[str]] = {}
    with running(course.root) as server:
        page.goto(server.url)
        say_a_name(page)
        while page.evaluate("document.activeElement.tagName + document.activeElement.textContent") != "Ab_answer":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for count in range(30):
            page.wait_for_selector("#sheet, #done")
            if page.query_selector("#done"):
                break
            text = " ".join(page.text_content("article.student").split())
            assert text not in pressed
            pressed[text] = keys_for(text)
            press(page, pressed[text], server if count == 7 else None)
            was = page.get_attribute("#sheet", "data-here")
            page.keyboard.press("n")
            page.wait_for_function(MOVED, arg=was)
        assert page.query_selector("#done") is not None
    assert page.wrong == []
    expected = {student: worth(pressed[shown(text)]) if text else None for student, text in answers.items()}
    rows = [row for row in gradebook.dump(course.db, "mini") if row["cell"] == "b_answer"]
    assert {row["student"]: row["manual_score"] for row in rows} == expected
    assert not any(row["needs_manual_grade"] for row in rows)
    everywhere(course, expected)


def press(page: Any, keys: list[str], killed: Server | None) -> None:
    """Press digits and see the tick; with the server killed before the last one, which then is kept until there is one again."""
    for key in keys[:-1]:
        page.keyboard.press(key)
        page.wait_for_selector("#tick.saved")
    if killed is not None:
        killed.kill()
    page.keyboard.press(keys[-1])
    if killed is not None:
        page.wait_for_selector("#tick.failed")
        killed.start()
    page.wait_for_selector("#tick.saved")
    assert page.inner_text("#points") == f"{worth(keys):g}"


def shown(text: str) -> str:
    """An answer's words as the page shows them: formulas and emphasis set, tags as text."""
    return re.sub(r"[*$]", "", text).replace("2x = x + x", "2x=x+x")


def everywhere(course: Course, expected: dict[str, float | None]) -> None:
    """The same points in the CSV, in nbgrader's own totals and on every student's page."""
    assignment = course.assignments["mini"]
    work = course.workspace(assignment)
    _, cells = pages.write_csv(pipeline.cards(course, assignment), work)
    with cells.open(newline="") as file:
        found = {row["student"]: float(row["points"]) for row in csv.DictReader(file) if row["cell"] == "b_answer"}
    assert found == {student: points or 0.0 for student, points in expected.items()}
    with Gradebook(course.db) as book:
        for student, points in expected.items():
            assert book.find_submission("mini", student).score == 5.0 + (points or 0.0)
    pages.write_pages(pipeline.cards_for_students(course, assignment), assignment, work, pages.setting(course, assignment))
    for student, points in expected.items():
        html = Path(work.feedback_page(student)).read_text(encoding="utf-8")
        assert f"· {points or 0:g} of 2 points" in html
        assert ("You wrote" in html) == (points is not None)
    assert mark.Desk(course, [assignment]).rows()[0].reading.waiting == 0


@pytest.mark.parametrize("page", [True], indirect=True)
def test_everybody_can_use_the_pages(course: Course, hand: Hand, page: Any) -> None:
    """axe-core finds nothing at level AA, by day and by night, and 640 pixels are wide enough."""
    hand({"ada": "$x + x$ **is** 2x", "bob": "$x+x$ is 2x", "cyd": "| a | b |\n|---|---|\n| 1 | 2 |"})
    with running(course.root) as server:
        page.goto(server.url)
        seen = [findings(page)]
        say_a_name(page)
        question = f"http://localhost:{server.port}/mark/q/mini/mini/b_answer"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for address in ("", "/graders", "/aside", "/q/mini/mini/b_answer/rubric", "/q/mini/mini/nothing/next"):
                page.goto(f"http://localhost:{server.port}/mark{address}")
                seen.append(findings(page))
            page.goto(f"{question}/next")
            page.wait_for_selector("#sheet")
            page.keyboard.press("1")
            page.wait_for_selector("#tick.saved")
            page.keyboard.press("g")
            page.keyboard.press("w")
            seen.append(findings(page))
        page.set_viewport_size({"width": 640, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert [one for one in seen if one] == []
