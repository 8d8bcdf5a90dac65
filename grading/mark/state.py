"""Where an answer stands: what nbgrader's row says, what was decided here, and what follows from both. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grading.mark.items import CLOSE
from grading.marks import HandGrade


@dataclass(frozen=True)
class Choice:
    """What a person chose for an answer.

    Attributes:
        items: the items that are on.
        adjust: points by hand on top of the items', or off them.
        reason: why.
        comment: for the student.
    """

    items: tuple[str, ...] = ()
    adjust: float = 0.0
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Decision:
    """A choice that was saved.

    Attributes:
        answer: a digest of what was read.
        text: the words that were read, where they are others than in the version before.
        batch: what the decisions of one group share.
        kind: "read", "rescored" or "reopened".
    """

    version: int
    made_by: str
    made_at: float
    choice: Choice
    points: float
    answer: str
    text: str
    batch: str
    kind: str


@dataclass(frozen=True)
class State:
    """Where one answer stands.

    Attributes:
        decision: the last one; None where nobody has decided here.
    """

    grade: HandGrade
    decision: Decision | None = None

    @property
    def waits(self) -> bool:
        """A person has to look."""
        return self.grade.asked

    @property
    def done(self) -> bool:
        """A person has decided, here or in the formgrader."""
        return self.grade.given is not None and not self.grade.asked

    @property
    def adjusted(self) -> bool:
        """Other points stand there than were given here: somebody typed them in the formgrader."""
        given = self.grade.given
        return given is not None and (self.decision is None or abs(given - self.decision.points) > CLOSE)

    @property
    def choice(self) -> Choice:
        """What is chosen now: what was decided here, as far as the formgrader has not overtaken it, or nothing."""
        if self.decision is None or self.adjusted:
            before = Choice() if self.decision is None else self.decision.choice
            reason = "typed in the formgrader" if self.grade.given is not None else ""
            return Choice((), self.grade.given or 0.0, reason, self.grade.comment or before.comment)
        chosen = self.decision.choice
        return Choice(chosen.items, chosen.adjust, chosen.reason, self.grade.comment)


def stamp_of(student: str, found: Mapping[str, State]) -> str:
    """What a person sees of a student's answer and its group as one word: another word means that something changed.

    What was written stands before the dot, so that a second reader can ask for it alone.
    """
    seen = [
        [
            student,
            state.decision.version if state.decision else 0,
            state.grade.given,
            state.grade.extra,
            state.grade.asked,
            state.grade.comment,
            state.grade.answer,
        ]
        for student, state in sorted(found.items())
    ]
    return f"{_word(found[student].grade.answer)}.{_word(json.dumps(seen))}"


def same_words(stamp: str, state: State) -> bool:
    """Whether a person saw the answer that stands there now, whatever was decided about it since."""
    return stamp.partition(".")[0] == _word(state.grade.answer)


def _word(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def same(found: Iterable[State]) -> bool:
    """Whether answers stand at one place: all wait, or one decision was made about all."""
    found = list(found)
    fresh = all(state.decision is None and state.grade.given is None and state.waits for state in found)
    batches = {state.decision.batch if state.decision and not state.adjusted and state.done else "" for state in found}
    return fresh or (len(batches) == 1 and "" not in batches)
