"""What the last grading left: everybody's marks, and who need not be graded again because nothing that made them has changed.

A student is kept when the key of everything that goes in is the same (what was handed in, the author's notebook and settings, our
own files, the software) and every file that came out still lies there as it was written. Runs nothing, decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from grading import notebook as nb
from grading.files import digest, write_bytes
from grading.marks import Scorecard
from grading.records import Submission, load, readable
from grading.settings import Assignment
from grading.source import Source
from grading.workspace import Workspace

_GRADING = Path(__file__).parent


@dataclass(frozen=True)
class _Kept:
    """One student's grading.

    Attributes:
        key: of everything that went in.
        files: what came out: name below the build folder -> digest; empty for one that is not there.
    """

    key: str
    files: dict[str, str] = field(default_factory=dict)


class Keeper:
    """Knows who need not be graded again."""

    def __init__(self, work: Workspace, assignment: Assignment, sources: Sequence[Source], run: Mapping[str, str]) -> None:
        """What is the same for everybody: the settings, our own files, what the author wrote, and by notebook how it is run."""
        self._work, self._notebooks = work, [source.name for source in sources]
        settings = msgspec.json.encode(assignment, order="deterministic")  # sets too
        texts = [_our_own_files(), *(run[name] for name in self._notebooks), *map(_asked, sources)]
        self._basis = digest([settings, *(text.encode() for text in texts)])

    def card(self, submission: Submission) -> Scorecard | None:
        """The marks of a student for whom nothing has changed."""
        try:
            kept = load(self._work.kept(submission.student), _Kept)
            if kept.key != self._key(submission) or kept.files != self._files(submission.student):
                return None
            return load(self._work.scorecard(submission.student), Scorecard)
        except (OSError, msgspec.DecodeError):  # what cannot be read is made again
            return None

    def keep(self, submission: Submission) -> None:
        """Remember what a student's grading left; everything has been written."""
        kept = _Kept(self._key(submission), self._files(submission.student))
        write_bytes(self._work.kept(submission.student), msgspec.json.encode(kept) + b"\n")

    def forget(self, submission: Submission) -> None:
        """Grade this student again next time, whatever is the same."""
        self._work.kept(submission.student).unlink(missing_ok=True)

    def _key(self, submission: Submission) -> str:
        folder = self._work.submission(submission.student)
        names = sorted({*submission.files, *submission.notebooks.values()})
        handed_in = [part for name in names for part in (name.encode("utf-8", "surrogateescape"), (folder / name).read_bytes())]
        return digest([self._basis.encode(), msgspec.json.encode(submission), *handed_in])

    def _files(self, student: str) -> dict[str, str]:
        work = self._work
        paths = [work.scorecard(student)]
        for name in self._notebooks:
            paths += [work.restored(student, name), work.execution(student, name), work.formgrader(student, name)]
        return {path.relative_to(work.build).as_posix(): digest([path.read_bytes()]) if path.is_file() else "" for path in paths}


def scorecards(work: Workspace, *, damaged: bool = True) -> list[Scorecard]:
    """The marks of the last grading, as the tests left them.

    Args:
        work: where they lie.
        damaged: raise an error for one that cannot be read; what is graded anew anyway is passed over without.
    """
    found = []
    for path in sorted(work.scorecards.glob("*.json")):
        try:
            found.append(load(path, Scorecard))
        except (msgspec.DecodeError, msgspec.ValidationError):
            if damaged:
                raise
    return found


def save(work: Workspace, cards: Iterable[Scorecard]) -> None:
    """Save these marks, and no others; the gradebook keeps what it has of students who are no longer in the class."""
    wanted = {work.scorecard(card.student): card for card in cards}
    for path in work.scorecards.glob("*.json"):
        if path not in wanted:
            path.unlink()
    for path, card in wanted.items():
        data = readable(card)
        if not path.is_file() or path.read_bytes() != data:
            write_bytes(path, data)


def _asked(source: Source) -> str:
    """What the author wrote, what students got, and every edition of it."""
    given = [(edition.key, edition.given, edition.asked, sorted(edition.texts)) for edition in source.editions]
    return repr((nb.dump(source.notebook), nb.dump(source.student), given))


@cache
def _our_own_files() -> str:
    """The digest of the whole package: restoring, scoring and showing are not in the key of an execution."""
    paths = sorted(path for path in _GRADING.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest(part for path in paths for part in (path.relative_to(_GRADING).as_posix().encode(), path.read_bytes()))
