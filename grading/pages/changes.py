"""What a regrade changes -> lines for the terminal, and a CSV file with its record beside it, under the moment when it happened."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from grading import display
from grading.changes import Change, ClassChanges, Sum
from grading.files import write_text
from grading.pages.csv_text import csv_text
from grading.records import load, save
from grading.workspace import Workspace

_SHOWN = 15  # students on the terminal; the file has all
_WHY = 110
_COLUMNS = ("student", "part", "cell", "notebook", "before", "after", "change", "max_points", "asked_again", "new_work", "why")


def change_lines(changed: ClassChanges, most: int = _SHOWN) -> list[str]:
    """How many change and which way, by part, then student by student, those with the most to lose first."""
    count = len(changed.totals)
    if not count:
        return [f"nothing changes for {_students(changed.students)}"]
    lines = [f"{count} of {changed.students} change: {changed.up} up, {changed.down} down{_again(changed)}"]
    lines += [
        f"  part {display.line(part.name, chars=30)}: {_signed(part.after - part.before)} points, {_ways(part)}"
        for part in changed.parts
    ]
    ordered = sorted(changed.totals, key=lambda one: (one.after - one.before, one.name))
    lines += [f"  {_student(one, changed.of(one.name))}" for one in ordered[:most]]
    return [*lines, *([f"  … and {count - most} more"] if count > most else [])]


def write_changes(changed: ClassChanges, work: Workspace, now: datetime) -> Path | None:
    """Keep what a regrade changed; nothing is written where nothing changed. Returns the CSV's path."""
    if not changed.totals:
        return None
    path = _free(work.changes / f"{moment(now)}.csv")
    write_text(path, csv_text([_COLUMNS, *map(_row, changed.changes)]))
    save(path.with_suffix(".json"), changed)
    return path


def last_changes(work: Workspace) -> ClassChanges | None:
    """What the last regrade that changed something changed; None where there was none, or its record cannot be read."""
    paths = sorted(work.changes.glob("*.json"))
    try:
        return load(paths[-1], ClassChanges) if paths else None
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None  # the CSV beside it is for people


def moment(now: datetime) -> str:
    """A moment as part of a file's name; the names sort as the moments do."""
    return now.strftime("%Y-%m-%dT%H-%M-%S")


def _free(path: Path) -> Path:
    """Two regrades in one second do not overwrite each other."""
    count, free = 1, path
    while free.exists():
        count += 1
        free = path.with_stem(f"{path.stem}_{count}")  # sorts behind the first
    return free


def _student(total: Sum, changes: tuple[Change, ...]) -> str:
    said = [_said(change) for change in sorted(changes, key=lambda one: -abs(one.points))]
    more = f" (+{len(said) - 2} more)" if len(said) > 2 else ""
    points = f"{display.number(total.before)} → {display.number(total.after)}"
    return f"{display.line(total.name, chars=40)}  {points}  {'; '.join(said[:2])}{more}"


def _said(change: Change) -> str:
    """One check: where, how many points, and why."""
    before, after = (_points(value) for value in (change.before, change.after))
    why = display.line(change.why, chars=_WHY)
    was = "was: " if change.points > 0 and change.before is not None and why else ""
    more = [
        f"{was}{why}" if why else "",
        "the answer changed" if change.new_work else "",
        "a person is asked again" if change.asked_again else "",
    ]
    return f"({change.part}) {change.cell} {before} → {after}: {', '.join(filter(None, more)) or 'no reason is known'}"


def _points(value: float | None) -> str:
    return "open" if value is None else display.number(value)


def _ways(part: Sum) -> str:
    return f"{part.up} up, {part.down} down"


def _again(changed: ClassChanges) -> str:
    count = changed.asked_again
    return f"; {count} {'answer is' if count == 1 else 'answers are'} asked again" if count else ""


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else ''}{display.number(points)}"


def _students(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"


def _row(change: Change) -> list[object]:
    return [
        *(change.student, change.part, change.cell, change.notebook, change.before, change.after, change.points, change.max_points),
        *("yes" if change.asked_again else "no", "yes" if change.new_work else "no", change.why),
    ]
