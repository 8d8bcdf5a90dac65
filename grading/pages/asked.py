"""What was asked and where there is help, in the author's own words: headings out of the notebook, levels of help beside it.

Help lies in `notebooks/<assignment>/<notebook>.help.md`, which no hand-out has: a heading `## d_dropout_test` names a graded cell;
below it stands what to look at, and below `### A small case` a case worked out. Either may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grading import notebook as nb
from grading import parts
from grading.course import Course
from grading.records import GradingError
from grading.settings import Assignment
from grading.source import Source, read_all

_PART = re.compile(r"^#+ \((\w+)\) *(.+)$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
_CHECKED = re.compile(r"# [\d.]+ points?: (.*)")
_LEAD = re.compile(r"^\*\*([^*\n]+)\*\*", re.MULTILINE)
_MORE = re.compile(r"; more is checked after you hand in$")
_HELP, _CASE = re.compile(r"^## +(\S+) *$", re.MULTILINE), re.compile(r"^### .*$", re.MULTILINE)


class HelpError(GradingError):
    """A help file names a cell that its notebook does not have."""


@dataclass(frozen=True)
class Help:
    """Two levels of help with one graded cell."""

    look_at: str = ""
    case: str = ""


@dataclass(frozen=True)
class Asked:
    """What the author calls things.

    Attributes:
        parts: the letter of a part -> the heading above it.
        cells: grade id -> what its test looks at, or what its question begins with; a cell may be missing.
        helps: grade id -> the author's help.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    helps: Mapping[str, Help] = field(default_factory=dict)


def asked(course: Course, assignment: Assignment) -> Asked:
    """Read the sources of an assignment.

    Raises:
        HelpError: a help file names a cell that its notebook does not have.
    """
    sources = read_all(course, assignment)
    helps: dict[str, Help] = {}
    for source in sources:
        path = course.source(assignment, source.name).with_suffix(".help.md")
        if path.is_file():
            helps |= _helps(path.read_text(encoding="utf-8"), source)
    return Asked(_headings(sources), _names(sources), helps)


def _headings(sources: Iterable[Source]) -> dict[str, str]:
    """A part's own heading; the notebook's title where a part has none."""
    found: dict[str, str] = {}
    for source in sources:
        prose = "\n".join(_prose(cell) for cell in source.notebook["cells"])
        own = parts.headings(source.notebook) | dict(_PART.findall(prose))
        title = next(iter(_TITLE.findall(prose)), "")
        for cell in filter(nb.is_grade, source.notebook["cells"]):
            part = nb.part(cell)
            found.setdefault(part, str(own.get(part, title)).strip())
    return found


def _names(sources: Iterable[Source]) -> dict[str, str]:
    """What each graded cell is about: the first line of a test, the words in bold that a question begins with."""
    found = {}
    for source in sources:
        question = ""
        for cell in source.notebook["cells"]:
            if nb.is_task(cell):
                question = _lead(cell["source"])
            if nb.is_by_hand(cell):
                found[nb.grade_id(cell)] = question
            elif nb.is_test(cell) and (said := _CHECKED.match(cell["source"])):
                found[nb.grade_id(cell)] = _MORE.sub("", said[1])
            elif prose := _prose(cell):
                question = _lead(prose)
    return found


def _lead(text: str) -> str:
    """The words in bold that a question begins with; none where it begins with none."""
    leads = _LEAD.findall(text)
    return str(leads[0]).strip(" .:") if leads else ""


def _prose(cell: nb.Cell) -> str:
    return str(cell["source"]) if cell["cell_type"] == "markdown" and not nb.is_grade(cell) else ""


def _helps(text: str, source: Source) -> dict[str, Help]:
    _, *pieces = _HELP.split(text)
    helps = {}
    for name, body in zip(pieces[::2], pieces[1::2], strict=True):
        if name not in {nb.grade_id(cell) for cell in source.notebook["cells"] if nb.is_grade(cell)}:
            fix = "write the grade id of a cell with points"
            raise HelpError(f"{source.name}.help.md helps with a cell that is not there", got=name, fix=fix)
        look_at, *case = _CASE.split(body, maxsplit=1)
        helps[name] = Help(look_at.strip(), "".join(case).strip("\n"))
    return helps
