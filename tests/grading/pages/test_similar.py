"""The page of what is alike: everything that was found is on it, and nothing in it runs."""

from __future__ import annotations

from pathlib import Path

from grading.pages import evidence_lines, similar_lines, write_similar
from grading.resemblance import AlikeCell, Group, LibraryCopy, Pair, Piece, Resemblances, SameEvidence
from grading.workspace import Workspace
from tests.grading.scorecards import ASSIGNMENT
from tests.redteam.watch import active_parts

HOSTILE = "<script>alert(1)</script>"
CODE = (Piece("def f(x):", True), Piece("    return <b>x</b>"))
PROSE = (Piece("I think that "), Piece("the load is spread & shared", True))
FOUND = Resemblances(
    students=4,
    answers=31,
    copies=(
        LibraryCopy("anna", "cnn", "cell h_forward", ("conv (hw_lib/layers/conv.py)",), 0.93, CODE, CODE),
        LibraryCopy(HOSTILE, "cnn", "cell h_forward", ("conv (hw_lib/layers/conv.py)",), None, CODE, CODE),
    ),
    evidence=(SameEvidence("cnn.results.json", ("n_filters",), ("anna", "ben")), SameEvidence("q.weights.pt", (), ("ben", "carl"))),
    groups=(Group(("anna", "ben", "carl"), 2), Group((HOSTILE, "dora"), 1)),
    pairs=(
        Pair(
            "anna",
            "ben",
            812.4,
            (AlikeCell("cnn", "h_forward", 1.0, CODE, CODE, True), AlikeCell("cnn", "", 0.8, CODE, CODE, True)),
        ),
        Pair("ben", HOSTILE, 55.0, (AlikeCell("cnn", "n_answer", 0.61, PROSE, PROSE, False),)),
    ),
    more=7,
)


def page(tmp_path: Path, found: Resemblances) -> str:
    """The page as text."""
    return write_similar(found, ASSIGNMENT, Workspace(tmp_path, "dropout")).read_text(encoding="utf-8")


def test_everything_found_is_on_the_page(tmp_path: Path) -> None:
    """Copies of the library, shared records, groups and pairs, with what both texts have marked."""
    text = page(tmp_path, FOUND)
    for said in (
        "93% of the function",
        "calls it",
        "n_filters in cnn.results.json",
        "q.weights.pt, byte for byte",
        "7 more are not shown",
    ):
        assert said in text
    assert "anna, ben, carl" in text
    assert '<a href="#pair-1">anna and ben</a>' in text
    assert "<mark>def f(x):</mark><span>    return &lt;b&gt;x&lt;/b&gt;</span>" in text
    assert "I think that <mark>the load is spread &amp; shared</mark>" in text


def test_nothing_in_it_runs(tmp_path: Path) -> None:
    """Names and texts are shown as text; the page needs no other file and has no script."""
    text = page(tmp_path, FOUND)
    assert active_parts(text) == []
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text


def test_a_class_in_which_nothing_is_alike(tmp_path: Path) -> None:
    """The page says so."""
    text = page(tmp_path, Resemblances(2, 5))
    assert "No two students' answers are alike." in text
    assert "<table>" not in text


def test_lines_for_the_terminal() -> None:
    """What a person has to know without opening the page; of many lines the first, and how many more there are."""
    lines = similar_lines(FOUND)
    assert lines[0] == "library    anna: look at cell h_forward: 93% of the library's conv (hw_lib/layers/conv.py) stands in it"
    assert "group      anna, ben, carl" in lines
    assert "pair       anna and ben: h_forward 100%, their own cells and files 80%" in lines
    many = evidence_lines([SameEvidence("q.pt", (), (str(number), "x")) for number in range(40)])
    assert (len(many), many[-1]) == (16, "           … and 25 more")
