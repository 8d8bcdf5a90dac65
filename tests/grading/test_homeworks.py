"""Notebooks of several assignments under one name: what course.toml may say, and that every verb takes the name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grading import cli, collect
from grading import course as courses
from grading import notebook as nb
from grading.course import Course, CourseError
from grading.source import read_source, student_notebook

from .conftest import COURSE, MINI, PERFECT, HandIn, answered

SECOND = """
[assignments.second]
title = "Another tiny homework"
notebooks = ["second"]
strip = ["hw_lib/layers/dropout.py", "hw_lib/**/*.py"]
"""
HOMEWORKS = '[homeworks]\nweek = ["mini/mini", "second/second"]\n'
LIST = '["mini/mini", "second/second"]'
BOTH = COURSE + SECOND + HOMEWORKS


def written(folder: Path, text: str) -> Path:
    """A course.toml with this text."""
    path = folder / "course.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def week(course: Course) -> Course:
    """The tiny course with a second assignment, which asks for (a) only, and a homework of both."""
    cells = [found for found in MINI["cells"] if found["id"][:2] not in ("b_", "c_")]
    (course.root / "notebooks" / "second").mkdir()
    (course.root / "notebooks" / "second" / "second.ipynb").write_text(nb.dump({**MINI, "cells": cells}))
    return courses.load(written(course.root, BOTH))


def hw(course: Course, *arguments: str) -> int:
    """`hw` with this course."""
    return cli.main(["--course", str(course.root / "course.toml"), *arguments])


# ---- course.toml ----


def test_a_homework_is_its_notebooks(week: Course) -> None:
    """In the order of the file; a verb does what it does for their assignments; an assignment's own name means that one alone."""
    assert week.homeworks == {"week": ("mini/mini", "second/second")}
    assert [found.name for found in week.named("week")] == ["mini", "second"]
    assert [found.name for found in week.named("second")] == ["second"]


def test_a_course_needs_no_homeworks(tmp_path: Path) -> None:
    """Without the table there are none."""
    assert courses.load(written(tmp_path, COURSE)).homeworks == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (LIST, '["mini/mini", "secnd/second"]', r"week: no notebook is called 'secnd/second'[\s\S]*did you mean 'second/second'"),
        (LIST, '["mini/mini", "second/secnd"]', r"week: no notebook is called 'second/secnd'[\s\S]*did you mean 'second/second'"),
        (LIST, '["mini", "second/second"]', r"no notebook is called 'mini'[\s\S]*did you mean 'mini/mini'"),
        (LIST, '["mini/mini", "week"]', "no notebook is called 'week'"),
        (LIST, '["mini/mini", "second/second", "mini/mini"]', r"week names a notebook twice[\s\S]*name each once"),
        ('notebooks = ["second"]', 'notebooks = ["second", "third"]', r"week has an assignment in part[\s\S]*no second/third"),
        ("\nweek =", "\nsecond =", r"has the name of an assignment\n\s+got:\s+second\n\s+fix:\s+give the homework another name"),
        (LIST, '"mini/mini"', r"\[homeworks\] has a value of the wrong type"),
        (LIST, '["mini/mini", 2]', r"\[homeworks\] has a value of the wrong type"),
        (HOMEWORKS, '[homeworks.week]\nparts = "mini"\n', r"\[homeworks\] has a value of the wrong type"),
        ("[homeworks]", "[homework]", r"'homework'[\s\S]*did you mean 'homeworks'"),
    ],
)
def test_a_slip_in_the_table_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A notebook that does not exist, an assignment in part, a name that two things have: each is named, with what to do."""
    assert old in BOTH
    with pytest.raises(CourseError, match=rf"course\.toml: [\s\S]*{said}"):
        courses.load(written(tmp_path, BOTH.replace(old, new)))


def test_an_unknown_name_gets_a_guess(week: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """Homeworks are among the names that may have been meant."""
    with pytest.raises(CourseError, match=r"no assignment or homework is called 'weak'[\s\S]*did you mean 'week'\?"):
        week.named("weak")
    assert hw(week, "report", "weak") == 1
    assert "did you mean 'week'?" in capsys.readouterr().err


# ---- the verbs ----


@pytest.mark.kernel
def test_a_release_is_one_archive(week: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """All hand-outs in one zip, each in its folder, byte by byte those of the assignments; again is the same file."""
    assert hw(week, "release", "week") == 0
    out = capsys.readouterr().out
    archive = week.build / "week.zip"
    assert "week.zip" in out and "(mini/mini, second/second)" in out
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
        for name in ("mini", "second"):
            release = week.build / name / "release"
            assert {f"week/{name}/{path.name}" for path in release.iterdir()} == {n for n in names if n.startswith(f"week/{name}/")}
            assert packed.read(f"week/{name}/{name}.ipynb") == (release / f"{name}.ipynb").read_bytes()
            assert b"BEGIN" not in packed.read(f"week/{name}/{name}.ipynb")
    assert {name.split("/")[1] for name in names} == {"mini", "second"}
    before = archive.read_bytes()
    assert hw(week, "release", "week") == 0
    assert archive.read_bytes() == before


@pytest.mark.kernel
def test_a_leak_in_one_stops_the_bundle(week: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """No archive is packed when an assignment cannot be released."""
    path = week.source(week.assignments["second"], "second")
    path.write_text(path.read_text().replace("Double things.", "Double things: return x + x + 0 * x"))
    assert hw(week, "release", "second") == 1
    assert hw(week, "release", "week") == 1
    assert "the release of second would give 1 thing(s) away" in capsys.readouterr().err
    assert not (week.build / "week.zip").exists()


def test_notebooks_of_the_other_assignments(week: Course, hand_in: HandIn) -> None:
    """`hw collect week` knows which notebook is whose: no note about the others, and none is taken for a missing one."""
    folder = hand_in("ada", PERFECT)
    hand_in("bob", PERFECT)
    (folder / "ada" / "second.ipynb").write_bytes((folder / "ada" / "mini.ipynb").read_bytes())
    assert hw(week, "collect", "week", str(folder)) == 0
    found = {(one.assignment, one.student): one for name in week.named("week") for one in collect.submissions(week.workspace(name))}
    assert [name for name, one in found.items() if not one.notebooks] == [("second", "bob")]
    assert not any(one.notes for one in found.values())


@pytest.mark.kernel
def test_every_verb_loops(week: Course, hand_in: HandIn, capsys: pytest.CaptureFixture[str]) -> None:
    """Collect, grade, feedback, report and export do what they do for each assignment, in order; a class holds both notebooks."""
    folder = hand_in("ada", PERFECT)
    assignment = week.assignments["second"]
    blank = student_notebook(read_source(week, assignment, "second"), "second")[0]
    (folder / "ada" / "second.ipynb").write_text(nb.dump(answered(blank, PERFECT)))
    assert hw(week, "release", "week") == 0
    assert hw(week, "collect", "week", str(folder)) == 0
    assert hw(week, "grade", "week") == 0
    for verb in ("feedback", "export", "report"):
        assert hw(week, verb, "week") == 0
    out = capsys.readouterr().out
    assert out.index("A tiny homework") < out.index("Another tiny homework")
    for name in ("mini", "second"):
        assert (week.build / name / "feedback" / "ada" / f"{name}.html").is_file()
        assert "ada" in (week.build / name / "export" / "grades.csv").read_text()
    assert hw(week, "report", "week", "--student", "ada") == 0
    said = capsys.readouterr().out
    assert "ada: 2 of 2 automatic points" in said and said.count("a_double_test") == 2
