"""The page of the class in figures: complete, searched and sorted in a real browser, accessible, quick, safe; and as CSV."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import stats
from grading.changes import Change, ClassChanges, Sum
from grading.marks import Scorecard
from grading.pages import stats as page_of
from grading.pages import stats_lines, write_pages, write_stats
from grading.pages.page import Setting
from grading.stats import Times
from grading.workspace import Workspace
from tests.browser import findings, opened
from tests.grading.classes import MISCONCEPTIONS, a_class
from tests.grading.scorecards import ASSIGNMENT, HOSTILE, card
from tests.redteam.watch import active_parts

TIMES = Times({"q": [1.0, 2.0, 30.0]}, {"q: setup": [1.0, 1.0, 1.0], "q: train": [0.0, 1.0, 29.0]})
GROUPS = {"section": {"s0000": "A", "s0001": "B"}}
CHANGED = ClassChanges(
    300,
    (Change("s0001", "d", "d_dropout_test", "q", 0.0, 2.0, 2.0, "the overflow check"),),
    (Sum("s0001", 10.0, 12.0),),
)


def written(folder: Path, cards: list[Scorecard] | None = None) -> list[Path]:
    """The page and its CSV files, for a class of 300 with a broken test if no other is given."""
    cards = a_class(300, broken="e_weights", hand={"d_curve": 2.0}) if cards is None else cards
    found = stats.figures(cards, {"d": "Dropout", "d_dropout_test": "at test time"}, TIMES, GROUPS)
    return write_stats(found, cards, "Understanding Dropout", folder, lambda _: (("page", "../page.html"),), CHANGED)


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file back."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_everything_is_on_the_page(tmp_path: Path) -> None:
    """The sentence of each misconception, the flagged test, the regrade, intervals with n, and every student."""
    text = written(tmp_path)[0].read_text(encoding="utf-8")
    assert all(kind["fix"].replace("'", "&#39;") in text for kind in MISCONCEPTIONS)
    assert "those who do better in the rest do worse here" in text
    assert "1 of 300 students changed: 1 up, 0 down" in text and "the overflow check" in text
    assert text.count('<tr data-look="') == 300 and "n 285" in text and "Dropout" in text
    assert 'role="img" aria-label="' in text and "15 not answered" in text


def test_the_same_as_csv(tmp_path: Path) -> None:
    """Every figure of the page stands in a file beside it; negative numbers stay numbers."""
    paths = {path.stem: path for path in written(tmp_path)[1:]}
    assert set(paths) == {"parts", "tests", "mistakes", "waiting", "seconds", "sections", "students"}
    tests = {row["cell"]: row for row in rows(paths["tests"])}
    assert float(tests["e_weights"]["discrimination"]) < 0 < float(tests["a_weights"]["discrimination"])
    assert sum(int(tests["a_weights"][name]) for name in ("full", "some", "none", "empty", "open")) == 300
    assert "worse here" in tests["e_weights"]["warnings"] and tests["a_weights"]["warnings"] == ""
    assert {row["said"] for row in rows(paths["mistakes"]) if row["kind"] == "named"} == {one["fix"] for one in MISCONCEPTIONS}
    assert len(rows(paths["students"])) == 300
    assert rows(paths["seconds"])[0] == {"what": "q", "n": "3", "median_s": "2", "p90_s": "24.4", "most_s": "30", "total_s": "33"}


def test_what_students_wrote_is_text(tmp_path: Path) -> None:
    """In names, sentences and examples; only our script runs, and the policy names it by its digest."""
    texts = dict.fromkeys(("what", "expected", "got", "fix", "reason"), HOSTILE)
    failed = {"verdict": "FAILED", "points": 0.0, **texts}
    nasty = replace(card("<b>bobby</b>", {"a_weights": failed}), flags=(HOSTILE,), notes=("=1+1",))
    page, *files = written(tmp_path, [nasty, card("=cmd()")])
    text = page.read_text(encoding="utf-8")
    plain = written(tmp_path / "plain", [card("x"), card("y")])[0].read_text(encoding="utf-8")
    assert set(active_parts(text)) == set(active_parts(plain))
    assert "<b>bobby" not in text and "\x1b" not in text and "default-src 'none'" in text
    assert all(not value.startswith(("=", "+", "@")) for path in files for row in rows(path) for value in row.values())


def test_lines_for_the_terminal(tmp_path: Path) -> None:
    """The mean with its interval, the test to be doubted, the most frequent misconceptions."""
    lines = stats_lines(stats.figures(a_class(300, broken="e_weights")))
    assert lines[0].startswith("class      300 students, ") and "Cronbach's alpha" in lines[0]
    assert lines[1].startswith("look at    e_weights: those who do better")
    assert [line.split(": ", 1)[1] for line in lines[2:]] == [
        one.said for one in stats.figures(a_class(300, broken="e_weights")).mistakes if one.kind == "named"
    ]


@pytest.mark.parametrize("cards", [[], [card("x")], a_class(3)], ids=["nobody", "one", "three"])
def test_small_classes(tmp_path: Path, cards: list[Scorecard]) -> None:
    """Where nothing can be said there is a dash."""
    assert "class in figures" in written(tmp_path, cards)[0].read_text(encoding="utf-8")


def test_a_thousand_students(tmp_path: Path) -> None:
    """Figures, page and files take less than 10 seconds of processor time; it is about one."""
    cards = a_class(1000)
    started = time.process_time()
    written(tmp_path, cards)
    assert time.process_time() - started < 10


# ---- in a browser ----


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a browser that reports what goes wrong in it, and every request that it makes."""
    with opened(**getattr(request, "param", {})) as made:
        made.wrong, made.asked = [], []
        made.on("pageerror", lambda error: made.wrong.append(str(error)))
        made.on("console", lambda said: made.wrong.append(said.text))
        made.on("request", lambda request: made.asked.append(request.url))
        yield made


