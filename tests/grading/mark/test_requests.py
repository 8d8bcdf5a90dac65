"""What students ask: a row each, about tests and written answers; any decision closes it, and who reads sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nbgrader.api import Gradebook

from grading import cli, mark, staff
from grading.course import Course
from grading.mark import Cell, RequestError, answer, ask, requests
from grading.mark.state import Choice
from tests.grading.mark.conftest import Hand, desk_of

TEST, WRITTEN = Cell("mini", "mini", "a_double_test"), Cell("mini", "mini", "b_answer")
Hw = Callable[..., tuple[int, str, str]]


@pytest.fixture
def url(course: Course, hand: Hand) -> str:
    """The gradebook of a class of two."""
    hand({"ann": "x + x", "bob": "2x"})
    return course.db


def test_an_open_request_is_a_row(url: str) -> None:
    """Who asks, about what, in their words, who wrote it down; before anybody asked there is none."""
    assert requests(url, "mini") == []
    ask(url, TEST, "ann", "my function handles 0, too", "Tina")
    (one,) = requests(url, "mini")
    assert (one.cell, one.student, one.text, one.made_by) == (TEST, "ann", "my function handles 0, too", "Tina")
    assert one.is_open and one.made_at > 1.7e9 and requests(url, "other") == []


def test_an_answer_in_words_closes_it(url: str) -> None:
    """Of that student and cell alone; what is open stands first; asking again opens a new row."""
    ask(url, TEST, "ann", "why?", "Tina")
    ask(url, TEST, "bob", "why me?", "Tina")
    answer(url, TEST, "ann", "0 is not in the test", "Tom")
    first, second = requests(url, "mini")
    assert (first.student, first.is_open) == ("bob", True)
    assert (second.decided_by, second.decision) == ("Tom", "0 is not in the test")
    ask(url, TEST, "ann", "but it is", "Tina")
    assert [one.is_open for one in requests(url, "mini")] == [True, True, False]


def test_points_from_the_formgrader_close_it(course: Course, url: str) -> None:
    """Other points or another comment than stood there when the student asked; the same points do not."""
    ask(url, TEST, "ann", "why?", "Tina")
    with Gradebook(url) as book:
        book.find_grade("a_double_test", "mini", "mini", "bob").manual_score = 1.0
        book.db.commit()
    assert requests(url, "mini")[0].is_open
    with Gradebook(url) as book:
        book.find_grade("a_double_test", "mini", "mini", "ann").manual_score = 1.5
        book.db.commit()
    (one,) = requests(url, "mini")
    assert (one.decided_by, one.decision, one.decided_at) == ("somebody in the formgrader", "1.5 points", None)


def test_a_decision_in_the_pages_closes_it(course: Course, url: str) -> None:
    """And names who decided; before that the reader sees the request beside the answer, and on the page of what is asked."""
    desk, question = desk_of(course)
    name = desk.following(question, "Rea")
    student = desk.student(question, name)
    ask(url, WRITTEN, student, "please read it again", "Tina")
    assert [one.text for one in desk.sheet(question, "Rea", name).remarks] == ["please read it again"]
    assert [one.remark.text for one in desk.put_aside()] == ["please read it again"]
    sheet = desk.sheet(question, "Rea", name)
    desk.save(question, "Rea", name, sheet.stamp, Choice((sheet.version.rubric.items[0].name,)))
    (one,) = requests(url, "mini")
    assert (one.decided_by, one.decision) == ("Rea", "1 points") and desk.put_aside() == []


def test_reopening_is_no_decision(course: Course, url: str) -> None:
    """Who opens an answer again has not decided about it."""
    desk, question = desk_of(course)
    name = desk.following(question, "Rea")
    ask(url, WRITTEN, desk.student(question, name), "please", "Tina")
    desk.reopen(question, "Rea", name, "the student asks")
    assert requests(url, "mini")[0].is_open


def test_requests_about_tests_stand_beside_the_others(course: Course, url: str) -> None:
    """On the page of what is asked; those about written answers are not shown twice."""
    desk, _ = desk_of(course)
    ask(url, TEST, "ann", "why?", "Tina")
    ask(url, WRITTEN, "bob", "why?", "Tina")
    assert [one.cell for one in desk.asked_of_tests()] == [TEST]


@pytest.mark.parametrize(
    ("student", "cell", "text", "said"),
    [
        ("zoe", TEST, "x", "no such cell"),
        ("ann", Cell("mini", "mini", "z"), "x", "no such cell"),
        ("ann", TEST, "  ", "nothing is asked"),
    ],
)
def test_wrong_requests_are_refused(url: str, student: str, cell: Cell, text: str, said: str) -> None:
    """A student or a cell that is not there, and nothing said; nothing is written."""
    with pytest.raises(RequestError, match=said):
        ask(url, cell, student, text, "Tina")
    assert mark.requests(url, "mini") == []


def test_nothing_open_nothing_to_answer(url: str) -> None:
    """An answer without a question is refused."""
    with pytest.raises(RequestError, match="nothing to answer"):
        answer(url, TEST, "ann", "because", "Tom")


@pytest.fixture
def hw(course: Course, url: str, capsys: pytest.CaptureFixture[str]) -> Hw:
    """Calls `hw` on the class: (exit status, standard output, standard error)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["--course", str(course.root / "course.toml"), *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_on_the_command_line(course: Course, hw: Hw) -> None:
    """Written down, listed, counted below the table, answered; a mistyped student or cell gets a guess."""
    asked = ("requests", "mini", "--student", "ann", "--cell", "a_double_test", "--by", "Tina")
    assert hw(*asked, "--say", "why [red]not[/]?")[1].startswith("open       ann a_double_test: why [red]not[/]? (Tina, ")
    assert any("requests   1 open" in line for line in staff.below_table(course, course.assignments["mini"], "ann"))
    said = hw(*asked, "--answer", "0 is not tested")[1]
    assert said.startswith("decided    ann") and "0 is not tested (Tina, " in said and "requests   0 open, 1 decided" in said
    assert not any("requests" in line for line in staff.below_table(course, course.assignments["mini"], "ann"))
    status, _, wrong = hw("requests", "mini", "--student", "an", "--cell", "a_double_test", "--say", "x")
    assert status == 1 and "did you mean 'ann'?" in wrong
    status, _, wrong = hw("requests", "mini", "--student", "ann", "--cell", "a_double", "--say", "x")
    assert status == 1 and "did you mean 'a_double_test'?" in wrong
