"""The frozen records that stages hand to each other, and how they lie on disk.

Every stage takes a record and returns the next one: Submission -> Restored -> Execution -> Scorecard (`marks`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grading.deadline import NOT_SAID, HandedIn
from grading.files import write_bytes
from hw_lib.errors import explain

Record = TypeVar("Record")


class GradingError(Exception):
    """Something the staff can fix. The CLI prints it and ends."""

    def __init__(self, what: str, *, expected: object = "", got: object = "", fix: object = "") -> None:
        """Write the message in the format of `hw_lib.errors.explain`; the arguments are the same."""
        super().__init__(explain(what, expected=expected, got=got, fix=fix))


class PipelineError(GradingError):
    """A stage was asked for before the one it needs."""


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
        told: those of the notes that the student reads too: which of the files count.
        handed_in: when, as the platform says.
        refused: notebook name -> why what was handed in for it could not be kept ("work.zip is not a zip"): a person has to look.
    """

    assignment: str
    student: str
    notebooks: dict[str, str]
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    handed_in: HandedIn = NOT_SAID


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
        python: the version that the notebook was written with, as its editor says; empty where it does not.
        notes: what was put right and what a person has to look at, one sentence each.
        told: those of the notes that the student reads too: what was put right.
        flags: what a person of the staff should look at in the student's code, one sentence each.
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
    flags: tuple[str, ...] = ()
    python: str = ""
    not_asked: tuple[str, ...] = ()
    perhaps_not_asked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


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
        changed_inputs: a function of the student's changed an array or a list that a trusted test had given it a copy of.
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
    changed_inputs: bool = False


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

    @property
    def unfinished(self) -> bool:
        """Whether the grader could not do all of its work: it is tried again, and never stored as the last word."""
        return bool(self.fault) or any(run.status is CellStatus.LOST for run in self.cells)


def readable(record: Any) -> bytes:
    """A record as JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def save(path: Path, record: Any) -> None:
    """Write a record as readable JSON."""
    write_bytes(path, readable(record))


def load(path: Path, kind: type[Record]) -> Record:
    """Read a record back; a file that does not fit raises `msgspec.ValidationError`."""
    return msgspec.json.decode(path.read_bytes(), type=kind)
