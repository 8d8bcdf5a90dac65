"""Synthetic classes of any size, drawn from a seed: no kernel, no sandbox, every kind of result that staff have to find again.

What is drawn is an ability for each student, and a difficulty for each cell; the misconceptions are those of `MISCONCEPTIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grading.marks import Mark, Scorecard, Verdict
from tests.grading.scorecards import BLANK, SCALING, card

MISCONCEPTIONS: tuple[dict[str, Any], ...] = (
    SCALING,
    {
        "what": "the loss does not end where its minimum is",
        "expected": "a loss below 0.001",
        "got": "a loss of 12.25",
        "fix": "Divide the gradient by the number of samples once, not twice.",
        "reason": "divides twice by N",
    },
)
_FLAG = "look at cell d_dropout: it imports gc"


def a_class(n: int = 300, seed: int = 0, broken: str = "", hand: Mapping[str, float] | None = None) -> list[Scorecard]:
    """A class of `n` students.

    Args:
        n: how many; they are called s0000, s0001, ...
        seed: of the draws.
        broken: the grade id of a test that fails exactly those who do best otherwise.
        hand: grade id -> points that a person gave everybody.

    Returns:
        Scorecards; one student in fifty could not be judged in one cell, one in fifty is flagged, one in twenty handed in nothing.
    """
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=n)
    return [_student(k, float(ability[k]), rng, broken, hand or {}) for k in range(n)]


def _student(k: int, ability: float, rng: np.random.Generator, broken: str, hand: Mapping[str, float]) -> Scorecard:
    full = card(f"s{k:04d}")
    if k % 20 == 19:
        blank = tuple(_blank(mark) for mark in full.marks)
        return replace(full, marks=blank)
    marks = tuple(_mark(mark, ability, rng, broken, hand) for mark in full.marks)
    if k % 50 == 7:
        marks = tuple(_unjudged(mark) if mark.grade_id == "d_dropout_test" else mark for mark in marks)
    return replace(full, marks=marks, flags=(_FLAG,) if k % 50 == 9 else ())


def _blank(mark: Mark) -> Mark:
    if mark.by_hand:
        return replace(mark, points=0.0, answered=False, reason="no answer")
    return replace(mark, points=0.0, verdict=Verdict.FAILED, answered=False, **BLANK)


def _unjudged(mark: Mark) -> Mark:
    return replace(mark, points=None, verdict=Verdict.UNJUDGED, reason="the trusted process stopped", what="", fix="")


def _mark(mark: Mark, ability: float, rng: np.random.Generator, broken: str, hand: Mapping[str, float]) -> Mark:
    drawn = rng.uniform()
    if mark.by_hand:
        return replace(mark, points=hand[mark.grade_id], reason="graded by a person") if mark.grade_id in hand else mark
    passes = drawn < 1 / (1 + np.exp(-1.5 * ability - 1.0))
    if mark.grade_id == broken:
        passes = ability < 0.5
    if passes:
        return mark
    kind = MISCONCEPTIONS[0 if mark.part == "d" else 1]
    got = {**kind, "got": f"{kind['got'].rsplit(' ', 1)[0]} {0.4 + drawn / 5:.3f}"}
    return replace(mark, points=0.0, verdict=Verdict.FAILED, **got)
