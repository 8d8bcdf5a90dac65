"""What staff see of reading as a whole: how people agree, how each reads, and the answers at which somebody has to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grading.mark import agreement, decisions, remarks, seconds
from grading.mark.agreement import Agreement, Pair, Person, Reading
from grading.mark.pile import Pile
from grading.mark.remarks import Remark
from grading.mark.state import State

_MOST = 50


@dataclass(frozen=True)
class Open:
    """An answer at which somebody has to look, and why."""

    question: str
    name: str
    remark: Remark


@dataclass(frozen=True)
class Graders:
    """How a class is read.

    Attributes:
        of_all, of_each: the agreement, over everything and by question.
        apart: the pairs that differ most, the first of them; `far` says how many differ by a quarter of the points or more.
    """

    of_all: Agreement
    of_each: dict[str, Agreement]
    people: tuple[Person, ...]
    apart: tuple[Pair, ...]
    far: int


def graders(connection: Any, piles: Iterable[Pile]) -> Graders:
    """Look at everything that was read."""
    pairs: list[Pair] = []
    readings: list[Reading] = []
    for pile in piles:
        worth = pile.question.rubric.max_points or 1.0
        found = decisions.states(connection, pile.question)
        for one in seconds.pairs(connection, pile.question, found):
            shares = one.first / worth, one.second / worth
            pairs.append(Pair(pile.question.path, pile.name(one.student), one.first_by, one.second_by, *shares))
        for last, points in _decided(found):
            readings.append(Reading(last.made_by, last.made_at, points / worth, pile.question.path))
    by_question: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_question.setdefault(pair.question, []).append(pair)
    far = sorted((pair for pair in pairs if pair.far), key=lambda pair: -pair.apart)
    each = {path: agreement.agreement(some) for path, some in by_question.items()}
    return Graders(agreement.agreement(pairs), each, tuple(agreement.people(readings)), tuple(far[:_MOST]), len(far))


def put_aside(connection: Any, piles: Iterable[Pile]) -> list[Open]:
    """Answers for the lead, and students' questions, the oldest first; any decision since then closes them."""
    found = []
    for pile in piles:
        said = remarks.about(connection, pile.question)
        asking = {one.student for one in said if one.kind in (remarks.LEAD, remarks.REQUEST)}
        states = decisions.states(connection, pile.question, asking) if asking else {}
        found += [Open(pile.question.path, pile.name(one.student), one) for one in still_open(said, states)]
    return sorted(found, key=lambda one: one.remark.made_at)


def still_open(said: Iterable[Remark], found: Mapping[str, State]) -> list[Remark]:
    """What was asked of a person and not decided since."""

    def since(student: str) -> float:
        last = found[student].decision
        return last.made_at if last is not None else 0.0

    asked = [*said]
    last = [*remarks.latest(asked, remarks.LEAD).values(), *remarks.latest(asked, remarks.REQUEST).values()]
    return [remark for remark in last if remark.student in found and remark.made_at > since(remark.student)]


def _decided(found: Mapping[str, State]) -> Iterable[tuple[Any, float]]:
    for state in found.values():
        if state.decision is not None and state.done and not state.adjusted and state.grade.given is not None:
            yield state.decision, state.grade.given
