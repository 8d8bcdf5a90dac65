"""A class of hundreds on one screen: nothing is cut that is a number, and what is left out is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from grading import display
from grading.course import CourseError
from grading.marks import Scorecard, Verdict
from grading.pages.class_table import View, class_table
from grading.pages.report import rows
from tests.grading.classes import a_class
from tests.grading.pages.test_report import line_of, printed
from tests.grading.scorecards import ASSIGNMENT, card

CLASS = a_class(300, hand={"d_curve": 2.5})


def lines(width: int, view: View | None = None, cards: list[Scorecard] | None = None) -> list[str]:
    """The printed table, line by line."""
    return printed(class_table(cards or CLASS, ASSIGNMENT, width, view), width).splitlines()


def students(text: list[str]) -> list[str]:
    """Who is shown, from top to bottom."""
    return [found[0] for line in text if (found := re.match(r"s\d{4}", line))]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 240])
def test_no_number_of_300_students_is_cut(width: int) -> None:
    """Every student has one line with their total and what waits, written out, and every part's symbol."""
    text = lines(width)
    assert max(map(len, text)) <= width
    assert len(students(text)) == 300
    by_name = {line.split()[0]: line for line in text if re.match(r"s\d{4}", line)}
    for row in rows(CLASS):
        auto = display.number(row.totals.earned) + ("?" if row.totals.unjudged else "")
        words = by_name[row.student].split()
        assert auto in words and display.number(row.totals.waiting) in words
        symbols = [result.symbol for result in row.parts.values()]
        assert re.search("[ \\d.]*".join(map(re.escape, symbols)), by_name[row.student]), by_name[row.student]


@pytest.mark.parametrize(("width", "gone"), [(30, "the first thing to know"), (80, "the points of each part"), (160, "")])
def test_what_is_left_out_is_said(width: int, gone: str) -> None:
    """With the way to see it; a screen that has room for everything says nothing of the kind."""
    text = " ".join(" ".join(lines(width)).split())
    assert (f"Left out at {width} columns:" in text) == bool(gone)
    assert gone in text and ("--part NAME" in text) == bool(gone)


def test_the_first_reason_has_room_at_every_width() -> None:
    """At 80 columns the beginning of the reason of whoever needs a look stands in the first line of the class."""
    first = next(line for line in lines(80) if line.startswith("s0007"))
    assert "(d) the trusted process" in first


def test_who_needs_a_look_stands_first() -> None:
    """First what could not be judged, then flagged code, then the rest by name."""
    shown = students(lines(80))
    assert shown[:6] == [f"s{k:04d}" for k in range(7, 300, 50)]
    assert shown[6:9] == [f"s{k:04d}" for k in range(9, 300, 100)]
    assert shown[9:12] == ["s0000", "s0001", "s0002"]
    assert students(lines(80, View(needs_look=True))) == shown[:9]


@pytest.mark.parametrize("sort", ["name", "points", "waiting", "d"])
def test_orders(sort: str) -> None:
    """By name, the fewest points first, the most waiting first, the fewest points of a part first."""
    keys = {
        "name": lambda row: 0,
        "points": lambda row: row.totals.earned + row.totals.bonus + row.totals.given,
        "waiting": lambda row: -row.totals.waiting,
        "d": lambda row: row.parts["d"].earned,
    }
    wanted = [row.student for row in sorted(rows(CLASS), key=lambda row: (keys[sort](row), row.student))]
    assert students(lines(100, View(sort=sort))) == wanted


def test_one_part_shows_its_cells() -> None:
    """With the points of each, and what cost points in this part only."""
    text = lines(100, View(part="d"))
    assert text[1].split()[1:4] == ["dropout", "dropout", "curve"] and text[2].split()[1:3] == ["train", "test"]
    failed = next(row for row in rows(CLASS) if row.parts["d"].symbol == "◐" and row.parts["a"].symbol == "✗")
    assert "1/(1-p)" in next(line for line in text if line.startswith(failed.student))


def test_a_part_of_many_cells_is_not_cut() -> None:
    """Where twelve cells with their points have no room, each is a symbol, and that is said."""
    full = card("x")
    marks = tuple(replace(full.marks[6], grade_id=f"d_a_rather_long_name_{k}", points=2.75, max_points=10.5) for k in range(12))
    for width, shown in ((80, "◐" * 12), (160, "◐ 2.75 " * 11 + "◐ 2.75")):
        marks = tuple(replace(mark, verdict=Verdict.PARTIAL) for mark in marks)
        text = lines(width, View(part="d"), [replace(full, marks=marks)])
        assert any(shown in " ".join(line.split()) for line in text)
        assert ("the points of each cell" in " ".join(text)) == (width == 80)


@pytest.mark.parametrize("view", [View(part="z"), View(sort="z")])
def test_an_unknown_part_or_order_is_refused(view: View) -> None:
    """With what there is."""
    with pytest.raises(CourseError, match="is called 'z'"):
        lines(100, view)


def test_27_parts_and_wide_names_fit_80_columns() -> None:
    """Parts with long names are written from top to bottom; a name in a script of wide letters counts as wide."""
    long = card("李" * 30)
    marks = tuple(replace(mark, part=f"{mark.part}{k}") for k in range(3) for mark in long.marks)
    text = printed(class_table([replace(long, marks=marks), replace(card("x"), marks=marks)], ASSIGNMENT, 80), 80)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "…" in line_of(text, "李") and "✓" * 27 in line_of(text, "李")
