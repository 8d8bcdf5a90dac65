"""Why a test failed: the earlier cell that is to blame, and what an error message says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grading import bindings, versions
from grading import notebook as nb
from grading.marks import Mark
from grading.records import CellRun, CellStatus, ErrorKind, Restored
from hw_lib.errors import Explanation, read

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST = 2_000
_STOPPED = (CellStatus.TIMEOUT, CellStatus.DIED)
_UNPARSED = ("SyntaxError", "IndentationError")


@dataclass(frozen=True)
class Cause:
    """The cell that a failure follows from.

    Attributes:
        said: "cell setup ended with ModuleNotFoundError: No module named 'pandas'".
        given: the author's cell, and no answer has a part in it: a person has to look.
    """

    cell: str
    said: str
    given: bool = False


class History:
    """What happened before a test: which answers are blank, which cells failed, and which cell defines which name."""

    def __init__(self, source: nb.Notebook, runs: dict[str, CellRun], restored: Restored, test: str) -> None:
        """Look at the cells that stand before `test` in the author's notebook."""
        self._failed: dict[str, CellRun | None] = {}  # in the author's order; None for a blank answer
        self._defines: dict[str, set[str]] = {}
        self._uses: dict[str, set[str]] = {}
        self._given: set[str] = set()
        self._asked: list[str] = []  # the code answers, in the author's order
        self._parts = nb.parts(source)
        self.newer_syntax: set[str] = set()  # answers that do not parse here, and may in the Python that they were written with
        self._doubtful = {*restored.unmatched, *restored.beside}
        students: set[str] = set()  # the names whose values a student's answer has a part in
        for cell in source["cells"]:
            name = nb.grade_id(cell) or cell["id"]
            if name == test:
                break
            if cell["cell_type"] != "code" or nb.is_grade(cell):
                continue
            self._defines[name], used = bindings.defined(cell), bindings.used(cell)
            self._uses[name] = used
            run = runs.get(name)
            if nb.is_solution(cell) or used & students:
                students |= self._defines[name]
            elif run is not None and run.status in (CellStatus.ERROR, *_STOPPED):
                self._given.add(name)
            if nb.is_solution(cell) and name not in restored.not_asked:
                self._asked.append(name)
            if nb.is_solution(cell) and name not in restored.answered:
                self._failed[name] = None
            elif run is not None and run.status is not CellStatus.DONE:
                self._failed[name] = run
                if nb.is_solution(cell) and run.error_name in _UNPARSED and versions.is_newer_than_here(restored.python):
                    self.newer_syntax.add(name)
        self._doubtful |= self.newer_syntax

    def _part(self, name: str) -> str:
        """The part of a cell; a cell that nbgrader does not know belongs to none."""
        return self._parts.get(name, "")

    def blank(self, part: str) -> str:
        """The first answer of that part that was left open; empty for none."""
        return next((name for name, run in self._failed.items() if run is None and self._part(name) == part), "")

    def unanswered(self, part: str) -> str:
        """The first code answer of that part, if all that it asks before the test were left open and stand nowhere else."""
        blank = [name for name in self._asked if self._part(name) == part]
        if all(name in self._failed and self._failed[name] is None and name not in self._doubtful for name in blank):
            return next(iter(blank), "")
        return ""

    def lost(self, mark: Mark, run: CellRun) -> str:
        """The answer that may stand elsewhere and that a test without all its points may be about; empty for none."""
        if not self._doubtful or (run.status is CellStatus.DONE and run.value in (None, mark.max_points)):
            return ""
        same = (name for name in self._failed if name in self._doubtful and self._part(name) == mark.part)
        culprit = self._culprit(mark, run)
        return next(same, culprit if culprit in self._doubtful else "")

    def cause(self, run: CellRun) -> Cause | None:
        """The first cell that went wrong of those that a missing name leads back to, one missing name after the other.

        A test that was not reached misses no name: there it is the given cell that was stopped, if one was.
        """
        name = self._first(self._definer(run, self._failed))
        if run.status is CellStatus.NOT_RUN:  # the time was gone: where a given cell was stopped, with it
            name = next((given for given, failed in self._failed.items() if given in self._given and _stopped(failed)), "")
        return Cause(name, _blame(name, self._failed[name]), name in self._given) if name else None

    def blame(self, mark: Mark, run: CellRun) -> str:
        """What to say of the earlier cell that a failure comes from; empty when no earlier cell failed."""
        if not self._definer(run, self._failed) and (maker := self._definer(run, self._defines)):
            return f"cell {maker} does not define {_missing(run)}"  # it ran, and calls its answer something else
        name = self._culprit(mark, run)
        return _blame(name, self._failed[name]) if name else ""

    def _culprit(self, mark: Mark, run: CellRun) -> str:
        """The earlier cell that a failure comes from."""
        name = self._definer(run, self._failed)
        name = name or next((name for name in self._failed if self._part(name) == mark.part), "")
        if not name and run.error_name == ErrorKind.NAME:
            name = next(iter(self._failed), "")
        return self._first(name)

    def _first(self, name: str) -> str:
        """A cell that missed a name, or called an answer that is a stub, is a victim too: go to the cell that is to blame."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            failed = self._failed[name]
            name = (self._definer(failed, self._failed) or self._stub(name, failed) if failed is not None else "") or name
        return name

    def _stub(self, name: str, run: CellRun) -> str:
        """The blank answer that a cell used which ended as a stub does; empty for none."""
        if run.error_name != ErrorKind.NOT_IMPLEMENTED:
            return ""
        blank = (other for other, failed in self._failed.items() if failed is None and other != name)
        return next((other for other in blank if self._defines[other] & self._uses[name]), "")

    def _definer(self, run: CellRun, cells: Iterable[str]) -> str:
        """The first of these cells in which the author defines the name that a NameError misses."""
        word = _missing(run)
        return next((name for name in cells if word in self._defines[name]), "") if word else ""


def _missing(run: CellRun) -> str:
    """The name that a NameError misses."""
    found = re.search(r"name '(\w+)' is not defined", run.error_message) if run.error_name == ErrorKind.NAME else None
    return found[1] if found else ""


def _stopped(run: CellRun | None) -> bool:
    return run is not None and run.status in _STOPPED


def _blame(name: str, run: CellRun | None) -> str:
    if run is None:
        return f"cell {name} has no answer yet"
    said = read(clean(run.error_message)).what
    if _stopped(run):
        return f"cell {name} was stopped: {said}"
    if run.error_name == ErrorKind.NOT_IMPLEMENTED and not said:
        return f"cell {name} has no answer yet"
    if run.error_name == ErrorKind.MEMORY or "can't allocate memory" in said:
        return f"cell {name} asked for more memory than there is"
    return one_line(f"cell {name} ended with {run.error_name}: {said}" if said else f"cell {name} ended with {run.error_name}")


def explanation(message: str) -> Explanation:
    """Each part cut by itself: a long `expected` must not push out the sentence that helps."""
    said = read(_ANSI.sub("", message))
    return Explanation(*(part[:_LONGEST] for part in (said.what, said.expected, said.got, said.fix)))


def clean(text: str) -> str:
    """A message without colours, cut to a size."""
    return _ANSI.sub("", text)[:_LONGEST]


def one_line(text: str) -> str:
    """A message for the staff's table."""
    return re.sub(r"\s+", " ", text).strip()[:300]
