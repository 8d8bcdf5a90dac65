"""The page of a refused release: both places of every leak, nothing in it runs, and it reads well in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.pages.leaks import write_leaks
from grading.resemblance import Leak
from grading.workspace import Workspace
from tests.browser import findings, opened
from tests.grading.pages.test_feedback import Page
from tests.grading.scorecards import ASSIGNMENT, HOSTILE

LEAKS = (
    Leak(
        "hw.ipynb[setup]",
        3,
        "    m = g.random(a.shape) >= q\n    r = a * m",
        "an answer but for its names",
        "hw.ipynb[d]:7",
        "kept = …",
    ),
    Leak("hw.ipynb[intro]", 0, "", "an output or execution count is left"),
    Leak(f"{HOSTILE}.py", 1, HOSTILE, "a marker is left", HOSTILE, HOSTILE),
)


def test_both_places_are_there_and_nothing_runs(tmp_path: Path) -> None:
    """Each side under its place; what an author wrote is text, whatever it is."""
    html = write_leaks(LEAKS, ASSIGNMENT, Workspace(tmp_path, "dropout")).read_text()
    page = Page(html)
    assert "3 places of the hand-out" in page.text
    assert "in the hand-out: hw.ipynb[setup], line 3 m = g.random(a.shape) >= q r = a * m taken out of hw.ipynb[d]:7" in page.text
    assert "in the hand-out: hw.ipynb[intro] a copy of nothing" in page.text
    assert not {"script", "img"} & set(page.tags)
    assert "\x1b" not in html


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well(tmp_path: Path, scheme: str) -> None:
    """In a real browser: axe-core finds nothing, and on a phone nothing is wider than the screen."""
    path = write_leaks(LEAKS, ASSIGNMENT, Workspace(tmp_path, "dropout"))
    with opened(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 800}) as page:
        page.goto(path.as_uri())
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
