"""The pictures of a notebook as it was handed in, for those that were not drawn while it was graded. Pure; runs nothing.

What a student hands in is theirs to change: a picture of theirs is shown as such, and `hw grade --draw` makes one of our own.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grading import notebook as nb

_PNG = b"\x89PNG\r\n\x1a\n"
_DOT_CHARS, _ONE_BY_ONE = 1_000, b"\0\0\0\1\0\0\0\1"  # width and height, which follow a PNG's first sixteen bytes
_MOST_BYTES, _MOST = 3_000_000, 200  # of one picture; pictures of one cell
HANDED_IN = "The picture above is the one that was handed in: figures are not drawn while grading. `hw grade … --draw` draws them."
MISSING = "A picture, which was not drawn while grading and was not handed in. `hw grade … --draw` draws it."

Output = dict[str, Any]


class _Output(msgspec.Struct):
    data: dict[str, Any] = {}


class _Cell(msgspec.Struct):
    cell_type: str = ""
    id: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}
    outputs: list[_Output] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []


class Pictures:
    """What the cells of a notebook showed when it was handed in."""

    def __init__(self, handed_in: bytes) -> None:
        """Read a notebook; one that cannot be read has no pictures."""
        self._of: dict[str, tuple[str, ...]] = {}
        try:
            cells = msgspec.json.decode(handed_in, type=_Notebook).cells
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            cells = []
        for cell in cells:
            if shown := tuple(picture for output in cell.outputs[: 2 * _MOST] if (picture := _picture(output.data)))[:_MOST]:
                for name in _names(cell.id, cell.source, cell.metadata):
                    self._of.setdefault(name, shown)

    def of(self, cell: nb.Cell) -> tuple[str, ...]:
        """Those of a restored cell, found by its id, or by what it says."""
        names = _names(cell["id"], cell["source"], cell["metadata"])
        return next((self._of[name] for name in names if name in self._of), ())


def put_back(outputs: Sequence[Output], handed_in: Sequence[str]) -> list[Output]:
    """The outputs of a cell with a picture of the student's wherever one was not drawn, in the order in which they were shown."""
    waiting, shown = iter(handed_in), []
    for output in outputs:
        if not is_dot(output):
            shown.append(output)
            continue
        picture = next(waiting, None)
        kept = {kind: value for kind, value in output["data"].items() if kind != "image/png"}
        if picture is not None:
            shown += [{**output, "data": {**kept, "image/png": picture}}, _note(HANDED_IN)]
        else:
            shown += [{**output, "data": kept}] if kept else []
            shown += [_note(MISSING)]
    return shown


def is_dot(output: Mapping[str, Any]) -> bool:
    """Whether an output stands for a figure that was not drawn: a picture one pixel wide and high (`inside/undrawn.py`)."""
    data = output.get("data")
    said = data.get("image/png") if isinstance(data, dict) else None
    small = said if isinstance(said, str) and len(said) < _DOT_CHARS else ""
    return base64.b64decode(_picture({"image/png": small}))[16:24] == _ONE_BY_ONE


def _note(text: str) -> Output:
    return {"output_type": "stream", "name": "stdout", "text": f"({text})\n"}


def _names(cell_id: str, source: str | list[str], metadata: Mapping[str, Any]) -> list[str]:
    """What a cell may be found by, the surest first."""
    marks = metadata.get("nbgrader")
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    text = source if isinstance(source, str) else "".join(source)
    return [f"id {name}" for name in (grade_id, cell_id) if isinstance(name, str) and name] + [f"text {text.strip()}"]


def _picture(data: Mapping[str, Any]) -> str:
    """A PNG as base64 without gaps, or an empty text."""
    said = data.get("image/png")
    if isinstance(said, list) and all(isinstance(part, str) for part in said):
        said = "".join(said)
    if not isinstance(said, str) or not 0 < len(said) <= _MOST_BYTES:
        return ""
    said = "".join(said.split())
    try:
        return said if base64.b64decode(said, validate=True).startswith(_PNG) else ""
    except (binascii.Error, ValueError):
        return ""
