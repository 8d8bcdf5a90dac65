"""What course.toml and the command line set: assignments, limits, how submissions are run."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.deadline import Deadline


@dataclass(frozen=True)
class Limits:
    """What one submission may use; course.toml explains each figure."""

    wall_s: float
    cell_s: float
    cpu_s: int
    memory_mb: int
    processes: int
    open_files: int
    file_mb: int
    work_mb: int
    output_mb: float
    restarts: int


@dataclass(frozen=True)
class Leaderboard:
    """A ranking of one record of a notebook.

    Attributes:
        notebook: whose records.
        record: the record's name.
        score: the entry of its value that is ranked, the largest first.
        test: the test cell that verifies the record.
        shown: further entries to show.
        title: what the ranking is called.
    """

    notebook: str
    record: str
    score: str
    test: str
    shown: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Assignment:
    """One assignment of course.toml. Points stand in the notebooks' cells, where nbgrader reads them.

    Attributes:
        strip: patterns of files of hw_lib whose solution regions students do not get; those named whole are its own exercises.
        ship_solutions: patterns of files of hw_lib with solution regions that students get whole, on purpose.
        optional: parts whose points come on top of the others.
        audit_allow: lines of solutions that may stand in a release: they give nothing away.
        exposed_attributes: class name -> attributes that a test may ask the student's objects of that class for.
        in_student_process: test cells that can only run in the student's own process; what they earn can be faked.
        free_tests: test cells that give points to a notebook in which nothing was answered, on purpose.
        hidden_library_files: patterns of files of hw_lib that students have, and that are empty shells while they are graded.
        hidden_packages: notebook -> installed packages that are not there while it is graded.
        leaderboard: what `hw report` ranks; None for nothing.
        formerly: what the assignment was called before it was renamed; what people gave under that name is taken over.
        deadline: until when work is on time, and what later work is worth; None for no deadline.
        again_by: until when a notebook that could not be opened may be handed in again, in words ("Friday, 12:00").
    """

    name: str
    title: str
    notebooks: tuple[str, ...]
    strip: tuple[str, ...]
    optional: tuple[str, ...]
    limits: Limits
    audit_allow: tuple[str, ...] = ()
    exposed_attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_student_process: tuple[str, ...] = ()
    hidden_library_files: tuple[str, ...] = ()
    hidden_packages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leaderboard: Leaderboard | None = None
    again_by: str = ""
    ship_solutions: tuple[str, ...] = ()
    free_tests: tuple[str, ...] = ()
    formerly: str = ""
    deadline: Deadline | None = None


@dataclass(frozen=True)
class Shard:
    """Every n-th submission, beginning with the i-th: 1/3, 2/3, 3/3 are a whole class."""

    number: int
    of: int


@dataclass(frozen=True)
class RunOptions:
    """How submissions are run.

    Attributes:
        sandbox: False runs students' code with the grader's own rights.
        warm: False starts each submission from nothing instead of forking it from a process that has imported everything.
        jobs: submissions at the same time on this machine.
        scheduler: the address of a Dask scheduler whose workers run the submissions; empty for this machine.
        shard: run only this share, and write no gradebook.
    """

    sandbox: bool = True
    warm: bool = True
    jobs: int = 1
    scheduler: str = ""
    shard: Shard | None = None


def read_jobs(text: str) -> int:
    """How many submissions at the same time, as it is typed."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of submissions such as 1 or 8")
    return int(text)


def read_shard(text: str) -> Shard:
    """A share of the class, as it is typed: 1/3."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a share such as 1/3, 2/3 or 3/3")
    return Shard(int(found[1]), int(found[2]))


# what verbs take on the command line besides the assignment
ARGUMENTS: dict[str, dict[str, Any]] = {
    "source": {"type": Path, "help": "the class: a folder or a zip"},
    "--jobs": {"type": read_jobs, "metavar": "N", "help": "submissions at the same time (default: course.toml)"},
    "--no-sandbox": {"action": "store_true", "help": "run students' code without isolation: dangerous"},
    "--cold": {"action": "store_true", "help": "start every submission from nothing instead of forking it: slow"},
    "--scheduler": {
        "default": "",
        "metavar": "tcp://HOST:8786",
        "help": "run submissions on this Dask cluster (docs/fleet.md)",
    },
    "--shard": {
        "type": read_shard,
        "metavar": "I/N",
        "help": "run every N-th submission only, beginning with the I-th, and write no gradebook (docs/fleet.md)",
    },
    "--student": {"help": "show every cell of this student"},
    "--names": {"action": "store_true", "help": "say in the leaderboard who it is"},
    "--db": {"metavar": "URL", "help": "the gradebook, for example postgresql://… (default: course.toml)"},
    "--port": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "where the pages are (default: 8899, or the next that is free)",
    },
    "--no-browser": {"action": "store_true", "help": "only say the address; for a machine you are logged in to from elsewhere"},
    "--to-csv": {"type": Path, "metavar": "FILE", "help": "write the answers that wait, without names, instead of opening pages"},
    "--from-csv": {"type": Path, "metavar": "FILE", "help": "take proposals for them: items and comments, for people to look at"},
    "--rubric": {"action": "store_true", "help": "say the rubrics that were changed in the pages, for the source notebook"},
}
