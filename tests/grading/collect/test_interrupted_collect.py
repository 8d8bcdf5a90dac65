"""A collection that stops halfway leaves half a class: nothing grades that without a word."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from grading import cli, records
from grading.collect import collection
from grading.course import Course
from tests.grading.conftest import PERFECT, HandIn


@pytest.fixture
def folder(course: Course, hand_in: HandIn) -> Path:
    """A class of three, for a released homework."""
    for name in ("ada", "bob"):
        hand_in(name, PERFECT)
    (course.build / "mini" / "graded_build").mkdir(parents=True)
    return hand_in("cleo")


def hw(course: Course, *arguments: str) -> int:
    """`hw` with this course."""
    return cli.main(["--course", str(course.root / "course.toml"), *arguments])


def fails_at(student: str, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the copying of one student's record end in an error."""
    save = records.save

    def failing(path: Path, record: object) -> None:
        if path.stem == student:
            raise error
        save(path, record)

    monkeypatch.setattr(records, "save", failing)


def test_half_a_class_is_not_graded(
    course: Course, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After Ctrl-C in a collection `hw grade` says what to do; collecting again mends it."""
    assert hw(course, "collect", "mini", str(folder)) == 0
    with monkeypatch.context() as patch:
        fails_at("bob", KeyboardInterrupt(), patch)
        with pytest.raises(KeyboardInterrupt):
            collection.collect(folder, course, course.assignments["mini"])
    assert hw(course, "grade", "mini", "--no-sandbox") == 1
    said = capsys.readouterr().err
    assert "the last collection of mini was interrupted" in said and "hw collect mini" in said
    assert hw(course, "collect", "mini", str(folder)) == 0
    assert not course.workspace(course.assignments["mini"]).unfinished.exists()


def test_a_full_disk_is_said(
    course: Course, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk without room ends the collection with a message, no traceback, and `hw grade` waits for a whole class."""
    fails_at("cleo", OSError(errno.ENOSPC, "No space left on device"), monkeypatch)
    assert hw(course, "collect", "mini", str(folder)) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert hw(course, "grade", "mini", "--no-sandbox") == 1
    assert "was interrupted" in capsys.readouterr().err
