"""How a state looks on a student's page: a colour, a symbol and a word, so that no reader depends on one of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.marks import Mark, Verdict

_VERDICTS = {Verdict.PASSED: "passed", Verdict.PARTIAL: "partial", Verdict.FAILED: "failed", Verdict.UNJUDGED: "unjudged"}


@dataclass(frozen=True)
class Tone:
    """A state.

    Attributes:
        kind: its colour, as the style sheet names it.
        word: the name of its word in the texts.
    """

    kind: str
    symbol: str
    word: str


PASSED = Tone("passed", "✓", "passed")
PARTIAL = Tone("partial", "◐", "partial")
FAILED = Tone("failed", "✗", "failed")
UNJUDGED = Tone("unjudged", "?", "unjudged")
WAITING = Tone("waiting", "✎", "waiting")
READ = Tone("read", "✎", "read")
EMPTY = Tone("failed", "✗", "empty")
SKIPPED = Tone("none", "○", "skipped")
ALL = (PASSED, PARTIAL, FAILED, EMPTY, UNJUDGED, WAITING, READ, SKIPPED)
_BY_WORD = {tone.word: tone for tone in ALL}


def is_empty(mark: Mark) -> bool:
    """Decided without a reader: there was nothing to look at, and nobody has said anything since."""
    said = mark.points or mark.comment or mark.again or mark.verdict is Verdict.UNJUDGED
    return not mark.answered and not said


def is_skipped(mark: Mark) -> bool:
    """Empty, and nobody had to."""
    return mark.optional and is_empty(mark)


def of_mark(mark: Mark) -> Tone:
    """How one check or answer looks."""
    if is_empty(mark):
        return SKIPPED if mark.optional else EMPTY
    if mark.by_hand:
        return WAITING if mark.waits else READ
    return _BY_WORD[_VERDICTS[mark.verdict]]


def of_part(marks: Sequence[Mark]) -> Tone:
    """How a part looks: as its checks do; as its answers where it has none."""
    if all(map(is_skipped, marks)):
        return SKIPPED
    if all(map(is_empty, marks)):
        return EMPTY
    tones = [of_mark(mark) for mark in marks if not mark.by_hand]
    if not tones:
        return WAITING if any(mark.waits for mark in marks) else READ
    if UNJUDGED in tones:
        return UNJUDGED
    if all(tone is PASSED for tone in tones):
        return PASSED
    return PARTIAL if any(mark.points for mark in marks if not mark.by_hand) else FAILED
