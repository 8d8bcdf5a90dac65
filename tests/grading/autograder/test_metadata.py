"""What Gradescope says of a submission becomes the class that its download would be; nonsense costs nobody a grade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grading import autograder, collect
from grading.course import Course
from grading.deadline import HandedIn
from grading.settings import Assignment
from tests.grading.autograder.container import METADATA
from tests.grading.conftest import PERFECT, HandIn


def said(tmp_path: Path, **more: Any) -> autograder.HandIn:
    """The platform's file, with some entries changed."""
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({**METADATA, **more}))
    return autograder.handed_in(path)


def test_it_reads_who_and_when(tmp_path: Path) -> None:
    """The moment with its offset, everybody of a group, earlier submissions with their points."""
    earlier = [{"submission_time": "2026-11-19T10:00:00.000000-08:00", "score": 3.5, "results": {"tests": []}}, {"score": None}]
    found = said(tmp_path, previous_submissions=earlier, users=[*METADATA["users"], {"email": "bob@uni.edu", "sid": 7}])
    assert found.number == "123456"
    assert found.moment == METADATA["created_at"]
    assert [user["email"] for user in found.users] == ["ada@uni.edu", "bob@uni.edu"]
    assert found.users[1]["sid"] == "7"
    assert found.earlier == ("2026-11-19T10:00:00.000000-08:00: 3.5 points", "at an unknown time: no points")
    assert found.doubt == ""


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "\xff", "[" * 100_000])
def test_what_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    """No file, no JSON, another shape: a sentence for staff, and the hand-in is graded."""
    path = tmp_path / "submission_metadata.json"
    path.write_bytes(text.encode("latin-1"))
    assert "who handed in, and when, is not known" in autograder.handed_in(path).doubt
    assert "is not known" in autograder.handed_in(tmp_path / "missing.json").doubt


@pytest.mark.parametrize("users", [None, 3, [], [None, "ada"], [{"email": None, "name": ["x"]}]])
def test_entries_of_another_shape_are_passed_over(
    users: object, tmp_path: Path, course: Course, assignment: Assignment, hand_in: HandIn
) -> None:
    """Whoever cannot be named is named after the submission's number, as in a download."""
    found = said(tmp_path, users=users, id="../../7", created_at=[1])
    autograder.as_download(hand_in("x", PERFECT) / "x", found, tmp_path / "class")
    collected = collect.collect(tmp_path / "class", course, assignment)
    assert [sub.student for sub in collected.submissions] == ["submission_7"]
    assert collected.submissions[0].handed_in == HandedIn("", "Gradescope")


def test_a_group_is_the_one_of_a_download(tmp_path: Path, course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Each member has the notebook, the moment and the note that names the others; a name is what an export has."""
    users = [{"name": "Zoë 😀", "email": "zoe@uni.edu"}, {"name": "Ben"}]
    autograder.as_download(hand_in("x", PERFECT) / "x", said(tmp_path, users=users), tmp_path / "class")
    found = collect.collect(tmp_path / "class", course, assignment).submissions
    assert [sub.student for sub in found] == ["Ben", "zoe@uni.edu"]
    assert {sub.handed_in for sub in found} == {HandedIn("2026-11-20T14:22:32.365935-08:00", "Gradescope")}
    assert all(sub.notebooks == {"mini": "mini.ipynb"} for sub in found)
    assert "Handed in together with Ben." in found[1].notes
