"""Below another address than /, as JupyterHub starts servers: every link, form, script and redirect stays there."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from grading import gradebook
from grading import notebook as nb
from grading.course import Course
from grading.files import write_text
from tests.browser import opened
from tests.grading.mark.conftest import Hand
from tests.grading.mark.server import Reader, Server, running, say_a_name
from tests.grading.test_shown import seen

pytestmark = pytest.mark.slow
PREFIX = "/user/ta"
PASTED = "![p](attachment:p.png) three"
QUESTION = "mini/mini/b_answer"
MOVED = "was => (document.getElementById('sheet') || {dataset: {}}).dataset.here !== was"
ADDRESSES = {"href", "src", "action", "data-here", "data-next", "data-from"}


@pytest.fixture
def server(course: Course, hand: Hand) -> Iterator[Server]:
    """An extension of a Jupyter server with a prefix."""
    hand({"ada": "one $x^2$", "bob": "two", "cyd": "*two*", "dan": PASTED, "eve": "four"})
    path = course.workspace(course.assignments["mini"]).restored("dan", "mini")
    notebook = nb.parse(path.read_bytes(), "mini")
    for cell in notebook["cells"]:
        if cell["id"] == "b_answer":
            cell["attachments"] = {"p.png": {"image/png": "iVBORw0KGgo="}}
    write_text(path, nb.dump(notebook))
    with running(course.root, prefix=PREFIX) as made:
        yield made


def addresses(page: str) -> list[str]:
    """Every address in a page that is not in the page itself."""
    found = (value for _, attributes in seen(page).tags for name, value in attributes.items() if name in ADDRESSES and value)
    return [urllib.parse.urlsplit(value).path for value in found if not value.startswith(("data:", "#"))]


def test_every_address_stays_below_the_prefix(server: Server) -> None:
    """All pages, what they lead to, and where the server sends a reader."""
    reader = Reader(server, "Tom")
    assert reader.where == f"http://localhost:{server.port}{PREFIX}/mark"
    open_, done, after = [f"{PREFIX}/mark"], set[str](), ""
    for _ in range(4):
        found = reader.next(QUESTION, after)
        after, here = found["name"], urllib.parse.urlsplit(found["here"]).path
        open_.append(here)
    while open_:
        path = open_.pop()
        done.add(path)
        page = reader.get(f"http://localhost:{server.port}{path}")
        assert urllib.parse.urlsplit(reader.where).path.startswith(f"{PREFIX}/mark") or "/static/hw_mark/" in path
        there = addresses(page)
        assert all(one.startswith(f"{PREFIX}/") for one in there), there
        open_ += [one for one in {*there} - done if one not in open_]
    assert {f"{PREFIX}/mark/{one}" for one in ("name", "aside", "graders", f"q/{QUESTION}/rubric", f"q/{QUESTION}/next")} <= done
    for last in ("work", "group", "picture/0", "mark.js", "mark.css"):
        assert any(path.endswith(f"/{last}") for path in done), last


def test_whoever_is_not_in_is_sent_to_the_login_below_the_prefix(server: Server) -> None:
    """And nothing of ours is at the root."""
    base = f"http://localhost:{server.port}"
    with urllib.request.urlopen(f"{base}{PREFIX}/mark", timeout=60) as answer:
        assert urllib.parse.urlsplit(answer.url).path == f"{PREFIX}/login"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{base}/mark", timeout=60)


def test_a_browser_reads_below_the_prefix(server: Server, course: Course) -> None:
    """Choices are saved, the next answer comes, the history has its addresses."""
    with opened() as page:
        wrong: list[str] = []
        fetched: list[Any] = []
        page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
        page.on("request", lambda asked: fetched.append(asked) if asked.resource_type == "fetch" else None)
        page.goto(server.url)
        say_a_name(page)
        page.click("tbody a")
        for _ in range(4):
            page.wait_for_selector("#sheet")
            was = page.get_attribute("#sheet", "data-here")
            assert urllib.parse.urlsplit(page.url).path == was and was.startswith(PREFIX)
            page.keyboard.press("1")
            page.wait_for_selector("#tick.saved")
            page.keyboard.press("n")
            page.wait_for_function(MOVED, arg=was)
        page.wait_for_selector("#done")
    assert wrong == [] and {one.method for one in fetched} == {"GET", "POST"}
    # JupyterHub answers a script's question with its login page unless it brings the page's token
    assert all("x-xsrftoken" in one.headers for one in fetched if one.redirected_from is None)
    rows: list[dict[str, Any]] = [row for row in gradebook.dump(course.db, "mini") if row["cell"] == "b_answer"]
    assert {row["manual_score"] for row in rows} == {1.0}
