"""Executions that need not be repeated: each is kept under a hash of everything that went into it (`job.Job.key`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from grading.records import Execution, Restored, load, save


@dataclass(frozen=True)
class _Kept:
    """An execution and the hash of what went into it."""

    key: str
    execution: Execution


def has(build: Path, record: Restored, key: str) -> bool:
    """Whether an execution is kept under this hash, whole and readable."""
    try:
        return load(_path(build, record), _Kept).key == key
    except (OSError, msgspec.DecodeError):
        return False


def get(build: Path, record: Restored) -> Execution:
    """The execution that is kept for this notebook."""
    return load(_path(build, record), _Kept).execution


def keep(build: Path, record: Restored, key: str, execution: Execution) -> None:
    """Keep an execution, unless the grader was at fault: that one is to be tried again."""
    if not execution.fault:
        save(_path(build, record), _Kept(key, execution))


def _path(build: Path, record: Restored) -> Path:
    return build / record.assignment / "execute" / f"{record.student}.{record.notebook}.json"
