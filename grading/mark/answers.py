"""What students wrote: read from the restored notebooks, once, and again when one changes. Writes nothing, runs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from grading import notebook as nb
from grading.mark import normal
from grading.mark.question import Question
from grading.marks import Scorecard
from grading.pictures import pasted
from grading.workspace import Workspace


@dataclass(frozen=True)
class Written:
    """One answer.

    Attributes:
        pictures: pasted pictures, by the name that the text has for them: type and base64.
        beside: what the student wrote next to an answer that they left blank.
        problem: why what was handed in could not be opened, so that nobody takes it for an empty answer.
        key: the name of its normal form.
    """

    text: str
    pictures: dict[str, tuple[str, str]] = field(default_factory=dict)
    beside: str = ""
    problem: str = ""
    form: str = ""
    key: str = ""


class _Cell(msgspec.Struct):
    id: str = ""
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}
    attachments: dict[str, Any] = {}


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []


_read = msgspec.json.Decoder(_Notebook)
_Stamp = tuple[int, int]
_NOTHING = (0, 0)


class Answers:
    """Every answer of an assignment; what was read stays in memory until its file changes."""

    def __init__(self, work: Workspace, questions: Iterable[Question]) -> None:
        """Know where answers lie; nothing is read before it is asked for."""
        self._work = work
        self._cells: dict[str, set[str]] = {}
        for question in questions:
            self._cells.setdefault(question.notebook, set()).add(question.cell)
        self._files: dict[tuple[str, str], tuple[str, str]] = {}
        self._known: dict[tuple[str, str], tuple[tuple[_Stamp, _Stamp], dict[str, Written]]] = {}

    def of(self, question: Question, student: str) -> Written | None:
        """One student's answer as it is now; None where the notebook is gone or was never there."""
        place = student, question.notebook
        if place not in self._files:  # putting a path together takes longer than looking at the file
            self._files[place] = str(self._work.restored(*place)), str(self._work.scorecard(student))
        notebook, card = self._files[place]
        stamps = _stamp(notebook), _stamp(card)
        known = self._known.get(place)
        if known is None or known[0] != stamps:
            known = stamps, _answers(Path(notebook), Path(card), question.notebook, self._cells[question.notebook])
            self._known[place] = known
        return known[1].get(question.cell)


def _answers(notebook: Path, card: Path, name: str, wanted: set[str]) -> dict[str, Written]:
    said = _card(card)
    if said is not None and name in said.unopened:  # an older notebook may lie there
        return {cell: Written("", problem=said.unopened[name]) for cell in wanted}
    try:
        cells = _read.decode(notebook.read_bytes()).cells
    except (OSError, msgspec.DecodeError):
        return {}
    beside = {mark.grade_id: mark.got for mark in said.marks if mark.by_hand and mark.notebook == name} if said else {}
    found = {}
    for place, cell in enumerate(cells):
        cell_id = str(cell.metadata.get("nbgrader", {}).get("grade_id", "")) if "nbgrader" in cell.metadata else ""
        if cell_id in wanted:
            text = _task(cells, place) if cell.metadata["nbgrader"].get("task") else _source(cell)
            pictures = pasted(cell.attachments)
            more = beside.get(cell_id, "")
            whole = f"{text}\n\n{more}" if more else text
            drawn = [data for _, data in pictures.values()]
            found[cell_id] = Written(text, pictures, more, "", normal.normal_form(whole, drawn), normal.key(whole, drawn))
    return found


def _source(cell: _Cell) -> str:
    return cell.source if isinstance(cell.source, str) else "".join(cell.source)


def _task(cells: list[_Cell], place: int) -> str:
    """What a student did for a task: the cells of their own below it, code in fences."""
    below = nb.done_below([{"id": cell.id, "source": _source(cell)} for cell in cells], place)
    kinds = {cell.id: cell.cell_type for cell in cells}
    return "\n\n".join(f"```python\n{cell['source']}\n```" if kinds[cell["id"]] == "code" else cell["source"] for cell in below)


def _card(path: Path) -> Scorecard | None:
    """What `hw grade` said; its marks quote what stands next to answers that are blank."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Scorecard)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None


def work_cells(work: Workspace, question: Question, student: str) -> list[nb.Cell]:
    """The cells of the same part of the student's executed notebook, outputs included; without the answer itself."""
    try:
        raw = msgspec.json.decode(work.formgrader(student, question.notebook).read_bytes())
    except (OSError, msgspec.DecodeError):
        return []
    found: list[nb.Cell] = []
    here = False
    for cell in raw.get("cells", ()):
        cell = {**cell, "source": "".join(cell.get("source", ""))}
        known = nb.grade_id(cell)
        here = known in question.siblings if known else here
        if here and known != question.cell and cell.get("cell_type") == "code":
            found.append(cell)
    return found


def _stamp(path: str) -> _Stamp:
    try:
        found = os.stat(path)  # noqa: PTH116  a thousand times when a class is looked at
    except OSError:
        return _NOTHING
    return found.st_mtime_ns, found.st_size
