"""What happened in the cells -> points and verdicts. Pure: reads records, returns records.

A test cell that ended without an error earns its points, or the number it ended with. Everything else says why: the message
of the check that failed, or the earlier cell that is to blame.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from grading import notebook as nb
from grading.records import Assignment, CellRun, CellStatus, Execution, Mark, Restored, Scorecard, Verdict
from hw_lib.errors import Explanation, read

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST = 2_000


def score(
    assignment: Assignment,
    student: str,
    notebooks: Sequence[tuple[nb.Notebook, Restored, Execution | None]],
    collected_notes: Iterable[str] = (),
) -> Scorecard:
    """Mark one student.

    Args:
        assignment: parts and optional parts.
        student: whose work it is.
        notebooks: for every notebook of the assignment the source, what was restored, and its run (None: nothing to run).
        collected_notes: what the collection said about the submission.

    Returns:
        A mark for every graded cell of every source notebook, in the author's order.
    """
    marks: list[Mark] = []
    notes = list(collected_notes)
    for source, restored, execution in notebooks:
        notes += [*restored.notes, *(execution.notes if execution else ())]
        runs = {run.cell_id: run for run in execution.cells} if execution else {}
        for cell in source["cells"]:
            if nb.is_grade(cell):
                marks.append(_mark(cell, source, restored, execution, runs, assignment))
    return Scorecard(assignment.name, student, tuple(marks), tuple(notes), tuple(dict.fromkeys(mark.part for mark in marks)))


def _mark(
    cell: nb.Cell,
    source: nb.Notebook,
    restored: Restored,
    execution: Execution | None,
    runs: dict[str, CellRun],
    assignment: Assignment,
) -> Mark:
    name = nb.grade_id(cell)
    mark = Mark(
        name,
        restored.notebook,
        nb.part(name),
        None,
        nb.points(cell),
        Verdict.UNJUDGED,
        optional=nb.part(name) in assignment.optional,
        answer=_answer(cell, restored),
    )
    if nb.is_by_hand(cell) and restored.unreadable:
        return _with(mark, verdict=Verdict.BY_HAND, reason=restored.problem)
    if restored.problem and restored.unreadable:
        return _with(mark, reason=restored.problem, what="your notebook could not be read", fix="a person will look at the file")
    if nb.is_by_hand(cell) and name in restored.doubtful:
        return _with(
            mark, verdict=Verdict.BY_HAND, reason=f"cell {name} was not found; a cell of the student's own may be the answer"
        )
    if nb.is_by_hand(cell):
        return _by_hand(mark, answered=name in restored.answered)
    if restored.problem:
        return _with(mark, points=0.0, verdict=Verdict.FAILED, reason=restored.problem, what=restored.problem)
    if execution is None or execution.fault:
        fault = execution.fault if execution else "the notebook was not run"
        return _with(mark, reason=fault, what="the grader could not run your notebook", fix="a person will look at it")
    run = runs.get(name)
    if run is None:
        return _with(mark, reason=f"the grader lost cell {name}", what="the grader lost this cell", fix="a person will look at it")
    if run.status is CellStatus.LOST:
        said = _one_line(run.error_message) or "the trusted process did not survive this test"
        return _with(mark, reason=said, what="the grader could not finish this test", fix="a person will look at it")
    history = _History(source, runs, restored, name)
    if lost := history.lost(mark, run):
        return _with(
            mark,
            reason=f"cell {lost} was not found; a cell of the student's own may be the answer",
            what="the grader could not find one of your answers",
            fix="a person will look at your notebook",
        )
    if run.status is CellStatus.DONE:
        return _done(mark, run)
    if run.error_name == "NeedsPerson" and not run.theirs:  # what the test saw may be an accident or a fraud: nobody's zero
        seen = read(_clean(run.error_message))
        return _with(mark, reason=_one_line(seen.what), what=seen.what, expected=seen.expected, got=seen.got, fix=seen.fix)
    if _is_ours(run, source, cell):
        return _with(mark, reason=f"our own test {name} is broken: {run.error_name}: {_one_line(_clean(run.error_message))}")
    return _failed(mark, run, history)


def _answer(cell: nb.Cell, restored: Restored) -> str:
    """Tells whether what a mark is about has changed: the cell's own text, or for a test the answers of its part."""
    name = nb.grade_id(cell)
    if nb.is_by_hand(cell):
        return restored.answers.get(name, "")
    return " ".join(digest for other, digest in restored.answers.items() if nb.part(other) == nb.part(name))


