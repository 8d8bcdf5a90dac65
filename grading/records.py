"""The frozen records that stages hand to each other, and how they lie on disk.

Every stage takes a record and returns the next one: Submission -> Restored -> Execution -> Scorecard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grading.files import write_bytes
from hw_lib.errors import explain

Record = TypeVar("Record")


class GradingError(Exception):
    """Something the staff can fix. The CLI prints it and ends."""

    def __init__(self, what: str, *, expected: object = "", got: object = "", fix: object = "") -> None:
        """Write the message in the format of `hw_lib.errors.explain`; the arguments are the same."""
        super().__init__(explain(what, expected=expected, got=got, fix=fix))


class Verdict(StrEnum):
    """What became of one graded cell. A grader's fault is UNJUDGED, never a student's zero."""

    PASSED = "PASSED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    UNJUDGED = "UNJUDGED"
    BY_HAND = "BY HAND"


class ErrorKind(StrEnum):
    """Errors that the grader itself names; every other name of an error is that of an exception class.

    The programs in `inside` write the values, which students and staff read in a notebook.
    """

    KERNEL_DIED = "KernelDied"  # the student's process is gone
    CELL_TIMEOUT = "CellTimeout"  # interrupted at the cell limit
    NOT_RUN = "NotRun"
    TEST_LOST = "TestLost"  # the trusted process did not survive
    NEEDS_PERSON = "NeedsPerson"  # a test that cannot decide: an accident or a fraud
    CHECK_FAILED = "CheckFailed"
    ASSERTION = "AssertionError"
    RECORD_MISSING = "RecordMissing"
    RECORD_ALTERED = "RecordAltered"
    NOT_IMPLEMENTED = "NotImplementedError"
    NAME = "NameError"
    MEMORY = "MemoryError"


# errors whose message explains itself: a check of ours, a record, or a plain assertion
EXPLAINED = (ErrorKind.CHECK_FAILED, ErrorKind.RECORD_MISSING, ErrorKind.RECORD_ALTERED, ErrorKind.ASSERTION)


@dataclass(frozen=True)
class Submission:
    """What one student handed in, copied to a folder of its own.

    Attributes:
        notebooks: notebook name -> file name in the student's folder; a notebook that was not handed in is missing.
        files: every other file that was kept (records beside the notebook, helper modules).
        notes: what staff should know, one sentence each ("2 notebooks of this name; the newest was taken").
        refused: notebook name -> why what was handed in for it could not be kept ("work.zip is not a zip"): a person has to look.
    """

    assignment: str
    student: str
    notebooks: dict[str, str]
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Restored:
    """One notebook of one submission with its locked cells, hidden tests and points back from the source.

    Attributes:
        answered: grade ids of the solution cells whose source differs from the release.
        answers: a digest of every solution cell by its grade id.
        unmatched: grade ids of answers that were not found, while cells of the student's own may hold them.
        beside: grade ids of answers that are blank -> what the student wrote beside them, which a person reads.
        not_asked: grade ids of tasks that the edition which the student worked on does not have: they are not charged.
        perhaps_not_asked: the same, where the notebook does not say its edition: a person has to look.
        notes: what was put right, one sentence each.
        problem: why there is nothing to run (no notebook, not a notebook); empty otherwise.
        unreadable: the file is there but damaged: a person has to look.
    """

    assignment: str
    student: str
    notebook: str
    answered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    unreadable: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    beside: dict[str, str] = field(default_factory=dict)
    not_asked: tuple[str, ...] = ()
    perhaps_not_asked: tuple[str, ...] = ()


class CellStatus(StrEnum):
    """How a cell's run ended."""

    DONE = "done"
    ERROR = "error"  # an exception, or code that does not parse
    TIMEOUT = "timeout"  # interrupted at the cell limit
    DIED = "died"  # took the whole process with it
    NOT_RUN = "not run"
    LOST = "lost"  # the trusted process failed in this test: a grader's fault


@dataclass(frozen=True)
class CellRun:
    """What happened in one code cell. The outputs are nbformat's, as plain data.

    Attributes:
        value: what the last expression of the cell was, if it was a plain int or float.
        odd_value: the type's name, if it was anything else but None.
        in_student_code: the error of a test was raised by a function of the student's that the test called.
    """

    cell_id: str
    status: CellStatus
    outputs: tuple[dict[str, Any], ...] = ()
    error_name: str = ""
    error_message: str = ""
    value: float | None = None
    odd_value: str = ""
    seconds: float = 0.0
    in_student_code: bool = False


@dataclass(frozen=True)
class Execution:
    """One notebook, run in the sandbox.

    Attributes:
        fault: why the sandbox could not do its work; a grader's fault. Empty when it ran.
    """

    assignment: str
    student: str
    notebook: str
    cells: tuple[CellRun, ...] = ()
    fault: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Mark:
    """The result of one graded cell.

    Attributes:
        part: the part of the homework, the letters before the first underscore of the grade id.
        points: what was earned; None while a person has to decide.
        reason: one line for the staff's table; says something for every verdict but PASSED.
        cause: the earlier cell that went wrong first, and how, where the failure follows from it; many marks can have one cause.
        what, expected, got, fix: the explanation for the student, as `hw_lib.errors` formats it; empty where not known.
        answered: for cells graded by hand, whether the student wrote anything.
        answer: a digest of what the student wrote: in this cell, or for a test in the cells of its part.
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

    @property
    def undecided(self) -> bool:
        """Whether a person has to look: a check could not be judged, or the work has changed since somebody graded it."""
        return self.again or self.verdict is Verdict.UNJUDGED

    @property
    def waits(self) -> bool:
        """Whether a person who grades has something to do here, in a cell that a person grades."""
        return self.by_hand and (self.points is None or self.again)

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
        given, given_possible: cells that a person grades and that are decided; an empty answer is, with nobody having read it.
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
    waiting: float
    read: int
    unjudged: int

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Totals:
        """Count."""
        marks = list(marks)
        required = [mark for mark in marks if not mark.by_hand and not mark.optional]
        optional = [mark for mark in marks if not mark.by_hand and mark.optional]
        decided = [mark for mark in marks if mark.by_hand and not mark.waits]
        return cls(
            *_sums(required),
            *_sums(optional),
            *_sums(decided),
            waiting=sum(mark.max_points for mark in marks if mark.waits),
            read=sum(mark.answered or bool(mark.points) for mark in decided),
            unjudged=sum(mark.verdict is Verdict.UNJUDGED for mark in marks),
        )


def _sums(marks: Iterable[Mark]) -> tuple[float, float]:
    marks = list(marks)
    return sum(mark.points or 0.0 for mark in marks), sum(mark.max_points for mark in marks)


@dataclass(frozen=True)
class Scorecard:
    """Every mark of one student, in the order of the notebook."""

    assignment: str
    student: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...] = ()

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
    """

    student: str
    notebook: str
    cell: str
    automatic: float | None
    by_hand: float | None
    max_points: float
    comment: str


def save(path: Path, record: Any) -> None:
    """Write a record as readable JSON."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")


def load(path: Path, kind: type[Record]) -> Record:
    """Read a record back; a file that does not fit raises `msgspec.ValidationError`."""
    return msgspec.json.decode(path.read_bytes(), type=kind)
