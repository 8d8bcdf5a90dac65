"""The record files that a student handed in with a notebook, readable: what long cells measured, with its settings and curves.

Files are a stranger's: they are read up to a size and a depth, and what is in them becomes words and numbers, nothing else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from grading import display
from grading import notebook as nb
from grading.mark.question import Question
from grading.workspace import Workspace
from hw_lib.errors import RecordAltered, RecordMissing
from hw_lib.results import Record, Recorder

_MOST_BYTES = 4_000_000
_MOST_LINES = 60  # of one record
_DEEP = 6
_SHOWN = 8  # numbers of a list, from its beginning and its end
_CURVE = 5  # numbers from which on a list is drawn, too
_MOST = 20  # records of a part
_WHOLE = 2**63  # a number beyond is none that anybody measured
WIDTH, HEIGHT = 240, 48  # of a drawing
_POINTS = 200


@dataclass(frozen=True)
class Line:
    """One value of a record.

    Attributes:
        name: where it stands in the record.
        said: the value, in words.
        curve: the points of a drawing, as SVG has them, in a box of `WIDTH` by `HEIGHT`; empty where there is nothing to draw.
    """

    name: str
    said: str
    curve: str = ""


@dataclass(frozen=True)
class Recorded:
    """One record, or a file that is no record.

    Attributes:
        how: with which settings, in which time, on what.
        problem: why it cannot be believed or read; empty for a record as it was written.
    """

    name: str
    how: str
    lines: tuple[Line, ...] = ()
    problem: str = ""


def recorded(work: Workspace, question: Question, student: str, sources: Iterable[str]) -> list[Recorded]:
    """What a student recorded in a question's part.

    Args:
        work: where the assignment's files lie.
        question: whose part.
        student: whose files.
        sources: the code of that part; a record belongs to it that it names.
    """
    folder, said = work.submission(student), "\n".join(sources)
    return [one for path in nb.evidence(folder, question.notebook) for one in _of_file(path, folder, question, said)]


def _of_file(path: Path, folder: Path, question: Question, said: str) -> Iterator[Recorded]:
    recorder = Recorder(question.notebook, folder)
    size = path.stat().st_size if path.is_file() and not path.is_symlink() else -1
    if path.name != recorder.path.name or not 0 <= size <= _MOST_BYTES:
        if path.name in said or path.name == recorder.path.name:
            yield Recorded(path.name, f"{size / 1e6:.1f} MB" if size >= 0 else "", problem=_why_not(path, recorder, size))
        return
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        entries = None
    if not isinstance(entries, dict):
        yield Recorded(path.name, "", problem="the file holds no records")
        return
    named = (name for name in entries if re.search(rf"""["']{re.escape(name)}["']""", said))
    yield from (_record(recorder, name) for name in islice(named, _MOST))


def _why_not(path: Path, recorder: Recorder, size: int) -> str:
    if path.name != recorder.path.name:
        return ""
    return "larger than a record is" if size > _MOST_BYTES else "not a file"


def _record(recorder: Recorder, name: str) -> Recorded:
    shown = display.line(name, chars=80)
    try:
        record = recorder.read(name)
        return Recorded(shown, _how(record), tuple(_first(_lines("", record.value, 0))))
    except (RecordMissing, RecordAltered):
        return Recorded(shown, "", problem="changed after it was written: its checksum does not fit")
    except RecursionError:
        return Recorded(shown, "", problem="nested too deeply to be shown")


def _how(record: Record) -> str:
    on = [
        display.line(record.environment[key], chars=40)
        for key in ("device", "torch")
        if isinstance(record.environment.get(key), str)
    ]
    settings = [f"{key} = {_said(value)}" for key, value in record.settings.items()]
    pieces = [f"{record.seconds:g} s on {', '.join(on)}" if on else f"{record.seconds:g} s", record.data, *settings]
    return display.line("; ".join(piece for piece in pieces if piece), chars=600)


def _first(lines: Iterable[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count == _MOST_LINES:
            yield Line("…", "there is more")
            return
        yield line


def _lines(name: str, value: Any, depth: int) -> Iterator[Line]:
    """A value line by line, lists of numbers on one."""
    if isinstance(value, dict | list) and value and not _numbers(value) and depth < _DEEP:
        parts = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, part in parts:
            place = display.line(str(key), chars=60)
            yield from _lines(f"{name} / {place}" if name else place, part, depth + 1)
    else:
        yield Line(name, _said(value), _curve(value) if _numbers(value) and len(value) >= _CURVE else "")


def _numbers(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(type(one) is float or (type(one) is int and abs(one) < _WHOLE) for one in value)


def _said(value: Any) -> str:
    """A value in one line."""
    if type(value) is float:
        return f"{value:.6g}"
    if _numbers(value):
        shown = [f"{one:.4g}" for one in value]
        if len(shown) > _SHOWN:
            shown = [*shown[: _SHOWN // 2], "…", *shown[-_SHOWN // 2 :]]
        many = f"{len(value)} numbers from {min(value):.4g} to {max(value):.4g}: " if len(value) > _SHOWN else ""
        return many + ", ".join(shown)
    if isinstance(value, str):
        return display.line(value, chars=300)
    return display.line(json.dumps(value, ensure_ascii=False)[:300], chars=300)


def _curve(values: list[float]) -> str:
    step = max(1, math.ceil(len(values) / _POINTS))
    drawn = values[::step]
    low, high = min(drawn), max(drawn)
    if not math.isfinite(high - low):
        return ""
    scale = (high - low) or 1.0
    places = ((WIDTH * at / max(1, len(drawn) - 1), HEIGHT - HEIGHT * (one - low) / scale) for at, one in enumerate(drawn))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
