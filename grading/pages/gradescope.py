"""Grades for Gradescope: its own CSV of grades, as the teacher downloaded it, with the homework's column filled in.

Gradescope has no import of grades for other assignments than its own; this is the layout in which it gives and compares them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grading import display
from grading.marks import Scorecard
from grading.pages.fill import Filled, fill, is_same, possible
from grading.pages.match import Person, match
from grading.pages.sheet import PlatformError, Sheet, only_column, read, twice

_EXPECTED = "a heading with SID, Email and a column for each assignment"
_MORE = (" - max points", " - submission time", " - lateness (h:m:s)")
_PEOPLE = ("name", "first name", "last name", "sid", "email", "sections", "section", "total lateness (h:m:s)")


def fill_gradescope(
    path: Path, cards: Mapping[str, Scorecard], titles: Sequence[str], column: str, known: Mapping[str, Sequence[str]]
) -> Filled:
    """Fill in a file of grades; the arguments are those of `fill_canvas`.

    Raises:
        PlatformError: it is no such file, has no or two such columns, a person twice, or nobody of ours.
    """
    sheet = read(path, "Gradescope", _is_heading, _EXPECTED)
    heads = [text.strip().casefold() for text in sheet.heading]
    graded = [k for k, text in enumerate(heads) if text not in _PEOPLE and not text.endswith(_MORE)]
    where = only_column(sheet, column, graded, titles, str.strip)
    people = _people(sheet, heads)
    if double := twice([person.keys[0].strip().casefold() for person in people]):
        fix = "download it again from Gradescope"
        raise PlatformError(f"{sheet.name} has an e-mail twice", expected="one row each", got=display.listed(double), fix=fix)
    made, rows = fill(sheet, where, cards, match(list(cards), people, known), lambda _: False, graded)
    worth = heads.index(f"{heads[where]} - max points") if f"{heads[where]} - max points" in heads else None
    for row in made.matched.rows if worth is not None else ():
        there = rows[row][worth].strip() if worth is not None else ""
        if there and not is_same(there, possible(cards)):
            made.notes.append(f"Gradescope has {there} points at most, the homework {display.number(possible(cards))}")
            break
    made.text = sheet.text(rows)
    return made


def _is_heading(row: Sequence[str]) -> bool:
    heads = {text.strip().casefold() for text in row}
    return {"sid", "email"} <= heads


def _people(sheet: Sheet, heads: Sequence[str]) -> list[Person]:
    """Every row: by e-mail, then by SID."""
    mail, sid = heads.index("email"), heads.index("sid")
    named = [heads.index(name) for name in ("first name", "last name", "name") if name in heads]
    people = []
    for k, row in enumerate(sheet.rows[1:], start=1):
        name = " ".join(row[place] for place in named).strip()
        people.append(Person(k, display.line(name or row[mail], chars=60), keys=(row[mail], row[sid])))
    return people
