"""The versions of Python and of the packages that submissions run with: what students are told, and whether this machine has them.

A course may pin them (`graded_with` in course.toml). Otherwise they are those of the machine that made the release.
"""

from __future__ import annotations

import platform
import re
import sys

from grading.course import Course
from grading.records import GradingError
from hw_lib.versions import short

PACKAGES = ("numpy", "torch", "matplotlib")


class VersionsError(GradingError):
    """This machine grades with other versions than the course promised its students."""


def ours() -> str:
    """The version of this package; "unknown" where it runs from a folder that was never installed."""
    return _version("hw-lib") or "unknown"


def here() -> dict[str, str]:
    """The first two numbers of each version on this machine; a package that is not installed is left out."""
    from importlib import metadata

    found = {"python": python()}
    for name in PACKAGES:
        try:
            found[name] = short(metadata.version(name))
        except metadata.PackageNotFoundError:
            continue
    return found


def python() -> str:
    """The first two numbers of the Python that grades."""
    return short(platform.python_version())


def is_newer_than_here(version: str) -> bool:
    """Whether a Python is a newer one, which may understand what the one that grades does not."""
    numbers = re.findall(r"\d+", short(version))
    return len(numbers) == 2 and tuple(map(int, numbers)) > sys.version_info[:2]


def told(course: Course) -> dict[str, str]:
    """What students of this course are told: what it pins, and for the rest what is here."""
    return {**here(), **course.graded_with}


def check(course: Course) -> None:
    """Refuse to grade with other versions than those that the course pins.

    Raises:
        VersionsError: which ones are others.
    """
    mine = {name: _version(name) for name in course.graded_with}
    other = {name: mine[name] for name, said in course.graded_with.items() if not _same(said, mine[name])}
    if other:
        raise VersionsError(
            "this machine has other versions than the course grades with; nothing was run",
            expected=", ".join(f"{name} {course.graded_with[name]}" for name in other)
            + ", as course.toml pins them under graded_with",
            got=", ".join(f"{name} {found or 'not installed'}" for name, found in other.items()),
            fix="install those versions here, or change graded_with, release again and tell the students",
        )


def _version(name: str) -> str:
    """The whole version of Python or of a package; an empty text if it is not installed."""
    from importlib import metadata  # half of the time that `hw --help` takes is imports

    if name == "python":
        return platform.python_version()
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _same(said: str, found: str) -> bool:
    """Whether a version is the one that was said, as exactly as it was said: 3.11.7 is a 3.11."""
    numbers, others = said.split("."), found.split("+")[0].split(".")
    return others[: len(numbers)] == numbers
