"""Scorecards of several assignments -> one for each student, as a homework has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from grading.marks import Mark, Scorecard


def one_card_each(classes: Sequence[Sequence[Scorecard]], name: str) -> list[Scorecard]:
    """One card per student with the marks of all assignments, sorted by student; parts of one name get their notebook's in front.

    Args:
        classes: the cards of each assignment, in the order of the homework.
        name: what the homework is called.
    """
    if len(classes) == 1:
        return sorted(classes[0], key=lambda card: card.student)
    shared = _shared_parts(classes)
    found: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for cards in classes:
        for card in cards:
            found[card.student].append(card)
    return [_joined(name, student, found[student], shared) for student in sorted(found)]


def _shared_parts(classes: Sequence[Sequence[Scorecard]]) -> set[str]:
    """Parts of which more than one assignment has one."""
    names = [{mark.part for card in cards for mark in card.marks} for cards in classes]
    return {part for k, parts in enumerate(names) for part in parts if any(part in other for other in names[:k] + names[k + 1 :])}


def _joined(name: str, student: str, cards: Sequence[Scorecard], shared: set[str]) -> Scorecard:
    return Scorecard(
        name,
        student,
        tuple(_named(mark, shared) for card in cards for mark in card.marks),
        notes=tuple(dict.fromkeys(note for card in cards for note in card.notes)),
        flags=tuple(dict.fromkeys(flag for card in cards for flag in card.flags)),
        unopened={notebook: why for card in cards for notebook, why in card.unopened.items()},
        absent=tuple(notebook for card in cards for notebook in card.absent),
    )


def _named(mark: Mark, shared: set[str]) -> Mark:
    return replace(mark, part=f"{mark.notebook} {mark.part}") if mark.part in shared else mark
