"""Grades into Canvas: the gradebook that the teacher downloaded, with the homework's column filled in.

Written are the columns that say who is who, and that one. Canvas leaves alone what a file does not have, so grades that were
entered after the download stay. The rules are those of Canvas's importer as its documentation and its source describe them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from grading import display
from grading.marks import Scorecard
from grading.pages.fill import Filled, fill, is_same, possible
from grading.pages.match import Person, match
from grading.pages.sheet import PlatformError, Sheet, only_column, read, twice

_EXPECTED = "a heading that begins with Student, ID"
_KEYS = ("SIS User ID", "SIS Login ID", "Integration ID")
_NUMBER = re.compile(r"\s*\(\d+\)$")
_EXCUSED = "ex"
_LEAST = 4  # columns


def fill_canvas(
    path: Path, cards: Mapping[str, Scorecard], titles: Sequence[str], column: str, known: Mapping[str, Sequence[str]]
) -> Filled:
    """Fill in a gradebook.

    Args:
        path: the download.
        cards: by student.
        titles: what the homework is called.
        column: the heading to fill in, if it is called otherwise.
        known: student -> other names; see `match`.

    Raises:
        PlatformError: no such file, no or two such columns, one that Canvas computes, a person twice, or nobody of ours.
    """
    sheet = read(path, "Canvas", _is_heading, _EXPECTED)
    info = _info(sheet)
    worth = _points_possible(sheet)
    where = only_column(sheet, column, range(info, len(sheet.heading)), titles, lambda text: _NUMBER.sub("", text.strip()))
    if worth is not None and "read only" in sheet.rows[worth][where].casefold():
        what = f"Canvas computes the column {display.line(sheet.heading[where], chars=80)}"
        raise PlatformError(what, expected="a column for grades", got="(read only)", fix="--column 'that of the assignment'")
    people = _people(sheet, worth)
    if double := twice([person.number for person in people]):
        fix = "download it again from Canvas"
        raise PlatformError(f"{sheet.name} has an ID twice", expected="one row each", got=display.listed(double), fix=fix)
    matched = match(list(cards), people, known)
    numbers = range(info, len(sheet.heading))
    made, rows = fill(sheet, where, cards, matched, lambda row: row[where].strip().casefold() == _EXCUSED, numbers)
    if worth is not None and not is_same(sheet.rows[worth][where], possible(cards)):
        got = sheet.rows[worth][where].strip() or "nothing"
        made.notes.append(
            f"Canvas has {got} points possible, the homework {display.number(possible(cards))}: Canvas does not scale"
        )
    made.text = sheet.text([[*row[:info], row[where]] for row in rows])
    return made


def _is_heading(row: Sequence[str]) -> bool:
    return len(row) >= _LEAST and "student" in row[0].casefold() and row[1].strip().casefold() == "id"


def _info(sheet: Sheet) -> int:
    """How many columns say who is who: up to the one for sections."""
    for column, text in enumerate(sheet.heading[:8]):
        if "section" in text.casefold() and column > 1:
            return column + 1
    got, fix = display.listed(sheet.heading, most=8), "download it again from Canvas"
    raise PlatformError(f"{sheet.name} has no column Section", expected="Student, ID, …, Section", got=got, fix=fix)


def _points_possible(sheet: Sheet) -> int | None:
    """The row that says what each assignment is worth."""
    return next((k for k, row in enumerate(sheet.rows[1:4], start=1) if row[0].strip().casefold() == "points possible"), None)


def _people(sheet: Sheet, worth: int | None) -> list[Person]:
    """Rows with an ID behind the row of points; the test student is nobody."""
    places = [sheet.heading.index(name) for name in _KEYS if name in sheet.heading]
    found = []
    for k, row in enumerate(sheet.rows[1:], start=1):
        name, number = row[0].strip(), row[1].strip()
        if number and (worth is None or k > worth) and name.casefold() != "student, test":
            keys = tuple(row[place] for place in places)
            found.append(Person(k, display.line(name, chars=60), number, (name,), keys, alone=True))
    return found
