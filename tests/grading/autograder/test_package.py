"""The zip holds what grading there needs, and nothing of the class, of other homeworks or of the gradebook's password."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from grading import autograding, secret
from grading.autograder import package, pins
from grading.course import Course
from grading.release import handout
from grading.settings import Assignment
from tests.grading.conftest import COURSE, Hw


@pytest.fixture
def archive(course: Course, assignment: Assignment) -> Path:
    """The zip of the tiny course."""
    handout.release(course, assignment)
    autograding.bundle(course, [assignment], "mini", 10)
    return course.workspace(assignment).autograder("mini")


def test_what_is_in_it(archive: Path, course: Course, assignment: Assignment) -> None:
    """The two programs at its root, our packages, this homework's source, the secret, the editions: closed to others."""
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in packed.infolist()}
        kept = packed.read("course/build/secret").decode()
    assert {"setup.sh", "run_autograder", "packages.txt", "not_graded.json", "course/course.toml"} <= {*names}
    assert {"library/grading/autograding.py", "library/hw_lib/errors.py", "course/notebooks/mini/mini.ipynb"} <= {*names}
    assert any(re.fullmatch(r"course/build/editions/mini/mini/\w+\.ipynb", name) for name in names)
    assert not [name for name in names if "__pycache__" in name or "gradebook.db" in name or "names.json" in name]
    assert kept == secret.read_or_make(course.workspace(assignment).secret)
    assert {name for name, mode in modes.items() if mode & 0o077} == {"setup.sh", "run_autograder"}
    assert archive.stat().st_mode & 0o777 == 0o600


def test_the_same_course_is_the_same_file(archive: Path, course: Course, assignment: Assignment) -> None:
    """Nothing of the moment is in it."""
    before = archive.read_bytes()
    autograding.bundle(course, [assignment], "mini", 10)
    assert archive.read_bytes() == before


def test_other_homeworks_stay_at_home(course: Course, assignment: Assignment) -> None:
    """Neither their sources nor their editions; the formerly named one's editions come along."""
    renamed = replace(assignment, formerly="tiny")
    for name in ("other", "tiny"):
        edition = course.build / "editions" / name / "mini" / "0123.ipynb"
        edition.parent.mkdir(parents=True)
        edition.write_text("{}")
    shutil.copytree(course.notebooks / "mini", course.notebooks / "other")
    handout.release(course, assignment)
    package.pack(course, [renamed], course.build / "x.zip", 10)
    names = zipfile.ZipFile(course.build / "x.zip").namelist()
    assert "course/build/editions/tiny/mini/0123.ipynb" in names
    assert not [name for name in names if "/other/" in name]


def test_the_password_of_the_gradebook_stays_at_home(course: Course, assignment: Assignment) -> None:
    """`db` is taken out of course.toml, and the rest is as it was; what cannot be taken out is refused."""
    file, target = course.root / "course.toml", course.build / "x.zip"
    handout.release(course, assignment)
    file.write_text(COURSE.replace("[course]", '[course]\ndb = "postgresql://hw:geheim@host/x"  # ours', 1))
    package.pack(course, [assignment], target, 10)
    text = zipfile.ZipFile(target).read("course/course.toml").decode()
    assert "geheim" not in text
    assert 'title = "A tiny homework"' in text
    file.write_text(COURSE.replace("[course]", '[course]\n"db" = """\npostgresql://hw:geheim@host/x"""', 1))
    target.unlink()
    with pytest.raises(package.BundleError, match="cannot be taken out"):
        package.pack(course, [assignment], target, 10)
    assert not target.exists()


def test_what_was_not_released_is_refused(course: Course, hw: Hw) -> None:
    """In one message with what to type, and nothing is written; an unknown platform is named by argparse."""
    status, _, said = hw("bundle", "gradescope", "mini")
    assert status == 1
    assert "mini was not released" in said and "hw release mini" in said
    assert not list(course.build.rglob("*.zip"))
    with pytest.raises(SystemExit):
        hw("bundle", "moodle", "mini")


def test_the_verb_says_what_to_set_there(course: Course, assignment: Assignment, hw: Hw) -> None:
    """Where the zip lies, and the points: of checks, of readers, on top."""
    handout.release(course, assignment)
    status, said, _ = hw("bundle", "gradescope", "mini", "--minutes", "40")
    assert status == 0
    assert "gradescope-autograder.zip" in said
    assert "autograder points 2 (3 more are a bonus, 1 wait for a reader), timeout 40 minutes" in said
    script = zipfile.ZipFile(course.workspace(assignment).autograder("mini")).read("run_autograder").decode()
    assert f"timeout --kill-after=10 {40 * 60 - 30} " in script


def test_the_programs_are_shell(archive: Path, tmp_path: Path) -> None:
    """Bash reads both, and no place for a value is left."""
    with zipfile.ZipFile(archive) as packed:
        for name in ("setup.sh", "run_autograder"):
            packed.extract(name, tmp_path)
            subprocess.run(["bash", "-n", str(tmp_path / name)], check=True)
            assert not re.search(r"@[A-Z]+@", (tmp_path / name).read_text())


def test_not_graded_has_no_score() -> None:
    """What lies there before the grader has an answer says so, and is no 0: the specification wants a score or tests."""
    assert {*package._NOT_GRADED} == {"output", "output_format", "stdout_visibility"}
    assert "not graded" in str(package._NOT_GRADED["output"])
    json.dumps(package._NOT_GRADED)


def test_packages_have_the_versions_of_this_machine() -> None:
    """Each pinned, what staff need among them, PyTorch apart, nothing that drives a GPU and nothing of a developer's."""
    others, torch = pins.pins()
    names = {line.partition("==")[0].lower() for line in others}
    assert {"numpy", "nbgrader", "ipython", "msgspec", "jinja2"} <= names
    assert not names & {"hw-lib", "pytest", "ruff", "torch", "triton", "playwright"}
    assert not [name for name in names if name.startswith(("nvidia", "cuda"))]
    assert [line for line in (*others, *torch) if "==" not in line] == []
    assert [line.partition("==")[0] for line in torch] in ([], ["torch"], ["torch", "torchvision"])
