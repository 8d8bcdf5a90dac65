"""Cache of executions, keyed by a hash of all inputs (`job.Job.key`)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grading.files import write_bytes
from grading.records import Execution


def load(path: Path, key: str) -> Execution | None:
    """The execution that is stored under this key; None if there is none, or the file is damaged."""
    try:
        found, _, data = path.read_bytes().partition(b"\n")
        return msgspec.json.decode(data, type=Execution) if found.decode() == key else None
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


def store(path: Path, key: str, execution: Execution) -> None:
    """Store an execution, unless the grader was at fault: that one is to be tried again."""
    if not execution.fault:
        write_bytes(path, key.encode() + b"\n" + msgspec.json.encode(execution) + b"\n")
