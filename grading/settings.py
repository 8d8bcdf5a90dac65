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
    """What one submission may use, where course.toml says nothing else; the one of this repository explains each figure."""

    wall_s: float = 180
    cell_s: float = 20
    cpu_s: int = 180
    memory_mb: int = 3000
    processes: int = 64
    open_files: int = 256
    file_mb: int = 50
    work_mb: int = 200
    output_mb: float = 2
    restarts: int = 2


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
        parts: the name of a part -> patterns of its grade ids, where neither the ids nor the headings say it.
        files: data, pictures, helpers in the notebooks' folder that every hand-out has; graded is the author's copy.
        student_files: files that students are to change, handed out as they are in the notebooks' folder; graded is the student's.
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
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    student_files: tuple[str, ...] = ()
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
        draw: draw the figures that notebooks show; without it staff see those that were handed in.
    """

    sandbox: bool = True
    warm: bool = True
    jobs: int = 1
    scheduler: str = ""
    shard: Shard | None = None
    draw: bool = False


@dataclass(frozen=True)
class Regrade:
    """What of an earlier grading may change.

    Attributes:
        dry_run: nothing: only say what would.
        only_up: a mark that was better before stays as it was.
        student: this one's marks alone; empty for everybody's.
        part: marks of this part alone; empty for all.
    """

    dry_run: bool = False
    only_up: bool = False
    student: str = ""
    part: str = ""


def read_jobs(text: str) -> int:
    """How many submissions at the same time, as it is typed."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of submissions such as 1 or 8")
    return int(text)


def read_minutes(text: str) -> int:
    """How long a platform lets a grading run, as it is typed."""
    if not text.isdecimal() or not 1 <= int(text) <= 40:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 40")
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
    "--minutes": {
        "type": read_minutes,
        "default": 10,
        "metavar": "N",
        "help": "how long the platform lets it run, as set there (default: 10, as Gradescope does; at most 40)",
    },
    "--jobs": {"type": read_jobs, "metavar": "N", "help": "submissions at the same time (default: course.toml)"},
    "--draw": {"action": "store_true", "help": "draw the figures of the notebooks, instead of showing those that were handed in"},
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
    "--student": {"metavar": "NAME", "default": "", "help": "this student alone; a report shows every cell"},
    "--dry-run": {"action": "store_true", "help": "only say what would change; the gradebook and the table stay as they are"},
    "--only-up": {"action": "store_true", "help": "keep the better of the earlier and the new result of each check"},
    "--told": {
        "metavar": "DATE",
        "default": "",
        "help": "what students were told until that day, for example 2026-11-27, and what changed since",
    },
    "--part": {"metavar": "NAME", "default": "", "help": "this part of the homework alone, for example d"},
    "--sort": {
        "metavar": "ORDER",
        "default": "look",
        "help": "look (who needs one, first: the default), name, points, waiting, or a part: the fewest points first",
    },
    "--needs-look": {"action": "store_true", "help": "only students whom a person should look at: ? and ⚑"},
    "--sections": {"type": Path, "metavar": "FILE", "help": "a CSV with the columns student and section: compare sections, too"},
    "--names": {"action": "store_true", "help": "say in the leaderboard who it is"},
    "--cell": {"metavar": "GRADE_ID", "default": "", "help": "the cell that it is about, for example b_test"},
    "--say": {"metavar": "TEXT", "default": "", "help": "write down what the student asks: with --student and --cell"},
    "--answer": {"metavar": "TEXT", "default": "", "help": "close it without changing points: with --student and --cell"},
    "--by": {"metavar": "NAME", "default": "", "help": "your name (default: as you are logged in)"},
    "--canvas": {"type": Path, "metavar": "GRADEBOOK.csv", "help": "fill in the gradebook that you downloaded from Canvas"},
    "--moodle": {
        "type": Path,
        "metavar": "WORKSHEET.csv",
        "help": "fill in Moodle's grading worksheet, and pack feedback pages",
    },
    "--gradescope": {"type": Path, "metavar": "GRADES.csv", "help": "fill in the grades that you downloaded from Gradescope"},
    "--column": {"metavar": "HEADING", "default": "", "help": "the column to fill in, if it is not called as the homework"},
    "--roster": {"type": Path, "metavar": "FILE", "help": "a CSV that says who is who: student, and what the platform calls them"},
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
