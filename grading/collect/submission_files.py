"""What is kept of one student's files, within the limits of one submission, and what notes say of them."""

from __future__ import annotations

from pathlib import PurePosixPath

from grading import display
from grading.collect.archive import Item, Unreadable

FILE_BYTES = 20_000_000
SUBMISSION_BYTES = 50_000_000
FILES = 200
_SHOWN = 3
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
        self._bytes = 0

    def note(self, text: str) -> None:
        """Say something once; whoever has thirty notes has enough."""
        if text not in self.notes and len(self.notes) < 30:
            self.notes.append(text)

    def add(self, item: Item, name: str) -> bool:
        """Keep a file under a name; False, and a note, if that is not possible."""
        self.seen.add(item.path)
        if name in self.contents:
            return False
        if len(self.contents) >= FILES:
            self.note(f"Only the first {FILES} files were kept.")
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
        self._bytes += len(data)
        return True


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


def listed(items: list[Item]) -> str:
    """The first files, and how many more."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(shown(item) for item in items[:_SHOWN]) + more
