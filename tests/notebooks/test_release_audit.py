"""The course's own hand-outs pass the audit, and what `audit_allow` lists is there for a reason that still holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import wording
from grading.regions import normalized
from grading.release import LeakError
from grading.release.handout import release
from grading.release.taken import LEAST_WORDS, read

COURSE = courses.load(Path(__file__).parents[2])


@pytest.mark.parametrize("name", COURSE.assignments)
def test_a_hand_out_of_ours_gives_nothing_away(name: str, tmp_path: Path) -> None:
    """No leak and no false alarm beyond the lines that course.toml lists."""
    assert release(replace(COURSE, build=tmp_path), COURSE.assignments[name]).archive.is_file()


@pytest.mark.parametrize("name", [name for name, assignment in COURSE.assignments.items() if assignment.audit_allow])
def test_no_line_is_allowed_that_nobody_asks_about(name: str, tmp_path: Path) -> None:
    """Without the list each of its lines is a leak; one that is none any more would let a real leak through."""
    assignment = COURSE.assignments[name]
    with pytest.raises(LeakError) as caught:
        release(replace(COURSE, build=tmp_path), replace(assignment, audit_allow=()))
    said = [normalized(line) for leak in caught.value.leaks for line in (*leak.text.split("\n"), *leak.original.split("\n"))]
    joined = " ".join("".join(line.split()) for line in said)
    forms = {each.form for line in said for each in read(line)}
    runs = {run.said for leak in caught.value.leaks for run in wording.runs(leak.text, LEAST_WORDS)}
    unused = [
        line
        for line in assignment.audit_allow
        if "".join(normalized(line).split()) not in joined
        and not forms & {each.form for each in read(line)}
        and not runs & {run.said for run in wording.runs(line, LEAST_WORDS)}
    ]
    assert unused == []
