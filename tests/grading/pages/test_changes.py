"""What a regrade did, on the terminal and in files; what students were told, and when."""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from grading.changes import Grading, changes
from grading.marks import Scorecard, Verdict
from grading.pages.changes import change_lines, last_changes, write_changes
from grading.pages.published import PublishedError, told_on, write_published
from grading.workspace import Workspace
from tests.grading.classes import a_class
from tests.grading.scorecards import card

FAILED: dict[str, Any] = {"verdict": Verdict.FAILED, "points": 0.0, "reason": "the overflow check"}
FRIDAY = datetime(2026, 11, 27, 14, 5, 12)


def made(before: list[Scorecard], after: list[Scorecard]) -> Any:
    """The changes between two gradings without hand grades."""
    old, new = ({one.student: one for one in cards} for cards in (before, after))
    return changes(Grading(old, old), Grading(new, new), {})


def test_lines() -> None:
    """How many, which way, by part, and each student with the check and what was said of it."""
    rest = [card(f"s{k:02d}") for k in range(18)]
    before = [card("s18", {"b_weights": FAILED}), card("s19"), *rest]
    after = [card("s18"), card("s19", {"d_dropout_test": FAILED}), *rest]
    assert change_lines(made(before, after)) == [
        "2 of 20 change: 1 up, 1 down",
        "  part b: +2 points, 1 up, 0 down",
        "  part d: -2 points, 0 up, 1 down",
        "  s19  24 → 22  (d) d_dropout_test 2 → 0: the overflow check",
        "  s18  22 → 24  (b) b_weights 0 → 2: was: the overflow check",
    ]
    assert change_lines(made(rest, rest)) == ["nothing changes for 18 students"]


def test_a_long_list_is_cut_and_the_file_is_not(tmp_path: Path) -> None:
    """The terminal shows those who lose most; the CSV has every change, and the record beside it comes back as it was."""
    found = made(a_class(100, 0), a_class(100, 1))
    lines = change_lines(found)
    assert lines[-1].startswith("  … and ") and len(lines) < 30
    work = Workspace(tmp_path, "dropout")
    path = write_changes(found, work, FRIDAY)
    assert path is not None and path.name == "2026-11-27T14-05-12.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["cell"]) for row in rows] == [(one.student, one.cell) for one in found.changes]
    assert sum(float(row["change"]) for row in rows) == pytest.approx(sum(one.points for one in found.changes))
    assert last_changes(work) == found


def test_two_regrades_in_one_second(tmp_path: Path) -> None:
    """Neither is lost, and the later one is the last; a regrade that changes nothing leaves no file."""
    work = Workspace(tmp_path, "dropout")
    assert last_changes(work) is None and write_changes(made([card("a")], [card("a")]), work, FRIDAY) is None
    first, second = made([card("a")], [card("a", {"b_weights": FAILED})]), made([card("a", {"b_weights": FAILED})], [card("a")])
    assert write_changes(first, work, FRIDAY) != write_changes(second, work, FRIDAY)
    assert len(list(work.changes.glob("*.csv"))) == 2 and last_changes(work) == second


def test_what_a_student_wrote_is_no_formula(tmp_path: Path) -> None:
    """Reasons quote students."""
    nasty = {**FAILED, "reason": "=cmd()"}
    path = write_changes(made([card("@x")], [card("@x", {"b_weights": nasty})]), Workspace(tmp_path, "dropout"), FRIDAY)
    assert path is not None and "'=cmd()" in path.read_text(encoding="utf-8") and "\n'@x" in path.read_text(encoding="utf-8")


# ---- what students were told ----


def told(tmp_path: Path, day: str) -> tuple[str, float]:
    """When and how many points "a" was told."""
    found = told_on(day, Workspace(tmp_path, "dropout"))
    return found.when, sum(mark.points or 0.0 for mark in found.cards[0].marks)


def test_what_did_we_tell_them_on_friday(tmp_path: Path) -> None:
    """The last that was written when the day ended; writing the same again says nothing new."""
    work = Workspace(tmp_path, "dropout")
    write_published([card("a")], "feedback", work, FRIDAY)
    write_published([card("a")], "export", work, FRIDAY.replace(hour=15))
    write_published([card("a", {"b_weights": FAILED})], "feedback", work, FRIDAY.replace(day=30))
    assert len(list(work.published.iterdir())) == 2
    assert told(tmp_path, "2026-11-27") == told(tmp_path, "2026-11-29") == ("2026-11-27T14-05-12", 24.0)
    assert told(tmp_path, "2026-11-30") == told(tmp_path, "2027-01-01") == ("2026-11-30T14-05-12", 22.0)


@pytest.mark.parametrize(("day", "said"), [("2026-11-26", "nothing was told until"), ("friday", "this is no day")])
def test_days_that_cannot_be_answered(tmp_path: Path, day: str, said: str) -> None:
    """A day before the first page, and what is no day."""
    write_published([card("a")], "feedback", Workspace(tmp_path, "dropout"), FRIDAY)
    with pytest.raises(PublishedError, match=said):
        told_on(day, Workspace(tmp_path, "dropout"))


DAMAGED = {"empty": b"", "no gzip": b"no gzip", "other data": gzip.compress(b"{}"), "cut off": gzip.compress(b"[1]")[:-9]}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=[*DAMAGED])
def test_damaged_history(tmp_path: Path, data: bytes) -> None:
    """It is said where somebody asks for it, and hinders nobody who writes on."""
    work = Workspace(tmp_path, "dropout")
    work.published.mkdir(parents=True)
    (work.published / "2026-11-20T10-00-00.json.gz").write_bytes(data)
    with pytest.raises(PublishedError, match="cannot be read"):
        told_on("2026-11-20", work)
    write_published([card("a")], "feedback", work, FRIDAY)
    assert told(tmp_path, "2026-11-27")[1] == 24.0
    work.changes.mkdir(parents=True)
    (work.changes / "2026-11-20T10-00-00.json").write_bytes(data)
    assert last_changes(work) is None


def test_a_thousand_students_are_small(tmp_path: Path) -> None:
    """What is kept of a class of a thousand is less than a megabyte, and holds no student's code."""
    work = Workspace(tmp_path, "dropout")
    write_published(a_class(1000), "feedback", work, FRIDAY)
    assert next(work.published.iterdir()).stat().st_size < 1_000_000
    assert "divide the entries" not in str(told_on("2026-12-01", work))
