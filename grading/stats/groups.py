"""Who belongs together: the platform that a notebook was written on, and sections that a file names."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import msgspec

from grading import display
from grading.records import GradingError, Submission, load
from grading.workspace import Workspace

Groups = dict[str, dict[str, str]]  # kind -> student -> name

_LARGEST = 20_000_000  # bytes of a notebook or a list
_PLATFORMS = {"colab": "Colab", "kaggle": "Kaggle", "vscode": "VS Code"}  # key of a notebook's metadata -> who writes it
_OTHER = "Jupyter"


class SectionsError(GradingError):
    """A list of sections cannot be read, or is of another class."""


class _Notebook(msgspec.Struct):
    metadata: dict[str, Any] = {}


def platforms(work: Workspace, students: Iterable[str]) -> Groups:
    """Where each student's first notebook was last saved, as its metadata says; nothing where all say nothing."""
    found = {student: name for student in students if (name := _platform(work, student))}
    return {"platform": found} if set(found.values()) - {_OTHER} else {}


def _platform(work: Workspace, student: str) -> str:
    try:
        submission = load(work.submission_record(student), Submission)
        path = work.submission(student) / next(iter(submission.notebooks.values()))
        if path.stat().st_size > _LARGEST:
            return ""
        metadata = msgspec.json.decode(path.read_bytes(), type=_Notebook).metadata
    except (OSError, ValueError, StopIteration):
        return ""
    return next((name for key, name in _PLATFORMS.items() if key in metadata), _OTHER)


def sections(path: Path, students: Collection[str]) -> Groups:
    """A CSV file with a column `student` and one or more others, for example `section`.

    Raises:
        SectionsError: it cannot be read, has no such columns, names a student twice, or none of this class.
    """
    rows = _rows(path)
    columns = [name for name in rows[0] if name and name != "student"] if rows else []
    if not rows or "student" not in rows[0] or not columns:
        got = display.listed(rows[0]) if rows else "nothing"
        raise SectionsError(f"{path.name} has no sections", expected="columns student and section", got=got, fix="add them")
    names = [row["student"].strip() for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise SectionsError(
            f"{path.name} names a student twice", expected="one row each", got=display.listed(twice), fix="keep one"
        )
    if not set(names) & set(students):
        fix = "is it of this course? Students are called as in `hw report`"
        raise SectionsError(f"{path.name} names nobody of this class", got=display.listed(names, most=5), fix=fix)
    return {
        column: {name: row[column].strip() for name, row in zip(names, rows, strict=True) if (row[column] or "").strip()}
        for column in columns
    }


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_bytes()[:_LARGEST].decode("utf-8-sig")
    except FileNotFoundError:
        raise SectionsError("there is no such file", got=path, fix="check the path") from None
    except UnicodeDecodeError:
        raise SectionsError(f"{path.name} is not UTF-8", expected="a CSV in UTF-8", fix="save it as CSV UTF-8") from None
    return [
        {name: value or "" for name, value in row.items() if isinstance(name, str)} for row in csv.DictReader(io.StringIO(text))
    ]
