"""How paths, the gradebook and our own name are said to whoever reads the terminal: as short as they can be typed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from grading import course as courses
from grading.course import Course


def program() -> str:
    """How to type our own name: `hw` if that is found, else the path to it."""
    found = Path(sys.argv[0])
    if found.name != "hw" or shutil.which("hw") == str(found):
        return "hw"
    return str(found.relative_to(Path.cwd())) if found.is_relative_to(Path.cwd()) else str(found)


def gradebook(course: Course) -> str:
    """Where the gradebook is, without the password that a URL may hold."""
    if course.db.startswith("sqlite:///"):
        return path(course, course.db.removeprefix("sqlite:///"))
    return courses.without_password(course.db)


def path(course: Course, place: Path | str) -> str:
    """A path as short as it can be said from here."""
    absolute = Path(place).resolve()
    try:
        return str(absolute.relative_to(Path.cwd()))
    except ValueError:
        return str(absolute)