def _is_ours(run: CellRun, source: nb.Notebook, test: nb.Cell) -> bool:
    """Whether a test broke through its author's fault: it does not parse, or it uses a name that nothing else defines.

    A name that does not stand in the test itself was missed by a function of the student's that the test called.
    """
    if run.theirs:
        return False
    if run.error_name in ("SyntaxError", "IndentationError"):
        return "<ipython-input" in run.error_message  # the test's own text, not something that it evaluates
    missing = re.search(r"^(?:name|module 'hw_lib[\w.]*' has no attribute) '(\w+)'", run.error_message)
    if run.error_name not in ("NameError", "AttributeError") or missing is None:
        return False
    word = re.compile(rf"\b{re.escape(missing[1])}\b")
    if not word.search(test["source"]):
        return False
    given = (cell["source"] for cell in source["cells"] if cell["cell_type"] == "code" and not nb.is_grade(cell))
    return run.error_name == "AttributeError" or not any(word.search(text) for text in given)


def _by_hand(mark: Mark, *, answered: bool) -> Mark:
    if answered:
        return _with(mark, verdict=Verdict.BY_HAND, reason="a person grades this")
    return _with(mark, points=0.0, verdict=Verdict.BY_HAND, answered=False, reason="no answer")


def _done(mark: Mark, run: CellRun) -> Mark:
    """A cell that ended well: full points, or the plain number it ended with."""
    if run.odd_value:
        return _with(mark, reason=f"the test ended with a {run.odd_value}, not a plain float: the author has to mend it")
    if run.value is None:
        return _with(mark, points=mark.max_points, verdict=Verdict.PASSED)
    if not math.isfinite(run.value) or not 0 <= run.value <= mark.max_points:
        return _with(mark, reason=f"the test gave {run.value:g} of {mark.max_points:g} points: the author has to mend it")
    if run.value == mark.max_points:
        return _with(mark, points=run.value, verdict=Verdict.PASSED)
    verdict = Verdict.PARTIAL if run.value > 0 else Verdict.FAILED
    said = _read(_printed(run) or "some of the checks failed")
    mark = _with(mark, points=run.value, verdict=verdict, reason=_one_line(_reason(said)))
    return _with(mark, what=said.what, expected=said.expected, got=said.got, fix=said.fix)


def _printed(run: CellRun) -> str:
    """What a test printed: why it gave some of the points only."""
    printed = (output.get("text") for output in run.outputs if output.get("name") == "stdout")
    return "".join(text for text in printed if isinstance(text, str)).strip()


def _failed(mark: Mark, run: CellRun, history: _History) -> Mark:
    """A cell that did not end well: the check's own explanation, or the earlier cell that is to blame."""
    said = _read(run.error_message)
    lost = _with(mark, points=0.0, verdict=Verdict.FAILED)
    blame = history.blame(mark, run)
    if run.status is CellStatus.TIMEOUT or run.status is CellStatus.DIED:
        what = f"the test did not come to its end: {said.what}"
        return _with(lost, reason=blame or what, what=what, fix=blame)
    if run.status is CellStatus.NOT_RUN:
        return _with(lost, reason=said.what, what=said.what, fix=blame)
    if _explains_itself(run.error_name):
        reason = blame if history.is_blank(mark.part) else _reason(said)
        return _with(lost, reason=_one_line(reason), what=said.what, expected=said.expected, got=said.got, fix=said.fix)
    what = f"{run.error_name}: {said.what}" if said.what else run.error_name
    return _with(lost, reason=_one_line(blame or what), what=what, expected=said.expected, got=said.got, fix=said.fix or blame)


def _explains_itself(error_name: str) -> bool:
    """Whether an error explains itself: a check of ours, a record, or a plain assertion with a message."""
    return error_name in ("CheckFailed", "RecordMissing", "RecordAltered", "AssertionError")


def _reason(said: Explanation) -> str:
    """One line for the staff: what is wrong, and the kind of mistake, or the error that the student's code raised."""
    last = said.got.strip().rsplit("\n", 1)[-1]
    more = last if re.match(r"\w*(Error|Exception)\b", last) else said.fix
    return ": ".join(piece for piece in (said.what or "a check of this cell does not hold", more) if piece)


