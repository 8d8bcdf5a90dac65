"""Who trained the best network: a ranking of what the students' records say, of those only that a test has verified.

The records are students' files: read as data, and nothing in them is believed before the test cell that checks it was passed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from grading import display
from grading.marks import Scorecard, Verdict
from grading.records import Submission
from grading.settings import Leaderboard
from grading.workspace import Workspace

_LARGEST = 5_000_000  # bytes of a file of records


@dataclass(frozen=True)
class Entry:
    """One student's result.

    Attributes:
        data: what was measured on; results on different data are ranked apart.
        shown: further numbers of the record, by name.
    """

    student: str
    data: str
    score: float
    shown: Mapping[str, float]


def entries(board: Leaderboard, cards: Iterable[Scorecard], submissions: Iterable[Submission], work: Workspace) -> list[Entry]:
    """Every verified result, by data, the best first.

    Args:
        board: which record, and which test vouches for it.
        cards: the scorecards of the class.
        submissions: what was handed in.
        work: where their files lie.
    """
    verified = {
        card.student
        for card in cards
        for mark in card.marks
        if mark.grade_id == board.test and mark.verdict in (Verdict.PASSED, Verdict.PARTIAL)
    }
    found = [_entry(board, sub.student, work) for sub in submissions if sub.student in verified]
    return sorted((entry for entry in found if entry), key=lambda entry: (entry.data, -entry.score, entry.student))


def _entry(board: Leaderboard, student: str, work: Workspace) -> Entry | None:
    path = work.submission(student) / f"{board.notebook}.results.json"
    try:
        if path.stat().st_size > _LARGEST:
            return None
        record = json.loads(path.read_bytes())[board.record]
        shown = {name: number for name in board.shown if (number := _number(record["value"].get(name))) is not None}
        score = _number(record["value"][board.score])
        data = record["data"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # the test has said so already
    return None if score is None else Entry(student, display.line(str(data), chars=40), score, shown)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def leaderboard_table(found: Iterable[Entry], board: Leaderboard, *, names: bool) -> Table:
    """The ranking, best first within each data set.

    Args:
        found: from `entries`.
        board: its settings.
        names: show who it is; without, only the ranks, to be shown to the class.
    """
    made = Table(box=box.SIMPLE_HEAD, title=f"Leaderboard: {board.title or board.record}", title_justify="left")
    for heading in ("", *(("student",) if names else ()), "measured on", board.score, *board.shown):
        made.add_column(heading, justify="left" if heading in ("student", "measured on") else "right")
    rank, data = 0, None
    for entry in found:
        rank, data = (1 if entry.data != data else rank + 1), entry.data
        numbers = [f"{entry.shown[name]:,g}" if name in entry.shown else "" for name in board.shown]
        who = (display.line(entry.student, chars=60),) if names else ()
        made.add_row(*(Text(word) for word in (f"{rank}.", *who, entry.data, f"{entry.score:.4g}", *numbers)))
    return made
