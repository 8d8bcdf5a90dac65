"""Cache of executions, keyed by a hash of all inputs (`job.Job.key`). A file holds the key on its first line, then the record."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grading.files import write_bytes
from grading.records import Execution


def load(path: Path, key: str) -> Execution | None:
    """The execution that is stored under this key; None if there is none, or the file is damaged."""
    found, execution = read(path)
    return execution if found == key else None


def read(path: Path) -> tuple[str, Execution | None]:
    """Whatever is stored, and its key; None if there is nothing, or the file is damaged."""
    try:
        key, _, data = path.read_bytes().partition(b"\n")
        return key.decode(), msgspec.json.decode(data, type=Execution)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return "", None


def store(path: Path, key: str, execution: Execution) -> None:
    """Store an execution, unless the grader could not finish it: that one is to be tried again."""
    if not execution.unfinished:
        write_bytes(path, key.encode() + b"\n" + msgspec.json.encode(execution) + b"\n")
