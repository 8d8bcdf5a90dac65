"""An executed notebook, made safe to open: what staff see in the formgrader runs nothing that a student wrote.

The formgrader puts a notebook's HTML into a page of the notebook server, where a script could do all that its reader may do. So
outputs keep text and pictures only, and text that a student could write keeps no HTML and no links but plain ones. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from grading import display
from grading import notebook as nb
from grading.pictures import KINDS

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=\s*\(\s*(?P<target>[^\s)]*))")
_DEFINITION = re.compile(r"\](?=\s*:)")


def sanitize_notebook(notebook: nb.Notebook) -> nb.Notebook:
    """The notebook without anything that could run where it is shown; the author's locked cells stay as they are."""
    return {**notebook, "cells": [_safe_cell(cell) for cell in notebook["cells"]]}


def text(source: str, pictures: Container[str] = ()) -> str:
    """Markdown that somebody else wrote, without tags, its links to web pages, places in the notebook and pasted pictures only."""

    def link(found: re.Match[str]) -> str:
        target = found["target"]
        pasted = target.startswith("attachment:") and target.removeprefix("attachment:") in pictures
        return "]" if pasted or target.startswith(("https://", "http://", "#")) else r"\]"

    return _DEFINITION.sub(r"\\]", _LINK.sub(link, _TAG.sub("&lt;", source)))


def _safe_cell(cell: nb.Cell) -> nb.Cell:
    if cell["cell_type"] == "code":
        outputs = [_safe_output(output) for output in cell.get("outputs", ())]
        return {**cell, "outputs": [output for output in outputs if output]}
    if nb.is_locked(cell):
        return cell
    if cell["cell_type"] == "raw":  # it would be put into the page as it is; code is shown, coloured, as text
        return {"cell_type": "code", "id": cell["id"], "metadata": {}, "source": cell["source"]}
    pasted = {name: kept for name, data in cell.get("attachments", {}).items() if (kept := _pictures(data))}
    return {**cell, "source": text(cell["source"], pasted), "attachments": pasted}


def _safe_output(output: dict[str, Any]) -> dict[str, Any]:
    """A stream and an error are text already; of everything else the plain text and the pictures are kept."""
    data = output.get("data")
    if not isinstance(data, dict):
        return output
    kept = _pictures(data) | {kind: value for kind, value in data.items() if kind == "text/plain" and _is_text(value)}
    return {**output, "data": kept, "metadata": _alternatives(output.get("metadata"), kept)} if kept else {}


def _alternatives(metadata: object, kept: dict[str, Any]) -> dict[str, Any]:
    """What a picture says in words; the template escapes it, and nothing else of the metadata stays."""
    known = metadata if isinstance(metadata, dict) else {}
    said = {kind: known[kind].get("alt") for kind in kept if isinstance(known.get(kind), dict)}
    return {kind: {"alt": display.line(text, chars=600)} for kind, text in said.items() if isinstance(text, str) and text.strip()}


def _pictures(data: dict[str, Any]) -> dict[str, Any]:
    return {kind: value for kind, value in data.items() if kind in KINDS and _is_text(value) and _BASE64.fullmatch(_joined(value))}


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
