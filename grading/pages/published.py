"""What students were told, kept with its moment whenever pages or files are written: so Friday's points can be said on Monday."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import msgspec

from grading.files import write_bytes
from grading.marks import Mark, Scorecard
from grading.pages.changes import moment
from grading.records import GradingError
from grading.workspace import Workspace


class PublishedError(GradingError):
    """Nothing was told until that day, or it is no day."""


@dataclass(frozen=True)
class Told:
    """What students were told at one moment.

    Attributes:
        when: "2026-11-27T14-05-12".
        how: the verb that wrote it.
        cards: points, reasons and comments; what a page explains beyond that is not kept.
    """

    when: str
    how: str
    cards: tuple[Scorecard, ...]


def write_published(cards: Iterable[Scorecard], how: str, work: Workspace, now: datetime) -> None:
    """Keep what students are told from now on; nothing is written where it is what they were told before."""
    told = tuple(_short(card) for card in sorted(cards, key=lambda card: card.student))
    paths = sorted(work.published.glob("*.json.gz"))
    last = _read(paths[-1]) if paths else None
    if last is not None and last.cards == told:
        return
    made = msgspec.json.encode(Told(moment(now), how, told))
    write_bytes(work.published / f"{moment(now)}.json.gz", gzip.compress(made, mtime=0))


def told_on(day: str, work: Workspace) -> Told:
    """What students had been told last when that day ended.

    Raises:
        PublishedError: the day cannot be read, or nothing was told until then.
    """
    try:
        last = date.fromisoformat(day).isoformat()
    except ValueError:
        raise PublishedError("this is no day", expected="a date such as 2026-11-27", got=day, fix="write it that way") from None
    paths = sorted(work.published.glob("*.json.gz"))
    known = [path for path in paths if path.name[: len(last)] <= last]
    if not known:
        first = paths[0].name.partition(".")[0] if paths else "none"
        fix = "`hw feedback` and `hw export` keep what they write, from their first time on"
        raise PublishedError(
            f"nothing was told until {last}", expected="pages or files of that time", got=f"the first: {first}", fix=fix
        )
    found = _read(known[-1])
    if found is None:
        fix = "restore build/history from a backup, or remove the file: then the one before it counts"
        raise PublishedError("what was told cannot be read", expected="a file of `hw feedback`", got=known[-1], fix=fix)
    return found


def _read(path: Path) -> Told | None:
    """What stands in a file; None where it is damaged."""
    try:
        return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=Told)
    except (OSError, EOFError, zlib.error, msgspec.DecodeError, msgspec.ValidationError):
        return None


def _short(card: Scorecard) -> Scorecard:
    """What has to be known of a card later on."""
    return replace(card, marks=tuple(_short_mark(mark) for mark in card.marks), notes=(), told=(), flags=())


def _short_mark(mark: Mark) -> Mark:
    return replace(mark, items=(), what="", expected="", got="", fix="")
