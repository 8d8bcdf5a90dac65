"""When work was handed in comes from the platform's own words, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.collect import times
from grading.deadline import NOT_SAID, HandedIn
from tests.grading.collect.test_collect import ASSIGNMENT, collected, fill, packed
from tests.grading.collect.test_platforms import BRIGHTSPACE, _submitted

ONE_NOTEBOOK = replace(ASSIGNMENT, notebooks=("q",))
CLASSROOM = """assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,\
student_repository_url,submission_timestamp,points_awarded,points_available
HW1,u,s,ada,,hw1-ada,r,2026-12-01T23:59:00Z,1,2
HW1,u,s,bo,,org/hw1-bo,r,,0,0
"""


def when(tmp_path: Path, files: dict[str, bytes | str]) -> dict[str, HandedIn]:
    """When each student handed in."""
    fill(tmp_path / "download", files)
    found = collected(tmp_path / "download", tmp_path, ONE_NOTEBOOK)
    return {submission.student: submission.handed_in for submission in found.submissions}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-01-02 23:30:00.123456789 -08:00", "2026-01-02T23:30:00.123456-08:00"),
        ("2026-01-03 06:00:00 Z", "2026-01-03T06:00:00+00:00"),
        ("2026-01-03 06:00:00.5 UTC", "2026-01-03T06:00:00.500000+00:00"),
        ("2026-01-03T06:00:00Z", "2026-01-03T06:00:00+00:00"),
        ("2026-01-03T06:00:00-0700", "2026-01-03T06:00:00-07:00"),
        ("2026-01-03 06:00:00", "2026-01-03T06:00:00"),
        ("2026-01-03 06:00:00 PST", ""),
        ("2026-01-45 06:00:00 Z", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times_as_platforms_write_them(text: str, kept: str) -> None:
    """With its offset where there is one; letters that name no zone for sure are no time."""
    assert times.iso(text) == kept


@given(st.text(max_size=60))
def test_no_text_of_a_platform_s_breaks_anything(text: str) -> None:
    """Whatever stands there is a time or is not."""
    assert times.seconds(times.iso(text)) <= float("inf")


@given(st.datetimes(), st.sampled_from(["Z", "+01:00", "-0830", ""]))
def test_every_time_is_read(moment: object, zone: str) -> None:
    """Between the years 1 and 9999."""
    assert times.iso(f"{moment}{zone}")


def test_gradescope(tmp_path: Path) -> None:
    """The submission that counts, with the offset of the metadata; what is no time is none."""
    found = when(
        tmp_path,
        {
            "submission_metadata.yml": _submitted(1, "ada@x.edu", "2026-01-02 23:30:00 -08:00")
            + _submitted(2, "ada@x.edu", "2026-01-03 06:00:00 Z")
            + _submitted(3, "bo@x.edu", "2026-01-45 06:00:00 Z"),
            "submission_1/q.ipynb": "new",
            "submission_2/q.ipynb": "old",
            "submission_3/q.ipynb": "b",
            "submission_3/timestamp.txt": "2020-01-01 00:00:00 UTC",
        },
    )
    assert found["ada@x.edu"] == HandedIn("2026-01-02T23:30:00-08:00", "Gradescope")
    assert found["bo@x.edu"] == HandedIn("", "Gradescope")


def test_what_counts_is_when_the_notebook_came_that_is_graded(tmp_path: Path) -> None:
    """Whoever hands in something without the notebook once more is not later for it."""
    found = when(
        tmp_path,
        {
            "submission_metadata.yml": _submitted(1, "ada@x.edu", "2026-01-09 00:00:00 Z")
            + _submitted(2, "ada@x.edu", "2026-01-03 06:00:00 Z"),
            "submission_1/q.results.json": "{}",
            "submission_2/q.ipynb": "the work",
        },
    )
    assert found["ada@x.edu"].moment == "2026-01-03T06:00:00+00:00"


def test_of_two_notebooks_the_later_one(tmp_path: Path) -> None:
    """A homework is handed in when its last notebook is; if that of one is not known, nothing is."""
    early, late = HandedIn("2026-01-02T10:00:00+01:00", "x"), HandedIn("2026-01-02T09:30:00+00:00", "x")
    assert times.latest([early, late]) == times.latest([late, early]) == late
    assert times.latest([early, NOT_SAID, late]) == NOT_SAID
    assert times.latest([]) == NOT_SAID


def test_brightspace_and_attempts_name_no_zone(tmp_path: Path) -> None:
    """What the download writes, as it writes it."""
    found = when(
        tmp_path,
        {
            BRIGHTSPACE.format(24, "926 PM") + "/q.ipynb": "new",
            BRIGHTSPACE.format(23, "1105 AM") + "/q.ipynb": "old",
            "397064-1 - Bo Li - a day in 2026/q.ipynb": "b",
        },
    )
    assert found["Jane Doe_397063"] == HandedIn("2026-09-24T21:26:00", "Brightspace")
    assert found["Bo Li_397064"] == HandedIn("", "Brightspace")
    found = when(tmp_path / "flat", {"dropout_ada_attempt_2026-01-02-10-00-07_q.ipynb": "a", "dropout_bo_attempt_17_q.ipynb": "b"})
    assert found == {"ada": HandedIn("2026-01-02T10:00:07", "the download"), "bo": HandedIn("", "the download")}


def test_canvas_and_moodle_do_not_say(tmp_path: Path) -> None:
    """Canvas says whether, Moodle nothing; neither is turned into a time."""
    found = when(tmp_path, {"adaada_LATE_11_903_q.ipynb": "a", "bobo_12_902_q.ipynb": "b"})
    assert found == {"adaada_11": HandedIn("", "Canvas", late=True), "bobo_12": HandedIn("", "Canvas")}
    found = when(
        tmp_path / "moodle", {"Ada L_7_assignsubmission_file_/q.ipynb": "a", "Bo Li_8_assignsubmission_file_/q.ipynb": "b"}
    )
    assert found == {"Ada L_7": HandedIn("", "Moodle"), "Bo Li_8": HandedIn("", "Moodle")}


def test_github_classroom(tmp_path: Path) -> None:
    """Its table of grades, laid beside the repositories, says when; a repository that it does not know has no time."""
    files: dict[str, bytes | str] = {"hw1-ada/q.ipynb": "a", "hw1-bo/q.ipynb": "b", "hw1-cy/q.ipynb": "c", "grades.csv": CLASSROOM}
    found = when(tmp_path, files)
    assert found["hw1-ada"] == HandedIn("2026-12-01T23:59:00+00:00", "GitHub Classroom")
    assert found["hw1-bo"] == HandedIn("", "GitHub Classroom")
    assert found["hw1-cy"] == NOT_SAID


def test_nbgrader_s_own_stamp(tmp_path: Path) -> None:
    """The file that nbgrader writes beside what it collects."""
    stamp = "2026-01-03 06:00:00.5 UTC"
    found = when(
        tmp_path,
        {"ada/dropout/q.ipynb": "a", "ada/dropout/timestamp.txt": stamp, "bo/dropout/q.ipynb": "b"},
    )
    assert found == {"ada": HandedIn("2026-01-03T06:00:00.500000+00:00", "nbgrader"), "bo": NOT_SAID}


def test_a_student_s_own_stamp_is_not_believed(tmp_path: Path) -> None:
    """A file of that name in a folder, or in a zip, that somebody handed in says nothing."""
    forged: dict[str, bytes | str] = {"q.ipynb": "a", "timestamp.txt": "2020-01-01 00:00:00 UTC"}
    found = when(tmp_path, {"ada/q.ipynb": "a", "ada/timestamp.txt": "2020-01-01 00:00:00 UTC", "bo.zip": packed(forged)})
    assert found == {"ada": NOT_SAID, "bo": NOT_SAID}


def test_what_is_packed_was_handed_in_with_its_zip(tmp_path: Path) -> None:
    """A zip that a platform says something of says it of the notebook in it."""
    found = when(tmp_path, {"adaada_LATE_11_903_work.zip": packed({"q.ipynb": "a"}), "bobo_12_902_q.ipynb": "b"})
    assert found["adaada_11"] == HandedIn("", "Canvas", late=True)
