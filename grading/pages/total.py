"""The sums at the top of a student's page: automatic, read by people and bonus, and one total that they add up to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grading import display
from grading.marks import Mark, Verdict
from grading.pages.texts import Texts


@dataclass(frozen=True)
class Sum:
    """One line of the table.

    Attributes:
        open: what is not decided, in words; empty when all is.
    """

    name: str
    earned: str
    possible: str
    open: str


@dataclass(frozen=True)
class Total:
    """Everything earned so far of everything required; optional parts come on top.

    Attributes:
        sums: one line for each kind of points that there is; their points add up to `earned`.
        is_open: whether a person has still something to do.
    """

    earned: str
    possible: str
    is_open: bool
    sums: tuple[Sum, ...]


def total(marks: Iterable[Mark], texts: Texts) -> Total:
    """Add up a student's marks."""
    marks = list(marks)
    kinds: tuple[tuple[str, Callable[[Mark], bool]], ...] = (
        ("automatic", lambda mark: not mark.optional and not mark.by_hand),
        ("by_hand", lambda mark: not mark.optional and mark.by_hand),
        ("bonus", lambda mark: mark.optional),
    )
    sums = [_sum(texts(name), list(filter(belongs, marks)), texts) for name, belongs in kinds if any(map(belongs, marks))]
    return Total(
        earned=display.number(sum(mark.points or 0.0 for mark in marks)),
        possible=display.number(sum(mark.max_points for mark in marks if not mark.optional)),
        is_open=any(one.open for one in sums),
        sums=tuple(sums),
    )


def _sum(name: str, marks: list[Mark], texts: Texts) -> Sum:
    return Sum(
        name,
        display.number(sum(mark.points or 0.0 for mark in marks)),
        display.number(sum(mark.max_points for mark in marks)),
        still_open(marks, texts),
    )


def still_open(marks: Iterable[Mark], texts: Texts) -> str:
    """What people still have to do with some marks, in words; empty for nothing."""
    marks = list(marks)
    to_read = sum(mark.max_points for mark in marks if mark.waits)
    to_judge = sum(mark.max_points for mark in marks if mark.verdict is Verdict.UNJUDGED)
    said = [texts("to_read", points=texts.points(to_read))] if to_read else []
    said += [texts("to_judge", points=texts.points(to_judge))] if to_judge else []
    return ", ".join(said)
