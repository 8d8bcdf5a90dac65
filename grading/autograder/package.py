"""A released course -> one zip that grades on Gradescope, with everything in it: our programs, the sources, the secret.

For staff and for the platform alone: hidden tests and the secret behind their inputs are in it.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grading import display, notebook, secret, supplies, versions
from grading.autograder.pins import pins
from grading.course import Course
from grading.files import library_files, write_bytes
from grading.records import GradingError
from grading.settings import Assignment
from grading.workspace import Workspace

_PACKAGE = Path(notebook.__file__).parent  # grading, as it is installed
_FILES = Path(__file__).parent / "files"
_DATE = (2020, 1, 1, 0, 0, 0)  # so that the same course is the same file
_OPEN, _CLOSED = 0o100755, 0o100600
_RESERVE_S = 30  # before the platform ends it: time to say so
_TOLD = "autograder.json"
_DATABASE = re.compile(r"^[ \t]*db[ \t]*=.*$", re.MULTILINE)

# What is said before anything else, and stays if nothing else is said. Without a score: the platform then shows an error, and no 0.
_NOT_GRADED = {
    "output": "This hand-in was not graded: something went wrong on the staff's side. It costs you nothing; they see what it was.",
    "output_format": "text",
    "stdout_visibility": "hidden",
}


class BundleError(GradingError):
    """There is nothing to pack yet, or not all that is needed."""


@dataclass(frozen=True)
class Packed:
    """What the zip says of itself, where it is unpacked: which assignments it grades."""

    assignments: tuple[str, ...]


def packed(source: Path) -> Packed:
    """What an unpacked zip grades."""
    return msgspec.json.decode((source / _TOLD).read_bytes(), type=Packed)


def pack(course: Course, assignments: Sequence[Assignment], target: Path, minutes: int) -> None:
    """Write the zip.

    Args:
        course: where everything lies.
        assignments: what one hand-in there is of: one, or those of a homework.
        target: where the zip will be.
        minutes: how long the platform lets it run.

    Raises:
        BundleError: one of them was not released, or hw-lib is not installed here.
    """
    for assignment in assignments:
        if not course.workspace(assignment).graded_build.is_dir():
            got, fix = "none", f"{display.program()} release {assignment.name}"
            expected = "a student build of hw_lib, for the sandbox"
            raise BundleError(f"{assignment.name} was not released", expected=expected, got=got, fix=fix)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*_programs(minutes, assignments), *_library(), *_course(course, assignments)):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr = (_OPEN if name in ("setup.sh", "run_autograder") else _CLOSED) << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    write_bytes(target, whole.getvalue())
    target.chmod(0o600)  # as the secret in it


def _programs(minutes: int, assignments: Sequence[Assignment]) -> Iterator[tuple[str, bytes]]:
    """What the platform starts, and what that reads."""
    try:
        others, torch = pins()
    except importlib.metadata.PackageNotFoundError:
        expected, fix = "the package hw-lib among those of this Python", "make install, or pip install the wheel"
        raise BundleError("hw-lib is not installed here", expected=expected, got="none", fix=fix) from None
    values = {"SECONDS": str(minutes * 60 - _RESERVE_S), "PYTHON": versions.python(), "UV": _uv()}
    for name in ("setup.sh", "run_autograder"):
        text = (_FILES / name).read_text(encoding="utf-8")
        yield name, re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], text).encode()
    yield "packages.txt", "".join(f"{line}\n" for line in others).encode()
    yield "torch.txt", "".join(f"{line}\n" for line in torch).encode()
    yield "not_graded.json", json.dumps(_NOT_GRADED, indent=1).encode()
    yield _TOLD, msgspec.json.encode(Packed(tuple(assignment.name for assignment in assignments)))


def _uv() -> str:
    """The version of the program that installs; the newest where none is here."""
    try:
        return f"=={importlib.metadata.version('uv')}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def _library() -> Iterator[tuple[str, bytes]]:
    """Our own packages, as they are here."""
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"library/grading/{path.relative_to(_PACKAGE).as_posix()}", path.read_bytes()
    for name, path in library_files(_PACKAGE.parent):
        yield f"library/{name}", path.read_bytes()


def _course(course: Course, assignments: Sequence[Assignment]) -> Iterator[tuple[str, bytes]]:
    """The course as far as grading reads it: nothing of other assignments' sources, of the class, of its grades."""
    yield "course/course.toml", _without_database((course.root / "course.toml").read_text(encoding="utf-8")).encode()
    if course.library != _PACKAGE.parent:
        yield from ((f"course/{name}", path.read_bytes()) for name, path in library_files(course.library))
    yield "course/build/secret", secret.read_or_make(course.workspace(assignments[0]).secret).encode()
    settings = tomllib.loads((course.root / "course.toml").read_text(encoding="utf-8")).get("course", {})
    sources = settings.get("notebooks", "notebooks")
    for assignment in assignments:
        folder = course.notebooks / assignment.name
        helps = {f"{name}.help.md": folder / f"{name}.help.md" for name in assignment.notebooks}
        files = {f"{name}.ipynb": course.source(assignment, name).read_bytes() for name in assignment.notebooks}
        files |= {name: path.read_bytes() for name, path in helps.items() if path.is_file()}
        files |= supplies.read(course, assignment).of_the_author
        yield from ((f"course/{sources}/{assignment.name}/{name}", data) for name, data in files.items())
        work = course.workspace(assignment)
        older = [Workspace(course.build, assignment.formerly)] if assignment.formerly else []
        kept = [one.editions(name) for one in (work, *older) for name in assignment.notebooks]
        for path in (path for folder in (work.graded_build, *kept) for path in sorted(folder.rglob("*")) if path.is_file()):
            yield f"course/build/{path.relative_to(course.build).as_posix()}", path.read_bytes()


def _without_database(text: str) -> str:
    """course.toml without the address of the gradebook: there may be a password in it, and there it is not used.

    Raises:
        BundleError: it stands there in a way that we cannot take out.
    """
    made = _DATABASE.sub("", text, count=1)
    wanted = tomllib.loads(text)
    wanted.get("course", {}).pop("db", None)
    if tomllib.loads(made) == wanted:
        return made
    if tomllib.loads(text) == wanted:  # there is none
        return text
    expected = 'one line in [course]: db = "…"'
    raise BundleError("the gradebook's address cannot be taken out of course.toml", expected=expected, fix="write it like that")
