"""How course.toml is read, and how what is wrong with it is said: the nearest known word, the expected type. Knows no setting."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grading.records import GradingError
from hw_lib.errors import explain

_MOST_NAMES, _FEW_NAMES = 30, 5  # a list of names that is said whole, and what is said of a longer one

Kind = TypeVar("Kind")


class CourseError(GradingError):
    """course.toml is missing, or says something that cannot be."""


class AbsentError(CourseError):
    """One assignment has nobody or nothing of that name; of a homework's, another one may."""


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The message for a name that does not exist, with a guess at what was meant; of many names the nearest few are said."""
    known = sorted(known)
    many = len(known) > _MOST_NAMES
    folded = {word.lower(): word for word in known}
    near = [folded[word] for word in difflib.get_close_matches(name.lower(), folded, n=3 if many else 1, cutoff=0.5)]
    listed = ", ".join(known[:_FEW_NAMES] if many else known)
    expected = f"one of {len(known):,}: {listed}, …" if many else listed
    other = "look up how it is spelled" if many else f"use one of {listed}"
    return explain(
        f"no {kind} is called {name!r}",
        expected=expected,
        got=name,
        fix=f"did you mean {' or '.join(map(repr, near))}?" if near else other,
    )


def find(start: Path) -> Path:
    """The course.toml of `start` or of the nearest folder above it."""
    for folder in (start, *start.parents):
        if (folder / "course.toml").is_file():
            return folder / "course.toml"
    raise CourseError(
        "course.toml was not found",
        expected="a file course.toml here or in a folder above",
        got=str(start),
        fix="change to the course's folder, or name the file with --course",
    )


def inside(folder: Path) -> Path:
    """The course.toml in a folder; `CourseError` if there is none."""
    if not (folder / "course.toml").is_file():
        fix = "name the course's folder, or its course.toml, with --course"
        raise CourseError("course.toml was not found", expected="a file course.toml in the folder", got=folder, fix=fix)
    return folder / "course.toml"


def read(path: Path) -> dict[str, Any]:
    """What a course.toml says.

    Raises:
        CourseError: it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        fix = "name a course.toml that is there and may be read with --course"
        raise CourseError(f"{path} cannot be read", got=error.strerror, fix=fix) from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} cannot be read", expected="UTF-8", got=error, fix="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} cannot be read", got=error, fix="correct the line that is named") from error


def table_of(data: Mapping[str, Any], name: str, known: Iterable[str], path: Path) -> dict[str, Any]:
    """A table of the file in which every key is known; `CourseError` with the nearest one for another."""
    found = typed(data.get(name, {}), dict[str, Any], name, path)
    for key in found:
        if key not in known:
            raise CourseError(f"{path.name}: [{name}] " + unknown("setting", key, known))
    return found


def typed(value: Any, kind: type[Kind], name: str, path: Path) -> Kind:
    """The value as that type; a text where a number or a list should be is said, not passed on."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CourseError(f"{path.name}: [{name}] has a value of the wrong type", got=error, fix="correct the value") from None


def refuse_paths(where: str, name: str) -> None:
    """Every notebook lies in its assignment's folder, and its name is the beginning of names in the build folder."""
    if not name or "/" in name or "\\" in name or name.startswith(".") or name.endswith(".ipynb"):
        expected = "the name of a notebook in notebooks/<assignment>/, without its folder and without .ipynb"
        meant = re.split(r"[/\\]", name.removesuffix(".ipynb"))[-1]
        fix = f"write {meant!r}; what has a folder of its own is an assignment of its own"
        raise CourseError(f"{where} has what is no name of a notebook", expected=expected, got=repr(name), fix=fix)
