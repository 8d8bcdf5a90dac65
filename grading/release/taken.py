"""What students do not get of the sources: every answer, rubric and hidden test, with the place that it was taken out of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from grading import notebook as nb
from grading import regions, syntax, wording
from grading.source import Source

LEAST_WORDS = 8  # of a sentence: in seven assignments no answer shares as many with its question, but for one
# what notebooks call these packages, for texts that are cut out of one and import nothing
_USUAL = {"np": "numpy", "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "plt": "matplotlib.pyplot"}
_COMMENT = re.compile(r"#+\s*(.*)$")


@dataclass(frozen=True)
class Taken:
    """One stretch that was taken out.

    Attributes:
        place: the cell or file, "mini.ipynb[a_double]".
        first: its first line there, counted from 1.
        lines: what it says.
        whole: the text around it, which can be parsed where a stretch of it cannot.
        is_code, is_test: what it is.
        beside: what students see of the same cell.
    """

    place: str
    first: int
    lines: tuple[str, ...]
    whole: str
    is_code: bool
    is_test: bool = False
    beside: str = ""

    @cached_property
    def statements(self) -> tuple[syntax.Statement, ...]:
        """Its statements in their normal form, but for those that students see in the visible part of the same test."""
        if not self.is_code:
            return ()
        shown = {each.form for each in read(self.beside)} if self.is_test else set()
        last = self.first + len(self.lines) - 1
        return tuple(each for each in read(self.whole) if self.first <= each.first <= last and each.form not in shown)

    @cached_property
    def sentences(self) -> Mapping[str, int]:
        """Runs of words of an answer, its rubric, or the comments of its code -> the line; nothing that the same cell shows."""
        if self.is_test:
            return {}
        text = "\n".join(self._comments() if self.is_code else self.lines)
        shown = {run.said for run in wording.runs(self.beside, LEAST_WORDS)}
        found = {run.said: self.first + text.count("\n", 0, run.start) for run in wording.runs(text, LEAST_WORDS)}
        return {said: line for said, line in found.items() if said not in shown}

    def at(self, first: int, last: int) -> str:
        """Some of its lines, by their numbers in the whole."""
        return "\n".join(self.whole.split("\n")[first - 1 : last])

    def _comments(self) -> Iterator[str]:
        for line in self.lines:
            found = _COMMENT.search(line)
            yield found[1] if found else ""


@lru_cache(maxsize=8192)  # most files of the library are the same in every release
def read(text: str) -> tuple[syntax.Statement, ...]:
    """The statements of a text, with the usual names of packages that it does not import itself."""
    return syntax.read(text, _USUAL)


def of_source(source: Source) -> list[Taken]:
    """What was taken out of one notebook."""
    return [
        taken
        for cell, student in zip(source.notebook["cells"], source.student["cells"], strict=True)
        for taken in _of_cell(cell, f"{source.name}.ipynb[{cell['id']}]", student["source"])
    ]


def of_module(place: str, text: str) -> list[Taken]:
    """What was taken out of one file of the library."""
    return [Taken(place, first, lines, text, is_code=True) for first, lines in _blocks(text, regions.SOLUTION)]


def _of_cell(cell: nb.Cell, place: str, beside: str) -> Iterable[Taken]:
    text, is_code = cell["source"], cell["cell_type"] == "code"
    answers, tests = _blocks(text, regions.SOLUTION), _blocks(text, regions.HIDDEN_TESTS)
    if nb.is_solution(cell) and not answers:
        answers = ((1, tuple(text.split("\n"))),)  # the whole cell is the answer
    yield from (Taken(place, first, lines, text, is_code, beside=beside) for first, lines in answers)
    yield from (Taken(place, first, lines, text, is_code, is_test=True, beside=beside) for first, lines in tests)


def _blocks(text: str, kind: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return regions.strip_regions(text, kind).blocks
