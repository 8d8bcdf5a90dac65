"""What students are told of the grader's versions, and a machine that has others."""

from __future__ import annotations

import platform
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version

import pytest

from grading import course as courses
from grading import pipeline, versions
from grading.course import Course, CourseError
from grading.release import handout
from grading.settings import Assignment
from grading.versions import VersionsError


def test_a_release_says_what_grades(course: Course, assignment: Assignment) -> None:
    """The hand-out's hw_lib compares: what is pinned, and for the rest what this machine has."""
    pinned = replace(course, graded_with={"numpy": "1.26"})
    made = handout.release(pinned, assignment)
    code = "import numpy\nfrom hw_lib import versions\nprint(versions.report(numpy))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=made.student_build, capture_output=True, text=True, check=True)
    python, numpy, _, meaning = ran.stdout.splitlines()
    assert python == f"python   {platform.python_version()}"
    assert numpy == f"numpy    {version('numpy')}   (graded with 1.26)"
    assert meaning.startswith("Other versions grade your work")


def test_a_machine_with_other_versions_does_not_grade(course: Course, assignment: Assignment) -> None:
    """What the course pins is what grades, as exactly as it is said; nothing is run with anything else."""
    pinned = replace(course, graded_with={"python": "3.2", "numpy": version("numpy"), "no-such-package": "1"})
    handout.release(pinned, assignment)
    with pytest.raises(VersionsError) as caught:
        pipeline.grade(pinned, assignment)
    message = str(caught.value)
    assert "python 3.2, no-such-package 1" in message
    assert f"python {platform.python_version()}, no-such-package not installed" in message
    versions.check(replace(course, graded_with={"python": ".".join(platform.python_version_tuple()[:2])}))


def test_a_pin_is_a_text(course: Course) -> None:
    """A number, which would turn 3.10 into 3.1, is refused."""
    path = course.root / "course.toml"
    path.write_text(path.read_text().replace("jobs = 2", "jobs = 2\ngraded_with = { python = 3.10 }"))
    with pytest.raises(CourseError, match="wrong type"):
        courses.load(path)
    path.write_text(path.read_text().replace("python = 3.10", 'python = "3.10"'))
    assert courses.load(path).graded_with == {"python": "3.10"}
