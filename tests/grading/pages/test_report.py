"""The staff's tables: complete, narrow enough, and safe against what students wrote."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grading.marks import Scorecard
from grading.pages import export, report
from grading.pages.class_table import class_table
from grading.workspace import Workspace
from tests.grading.scorecards import ASSIGNMENT, HOSTILE, card, the_class


def printed(table: object, width: int, *, colour: bool = False) -> str:
    """What the terminal, or the file behind a pipe, gets."""
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(table)
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def line_of(text: str, word: str) -> str:
    """The one line that holds a word."""
    (line,) = [line for line in text.splitlines() if word in line]
    return line


def hand(row: report.Row) -> tuple[float, float, float, int]:
    """What people gave, of how much, what waits for them, and how many answers they read."""
    return row.totals.given, row.totals.given_possible, row.totals.waiting, row.totals.read


def test_rows_are_sorted_and_complete() -> None:
    """One row per student by name, all parts in every row, points as the scorecards say."""
    rows = report.rows(the_class().values())
    assert [row.student for row in rows] == sorted(the_class())
    by_name = {row.student: row for row in rows}
    perfect, blank, unlucky = by_name["perfect"], by_name["blank"], by_name["unlucky"]
    assert (perfect.totals.earned, perfect.totals.possible, perfect.totals.bonus, perfect.totals.waiting) == (17, 17, 7, 14)
    assert {result.symbol for result in perfect.parts.values()} == {"✓"}
    assert blank.totals.earned == 0 and {result.symbol for result in blank.parts.values()} == {"✗"}
    assert unlucky.totals.unjudged == 1 and unlucky.parts["d"].symbol == "?" and unlucky.parts["d"].earned == 2
    assert by_name["forgot_scaling"].parts["g"] == report.PartResult("◐", 1.25, 3)


def test_reason_says_the_first_thing_to_know() -> None:
    """What could not be judged comes before notes, notes before wrong answers; a perfect answer needs no reason."""
    cards = the_class()
    assert report.reason(cards["perfect"]) == ""
    assert report.reason(cards["unlucky"]).startswith("(d) the trusted process stopped")
    assert report.reason(cards["forgot_scaling"]) == "(d) forgot the 1/(1-p) scaling (+1 more)"
    assert report.reason(cards["Zoë Ångström"]).startswith("1 locked cell was edited and put back. · (e) long")


@pytest.mark.parametrize("width", [120, 140])
def test_the_table_fits(width: int) -> None:
    """No line is wider than the terminal, every student has one line, and no column is lost."""
    text = printed(class_table(the_class().values(), ASSIGNMENT, width), width)
    assert max(len(line) for line in text.splitlines()) <= width
    for student in the_class():
        assert line_of(text, student).count(" ") > 5
    assert "✗ 0" in line_of(text, "blank") and "◐ 1.25" in line_of(text, "forgot_scaling")
    assert "14?" in line_of(text, "unlucky")
    assert "forgot the 1/(1-p)" in text and "1 needs a person" in text and "✓ all points" in text


def test_the_footer_leaves_the_unjudged_out() -> None:
    """The mean of a part, and who has all of it, are taken over those who were judged."""
    text = printed(class_table(the_class().values(), ASSIGNMENT, 120), 120)
    assert line_of(text, "mean ").split()[:5] == ["mean", "1.3", "1.7", "3.3", "3.9"]
    assert line_of(text, "all points   ").split()[2:6] == ["67%", "83%", "83%", "60%"]


def test_what_students_write_stays_text() -> None:
    """No escape sequence and no markup of a student's reaches the terminal, in either table."""
    nasty = card("[red]x[/]", notes=(HOSTILE, "[/nonsense] [bold]", "\x1b[2J"))
    cards = [*the_class().values(), nasty]
    for text in (printed(class_table(cards, ASSIGNMENT, 140), 140), printed(report.student_table(nasty), 100)):
        assert "\x1b" not in text and "\x00" not in text and "\u202e" not in text
        assert "[red]x[/]" in text


def test_colours_are_only_an_addition() -> None:
    """A terminal gets colours; without them the same characters are there."""
    table = class_table(the_class().values(), ASSIGNMENT, 120)
    assert "\x1b[" in printed(table, 120, colour=True)
    assert "✗ 0" in printed(table, 120)


