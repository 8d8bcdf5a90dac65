"""Who in a platform's file is which of our students: by number, then by other names that are unique; nobody by guess. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NUMBERED = re.compile(r"(?s)(.+)_(\d+)")


@dataclass(frozen=True)
class Person:
    """One row of a platform's file.

    Attributes:
        row: which.
        said: what to call them.
        number: the platform's own number, as it stands in the names of files that it lets download.
        names: what may stand before it there: one of them has to agree.
        keys: what else is theirs alone, in the order in which it is tried.
        alone: the number says who it is without a name, too.
    """

    row: int
    said: str
    number: str = ""
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    alone: bool = False


class _Index:
    """People by number and by their other keys."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.number: defaultdict[str, list[Person]] = defaultdict(list)
        self.keys: list[defaultdict[str, list[Person]]] = []
        for person in people:
            self.number[person.number].append(person)
            for place, key in enumerate(person.keys):
                if place == len(self.keys):
                    self.keys.append(defaultdict(list))
                self.keys[place][_plain(key)].append(person)
        for found in (self.number, *self.keys):
            found.pop("", None)


@dataclass(frozen=True)
class Matched:
    """Who is who.

    Attributes:
        rows: row -> student.
        students: ours whom the file does not have.
        people: those in the file who are none of ours.
        doubts: why somebody was left out who might be the one, a sentence each.
    """

    rows: Mapping[int, str]
    students: tuple[str, ...]
    people: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def match(students: Sequence[str], people: Sequence[Person], known: Mapping[str, Sequence[str]]) -> Matched:
    """Find each student's row.

    Args:
        students: as they are called here.
        people: the rows.
        known: student -> what else they are called: names before they were made safe, and what a list of the staff says.
    """
    doubts: list[str] = []
    found: dict[str, int] = {}
    index = _Index(people)
    for student in students:
        names = list(dict.fromkeys([*known.get(student, ()), student]))
        row = _by_number(names, index, doubts)
        row = row if row is not None else _by_key(names, index, doubts)
        if row is not None:
            found[student] = row
    claimed: defaultdict[int, list[str]] = defaultdict(list)
    for student, row in found.items():
        claimed[row].append(student)
    said = {person.row: person.said for person in people}
    for row, several in claimed.items():
        if len(several) > 1:
            doubts.append(f"{said[row]} could be any of {', '.join(several)}")
    rows = {row: several[0] for row, several in claimed.items() if len(several) == 1}
    there = set(rows.values())
    return Matched(
        rows,
        tuple(student for student in students if student not in there),
        tuple(person.said for person in people if person.row not in rows),
        tuple(dict.fromkeys(doubts)),
    )


def _by_number(names: Sequence[str], index: _Index, doubts: list[str]) -> int | None:
    """The row with the platform's number, alone or behind the name as in its downloads; there a name has to agree."""
    for name in names:
        whole = [person for person in index.number.get(name.strip(), ()) if person.alone]
        cut = _NUMBERED.fullmatch(name)
        numbered = index.number.get(cut[2], []) if cut else []
        agree = [person for person in numbered if cut and any(_agree(cut[1], one) for one in person.names)]
        for person in numbered if not agree else ():
            doubts.append(f"{name} has the number of {person.said}, and another name")
        rows = {person.row for person in (*whole, *agree)}
        if len(rows) > 1:
            doubts.append(f"{name} could be any of {', '.join(person.said for person in (*whole, *agree))}")
        elif rows:
            return rows.pop()
    return None


def _by_key(names: Sequence[str], index: _Index, doubts: list[str]) -> int | None:
    """The row that has one of the names in a column of unique ones, the first such column before the others."""
    wanted = {_plain(name) for name in names}
    for people in index.keys:
        here = {person.row: person for name in wanted for person in people.get(name, ())}
        if len(here) > 1:
            doubts.append(f"{names[0]} could be any of {', '.join(person.said for person in here.values())}")
            return None
        if here:
            return next(iter(here))
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _agree(part: str, name: str) -> bool:
    """Whether the name in a file's name is this one: platforms drop blanks and signs, and put the family name first or last."""
    words = [word for word in (_letters(piece) for piece in re.split(r"[\s,]+", name)) if word]
    turned = {"".join(words[k:] + words[:k]) for k in range(len(words))}
    return _letters(part) in turned


def _letters(text: str) -> str:
    """Letters, their signs and digits of every script, small."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(char)[0] in "LMN")
