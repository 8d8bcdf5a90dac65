"""What came of the work: a mark for every graded cell, a student's scorecard, sums over marks, and points that no longer count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from grading.deadline import NOT_SAID, HandedIn, Lateness


class Verdict(StrEnum):
    """What became of one graded cell. A grader's fault is UNJUDGED, never a student's zero."""

    PASSED = "PASSED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    UNJUDGED = "UNJUDGED"
    BY_HAND = "BY HAND"


@dataclass(frozen=True)
class Mark:
    """The result of one graded cell.

    Attributes:
        part: the part of the homework, the letters before the first underscore of the grade id.
        points: what was earned; None while a person has to decide.
        reason: one line for the staff's table; says something for every verdict but PASSED.
        cause: the earlier cell that went wrong first, and how, where the failure follows from it; many marks can have one cause.
        what, expected, got, fix: the explanation for the student, as `hw_lib.errors` formats it; empty where not known.
        answered: whether the student wrote anything: in this cell, or for a test in the cells of its part.
        answer: a digest of what the student wrote: in this cell, or for a test in the cells of its part.
        items: what a person's points were given and taken for, one line each; for the student.
        again: a person graded what was there before the answer changed, and is asked to look once more.
    """

    grade_id: str
    notebook: str
    part: str
    points: float | None
    max_points: float
    verdict: Verdict
    reason: str = ""
    what: str = ""
    expected: str = ""
    got: str = ""
    fix: str = ""
    answered: bool = True
    optional: bool = False
    comment: str = ""
    answer: str = ""
    again: bool = False
    cause: str = ""
    items: tuple[str, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether a person has to look: a check could not be judged, or the work has changed since somebody graded it."""
        return self.again or self.verdict is Verdict.UNJUDGED

    @property
    def waits(self) -> bool:
        """Whether a person who grades has something to do here, in a cell that a person grades."""
        return self.by_hand and (self.points is None or self.again)

    @property
    def read(self) -> bool:
        """Whether a person has read and decided it; what is empty has its 0 without a reader, unless somebody gave it something."""
        return self.by_hand and not self.waits and (self.answered or bool(self.points) or bool(self.comment))

    @property
    def by_hand(self) -> bool:
        """Whether the source says that a person grades this cell."""
        return self.verdict is Verdict.BY_HAND


@dataclass(frozen=True)
class Totals:
    """Sums over marks, each counted once and the same way for every page, table and file.

    Attributes:
        earned, possible: points of the automatic checks of required parts, as far as they are decided.
        bonus, bonus_possible: the same of optional parts.
        given, given_possible: cells that a person has read and decided; an empty answer, which nobody reads, is not among them.
        by_hand_possible: cells that a person grades, read or not, empty ones included.
        waiting: points of the cells in which a person who grades has something to do.
        read: how many answers a person has read.
        unjudged: how many checks could not be judged.
    """

    earned: float
    possible: float
    bonus: float
    bonus_possible: float
    given: float
    given_possible: float
    by_hand_possible: float
    waiting: float
    read: int
    unjudged: int

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Totals:
        """Count."""
        marks = list(marks)
        required = [mark for mark in marks if not mark.by_hand and not mark.optional]
        optional = [mark for mark in marks if not mark.by_hand and mark.optional]
        read = [mark for mark in marks if mark.read]
        return cls(
            *_sums(required),
            *_sums(optional),
            *_sums(read),
            by_hand_possible=sum(mark.max_points for mark in marks if mark.by_hand),
            waiting=sum(mark.max_points for mark in marks if mark.waits),
            read=len(read),
            unjudged=sum(mark.verdict is Verdict.UNJUDGED for mark in marks),
        )


def _sums(marks: Iterable[Mark]) -> tuple[float, float]:
    marks = list(marks)
    return sum(mark.points or 0.0 for mark in marks), sum(mark.max_points for mark in marks)


@dataclass(frozen=True)
class Scorecard:
    """Every mark of one student, in the order of the notebook.

    Attributes:
        notes: what was put right or is odd about what was handed in, for the staff.
        told: those of the notes that stand on the student's page too.
        unopened: notebook -> why what was handed in for it could not be opened.
        absent: notebooks that were not handed in.
        handed_in: when, as the platform says.
        lateness: what the assignment's deadline makes of that; None for an assignment without one.
        flags: what a person of the staff should look at in the student's code. Never on the student's page, never points.
    """

    assignment: str
    student: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    unopened: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    handed_in: HandedIn = NOT_SAID
    lateness: Lateness | None = None

    @property
    def causes(self) -> dict[str, tuple[Mark, ...]]:
        """What went wrong first, where several checks follow from it -> those checks; what most follow from stands first."""
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            if mark.cause:
                found.setdefault(mark.cause, []).append(mark)
        several = [(cause, tuple(marks)) for cause, marks in found.items() if len(marks) > 1]
        return dict(sorted(several, key=lambda one: -len(one[1])))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the homework, in the order of the notebook."""
        return tuple(dict.fromkeys(mark.part for mark in self.marks))

    @property
    def totals(self) -> Totals:
        """The sums over all marks."""
        return Totals.of(self.marks)

    def of_part(self, part: str) -> tuple[Mark, ...]:
        """The marks of one part."""
        return tuple(mark for mark in self.marks if mark.part == part)


@dataclass(frozen=True)
class Aside:
    """What one student has in a cell that is no longer asked.

    Attributes:
        automatic, by_hand: points; None where there are none.
        assignment: whose cell it is, or was.
    """

    student: str
    notebook: str
    cell: str
    automatic: float | None
    by_hand: float | None
    max_points: float
    comment: str
    assignment: str = ""


@dataclass(frozen=True)
class HandGrade:
    """What the gradebook holds of one student's answer to one question.

    Attributes:
        automatic: its points without a person; None where a person has to look.
        given: points that a person gave; None where nobody has.
        extra: extra credit, on top of whatever else there is.
        asked: a person has to look: nobody has, or the work has changed since.
        answer: a digest of what the student wrote, as it was when it was last graded.
        rows: where nbgrader keeps it: its rows of the grade, the comment, the submitted notebook and the answer's cell.
    """

    student: str
    max_points: float
    automatic: float | None
    given: float | None
    extra: float
    asked: bool
    comment: str
    answer: str
    rows: tuple[str | None, ...]


@dataclass(frozen=True)
class Reading:
    """How far reading has come with one question.

    Attributes:
        waiting: how many answers a person has to look at.
        again: how many of them somebody has graded before.
        done: how many answers a person has graded.
        points: the sum of what was given for those.
    """

    waiting: int
    again: int
    done: int
    points: float

    def __str__(self) -> str:
        """In a few words."""
        mean = f", mean {self.points / self.done:.2f}" if self.done else ""
        return f"{self.done} read, {self.waiting} wait{mean}"
