"""What came from one student, and from a class, before anything is chosen."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from grading import display
from grading.collect.archive import Item


@dataclass(frozen=True)
class RawSubmission:
    """Everything that came from one student, nothing chosen yet. Paths are relative to the student's own folder."""

    student: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SortedClass:
    """All students of a source, and what belonged to nobody."""

    submissions: tuple[RawSubmission, ...]
    notes: tuple[str, ...] = ()


def key(raw: str) -> str:
    """Tells one student from another: some systems write ü as two characters, and mean the same student."""
    return unicodedata.normalize("NFC", raw)


def attempts(several: Iterable[tuple[str, Iterable[Item]]]) -> tuple[Item, ...]:
    """The files of all attempts of one student, the newest first, each with the name of the folder that it is shown under.

    Older attempts stay: whoever handed in an untouched notebook last, or a correction of one of three, has the others' work.
    """
    items: list[Item] = []
    for number, (folder, files) in enumerate(several):
        above = PurePosixPath(folder.replace("/", "_")) if number else PurePosixPath()
        items += [replace(item, path=above / item.path, attempt=number) for item in files]
    return tuple(items)


def one_each(submissions: list[RawSubmission]) -> tuple[RawSubmission, ...]:
    """One hand-in per student: of a folder and a zip of the same name the folder, unless only the zip can hold a notebook."""
    found: dict[str, list[RawSubmission]] = defaultdict(list)
    for one in submissions:
        found[key(one.student)].append(one)
    return tuple(_first_with_work(found[student]) for student in sorted(found))


def _first_with_work(several: list[RawSubmission]) -> RawSubmission:
    if len(several) == 1:
        return several[0]
    best = max(
        several, key=lambda one: any(item.path.suffix.lower() in (".ipynb", ".zip") for item in one.items)
    )  # the first of equals
    files = [item for one in several if one is not best for item in one.items if not item.folder]
    names = display.listed(sorted(str(item.path) for item in files))
    note = f"There are {len(several)} of this student, a folder and files beside it; left out: {names or 'a folder'}."
    return replace(best, notes=(*best.notes, note))
