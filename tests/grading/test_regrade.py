"""A regrade of the tiny homework, in the real sandbox: it says before what it does, and does what it said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grading import gradebook
from grading.course import Course

from .conftest import PERFECT, HandIn, Hw

pytestmark = pytest.mark.kernel


def everything(course: Course) -> dict[str, bytes]:
    """What a dry run must not touch."""
    work = course.workspace(course.assignments["mini"])
    folders = (work.scorecards, work.formgraders, work.changes)
    return {str(path): path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def change_the_test(course: Course, old: str, new: str) -> None:
    """The author corrects a test in the source."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def points(course: Course) -> dict[tuple[str, str], Any]:
    """What nbgrader's table holds of the tests."""
    return {
        (row["student"], row["cell"]): row["auto_score"] for row in gradebook.dump(course.db, "mini") if row["cell"] != "b_answer"
    }


def test_a_regrade_says_what_it_does_before(course: Course, hw: Hw, hand_in: HandIn) -> None:
    """The dry run writes no grade and says what the regrade says; --only-up keeps what was better; one student, one part."""
    hand_in("ada", PERFECT)
    hand_in("ben", PERFECT, c_count="seen = [1]")
    folder = hand_in("carl", PERFECT, a_double="def double(x):\n    return x * x")
    for arguments in (("release", "mini"), ("collect", "mini", str(folder))):
        assert hw(*arguments)[0] == 0
    assert "change" not in hw("grade", "mini")[1]
    with Gradebook(course.db) as book:  # somebody overrules a test of ben's
        grade = book.find_grade("c_count_test", "mini", "mini", "ben")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.db.commit()
    before, scores = everything(course), points(course)

    change_the_test(course, "& {1, 2, 3}))", "& {1, 2}))")
    status, tried, _ = hw("grade", "mini", "--dry-run")
    assert status == 0 and "dry run    2 of 3 change: 0 up, 2 down\n" in tried
    assert "ada  5 → 4  (c) c_count_test 3 → 2" in tried and "nothing was written" in tried
    assert everything(course) == before and points(course) == scores
    assert not (course.build / "history").exists()

    assert "nothing changes" in hw("grade", "mini", "--only-up")[1] and points(course) == scores

    one = hw("grade", "mini", "--student", "carl")[1]
    assert "carl  3 → 2" in one and "ada" not in one
    assert points(course) == {**scores, ("carl", "c_count_test"): 2.0}
    assert "nothing changes" in hw("grade", "mini", "--part", "a")[1]

    done = hw("grade", "mini")[1]
    assert "ada  5 → 4  (c) c_count_test 3 → 2" in done and "changes    " in done
    assert points(course)["ada", "c_count_test"] == 2.0
    files = sorted((course.build / "history" / "mini" / "changes").glob("*.csv"))
    assert len(files) == 2 and "ada,c,c_count_test" in files[-1].read_text(encoding="utf-8")
    assert "nothing changes" in hw("grade", "mini")[1]
    page = Path(course.build / "stats" / "mini" / "index.html")
    assert hw("stats", "mini")[0] == 0 and "The last regrade" in page.read_text(encoding="utf-8")


def test_who_graded_by_hand_is_asked_again(course: Course, hw: Hw, hand_in: HandIn) -> None:
    """The dry run foretells it, the regrade does it, and the points stay."""
    folder = hand_in("ben", PERFECT, c_count="seen = [1]")
    for arguments in (("release", "mini"), ("collect", "mini", str(folder)), ("grade", "mini")):
        assert hw(*arguments)[0] == 0
    with Gradebook(course.db) as book:
        grade = book.find_grade("c_count_test", "mini", "mini", "ben")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.db.commit()
    change_the_test(course, "& {1, 2, 3}))", "& {2, 3}))")
    for arguments in (("--dry-run",), ()):
        said = hw("grade", "mini", *arguments)[1]
        assert "1 of 1 change: 0 up, 0 down; 1 answer is asked again" in said
        assert "(c) c_count_test 2.5 → 2.5" in said and "a person is asked again" in said
    rows = {row["cell"]: row for row in gradebook.dump(course.db, "mini")}
    assert (rows["c_count_test"]["manual_score"], rows["c_count_test"]["needs_manual_grade"]) == (2.5, True)


def test_unknown_students_and_parts(course: Course, hw: Hw, hand_in: HandIn) -> None:
    """A guess, and nothing is run or written."""
    folder = hand_in("ada", PERFECT)
    for arguments in (("release", "mini"), ("collect", "mini", str(folder)), ("grade", "mini")):
        assert hw(*arguments)[0] == 0
    before = everything(course)
    status, _, said = hw("grade", "mini", "--student", "adda")
    assert status == 1 and "did you mean 'ada'?" in said
    status, _, said = hw("grade", "mini", "--part", "z")
    assert status == 1 and "no part is called 'z'" in said
    assert everything(course) == before


def test_what_was_told(course: Course, hw: Hw, hand_in: HandIn) -> None:
    """`hw feedback` keeps it; `hw report --told` says it and what is different now."""
    folder = hand_in("ada", PERFECT)
    for arguments in (("release", "mini"), ("collect", "mini", str(folder)), ("grade", "mini"), ("feedback", "mini")):
        assert hw(*arguments)[0] == 0
    change_the_test(course, "& {1, 2, 3}))", "& {1, 2}))")
    hw("grade", "mini")
    said = hw("report", "mini", "--told", "2999-01-01")[1]
    assert "by hw feedback, 1 students" in said and "since then 1 of 1 change" in said and "ada  5 → 4" in said
    said = hw("report", "mini", "--told", "2999-01-01", "--student", "ada")[1]
    assert "(c) c_count_test  3 of 3" in said and "together 5" in said
    status, _, wrong = hw("report", "mini", "--told", "1999-01-01")
    assert status == 1 and "nothing was told until 1999-01-01" in wrong
