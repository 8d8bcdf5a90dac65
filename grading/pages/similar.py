"""What is alike in a class -> the page that staff look at, one HTML file that needs nothing else, and lines for the terminal.

Never handed out: it holds what several students wrote. Every text in it is a stranger's, cleaned where it was cut and escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grading import display
from grading.files import write_text
from grading.pages.jinja import templates
from grading.resemblance import AlikeCell, Pair, Resemblances, SameEvidence
from grading.settings import Assignment
from grading.workspace import Workspace

_MOST_NAMES = 12  # students on one line of the terminal
_MOST_LINES = 15


def write_similar(found: Resemblances, assignment: Assignment, work: Workspace) -> Path:
    """Write the page; returns its path."""
    page = templates().get_template("similar.html.j2")
    text = page.render(title=assignment.title, found=found, name=_name, place=_place, percent=_percent, evidence=_evidence)
    write_text(work.similar, text)
    return work.similar


def similar_lines(found: Resemblances) -> list[str]:
    """What to say on the terminal: pairs with their cells, groups, copies of the library, shared records."""
    copies = [f"library    {_name(copy.student)}: {display.line(copy.said)}" for copy in found.copies]
    pairs = [f"pair       {_name(pair.left)} and {_name(pair.right)}: {_cells(pair)}" for pair in found.pairs]
    groups = [f"group      {_names(group.students)}" for group in found.groups if len(group.students) > 2]
    return [line for lines in (copies, evidence_lines(found.evidence), groups, pairs) for line in _first(lines)]


def evidence_lines(evidence: Iterable[SameEvidence]) -> list[str]:
    """Records and weights that several students handed in, one line for each circle of students."""
    return _first([f"same file  {_evidence(same)}: {_names(same.students)}" for same in evidence])


def _first(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"           … and {more} more"] if more > 0 else list(lines)


def _cells(pair: Pair) -> str:
    said = [f"{_place(cell)} {_percent(cell.share)}" for cell in pair.cells[:5]]
    return ", ".join([*said, *([f"{len(pair.cells) - 5} more"] if len(pair.cells) > 5 else [])])


def _evidence(same: SameEvidence) -> str:
    """Which file, and what in it."""
    file = display.line(same.file, chars=80)
    return f"{display.listed(same.records, most=5)} in {file}" if same.records else f"{file}, byte for byte"


def _names(students: Sequence[str]) -> str:
    return display.listed(students, most=_MOST_NAMES, chars=40)


def _name(student: str) -> str:
    return display.line(student, chars=60)


def _place(cell: AlikeCell) -> str:
    return display.line(cell.cell or "their own cells and files", chars=60)


def _percent(share: float) -> str:
    return f"{share:.0%}"