class _History:
    """What happened before a test: which answers are blank, which cells failed, and which cell defines which name."""

    def __init__(self, source: nb.Notebook, runs: dict[str, CellRun], restored: Restored, test: str) -> None:
        self._failed: dict[str, CellRun | None] = {}  # in the author's order; None for a blank answer
        self._sources: dict[str, str] = {}
        self._doubtful = restored.doubtful
        for cell in source["cells"]:
            name = nb.grade_id(cell) or cell["id"]
            if name == test:
                break
            if cell["cell_type"] != "code" or nb.is_grade(cell):
                continue
            self._sources[name] = cell["source"]
            run = runs.get(name)
            if nb.is_solution(cell) and name not in restored.answered:
                self._failed[name] = None
            elif run is not None and run.status is not CellStatus.DONE:
                self._failed[name] = run

    def is_blank(self, part: str) -> bool:
        """Whether an answer of that part was left open."""
        return any(run is None and nb.part(name) == part for name, run in self._failed.items())

    def lost(self, mark: Mark, run: CellRun) -> str:
        """The answer that was not found and that a test without all its points may be about; empty for none."""
        if not self._doubtful or (run.status is CellStatus.DONE and run.value in (None, mark.max_points)):
            return ""
        same = (name for name in self._failed if name in self._doubtful and nb.part(name) == mark.part)
        culprit = self._culprit(mark, run)
        return next(same, culprit if culprit in self._doubtful else "")

    def blame(self, mark: Mark, run: CellRun) -> str:
        """What to say of the earlier cell that a failure comes from; empty when no earlier cell failed."""
        if not self._definer(run, self._failed) and (maker := self._definer(run, self._sources)):
            return f"cell {maker} does not define {_missing(run)}"  # it ran, and calls its answer something else
        name = self._culprit(mark, run)
        return _blame(name, self._failed[name]) if name else ""

    def _culprit(self, mark: Mark, run: CellRun) -> str:
        """The earlier cell that a failure comes from."""
        name = self._definer(run, self._failed)
        name = name or next((name for name in self._failed if nb.part(name) == mark.part), "")
        if not name and run.error_name == "NameError":
            name = next(iter(self._failed), "")
        seen: set[str] = set()
        while name and name not in seen:  # a cell that missed a name is a victim too: go to the cell that should have made it
            seen.add(name)
            failed = self._failed[name]
            name = (self._definer(failed, self._failed) if failed is not None else "") or name
        return name

    def _definer(self, run: CellRun, cells: Iterable[str]) -> str:
        """The one of these cells in which the author defines the name that a NameError misses."""
        word = re.escape(_missing(run))
        if not word:
            return ""
        defines = re.compile(rf"^\s*(?:[\w, ]*\b{word}\b[\w, ]*=(?!=)|(?:def|class)\s+{word}\b)", re.MULTILINE)
        return next((name for name in cells if defines.search(self._sources[name])), "")


def _missing(run: CellRun) -> str:
    """The name that a NameError misses."""
    found = re.search(r"name '(\w+)' is not defined", run.error_message) if run.error_name == "NameError" else None
    return found[1] if found else ""


def _blame(name: str, run: CellRun | None) -> str:
    if run is None:
        return f"cell {name} has no answer yet"
    said = read(_clean(run.error_message)).what
    if run.status in (CellStatus.TIMEOUT, CellStatus.DIED):
        return f"cell {name} was stopped: {said}"
    if run.error_name == "NotImplementedError" and not said:
        return f"cell {name} has no answer yet"
    if run.error_name == "MemoryError" or "can't allocate memory" in said:
        return f"cell {name} asked for more memory than there is"
    return _one_line(f"cell {name} ended with {run.error_name}: {said}" if said else f"cell {name} ended with {run.error_name}")


def _read(message: str) -> Explanation:
    """Each part cut by itself: a long `expected` must not push out the sentence that helps."""
    said = read(_ANSI.sub("", message))
    return Explanation(*(part[:_LONGEST] for part in (said.what, said.expected, said.got, said.fix)))


def _clean(text: str) -> str:
    return _ANSI.sub("", text)[:_LONGEST]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:300]


def _with(mark: Mark, **changes: Any) -> Mark:
    return replace(mark, **changes)
