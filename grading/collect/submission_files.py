"""What is kept of one student's files, within the limits of one submission, and what notes say of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from grading import display
from grading.collect.archive import Item, Unreadable
from grading.deadline import HandedIn

FILE_BYTES = 20_000_000
SUBMISSION_BYTES = 50_000_000
FILES = 200
NOTES = 30
_DEEPEST, _LONGEST = 20, 800


class SubmissionFiles:
    """What is kept so far, within the limits of one submission."""

    def __init__(self, notes: list[str]) -> None:
        """Begin with the notes that there are already."""
        self.contents: dict[str, bytes] = {}
        self.notebooks: dict[str, str] = {}
        self.notes = notes
        self.seen: set[PurePosixPath] = set()
        self.refused: dict[str, str] = {}
        self.when: dict[str, HandedIn] = {}
        self._bytes = 0
        self._too_many: list[Item] = []

    def note(self, text: str) -> None:
        """Say something once; whoever has thirty notes has enough."""
        if text not in self.notes and len(self.notes) < NOTES:
            self.notes.append(text)
            if len(self.notes) == NOTES:
                self.notes[-1] = "More was left out than is said here: look at what was handed in."

    def add(self, item: Item, name: str) -> bool:
        """Keep a file under a name; False, and a note, if that is not possible."""
        self.seen.add(item.path)
        if name in self.contents:
            return False
        if len(self.contents) >= FILES:
            self._too_many.append(item)
            return False
        try:
            _refuse_name(name)
            data = item.read(FILE_BYTES)
        except Unreadable as problem:
            self.note(f"{shown(item)} {problem}; it was left out.")
            self.refused.setdefault(name, f"{shown(item)} {problem}")
            return False
        if self._bytes + len(data) > SUBMISSION_BYTES:
            self.note(f"{shown(item)} was left out: a submission may hold {SUBMISSION_BYTES // 1_000_000} MB.")
            self.refused.setdefault(name, f"the whole submission is larger than {SUBMISSION_BYTES // 1_000_000} MB")
            return False
        self.contents[name] = data
        self.when[name] = item.when
        self._bytes += len(data)
        return True

    def drop(self, notebook: str, name: str, why: str) -> None:
        """Take a notebook back that was kept: a person has to look."""
        if self.notebooks.pop(notebook, None):
            self.contents.pop(name, None)
            self.refused[name] = why

    def close(self) -> None:
        """Say what came too late to be kept."""
        if self._too_many:
            self.note(f"Only the first {FILES} files were kept; left out: {listed(self._too_many)}.")


def _refuse_name(name: str) -> None:
    """A name that no disk takes, or that sends whoever walks through the folder a thousand folders down."""
    if not name.isprintable():
        raise Unreadable("has a name that cannot be written down")
    parts = name.split("/")
    if len(parts) > _DEEPEST or len(name.encode()) > _LONGEST or any(len(part.encode()) > 200 for part in parts):
        raise Unreadable("has a name that is too long, or lies too deep in folders")


def shown(item: Item) -> str:
    """A file's path, as a note says it."""
    return display.line(str(item.path), chars=80)


def listed(items: Iterable[Item]) -> str:
    """The files, as a note names them."""
    return display.listed(str(item.path) for item in items)
