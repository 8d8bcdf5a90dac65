"""Scorecard -> what Gradescope shows of a hand-in that it graded itself (`results.json`), as its specification says. Pure.

The sentences are those of the student's page. A check with a hidden part is shown once grades are published; what a person has to
decide has no score; nothing is formatted, so that no student's text does anything. What is for staff goes to standard output.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading import display
from grading.marks import Mark, Scorecard
from grading.pages import lateness, tones
from grading.pages.answers import Answer
from grading.pages.leaderboard import Entry
from grading.pages.page import Cell, Page, Setting, page
from grading.pages.texts import Texts
from grading.settings import Leaderboard

_MOST_CHARS, _MOST_LINES = 12_000, 200  # of an answer, as on the page
_LATER, _NOW = "after_published", "visible"
_TEXT = {"name_format": "text", "output_format": "text"}


@dataclass(frozen=True)
class Graded:
    """One assignment of a hand-in.

    Attributes:
        hidden: the grade ids of tests with parts that students do not have.
        written: the student's own answers by grade id.
        ranked: the verified result for the leaderboard; None for none.
    """

    card: Scorecard
    setting: Setting
    hidden: Collection[str]
    written: Mapping[str, Answer]
    board: Leaderboard | None = None
    ranked: Entry | None = None


def results(graded: Sequence[Graded], together: Sequence[str], seconds: float) -> dict[str, Any]:
    """The whole file.

    Args:
        graded: the assignments, in their order.
        together: who handed it in, if it is a group.
        seconds: how long grading took.
    """
    pages = [page(one.card, one.setting, one.written) for one in graded]
    made: dict[str, Any] = {
        "score": round(sum(_counted(one.card) for one in graded), 6),
        "execution_time": round(seconds),
        "output": "\n\n".join(_at_once(graded, pages, together)),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [test for one, shown in zip(graded, pages, strict=True) for test in _tests(one, shown)],
    }
    board = [row for one in graded for row in _leaderboard(one)]
    return {**made, "leaderboard": board} if board else made


def _counted(card: Scorecard) -> float:
    """What counts of everything that is decided."""
    return sum(mark.points or 0.0 for mark in lateness.as_counted(card).marks)


def _at_once(graded: Sequence[Graded], pages: Sequence[Page], together: Sequence[str]) -> Iterator[str]:
    """What students read before anything is published: nothing in it comes from a hidden test."""
    said = graded[0].setting.texts
    if together:
        yield said("handed_in_together", names=display.listed(together))
    for one, shown in zip(graded, pages, strict=True):
        for alarm, why in shown.alarms:
            yield "\n".join(filter(None, [alarm, why, shown.again]))
        if when := lateness.when_handed_in(one.card, said):
            yield when
        if shown.notes:
            yield "\n".join([f"{said('notes')}:", *(f"- {note}" for note in shown.notes)])
    if waiting := sum(one.card.totals.waiting for one in graded):
        yield said("to_read", points=said.points(waiting))
    if any(one.hidden for one in graded):
        yield said("shown_later")


def _tests(one: Graded, shown: Page) -> Iterator[dict[str, Any]]:
    """Every check and answer, and what the page says of all of them."""
    said = one.setting.texts
    yield {
        "name": f"{shown.title}: {said('summary')}",
        "output": "\n\n".join(_summary(shown, said)),
        "visibility": _LATER if one.hidden else _NOW,
        **_TEXT,
    }
    for name, part in zip(one.card.parts, shown.parts, strict=True):
        for mark, cell in zip(one.card.of_part(name), part.cells, strict=True):
            yield {
                "name": f"({part.name}) {cell.name}",
                "output": "\n\n".join(_said(cell, said, _own(one, mark) if cell.answer else "")),
                "visibility": _LATER if mark.grade_id in one.hidden else _NOW,
                **_score(mark),
                **_TEXT,
            }


def _score(mark: Mark) -> dict[str, float]:
    """Nothing for what is still open, and for an optional part that was left out: a score of 0 would be a verdict."""
    if mark.points is None or tones.is_skipped(mark):
        return {}
    return {"score": mark.points, "max_score": mark.max_points}


def _summary(shown: Page, said: Texts) -> Iterable[str]:
    sums = [f"{one.name}: {said('of_points', earned=one.earned, possible=one.possible)}" for one in shown.total.sums]
    still = [f"{one.name}, {said('still_open')}: {one.open}" for one in shown.total.sums if one.open]
    whole = f"{said('together')}: {shown.total.earned} {said('of_all', possible=shown.total.possible)}"
    return filter(None, [shown.sentence, *shown.causes, shown.unjudged, shown.late, "\n".join([*sums, whole, *still])])


def _own(one: Graded, mark: Mark) -> str:
    """The student's own answer as it was typed: the page sets it, and here is text only."""
    answer = one.written.get(mark.grade_id)
    return display.block(answer.text, chars=_MOST_CHARS, lines=_MOST_LINES) if answer else ""


def _said(cell: Cell, said: Texts, own: str) -> Iterable[str]:
    """A check or an answer in words, in the order of the page; `own` is what the student wrote."""
    named = {"expected": cell.expected, "yours": cell.got, "look_at": cell.look_at, "worked": cell.case, "you_wrote": own}
    more = {name: said(name) + (":\n" if "\n" in text else ": ") + text for name, text in named.items() if text}
    what = [more.pop(name) for name in ("expected", "yours") if name in more]
    state = f"{cell.tone.symbol} {said(cell.tone.word)} ({cell.points})"
    return filter(None, [state, cell.said, cell.what, *what, cell.fix, *more.values()])


def _leaderboard(one: Graded) -> Iterator[dict[str, Any]]:
    if one.board is None or (found := one.ranked) is None:
        return
    yield {"name": one.board.score, "value": found.score}
    yield from ({"name": name, "value": found.shown[name]} for name in one.board.shown if name in found.shown)
    yield {"name": "measured on", "value": found.data}