def test_student_table() -> None:
    """One line per graded cell with points, verdict and reason; optional cells are marked."""
    text = printed(report.student_table(the_class()["forgot_scaling"]), 100)
    assert "forgot_scaling: 14 of 17 automatic points" in text
    assert line_of(text, "d_dropout_train").split()[2:5] == ["0/3", "✗", "FAILED"]
    assert "open/2 ✎ BY HAND" in line_of(text, "a_expression")
    assert "PARTIAL*" in line_of(text, "g_sweep") and "* optional" in text


def test_empty_classes_and_cards() -> None:
    """No students, or a student without marks, is a table too."""
    assert "No student yet" in printed(class_table([], ASSIGNMENT, 100), 100)
    nothing = Scorecard("dropout", "nobody", ())
    assert "nobody" in printed(class_table([nothing], ASSIGNMENT, 100), 100)
    assert "nobody" in printed(report.student_table(nothing), 100)


def test_a_part_that_only_people_grade() -> None:
    """Such a part shows the pen, and counts in no mean."""
    full = card("x")
    by_hand = replace(full, marks=tuple(mark for mark in full.marks if mark.by_hand or mark.part != "a"))
    (row,) = report.rows([by_hand])
    assert row.parts["a"] == report.PartResult("✎")
    assert "✎" in line_of(printed(class_table([by_hand], ASSIGNMENT, 100), 100), "x ")


@pytest.mark.parametrize(("points", "symbol"), [(2.0, "✓"), (0.5, "◐"), (0.0, "✗")])
def test_a_part_of_written_answers_is_done_when_it_is_read(points: float, symbol: str) -> None:
    """Then it shows its points, as the CSV does, and is in the mean."""
    full = card("x", {"a_expression": {"points": points}})
    by_hand = replace(full, marks=tuple(mark for mark in full.marks if mark.by_hand or mark.part != "a"))
    (row,) = report.rows([by_hand])
    assert row.parts["a"] == report.PartResult(symbol, points, 2.0)


def test_the_table_and_the_csv_mean_the_same_by_a_part(tmp_path: Path) -> None:
    """All that is decided of it, by hand included."""
    cards = list(the_class().values())
    with export.write_csv(cards, Workspace(tmp_path, ASSIGNMENT.name))[0].open(newline="", encoding="utf-8") as file:
        saved = {line["student"]: line for line in csv.DictReader(file)}
    for row in report.rows(cards):
        for part, result in row.parts.items():
            assert float(saved[row.student][part] or 0) == result.earned, (row.student, part)


def test_points_given_by_hand_are_tallied() -> None:
    """Given and open stand in columns of their own, the class's sums below; the mean is over those who are read to the end."""
    by_hand = [mark.grade_id for mark in card("x").marks if mark.by_hand]
    half = card("half", {by_hand[0]: {"points": 1.5}})
    done = card("done", {name: {"points": 1.0} for name in by_hand})
    rows = {row.student: row for row in report.rows([half, done])}
    assert hand(rows["half"]) == (1.5, 2, 12, 1)
    assert hand(rows["done"]) == (8, 14, 0, 8)
    text = printed(class_table([half, done], ASSIGNMENT, 140), 140)
    assert line_of(text, "half ").split()[-3:] == ["7", "1.5", "12"]
    assert line_of(text, "done ").split()[-3:] == ["7", "8", "0"]
    assert line_of(text, "mean ").split()[-1] == "8.0"
    assert "hand" in text and "9.5 of 16 points given by hand, 12 points wait for a reader" in text
    assert "half: 17 of 17 automatic points, 1.5 of 2 by hand, 12 open" in printed(report.student_table(half), 100)
    said = line_of(printed(report.student_table(done), 100), "done: ")
    assert said.rstrip() == "done: 17 of 17 automatic points, 8 of 14 by hand"


def test_an_empty_answer_was_read_by_nobody() -> None:
    """Zeros of empty written answers are decided, and alone they make no column."""
    by_hand = [mark.grade_id for mark in card("x").marks if mark.by_hand]
    blank = card("blank", {name: {"points": 0.0, "answered": False} for name in by_hand})
    (row,) = report.rows([blank])
    assert hand(row) == (0, 0, 0, 0)
    assert "hand" not in printed(class_table([blank, card("x")], ASSIGNMENT, 140), 140)
