"""Brightspace's download: one folder per attempt, whose name says who handed in and when. Other folders pass through unchanged.

    397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM/q.ipynb

All attempts of a student are one submission: whoever handed in a correction of one notebook does not lose the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from grading import display
from grading.collect.archive import Item
from grading.collect.handed_in import RawSubmission, attempts
from grading.collect.times import stamped
from grading.deadline import HandedIn

_FOLDER = re.compile(r"(?P<user>\d+)-\d+ ?- (?P<name>.+?) ?- (?P<moment>[^/]*\d{4}[^/]*?)")
_LOOSE = re.compile(_FOLDER.pattern + r" - (?P<file>.+)")
_FORMATS = tuple(f"{day} {clock}" for day in ("%b %d, %Y", "%d %b, %Y", "%d %b %Y", "%Y-%m-%d") for clock in ("%I%M %p", "%H%M"))


@dataclass(frozen=True)
class Attempt:
    """One folder of the download."""

    student: str
    moment: str
    folder: str

    @property
    def age(self) -> tuple[datetime, str]:
        """Larger is newer; a moment in a way of writing that is not known sorts before those that are."""
        return _read(self.moment), self.folder

    @property
    def iso(self) -> str:
        """The moment, to the minute, without a zone: the folder names none."""
        read = _read(self.moment)
        return "" if read == datetime.min else read.isoformat()


def of_folder(name: str) -> Attempt | None:
    """Take a folder's name apart; None for a name of another kind."""
    match = _FOLDER.fullmatch(name)
    return Attempt(f"{match['name']}_{match['user']}", match["moment"], name) if match else None


def in_folders(item: Item) -> Item:
    """A file at the top whose name begins as such a folder's does, put into that folder."""
    match = _LOOSE.fullmatch(item.path.name) if len(item.path.parts) == 1 else None
    if match is None:
        return item
    folder = item.path.name.removesuffix(f" - {match['file']}")
    return replace(item, path=PurePosixPath(folder, match["file"]))


def merged(folders: dict[str, RawSubmission]) -> list[RawSubmission]:
    """One submission per student, from one per folder; the first of a student's attempts is the newest."""
    found: dict[str, list[tuple[Attempt, RawSubmission]]] = defaultdict(list)
    others = []
    for name, raw in folders.items():
        attempt = of_folder(name)
        if attempt:
            found[attempt.student].append((attempt, raw))
        else:
            others.append(raw)
    return [*others, *(_merged(student, several) for student, several in found.items())]


def _merged(student: str, several: list[tuple[Attempt, RawSubmission]]) -> RawSubmission:
    """The newest attempt's files, and those of each earlier one in a folder named after its moment."""
    several.sort(key=lambda one: one[0].age, reverse=True)
    notes = [note for _, raw in several for note in raw.notes]
    if len(several) > 1:
        notes.append(f"{len(several)} attempts; the newest is that of {display.line(several[0][0].moment, chars=40)}.")
        if unread := [attempt.moment for attempt, _ in several if _read(attempt.moment) == datetime.min]:
            notes.append(f"Which attempt is the newest is not sure, because this is no date we know: {display.listed(unread)}.")
    items = attempts((attempt.moment, stamped(raw.items, HandedIn(attempt.iso, "Brightspace"))) for attempt, raw in several)
    return RawSubmission(student, items, tuple(notes))


def _read(moment: str) -> datetime:
    words = " ".join(moment.replace("\u202f", " ").replace(":", "").replace(".", "").split())
    words = re.sub(r"\b(\d{3}) ?([AP]M)\b", r"0\1 \2", words, flags=re.IGNORECASE)  # 926 PM
    words = re.sub(r"\b([A-Za-z]{3})[a-z]+", r"\1", words)  # September, Sept
    for form in _FORMATS:
        try:
            return datetime.strptime(words, form)
        except ValueError:
            continue
    return datetime.min
