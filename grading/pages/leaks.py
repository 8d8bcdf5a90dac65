"""What a release would give away -> the page that staff look at: both places of every leak, side by side. Never handed out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grading import display
from grading.files import write_text
from grading.pages.jinja import templates
from grading.resemblance import Leak, Piece, Text
from grading.settings import Assignment
from grading.workspace import Workspace

_MOST_LINES, _MOST_CHARS = 40, 300


def write_leaks(leaks: Sequence[Leak], assignment: Assignment, work: Workspace) -> Path:
    """Write the page; returns its path."""
    page = templates().get_template("leaks.html.j2").render(title=assignment.title, leaks=leaks, pieces=_pieces, name=display.line)
    write_text(work.leaks, page)
    return work.leaks


def _pieces(text: str) -> Text:
    """Line by line, as far as somebody reads."""
    rows = text.split("\n")
    return tuple(Piece(display.block(row, chars=_MOST_CHARS, lines=1)) for row in rows[:_MOST_LINES])
