"""What verbs for a whole class say and write, over several rooms."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from rich.console import Console, PagerContext

from grading import course as courses
from grading import pages, pipeline, staff
from grading.course import AbsentError, Course, CourseError
from grading.settings import Assignment
from tests.grading.conftest import Hw
from tests.grading.homework import graded_homework


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Two assignments of one homework, graded."""
    return graded_homework(tmp_path)


@pytest.mark.parametrize(("terminal", "lines", "paged"), [(True, 300, True), (True, 5, False), (False, 300, False)])
def test_long_tables_are_paged_on_a_terminal(terminal: bool, lines: int, paged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only there, and only where they are longer than it; colours are kept."""
    monkeypatch.setenv("LESS", "")  # so that it is put back
    monkeypatch.delenv("LESS")
    console = Console(force_terminal=terminal, height=24, file=io.StringIO())
    assert isinstance(staff.pager(console, lines), PagerContext) == paged
    assert ("R" in os.environ.get("LESS", "")) == paged


def test_stats_of_a_homework(course: Course, hw: Hw) -> None:
    """One page for all its assignments; parts of one name are told apart; each student's pages that were written are linked."""
    page = course.workspace(course.assignments["other"]).feedback_page("ann")
    page.parent.mkdir(parents=True)
    page.write_text("")
    status, said, _ = hw("stats", "hw5")
    assert status == 0 and "2 students" in said and "build/stats/hw5/index.html" in said
    folder = course.build / "stats" / "hw5"
    with (folder / "parts.csv").open(newline="", encoding="utf-8") as file:
        assert [row["part"] for row in csv.DictReader(file)] == [f"{name} {part}" for name in ("mini", "other") for part in "abc"]
    assert 'href="../../other/feedback/ann/other.html"' in (folder / "index.html").read_text(encoding="utf-8")


def test_stats_by_section(course: Course, hw: Hw, tmp_path: Path) -> None:
    """`--sections FILE` compares them; a list of another class is refused, and nothing is written."""
    sections = tmp_path / "sections.csv"
    sections.write_text("student,section\nzoe,A\n")
    status, _, wrong = hw("stats", "mini", "--sections", str(sections))
    assert status == 1 and "names nobody of this class" in wrong and not (course.build / "stats").exists()
    sections.write_text("student,section\nann,A\nbob,B\n")
    assert hw("stats", "mini", "--sections", str(sections))[0] == 0
    text = (course.build / "stats" / "mini" / "sections.csv").read_text(encoding="utf-8")
    assert "section,A,1,1.0000" in text and "section,B,1,0.8000" in text


def test_stats_before_anything_was_graded(course: Course, hw: Hw) -> None:
    """The verb that comes first is named."""
    for path in course.workspace(course.assignments["mini"]).scorecards.glob("*"):
        path.unlink()
    status, _, said = hw("stats", "mini")
    assert status == 1 and "hw grade mini" in said


def test_a_homework_goes_on_where_one_assignment_lacks_what_was_named(course: Course, hw: Hw) -> None:
    """A student who is not in one class; only where none has them, it is an error."""
    course.workspace(course.assignments["mini"]).scorecard("ann").unlink()
    status, said, _ = hw("report", "hw5", "--student", "ann")
    assert status == 0
    assert "passed over mini: no student is called 'ann'" in said
    assert "ann: 5 of 5 automatic points" in said
    status, _, said = hw("report", "hw5", "--student", "anna")
    assert status == 1 and "no student is called 'anna'" in said


def test_only_what_none_has_is_an_error(course: Course) -> None:
    """Of the table of one part, and of any other error, which stops at once."""
    called = []

    def table(assignment: Assignment) -> None:
        cards = pipeline.cards(course, assignment)[: 1 if assignment.name == "mini" else 0]
        pages.class_table(cards, assignment, 80, pages.View(part="b"))
        called.append(assignment.name)

    both = course.named("hw5")
    assert courses.each(both, table) == ["passed over other: no part is called 'b'"]
    assert called == ["mini"]
    with pytest.raises(AbsentError, match="no part is called 'b'"):
        courses.each(both[1:], table)
    with pytest.raises(CourseError, match="no order is called"):
        courses.each(both, lambda one: called.append(str(pages.class_table([], one, 80, pages.View(sort="x")))))