def shown(page: Any) -> list[str]:
    """The students that are shown, from top to bottom."""
    rows = "[...document.querySelectorAll('#students tbody tr')].filter(row => !row.hidden)"
    found: list[str] = page.evaluate(f"{rows}.map(row => row.cells[0].textContent.trim())")
    return found


@pytest.mark.slow
def test_search_and_sort(tmp_path: Path, page: Any) -> None:
    """Under its own policy, without the network: by name, by flag, who needs a look, and any column up and down."""
    path = written(tmp_path)[0]
    page.goto(path.as_uri())
    everybody = shown(page)
    assert len(everybody) == 300 and everybody[0] == "s0007"
    page.fill("input[type=search]", "S012 twice")
    assert 0 < len(shown(page)) <= 10 and all(name.startswith("s012") for name in shown(page))
    page.fill("input[type=search]", "")
    page.check("text=needs a look")
    assert len(shown(page)) == 9 and page.inner_text(".search output") == "9 of 300 shown"
    page.uncheck("text=needs a look")
    page.click("#students thead button:has-text('Total')")
    cells = "[...document.querySelectorAll('#students tbody tr')].map(row => row.cells[row.cells.length - 2].dataset.value)"
    totals = [float(value) for value in page.evaluate(cells)]
    assert totals == sorted(totals, reverse=True)
    page.click("#students thead button:has-text('Total')")
    assert page.get_attribute("#students th[aria-sort=ascending]", "scope") == "col"
    page.click("#students thead button:has-text('Student')")
    page.click("#students thead button:has-text('Student')")
    assert shown(page) == sorted(everybody)
    assert page.wrong == [] and page.asked == [path.as_uri()]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_accessible(tmp_path: Path, scheme: str, width: int) -> None:
    """axe-core finds nothing, light and dark, on a telephone and on a desk; only tables are wider than the screen, and scroll."""
    with opened(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        page.goto(written(tmp_path, a_class(40, broken="e_weights"))[0].as_uri())
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_the_list_of_feedback_pages_is_the_same_list(tmp_path: Path) -> None:
    """Searched, accessible, who needs a look first, each name a link to the page that was written; means below."""
    cards = a_class(12)
    index = write_pages(cards, ASSIGNMENT, Workspace(tmp_path, ASSIGNMENT.name), Setting(ASSIGNMENT.title))
    with opened(bypass_csp=True) as page:
        page.goto(index.as_uri())
        assert findings(page) == []
        assert shown(page)[:2] == ["s0007", "s0009"] and len(shown(page)) == 12
        page.check("text=needs a look")
        assert shown(page) == ["s0007", "s0009"]
        assert "Mean of those who are judged" in page.inner_text("#students tfoot")
        page.click("text=s0009")
        assert page.url.endswith("/s0009/dropout.html") and "Feedback for s0009" in page.inner_text("main")


def test_the_page_offers_what_it_says() -> None:
    """A bar's stretches fill it, in the order of its legend."""
    counts = stats.figures(a_class(300, hand={"d_curve": 2.0})).cells[6].counts
    pieces = page_of.bar(counts)
    assert sum(float(piece.width) for piece in pieces) == pytest.approx(100, abs=0.05)
    assert [piece.kind for piece in pieces] == ["earned", "none", "empty"]
    assert page_of.described(counts) == f"{counts.full} all points, {counts.none} none, {counts.empty} not answered"
