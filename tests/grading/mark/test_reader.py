"""What one reader sees in a browser beside the usual way: two who decide at once, an answer that changed, keys switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grading import gradebook
from grading.course import Course
from grading.mark.desk import Desk
from grading.mark.question import Question
from grading.mark.state import Choice
from tests.browser import opened
from tests.grading.mark.conftest import Hand, desk_of
from tests.grading.mark.server import running, say_a_name

pytestmark = pytest.mark.slow
Reading = tuple[Any, Desk, Question]


@pytest.fixture
def reading(course: Course, hand: Hand) -> Iterator[Reading]:
    """Tom has an answer in front of him; somebody else sits at another desk."""
    hand({"ada": "the old words stay"})
    with running(course.root) as server, opened() as page:
        desk, question = desk_of(course)
        page.goto(server.url)
        say_a_name(page)
        page.click("tbody a")
        page.wait_for_selector("#sheet")
        yield page, desk, question


def given(course: Course) -> float | None:
    """What stands in the gradebook."""
    (row,) = (row for row in gradebook.dump(course.db, "mini") if row["cell"] == "b_answer")
    return row["manual_score"]


def decide(reading: Reading, choice: Choice) -> None:
    """Somebody else does."""
    _, desk, question = reading
    name = desk.pile(question).name("ada")
    desk.save(question, "Uma", name, desk.sheet(question, "Uma", name).stamp, choice)


def press(page: Any, key: str, wanted: str) -> None:
    """A key, and what comes of it."""
    page.keyboard.press(key)
    page.wait_for_selector(wanted)


def test_two_who_decide_at_once_are_both_shown(course: Course, reading: Reading) -> None:
    """The second one sees both decisions, and keeps the other's or saves over it, by one key each."""
    page = reading[0]
    decide(reading, Choice(("1", "2"), comment="by Uma"))
    press(page, "1", "#conflict button")
    shown = page.inner_text("#conflict")
    assert "There now: 1.5 points by Uma" in shown and "by Uma" in shown and "Yours, not saved: 1 points" in shown
    assert given(course) == 1.5 and page.evaluate("document.activeElement.dataset.do") == "theirs"
    press(page, "t", "#sheet:has(#conflict:empty)")
    page.wait_for_function("document.querySelector('#comment').value === 'by Uma'")
    assert page.inner_text("#points") == "1.5" and page.is_checked("input[value='2']")

    decide(reading, Choice((), comment="by Uma, again"))
    press(page, "3", "#conflict button")
    assert given(course) == 0
    press(page, "m", "#tick.saved")
    assert given(course) == 2.0


def test_an_answer_that_changed_stands_beside_what_it_was(course: Course, reading: Reading, hand: Hand) -> None:
    """What went and what came is marked; the points that were given are there until somebody decides."""
    page = reading[0]
    press(page, "1", "#tick.saved")
    hand({"ada": "the new words stay"})
    page.goto(page.url)
    assert (page.inner_text(".diff del"), page.inner_text(".diff ins")) == ("old", "new")
    assert "Tom gave 1" in " ".join(page.inner_text(".notice").split())
    assert page.inner_text("#points") == "1" and "the new words stay" in page.inner_text("article.student")
    press(page, "2", "#tick.saved")
    assert given(course) == 1.5


def test_single_keys_can_be_switched_off(course: Course, reading: Reading) -> None:
    """Then letters and digits do nothing, keys are not named, and every button still works; it stays so (WCAG 2.1.4)."""
    page = reading[0]
    page.uncheck("#shortcuts")
    for _ in range(2):
        page.focus("#theirs")
        for key in ("1", "f", "0", "n", "w", "c"):
            page.keyboard.press(key)
        assert page.query_selector("#sheet") is not None and page.query_selector("input[name=item]:checked") is None
        assert page.evaluate("document.activeElement.id") == "theirs" and not page.evaluate("document.querySelector('#work').open")
        assert not page.is_visible("kbd")
        page.reload()
        page.wait_for_selector("#sheet")
    assert given(course) is None
    page.focus("[data-do=full]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#tick.saved")
    assert given(course) == 2.0


def test_a_tablet_and_twice_the_size_are_wide_enough(reading: Reading) -> None:
    """No page scrolls sideways, nothing of the decision is hidden, what a finger meets is large enough (WCAG 2.5.8)."""
    page, base = reading[0], reading[0].url.split("/mark/")[0] + "/mark"
    for width, height in ((640, 480), (768, 1024), (1024, 768)):  # 1280 x 960 at 200 %, a tablet on either side
        page.set_viewport_size({"width": width, "height": height})
        for address in ("", "/graders", "/aside", "/q/mini/mini/b_answer/rubric", "/q/mini/mini/b_answer/next"):
            page.goto(base + address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        for place in ("#points", "#comment", "[data-do=next]", "[data-do=lead]", "#adjust"):
            page.locator(place).scroll_into_view_if_needed()
            assert page.is_visible(place)
        sizes = page.eval_on_selector_all("button:visible, label.item", "all => all.map(one => one.getBoundingClientRect().height)")
        assert min(sizes) >= 24
