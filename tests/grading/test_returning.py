"""`hw export` into a platform's file: of an assignment and of a whole homework, and what is not written when the file is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from grading.course import Course
from tests.grading.conftest import Hw
from tests.grading.homework import graded_homework

HEAD = "Student,ID,SIS Login ID,Section,A tiny homework (7),hw5 (8)\n    Points Possible,,,,6,12\n"
PEOPLE = '"Doe, Ann",1,ann,S,,\n"Roe, Bob",2,bob,S,,1.00\n'


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Two assignments of one homework, graded."""
    return graded_homework(tmp_path)


def column(path: Path) -> dict[str, str]:
    """The filled in column, by login."""
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = list(csv.reader(file))
    return {row[2]: row[4] for row in rows if row[2]}


def test_an_assignment(course: Course, hw: Hw, tmp_path: Path) -> None:
    """Into the column of its title, beside our own files; the download stays as it was."""
    path = tmp_path / "gradebook.csv"
    path.write_text(HEAD + PEOPLE)
    status, said, _ = hw("export", "mini", "--canvas", str(path))
    assert status == 0 and "filled in  2 changed" in said and "build/mini/export/canvas.csv" in said
    assert column(course.build / "mini" / "export" / "canvas.csv") == {"ann": "5", "bob": "4"}
    assert path.read_text() == HEAD + PEOPLE and "build/mini/export/grades.csv" in said


def test_a_homework_is_one_column(course: Course, hw: Hw, tmp_path: Path) -> None:
    """The points of all its assignments together; who is undecided in one of them stays as they are."""
    path = tmp_path / "gradebook.csv"
    path.write_text(HEAD + PEOPLE)
    status, said, _ = hw("export", "hw5", "--canvas", str(path))
    assert status == 0 and "left as they are: 1: bob" in said and "points possible" not in said
    assert column(course.build / "export" / "hw5" / "canvas.csv") == {"ann": "10", "bob": "1.00"}


def test_a_wrong_file_writes_nothing(course: Course, hw: Hw, tmp_path: Path) -> None:
    """Not even our own CSV files, and what students were told is not kept: nobody was told anything."""
    path = tmp_path / "gradebook.csv"
    path.write_text(HEAD.replace("tiny", "large") + PEOPLE)
    status, said, error = hw("export", "mini", "--canvas", str(path))
    assert (status, said) == (1, "") and "has no column for A tiny homework or mini" in error and "--column" in error
    assert not (course.build / "mini" / "export").exists() and not (course.build / "history").exists()


def test_a_roster(course: Course, hw: Hw, tmp_path: Path) -> None:
    """Names that the platform does not know are told apart by a list of the staff; a list of others is refused."""
    path, roster = tmp_path / "gradebook.csv", tmp_path / "roster.csv"
    path.write_text(HEAD + PEOPLE.replace("ann", "x1").replace("bob", "x2"))
    roster.write_text("student,login\nann,x1\nbob,2\n")
    assert hw("export", "mini", "--canvas", str(path), "--roster", str(roster))[0] == 0
    assert column(course.build / "mini" / "export" / "canvas.csv") == {"x1": "5", "x2": "4"}
    for wrong, why in (
        ("student,login\nzoe,x1\n", "names nobody of this class"),
        ("name,login\nann,1\n", "is no list of students"),
    ):
        roster.write_text(wrong)
        status, _, error = hw("export", "mini", "--canvas", str(path), "--roster", str(roster))
        assert status == 1 and why in error


def test_moodle_gets_the_feedback_pages_too(course: Course, hw: Hw, tmp_path: Path) -> None:
    """Of those whose grade is in the worksheet, if pages were written."""
    path = tmp_path / "worksheet.csv"
    path.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade)\nParticipant 1,Ann,ann,x,,6.00,-\n"
    )
    roster = tmp_path / "roster.csv"
    roster.write_text("student,moodle\nann,Ann_1\n")
    arguments = ("export", "mini", "--moodle", str(path), "--roster", str(roster))
    assert "moodle-feedback.zip" not in hw(*arguments)[1]
    page = course.workspace(course.assignments["mini"]).feedback_page("ann")
    page.parent.mkdir(parents=True)
    page.write_text("page")
    assert "moodle-feedback.zip  (1 pages; upload the worksheet first)" in hw(*arguments)[1]
