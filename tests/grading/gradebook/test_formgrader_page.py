"""The formgrader's own page in a real browser, with no network: formulas, points by hand, a keyboard that works."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from nbgrader.api import Gradebook

from grading import gradebook
from grading.course import Course
from grading.mark.state import Choice
from tests.browser import opened
from tests.grading.mark.conftest import ROOT, Hand, course, desk_of, empty, hand
from tests.jupyter_server import TOKEN, inherited, served

__all__ = ["course", "empty", "hand"]  # fixtures
pytestmark = pytest.mark.slow


def watched(page: Any) -> tuple[list[str], list[str]]:
    """From now on: what the page's scripts throw or miss, and whom they ask on the network: nobody answers."""
    thrown: list[str] = []
    asked: list[str] = []

    def answer(route: Any) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("response", lambda answer: thrown.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    return thrown, asked


def test_the_page_needs_no_network(course: Course, hand: Hand, tmp_path: Path) -> None:
    """A formula is set, what `hw mark` decided stands in its field, what is typed arrives, and nothing is asked of anybody else."""
    hand({"ada": "Doubling is $x + x = 2x$."})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    desk.save(question, "tom", name, desk.sheet(question, "tom", name).stamp, Choice(("1",), comment="Nearly."))
    shutil.copy(ROOT / "nbgrader_config.py", course.root)
    with Gradebook(course.db) as book:
        submission = book.find_submission_notebook("mini", "mini", "ada").id
    own = tmp_path / "server"
    own.mkdir()
    with served("jupyter_server", course.root, own, environment=inherited(PYTHONPATH=str(ROOT))) as address, opened() as page:
        page.goto(f"{address}/?token={TOKEN}")  # the front door leaves the cookie
        thrown, asked = watched(page)
        page.goto(f"{address}/formgrader/submissions/{submission}/")
        page.wait_for_selector(".MathJax .math")
        page.wait_for_function("document.querySelector('#b_answer').value === '1'")
        page.wait_for_function("document.activeElement.matches('.tabbable')")  # the keyboard is where it should be
        page.click("#b_answer")
        page.keyboard.press("Control+A")
        page.keyboard.type("1.5")
        with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
            page.keyboard.press("Tab")
        assert saved.value.ok
        assert (thrown, asked) == ([], [])
    assert {row["cell"]: row["manual_score"] for row in gradebook.dump(course.db, "mini")}["b_answer"] == 1.5
    assert desk.sheet(question, "tom", name).choice == Choice((), 1.5, "typed in the formgrader", "Nearly.")
