"""Records stand beside the code that measured them: readable, checked, and harmless whatever is in the file."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from grading.course import Course
from grading.mark.question import Question, questions
from grading.mark.recorded import Recorded, recorded
from grading.workspace import Workspace
from hw_lib.results import Recorder

CODE = ['value = recorder.measure("b_curve", train, {"seed": 3})']


@pytest.fixture
def work(course: Course) -> Workspace:
    """Where ada's files lie."""
    work = course.workspace(course.assignments["mini"])
    work.submission("ada").mkdir(parents=True)
    return work


@pytest.fixture
def question(course: Course) -> Question:
    """The written answer."""
    (one,) = questions(course, course.assignments["mini"])
    return one


def measure(work: Workspace, value: object, name: str = "b_curve") -> Path:
    """What a notebook leaves."""
    Recorder("mini", work.submission("ada")).measure(name, lambda: value, {"seed": 3}, data="digits")
    return work.submission("ada") / "mini.results.json"


def seen(work: Workspace, question: Question) -> list[Recorded]:
    """What a reader is shown."""
    return recorded(work, question, "ada", CODE)


def test_a_record_is_readable(work: Workspace, question: Question) -> None:
    """Values by name, long lists as their ends, their range and a curve; the settings; nothing of other parts."""
    measure(work, {"losses": [2.5, 2.0, 1.5, 1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.04], "accuracy": 0.97, "by size": {"7": [1, 2]}})
    measure(work, 1, "c_other")
    (one,) = seen(work, question)
    assert (one.name, one.problem) == ("b_curve", "")
    assert "digits" in one.how and "seed = 3" in one.how
    assert [line.name for line in one.lines] == ["losses", "accuracy", "by size / 7"]
    assert one.lines[0].said == "10 numbers from 0.04 to 2.5: 2.5, 2, 1.5, 1, …, 0.2, 0.1, 0.05, 0.04"
    assert [line.said for line in one.lines[1:]] == ["0.97", "1, 2"]
    points = [tuple(map(float, point.split(","))) for point in one.lines[0].curve.split()]
    assert points[0] == (0.0, 0.0) and points[-1] == (240.0, 48.0), "it falls from the left above to the right below"
    assert all(first[1] < second[1] for first, second in pairwise(points))
    assert not any(line.curve for line in one.lines[1:])


def test_what_was_changed_is_said(work: Workspace, question: Question) -> None:
    """A record whose checksum does not fit shows no values."""
    path = measure(work, {"accuracy": 0.5})
    path.write_text(path.read_text().replace("0.5", "0.9"))
    (one,) = seen(work, question)
    assert (one.lines, "checksum" in one.problem) == ((), True)


@pytest.mark.parametrize("text", ["[1, 2]", "{", "", "\x00\xff", "[" * 200_000, '{"b_curve": [' * 2_000])
def test_a_file_that_is_none_is_said(work: Workspace, question: Question, text: str) -> None:
    """No JSON, no object, nested without end."""
    (work.submission("ada") / "mini.results.json").write_text(text)
    (one,) = seen(work, question)
    assert one.problem == "the file holds no records"


def test_weights_are_named_where_the_code_names_them(work: Workspace, question: Question) -> None:
    """With their size; a file that this part does not speak of is not there, a link is never followed."""
    (work.submission("ada") / "mini.weights.pt").write_bytes(b"0" * 1_500_000)
    assert seen(work, question) == []
    (one,) = recorded(work, question, "ada", ['torch.save(net, "mini.weights.pt")'])
    assert (one.name, one.how, one.problem) == ("mini.weights.pt", "1.5 MB", "")
    Path(work.submission("ada") / "mini.results.json").symlink_to("/etc/passwd")
    (one,) = seen(work, question)
    assert (one.how, one.problem) == ("", "not a file")


def test_hostile_values_become_words(work: Workspace, question: Question) -> None:
    """Escape sequences, halves of characters, numbers without end, thousands of entries; a file that is too large is not read."""
    hostile = {
        "\x1b[31mred\u202e": "<script>\x07",
        "half \ud800": "\udfff",
        "huge": [10**400, 1, 2, 3, 4],
        "wide": [1e308, -1e308, 0, 1, 2],
        "many": [[str(number)] for number in range(5_000)],
    }
    path = measure(work, hostile)
    (one,) = seen(work, question)
    assert one.lines[-1].name == "…" and len(one.lines) <= 61
    text = json.dumps([[line.name, line.said] for line in one.lines], ensure_ascii=False)
    text.encode()
    assert not {*"\x1b\x07\u202e"} & {*text}
    assert all(line.curve == "" for line in one.lines)
    path.write_bytes(path.read_bytes() + b" " * 4_000_000)
    (one,) = seen(work, question)
    assert one.problem == "larger than a record is"
