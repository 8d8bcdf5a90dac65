"""Records and trained weights that several students handed in: the same file cannot come from two computers.

A record holds how long it took, to the millisecond. The same values alone say nothing: the seeds are given, and two machines of one
kind compute the same. One short record can be the same by chance; two cannot.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from grading.records import Submission
from grading.resemblance import SameEvidence
from grading.workspace import Workspace

_RECORDS, _WEIGHTS = ".results.json", ".pt"
_LARGEST = 50_000_000  # bytes; no homework's evidence is larger
_YEAR_S = 3e7  # nobody measures for longer
_LONG_S = 2.0  # a single record that took less is no evidence: of many students two will have the same millisecond


def same_evidence(submissions: Iterable[Submission], work: Workspace) -> list[SameEvidence]:
    """Find records and weights that more than one student handed in, the largest circle of students first."""
    weights: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # students in their order, each once
    records: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for submission in submissions:
        for name in sorted({*submission.files}):
            path = work.submission(submission.student) / name
            if name.endswith(_WEIGHTS) and 0 < path.stat().st_size <= _LARGEST:
                weights[path.name, hashlib.sha256(path.read_bytes()).hexdigest()][submission.student] = None
            elif name.endswith(_RECORDS):
                for record, digest in _digests(path):
                    records[path.name, record, digest][submission.student] = None
    found = [SameEvidence(file, (), tuple(students)) for (file, _), students in weights.items() if len(students) > 1]
    return sorted([*found, *_by_students(records)], key=lambda same: (-len(same.students), same.file))


def _by_students(records: dict[tuple[str, str, str], dict[str, None]]) -> list[SameEvidence]:
    """Records that the same students share, in one line."""
    shared: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (file, record, _), students in records.items():
        if len(students) > 1:
            shared[file, tuple(students)].append(record)
    return [SameEvidence(file, tuple(names), students) for (file, students), names in shared.items()]


def _digests(path: Path) -> list[tuple[str, str]]:
    """The records of a file and a digest of each; nothing for a file that holds none, or records that say nothing."""
    if path.stat().st_size > _LARGEST:
        return []
    try:
        entries = json.loads(path.read_bytes())
        return _told(entries if isinstance(entries, dict) else {})
    except (ValueError, RecursionError, MemoryError):  # no JSON, or nested too deeply to be read or written again
        return []


def _told(entries: dict[str, object]) -> list[tuple[str, str]]:
    """As above, of what the file holds."""
    records = {name: entry for name, entry in entries.items() if isinstance(entry, dict)}
    told = {name: _seconds(entry) for name, entry in records.items()}
    if sum(seconds > 0 for seconds in told.values()) < 2 and max(told.values(), default=0.0) < _LONG_S:
        return []
    return [(name, _digest(entry)) for name, entry in records.items() if told[name] > 0]


def _seconds(entry: dict[str, object]) -> float:
    seconds = entry.get("seconds")
    # a whole number of a text can be larger than any float
    return float(min(seconds, _YEAR_S)) if isinstance(seconds, int | float) and not isinstance(seconds, bool) else 0.0


def _digest(entry: dict[str, object]) -> str:
    """Of what the record says, not of what it says of itself: a digest that somebody wrote into it proves nothing."""
    said = {name: value for name, value in entry.items() if name in ("name", "value", "seconds")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace")).hexdigest()
