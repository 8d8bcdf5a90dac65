"""Flat downloads, where a file's name says whose it is: nbgrader's zip_collect and Blackboard, Canvas, Moodle without folders."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from grading import display
from grading.collect.archive import Item
from grading.collect.handed_in import RawSubmission, attempts
from grading.collect.times import iso
from grading.deadline import HandedIn

_ATTEMPT = re.compile(r"(?i)(?P<student>.+?)_attempt_(?P<moment>\d[\d-]*)_(?P<file>.+)")
_CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<number>\d{1,20})_(?P<file>.+)")
# Moodle writes a space for every underscore in a student's name, so that the first two underscores are its own
_MOODLE = re.compile(r"(?P<student>[^_]+_[^_]+)_assignsubmission_(?:file|onlinetext)_(?P<file>.+)")
_RECEIPT = re.compile(r"(?i).+_attempt_\d[\d-]*\.txt")  # Blackboard's own, one for every attempt
_MARKED = re.compile(r"(?P<stem>.+)-\d{1,2}(?P<ending>\.(?:ipynb|json|zip))")  # Canvas's mark of a file that was handed in again


@dataclass(frozen=True)
class Flat:
    """One file of a flat download.

    Attributes:
        item: the file under the name that the student gave it.
        name: its name in the download.
        attempt: nbgrader's moment of the attempt; every file of an attempt has the same.
        number: Canvas's number of the file; a file that is handed in later has a larger one.
        late: whether Canvas says so.
    """

    student: str
    item: Item
    name: str
    attempt: str = ""
    number: int = 0
    late: bool = False


def belongs(name: str, assignment: str) -> bool:
    """Whether a file's name says whose it is."""
    return bool(_attempt(name, assignment) or _CANVAS.fullmatch(name) or _MOODLE.fullmatch(name))


def is_receipt(name: str) -> bool:
    """Whether the platform wrote this file, to say when something was handed in."""
    return bool(_RECEIPT.fullmatch(name))


def of(item: Item, assignment: str) -> Flat | None:
    """Take a platform's file name apart; None for a name of another kind."""
    name = item.path.name
    found = _attempt(name, assignment)
    if found:
        student, moment, file = found
        when = HandedIn(_iso(moment), "the download")
        return Flat(student, replace(item, path=PurePosixPath(file), when=when), name, attempt=moment if "-" in moment else "")
    match = _CANVAS.fullmatch(name)
    if match:  # the user's number belongs to the name: two people can share one
        number = int(match["number"])
        when = HandedIn(by="Canvas", late=bool(match["late"]))
        kept = replace(
            item, path=PurePosixPath(match["file"]), modified=number, when=when
        )  # a download sets all dates to one moment
        return Flat(f"{match['name']}_{match['user']}", kept, name, number=number, late=bool(match["late"]))
    match = _MOODLE.fullmatch(name)
    if match:
        return Flat(match["student"], replace(item, path=PurePosixPath(match["file"]), when=HandedIn(by="Moodle")), name)
    return None


def _iso(moment: str) -> str:
    """The moment of an attempt, 2026-09-24-21-26-33, which names no zone; empty for a mere number."""
    day, clock = "-".join(moment.split("-")[:3]), ":".join(moment.split("-")[3:6])
    return iso(f"{day} {clock}")


def one_student(several: list[Flat], notebooks: tuple[str, ...]) -> RawSubmission:
    """What one student handed in, the newest first: nbgrader's attempts as a whole, on Canvas the versions of each file."""
    notes: list[str] = []
    late = any(flat.late for flat in several)
    moments = sorted({flat.attempt for flat in several}, reverse=True)
    if len(moments) > 1:
        notes.append(f"{len(moments)} attempts; the newest is that of {moments[0] or 'no date'}.")
    items = attempts((moment, [flat.item for flat in several if flat.attempt == moment]) for moment in moments)
    if any(flat.number for flat in several):
        items, notes = _versions(several, notebooks)
    if late:
        notes.append("Handed in late, says Canvas.")
    return RawSubmission(several[0].student, items, tuple(notes))


def _versions(several: list[Flat], notebooks: tuple[str, ...]) -> tuple[tuple[Item, ...], list[str]]:
    """The newest of each file on Canvas; of notebooks the older ones too, for the newest may be an untouched one."""
    versions: dict[str, list[Flat]] = defaultdict(list)
    names = {flat.item.path.name for flat in several}
    for flat in sorted(several, key=lambda flat: -flat.number):
        versions[_unmarked(flat, names, notebooks)].append(flat)
    items, notes = [], []
    for name, (last, *older) in versions.items():
        items.append(last.item)
        if name.endswith(".ipynb"):
            items += [replace(flat.item, path=PurePosixPath(flat.name), attempt=age) for age, flat in enumerate(older, start=1)]
        elif older:
            left = display.listed(flat.name for flat in older)
            notes.append(
                f"{1 + len(older)} versions of {_shown(name)}; the newest, {_shown(last.name)}, was taken; left out: {left}."
            )
    return tuple(items), notes


def _attempt(name: str, assignment: str) -> tuple[str, str, str] | None:
    """Student, moment, and the student's own file name, from a name of nbgrader's zip_collect."""
    match = _ATTEMPT.fullmatch(name)
    if not match:
        return None
    student = match["student"]
    prefix = f"{assignment}_"
    student = student[len(prefix) :] if student.startswith(prefix) else student.rsplit("_", 1)[-1]
    return (student, match["moment"], match["file"]) if student else None


def _unmarked(flat: Flat, names: set[str], notebooks: tuple[str, ...]) -> str:
    """The file's name without Canvas's mark; `part-1` stays where there is no `part`, and nothing of ours is called that."""
    name = flat.item.path.name
    match = _MARKED.fullmatch(name) if flat.number else None
    if not match or PurePosixPath(name).stem in notebooks:
        return name
    ours = match["stem"] in {*notebooks, *(f"{notebook}.results" for notebook in notebooks)}
    plain_name = match["stem"] + match["ending"]
    return plain_name if ours or plain_name in names else name


def _shown(name: str) -> str:
    return display.line(name, chars=80)
