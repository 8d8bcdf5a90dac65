"""Who reads what next: answers in the order of reading, without those that a colleague has, that are read, or put aside."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from grading import gradebook
from grading.mark import claims, decisions, overview, remarks, seconds, tables
from grading.mark.pile import Pile

_TRIES = 20  # answers that are looked at in one transaction


@dataclass(frozen=True)
class Reader:
    """Who asks for an answer.

    Attributes:
        key: the course's secret, which draws the answers that are read twice.
        share: which part of the answers that is.
    """

    me: str
    key: str
    share: float


def following(url: str, pile: Pile, reader: Reader, after: str = "") -> str:
    """The name of the next answer for a person, which is theirs from now on; empty where there is none.

    Args:
        url: the gradebook.
        pile: the answers.
        reader: who asks.
        after: the name of the answer that the person has seen last; empty for none.
    """
    with gradebook.looking(url) as connection:
        last = pile.student(connection, after) if after else ""
        ready = _candidates(connection, pile, reader, last)
        through = _through(connection, pile, reader.me, last)
    for start in range(0, max(1, len(ready)), _TRIES):
        with gradebook.changing(url) as connection:
            claims.release(connection, pile.question, through, reader.me)
            taken = claims.others(connection, pile.question, reader.me)
            for students in ready[start : start + _TRIES]:
                if not taken.keys() & {*students} and _still(connection, pile, students, reader):
                    claims.claim(connection, pile.question, students, reader.me)
                    return pile.name(students[0])
    return ""


def _candidates(connection: Any, pile: Pile, reader: Reader, after: str) -> list[list[str]]:
    """What a person could read next: those behind `after` first, and last what they skipped."""
    question = pile.question
    said = remarks.about(connection, question)
    stands = gradebook.glance(connection, question.assignment, question.notebook, question.cell)
    aside = _aside(connection, pile, said)
    waiting = {student: given for student, (waits, given) in stands.items() if waits and student not in aside}
    untouched = {student for student, given in waiting.items() if given is None} - _decided(connection, pile)
    again = seconds.wanted(connection, question, stands.keys() - waiting.keys(), reader.me, reader.key, reader.share)
    groups = pile.in_order(connection)
    start = next((at for at, students in enumerate(groups) if after in students), -1) + 1
    ready = list(_alone_or_together([*groups[start:], *groups[:start]], waiting.keys(), untouched, again, after))
    skipped = remarks.latest(said, remarks.SKIP, by=reader.me)
    return sorted(ready, key=lambda students: students[0] in skipped)


def _alone_or_together(
    groups: list[list[str]], waiting: Set[str], untouched: Set[str], again: Set[str], after: str
) -> Iterator[list[str]]:
    """Answers that nobody has decided are read as their group; others, and second readings, by themselves."""
    for students in groups:
        fresh = [one for one in students if one in untouched]
        if fresh and after not in fresh:  # with the one that is open, the others of its group are
            yield fresh
        for one in students:
            if one != after and (one in again or (one in waiting and one not in untouched)):
                yield [one]


def _still(connection: Any, pile: Pile, students: list[str], reader: Reader) -> bool:
    """Whether it still waits, in the transaction that hands it out."""
    question = pile.question
    found = gradebook.glance(connection, question.assignment, question.notebook, question.cell, students)
    if all(student in found and found[student][0] for student in students):
        return True
    return {*students} <= seconds.wanted(connection, question, students, reader.me, reader.key, reader.share)


def _through(connection: Any, pile: Pile, me: str, last: str) -> list[str]:
    """Answers that a person has and is done with."""
    question = pile.question
    held = claims.held(connection, question, me) - {last}
    found = gradebook.glance(connection, question.assignment, question.notebook, question.cell, held) if held else {}
    return [student for student, (waits, given) in found.items() if given is not None and not waits]


def _aside(connection: Any, pile: Pile, said: list[remarks.Remark]) -> set[str]:
    """Answers at which somebody else must look."""
    asking = {one.student for one in said if one.kind == remarks.LEAD}
    found = decisions.states(connection, pile.question, asking) if asking else {}
    return {one.student for one in overview.still_open(said, found) if one.kind == remarks.LEAD}


def _decided(connection: Any, pile: Pile) -> set[str]:
    table = tables.decisions
    return {row[0] for row in connection.execute(select(table.c.student).where(*tables.of(table, pile.question)).distinct())}
