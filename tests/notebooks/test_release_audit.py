"""The course's own hand-outs pass the audit, and what `audit_allow` lists is there for a reason that still holds."""

from __future__ import annotations

import random
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import syntax, wording
from grading.regions import normalized
from grading.release import LeakError
from grading.release.copies import TOGETHER, find
from grading.release.handout import release
from grading.release.said import everything
from grading.release.taken import LEAST_WORDS, Taken, of_module, of_source, read
from grading.source import read_all
from tests.grading.similar.disguise import disguised

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


def stretches() -> list[Taken]:
    """Every piece of code that our hand-outs lack: answers and hidden tests of notebooks, regions of the library."""
    cells = [
        one for assignment in COURSE.assignments.values() for source in read_all(COURSE, assignment) for one in of_source(source)
    ]
    modules = sorted((COURSE.root / "hw_lib").rglob("*.py"))
    library = [one for path in modules for one in of_module(path.name, path.read_text(encoding="utf-8"))]
    return [one for one in (*cells, *library) if one.is_code]


def test_a_disguised_copy_of_any_answer_of_ours_is_found() -> None:
    """Everything renamed, reordered and written in another manner: whatever says more than everybody writes is found.

    Of 195 stretches 25 say too little: one or two statements such as `out = x * mask`.
    """
    rng, small, missed = random.Random(0), 0, []
    for one in stretches():
        text = textwrap.dedent("\n".join(one.lines))
        if syntax.parse(text) is None or not one.statements:
            continue  # the middle of a statement
        if sum(statement.telling for statement in one.statements) < TOGETHER:
            small += 1
        elif not find(everything({"f": disguised(text, (), rng)}), [one], ()):
            missed.append(f"{one.place}:{one.first}")
    assert missed == []
    assert small <= 30
