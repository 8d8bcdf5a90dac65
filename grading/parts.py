"""Which part of a homework a cell belongs to: course.toml says it, or the grade id, or the heading above. Pure.

A grade id says it by what stands before its first underscore, if that is a letter or a number (`d_dropout_test` is (d), `q2_mean`
is q2). Any other id is as good: then the last heading decides ("## (d) Dropout", "## Part A", "## 3. Means"), and where there is
none, a test belongs to the answer above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from grading import display
from grading import notebook as nb

_ID = re.compile(r"([A-Za-z]|[A-Za-z]{0,2}\d{1,3}[a-z]?)_")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_WORDS = "part|question|exercise|problem|task|aufgabe|teil|frage|q"
_WORD = r"[A-Za-z]|[IVXivx]{2,4}|\d{1,3}(?:\.\d{1,2})?[a-z]?"
_LABELS = (
    re.compile(r"\((\w{1,4})\)[ .:]*(.*)"),  # (d) Dropout
    re.compile(rf"(?i:{_WORDS})[ .:#]*({_WORD})(?!\w)[ .:)\u2013\u2014-]*(.*)"),  # Part A: means
    re.compile(r"(\d{1,3}(?:\.\d{1,2})?[a-z]?)(?:[.):]+[ \t]+|[ \t]+|$)(.*)"),  # 3. Means
)
_LONGEST = 24  # of a heading that says no letter or number: it heads a column of the class's table


def named(notebook: nb.Notebook, said: Mapping[str, Sequence[str]], number: int = 0) -> nb.Notebook:
    """The notebook with the part of each of nbgrader's cells noted on it, where `notebook.part` finds it.

    Args:
        notebook: the author's.
        said: the name of a part -> patterns of grade ids, as course.toml has them.
        number: which notebook of the assignment it is, if it has several: two of them may both have a "Part A", 1A and 2A then.
    """
    heading, answer = _Heading(), ""
    cells = []
    for cell in notebook["cells"]:
        name = nb.grade_id(cell)
        if cell["cell_type"] == "markdown" and not nb.is_known(cell):
            heading.read(cell["source"])
        if nb.is_task(cell):  # its own text is its heading
            heading.read(cell["source"])
        if nb.is_solution(cell) and cell["cell_type"] == "code":
            answer = name
        found = _of_settings(name, said) or _of_id(name)
        if not found and nb.is_known(cell):
            above = heading.label or (answer if nb.is_test(cell) and answer else name)
            found = _numbered(number, above) if number else above
        cells.append({**cell, "part": found} if found else cell)
    return {**notebook, "cells": cells}


def headings(notebook: nb.Notebook) -> dict[str, str]:
    """What stands above each part: the heading in whose reach its first cell is, without its letter or number."""
    heading = _Heading()
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (nb.is_task(cell) or not nb.is_grade(cell)):
            heading.read(cell["source"])
        if nb.is_known(cell) and heading.label:
            found.setdefault(nb.part(cell), heading.title)
    return found


def unused(said: Mapping[str, Sequence[str]], names: Sequence[str]) -> Iterator[str]:
    """The patterns of course.toml that fit no grade id."""
    return (pattern for patterns in said.values() for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names))


def _numbered(number: int, part: str) -> str:
    """A part of one of several notebooks, as short as a column's head has to be."""
    between = "" if len(part) == 1 and part.isalpha() else "." if part[0].isdigit() else " "
    return f"{number}{between}{part}"


def _of_settings(name: str, said: Mapping[str, Sequence[str]]) -> str:
    patterns = ((part, pattern) for part, several in said.items() for pattern in several)
    return next((part for part, pattern in patterns if name and fnmatchcase(name, pattern)), "")


def _of_id(name: str) -> str:
    found = _ID.match(name)
    return found[1] if found else ""


class _Heading:
    """The last heading that says a part: one with a letter or number holds until the next such, or one of its own level."""

    def __init__(self) -> None:
        """Above everything."""
        self.label = self.title = ""
        self._level = 0  # of a heading with a letter or number
        self._fenced = False

    def read(self, text: str) -> None:
        """Go on through one cell of text."""
        self._fenced = False
        for line in text.split("\n"):
            if _FENCE.match(line):
                self._fenced = not self._fenced
            elif not self._fenced and (found := _HEADING.match(line)):
                self._take(len(found[1]), found[2].strip())

    def _take(self, level: int, title: str) -> None:
        labelled = next((label for pattern in _LABELS if (label := pattern.fullmatch(title))), None)
        if labelled:
            self.label, self.title, self._level = labelled[1], labelled[2].strip() or title, level
        elif level == 1:  # the notebook's title
            self.label, self.title, self._level = "", title, 0
        elif not self._level or level <= self._level:
            self.label, self.title, self._level = display.line(title, chars=_LONGEST), title, 0
