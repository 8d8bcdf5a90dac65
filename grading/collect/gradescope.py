"""Gradescope's export: a folder per submission, and one file that says who handed it in, and when."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from grading import display
from grading.collect import times
from grading.collect.archive import Item, Unreadable
from grading.collect.handed_in import RawSubmission, SortedClass, attempts, key
from grading.deadline import HandedIn

_METADATA = "submission_metadata.yml"
_METADATA_BYTES = 50_000_000


@dataclass(frozen=True)
class _HandedIn:
    """One submission of a student: its number in the export, and when it was made, as the metadata writes it."""

    number: str
    moment: str
    raw: RawSubmission

    @property
    def age(self) -> tuple[float, str, str]:
        """Larger is newer, whatever the clocks say where each was made; what is no time counts as older than any."""
        return _seconds(self.moment), self.moment, self.number


def depth_of(files: list[Item]) -> int | None:
    """How deep Gradescope's metadata lies, if everything else lies beside it: a student's file of that name is not it."""
    found = [item.path for item in files if item.path.name == _METADATA and not item.folder]
    if not found:
        return None
    folder = min(found, key=lambda path: (len(path.parts), path)).parent
    depth = len(folder.parts)
    whole = all(item.path.parts[:depth] == folder.parts[: len(item.path.parts)] for item in files)
    return depth if whole else None


def sort_out(files: list[Item]) -> SortedClass:
    """Tell the submitters of an export apart; every member of a group gets the group's submission."""
    folders: dict[str, list[Item]] = defaultdict(list)
    loose: list[Item] = []
    for item in files:
        if len(item.path.parts) > 1 or item.folder:
            folders[item.path.parts[0]].append(item)
        elif item.path.name != _METADATA:
            loose.append(item)
    metadata, problem = _metadata(next(item for item in files if item.path == PurePosixPath(_METADATA)))
    found: dict[str, list[_HandedIn]] = defaultdict(list)
    for number in sorted({*folders, *metadata}):
        entry = metadata.get(number, {})
        moment = str(_field(entry, "created_at", ""))
        items = times.stamped(folders.get(number, []), HandedIn(times.iso(moment), "Gradescope"))
        for raw in _submitters(number, entry, items):
            found[_identity(raw.student)].append(_HandedIn(number, moment, raw))
    names = display.listed(item.path.name for item in loose)
    notes = (*problem, f"Belongs to no student, left out: {names}.") if loose else problem
    return SortedClass(tuple(_newest(found[student]) for student in sorted(found)), notes)


def _identity(student: str) -> str:
    """Tells one submitter from another: capitals of an address mean nothing, those of a name may."""
    return key(student).casefold() if "@" in student else key(student)


def _newest(several: list[_HandedIn]) -> RawSubmission:
    """Who hands in with different partners has several submissions; each of the partners may have another newest one."""
    newest, *older = sorted(several, key=lambda one: one.age, reverse=True)
    if not older:
        return newest.raw
    when = f", of {display.line(newest.moment, chars=40)}," if newest.moment else ""
    note = f"{len(several)} submissions of this student; the newest{when} is {newest.number}."
    unread = [one.number for one in several if math.isinf(one.age[0])]
    doubt = (
        (f"Which one is the newest is not sure: no time that we can read stands at {display.listed(unread)}.",) if unread else ()
    )
    items = attempts((one.number, one.raw.items) for one in (newest, *older))
    return replace(newest.raw, items=items, notes=(*newest.raw.notes, note, *doubt))


def _seconds(text: str) -> float:
    """A time as Gradescope writes it in seconds since 1970; one without a zone is taken for UTC, to tell the newest."""
    return times.seconds(times.iso(text))


def _metadata(item: Item) -> tuple[dict[str, Any], tuple[str, ...]]:
    import yaml

    # BaseLoader makes text, lists and tables only: it knows no tags (Ruby's are ignored) and keeps 007 as it is.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        content = yaml.load(item.read(_METADATA_BYTES).decode(), Loader=loader)
        if not isinstance(content, dict):
            raise ValueError("not a table")
    except (Unreadable, yaml.YAMLError, ValueError, RecursionError) as error:
        name = type(error).__name__
        return {}, (f"{_METADATA} could not be read ({name}): students are named after their submission's number.",)
    return {str(key).lstrip(":"): value for key, value in content.items()}, ()


def _submitters(number: str, entry: object, items: list[Item]) -> list[RawSubmission]:
    people = _field(entry, "submitters", [])
    names = [_person(one) for one in people] if isinstance(people, list) else []
    names = [name for name in dict.fromkeys(names) if name]
    inside = tuple(item.without_prefix(1) for item in items if len(item.path.parts) > 1)
    if not names:
        return [RawSubmission(number, inside, ("The metadata does not say who handed this in.",))]
    missing = () if items else (f"The export has no folder {number}.",)
    return [RawSubmission(name, inside, (*missing, *_together(name, names))) for name in names]


def _together(name: str, names: list[str]) -> tuple[str, ...]:
    others = [display.line(other, chars=60) for other in names if other != name]
    return (f"Handed in together with {', '.join(others[:10])}.",) if others else ()


def _person(one: object) -> str:
    """The name to file someone under: what is unique and on every roster first."""
    return next((value for field in ("email", "sid", "name") if (value := str(_field(one, field, "")).strip())), "")


def _field(entry: object, key: str, default: Any) -> Any:
    if not isinstance(entry, dict):
        return default
    value = entry.get(f":{key}", entry.get(key))
    return default if value is None else value
