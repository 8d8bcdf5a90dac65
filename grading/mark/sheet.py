"""What people see: a line for every question, an answer with all that belongs to it, a decision that was saved."""

from __future__ import annotations

from dataclasses import dataclass

from grading.mark.answers import Written
from grading.mark.growth import Version
from grading.mark.outside import Proposal
from grading.mark.question import Question
from grading.mark.remarks import Remark
from grading.mark.state import Choice, Decision, State
from grading.marks import Reading


@dataclass(frozen=True)
class Row:
    """A line of the page of questions: how far reading has come, who is at it, how many answers are put aside for the lead."""

    question: Question
    reading: Reading
    people: tuple[str, ...]
    aside: int

    @property
    def mean(self) -> float | None:
        """The mean of what was given so far."""
        return self.reading.points / self.reading.done if self.reading.done else None


@dataclass(frozen=True)
class Sheet:
    """One answer, or a group of answers that say the same, as a person sees it.

    Attributes:
        name: what the answer is called in addresses, which says nothing about the student.
        others: the names of the others of its group; what is decided holds for all.
        stamp: what was seen; saving brings it back.
        before: what was decided about it earlier, the newest first.
        earlier: the words that were read when somebody last decided, where they are others now.
        taken: who has it in front of them, where somebody else has.
        proposal: what somebody outside proposes; it counts for nothing until a person takes it.
        proposals_right: how many of the proposals for answers that are decided have the points that people gave, and of how many.
        second: it is read a second time, and nothing of the first reading is shown.
    """

    question: Question
    name: str
    written: Written
    others: tuple[str, ...]
    version: Version
    state: State
    choice: Choice
    stamp: str
    before: tuple[Decision, ...]
    earlier: str
    remarks: tuple[Remark, ...]
    comments: tuple[tuple[str, int], ...]
    taken: str
    second: bool
    reading: Reading
    proposal: Proposal | None = None
    proposals_right: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Saved:
    """A decision that stands in the gradebook: its points, the stamp of what stands there now, how far reading has come."""

    points: float
    stamp: str
    reading: Reading
