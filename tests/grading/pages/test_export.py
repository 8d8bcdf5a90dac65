"""The CSV files: complete, harmless in a spreadsheet, the same every time."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from grading.marks import Verdict
from grading.pages import export, feedback, report
from grading.pages.csv_text import FORMULA
from grading.pages.page import Setting
from grading.workspace import Workspace
from tests.grading.scorecards import ASSIGNMENT, HOSTILE, card, the_class


def read(path: Path) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet would take it apart."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_grades(tmp_path: Path) -> None:
    """One row per student: parts, automatic points, bonus, what waits, and why points are missing."""
    grades, _ = export.write_csv(the_class().values(), Workspace(tmp_path, ASSIGNMENT.name))
    assert grades == tmp_path / "dropout/export/grades.csv"
    rows = {row["student"]: row for row in read(grades)}
    assert list(rows) == sorted(the_class())
    assert (rows["perfect"]["automatic"], rows["perfect"]["automatic_max"], rows["perfect"]["bonus"]) == ("17", "17", "7")
    assert rows["blank"]["automatic"] == "0" and rows["blank"]["by_hand_points_waiting"] == "14"
    forgot = rows["forgot_scaling"]
    assert (forgot["d"], forgot["g"], forgot["by_hand_points"]) == ("4.5", "1.25", "2.5")
    assert "forgot the 1/(1-p) scaling" in forgot["reason"]
    assert rows["unlucky"]["unjudged"] == "1" and rows["unlucky"]["reason"].startswith("(d) the trusted process stopped")


def test_a_sum_without_a_check_is_not_shown(tmp_path: Path) -> None:
    """Whoever waits for a person has no total yet: a spreadsheet would take a 0, or a part of it, for their points."""
    open_check = card("x", {"d_dropout_train": {"verdict": Verdict.UNJUDGED, "points": None}})
    open_bonus = card("y", {"h_adam": {"verdict": Verdict.UNJUDGED, "points": None}})
    changed = card("z", {"a_expression": {"points": 1.0, "again": True, "reason": "look once more"}})
    rows = {
        row["student"]: row
        for row in read(export.write_csv([open_check, open_bonus, changed], Workspace(tmp_path, ASSIGNMENT.name))[0])
    }
    assert (rows["x"]["automatic"], rows["x"]["unjudged"]) == ("", "1")
    assert rows["x"]["bonus"] != ""
    assert (rows["y"]["automatic"] != "", rows["y"]["bonus"]) == (True, "")
    assert (rows["z"]["by_hand_points"], rows["z"]["by_hand_points_waiting"]) == ("1", "14")
    assert "look once more" in rows["z"]["reason"]


def test_there_is_a_total_when_nothing_waits(tmp_path: Path) -> None:
    """Automatic, bonus and hand-given points in one number; none while an answer waits or a check is open."""
    by_hand = [mark.grade_id for mark in card("x").marks if mark.by_hand]
    done = card("done", {name: {"points": 1.0} for name in by_hand})
    waits = card("waits", {name: {"points": 1.0} for name in by_hand[1:]})
    blank = card("blank", {name: {"points": 0.0, "answered": False} for name in by_hand})
    open_check = card(
        "open", {**{name: {"points": 1.0} for name in by_hand}, "d_dropout_train": {"verdict": Verdict.UNJUDGED, "points": None}}
    )
    rows = {
        row["student"]: row
        for row in read(export.write_csv([done, waits, blank, open_check], Workspace(tmp_path, ASSIGNMENT.name))[0])
    }
    assert {name: row["total"] for name, row in rows.items()} == {"done": "32", "blank": "24", "waits": "", "open": ""}


def test_flags_are_for_staff_and_whole(tmp_path: Path) -> None:
    """In a column of their own with nothing cut off, in the table, on the staff's list; never on the student's page."""
    flags = tuple(f"look at cell no. {number} of the file: it imports gc, {'x' * 250}" for number in range(30))
    flagged, work = replace(card("ada", notes=("a note",), told=("put right",)), flags=flags), Workspace(tmp_path, ASSIGNMENT.name)
    (row,) = read(export.write_csv([flagged], work)[0])
    assert row["flags"] == "; ".join(flags)
    assert "imports gc" not in row["reason"] and "a note" in row["reason"]
    assert "⚑ look at cell no. 0 of the file" in report.reason(flagged) and "(+29 more)" in report.reason(flagged)
    assert str(report.student_table(flagged).caption).count("⚑") == 30
    index = feedback.write_pages([flagged], ASSIGNMENT, work, Setting(ASSIGNMENT.title))
    assert "look at cell no. 4 of the file" in index.read_text()
    page = work.feedback_page("ada").read_text()
    assert "imports gc" not in page and "a note" not in page and "put right" in page


def test_cells(tmp_path: Path) -> None:
    """One row per mark; points that a person still has to give are empty, not zero."""
    _, cells = export.write_csv(the_class().values(), Workspace(tmp_path, ASSIGNMENT.name))
    rows = read(cells)
    assert len(rows) == sum(len(one.marks) for one in the_class().values())
    mine = {row["cell"]: row for row in rows if row["student"] == "forgot_scaling"}
    assert mine["a_expression"]["points"] == "" and mine["a_expression"]["max_points"] == "2"
    assert mine["d_dropout_train"]["verdict"] == "FAILED" and mine["d_dropout_train"]["got"] == "a mean of 0.499"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x1b[0m=1", " =1", "\uff1d1"])
def test_formulas_are_defused(tmp_path: Path, start: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe in every column where a stranger's text can stand."""
    texts = dict.fromkeys(("reason", "what", "expected", "got", "fix", "comment"), start)
    one = card(start, {"a_weights": {"verdict": Verdict.FAILED, "points": 0.0, **texts}})
    for path in export.write_csv([one], Workspace(tmp_path, ASSIGNMENT.name)):
        for row in read(path):
            for value in row.values():
                assert not value.startswith(FORMULA)


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    """Points are written as numbers, a penalty too."""
    one = card("x", {"a_weights": {"points": -1.5}})
    grades, _ = export.write_csv([one], Workspace(tmp_path, ASSIGNMENT.name))
    assert read(grades)[0]["a"] == "-1.5"


def test_hostile_and_long_texts(tmp_path: Path) -> None:
    """Control characters are gone, a cell is one short line, other scripts survive."""
    grades, cells = export.write_csv(the_class().values(), Workspace(tmp_path, ASSIGNMENT.name))
    text = grades.read_text(encoding="utf-8") + cells.read_text(encoding="utf-8")
    assert "\x1b" not in text and "\x00" not in text and "Zoë Ångström" in text
    assert HOSTILE not in text
    assert all(len(value) <= 1001 for row in read(cells) for value in row.values())


def test_the_same_class_gives_the_same_bytes(tmp_path: Path) -> None:
    """The order in which students come does not matter."""
    cards = list(the_class().values())
    first = [path.read_bytes() for path in export.write_csv(cards, Workspace(tmp_path, ASSIGNMENT.name))]
    assert [path.read_bytes() for path in export.write_csv(cards[::-1], Workspace(tmp_path, ASSIGNMENT.name))] == first
