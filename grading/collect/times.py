"""When something was handed in, as platforms write it: their ways of writing a time, and the files that they write it into.

A platform's own words only: the dates of files are those of a download, and a student's own clock can be set.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from grading.collect.archive import Item, Unreadable
from grading.deadline import NOT_SAID, HandedIn

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\d* *(Z|UTC|[+-]\d\d:?\d\d)?")
_LARGEST = 5_000_000  # bytes of a file that says when
_CLASSROOM = {"student_repository_name", "submission_timestamp"}  # columns of GitHub Classroom's "Download grades"


def iso(text: str) -> str:
    """A time as it is kept: with its offset, without one where there is none, empty for what is no time.

    "2026-09-24 21:26:33 -0700" (Gradescope), "2026-09-24 21:26:33.5 UTC" (nbgrader), "2026-09-24T21:26:33Z" (GitHub Classroom).
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return ""
    zone = "+00:00" if found[3] in ("Z", "UTC") else found[3] or ""
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").isoformat()
    except ValueError:  # the 45th of a month
        return ""


def seconds(moment: str) -> float:
    """To compare times that one platform writes; what is no time is older than any."""
    if not moment:
        return -math.inf
    read = datetime.fromisoformat(moment)
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return -math.inf


def latest(several: Iterable[HandedIn]) -> HandedIn:
    """When the last of several files was handed in; if that of one is not known, it is not known."""
    several = list(several)
    if not several:
        return NOT_SAID
    unknown = next((one for one in several if not one.moment), None)
    found = unknown or max(several, key=lambda one: seconds(one.moment))
    return replace(found, late=any(one.late for one in several))


def stamped(items: Iterable[Item], when: HandedIn) -> list[Item]:
    """Files that were handed in at one time."""
    return [replace(item, when=when) for item in items]


def by_timestamp(items: Iterable[Item]) -> list[Item]:
    """One student's files of an assignment as nbgrader collects them, with the time that it writes beside them."""
    items = list(items)
    for item in items:
        if item.path.parts == ("timestamp.txt",) and not item.folder and not any(one.when.by for one in items):
            return stamped(items, HandedIn(iso(_read(item)), "nbgrader"))
    return items


def of_classroom(items: Iterable[Item]) -> dict[str, HandedIn]:
    """Repository -> when it was handed in, from the table that GitHub Classroom offers as *Download grades*."""
    found: dict[str, HandedIn] = {}
    for item in items:
        if item.path.suffix.lower() == ".csv" and not item.folder:
            rows = csv.DictReader(io.StringIO(_read(item)))
            if set(rows.fieldnames or ()) >= _CLASSROOM:
                for row in rows:
                    name = str(row["student_repository_name"] or "").rpartition("/")[2].strip()
                    found[name] = HandedIn(iso(str(row["submission_timestamp"] or "")), "GitHub Classroom")
    return found


def _read(item: Item) -> str:
    try:
        return item.read(_LARGEST).decode("utf-8-sig", "replace")
    except Unreadable:
        return ""
