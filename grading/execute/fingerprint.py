"""Hash of the software that runs a submission: our own files, Python, and the packages that notebooks use.

It goes into the key of every cached execution, and a worker of a cluster must have the same one. What is listed here and not found
is an error: a key that silently hashes nothing would keep old grades after the grader has changed.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from grading.files import digest

ROOT = Path(__file__).parents[1]
ROOMS = ("execute", "sandbox", "inside")
FILES = (
    *("notebook.py", "records.py", "settings.py", "files.py", "course.py", "source.py", "editions.py", "regions.py"),
    *("course_file.py", "parts.py", "foreign.py", "supplies.py"),
    *("workspace.py", "display.py", "progress.py", "quotes.py", "deadline.py", "secret.py"),
)
PACKAGES = ("ipython", "numpy", "torch", "torchvision", "matplotlib", "matplotlib-inline")


@cache
def software() -> str:
    """The hash of everything that runs a submission, as it is on this machine."""
    versions = repr((platform.python_version(), sys.platform, platform.machine(), tuple(_versions())))
    return digest([versions.encode(), code(ROOT).encode()])


def code(root: Path) -> str:
    """The hash of our own files that run a submission.

    Args:
        root: the folder of the package `grading`.

    Raises:
        FileNotFoundError: a room or file is not there, so the list in this module is out of date.
    """
    return digest(part for path in sources(root) for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()))


def sources(root: Path) -> list[Path]:
    """Our own files that run a submission: whole rooms, and single files that they stand on."""
    found = [root / name for name in FILES]
    for room in ROOMS:
        inside = sorted((root / room).rglob("*.py"))
        if not inside:
            raise FileNotFoundError(f"{root / room} holds no Python file, but grading/execute/fingerprint.py lists it")
        found += inside
    for path in found:
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there, but grading/execute/fingerprint.py lists it")
    return sorted(found)


def _versions() -> Iterator[tuple[str, str]]:
    for name in PACKAGES:
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield name, "absent"


def of_files(files: Mapping[str, bytes]) -> str:
    """One hash of files, name -> content; the names may hold bytes that are no text."""
    return digest(part for name in sorted(files) for part in (name.encode("utf-8", "surrogateescape"), files[name]))
