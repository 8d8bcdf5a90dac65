"""What happened in the cells -> points and verdicts. Pure: reads records, returns records.

A test cell that ended without an error earns its points, or the number it ended with. Everything else says why: the message
of the check that failed, or the earlier cell that is to blame.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from grading import notebook as nb
from grading import quotes, versions
from grading.blame import History, clean, explanation, one_line
from grading.marks import Mark, Scorecard, Verdict
from grading.records import EXPLAINED, CellRun, CellStatus, ErrorKind, Execution, Restored
from grading.settings import Assignment
from hw_lib.errors import Explanation, read


@dataclass(frozen=True)
class NotebookOutcome:
    """What became of one notebook of a student: the author's source, what was restored, and its run (None: nothing to run)."""

    source: nb.Notebook
    restored: Restored
    execution: Execution | None


def score(
    assignment: Assignment,
    student: str,
    outcomes: Iterable[NotebookOutcome],
    collected_notes: Iterable[str] = (),
    more_flags: Iterable[str] = (),
    collected_told: Iterable[str] = (),
) -> Scorecard:
    """Mark one student.

    Args:
        assignment: which parts are optional.
        student: whose work it is.
        outcomes: one for every notebook of the assignment.
        collected_notes: what the collection said about the submission.
        more_flags: what a person should look at, besides what the notebooks' own records say.
        collected_told: those of `collected_notes` that the student reads too.

    Returns:
        A mark for every graded cell of every source notebook that the student was asked, in the author's order.
    """
    marks: list[Mark] = []
    notes, told = list(collected_notes), list(collected_told)
    flags: list[str] = []
    outcomes = list(outcomes)
    for outcome in outcomes:
        flags += outcome.restored.flags
        executed = outcome.execution.notes if outcome.execution else ()
        notes += [*outcome.restored.notes, *executed]
        told += [*outcome.restored.told, *executed]
        asked = (
            cell for cell in outcome.source["cells"] if nb.is_grade(cell) and nb.grade_id(cell) not in outcome.restored.not_asked
        )
        marks += [_mark(cell, outcome, assignment) for cell in asked]
    closed = {one.restored.notebook: one.restored for one in outcomes if one.restored.problem}
    return Scorecard(
        *(assignment.name, student, tuple(marks), tuple(notes), (*flags, *more_flags), tuple(told)),
        unopened={name: record.problem for name, record in closed.items() if record.unreadable},
        absent=tuple(name for name, record in closed.items() if not record.unreadable),
    )


def _mark(cell: nb.Cell, outcome: NotebookOutcome, assignment: Assignment) -> Mark:
    source, restored, execution = outcome.source, outcome.restored, outcome.execution
    name = nb.grade_id(cell)
    mark = Mark(
        name,
        restored.notebook,
        nb.part(cell),
        None,
        nb.points(cell),
        Verdict.UNJUDGED,
        answered=_anything_answered(cell, source, restored),
        optional=nb.part(cell) in assignment.optional,
        answer=_answer(cell, source, restored),
    )
    if nb.is_by_hand(cell) and restored.unreadable:
        return _with(mark, verdict=Verdict.BY_HAND, reason=restored.problem)
    if restored.problem and restored.unreadable:
        fix = "a person will look at what you handed in"
        return _with(mark, reason=restored.problem, what="your notebook was not graded yet", fix=fix)
    if name in restored.perhaps_not_asked:
        verdict = Verdict.BY_HAND if nb.is_by_hand(cell) else Verdict.UNJUDGED
        reason = f"cell {name} is not in this notebook, which may be an older edition that did not ask it"
        return _with(mark, verdict=verdict, reason=reason, what=reason, fix="a person will look at your notebook")
    if nb.is_by_hand(cell) and name in restored.unmatched:
        return _with(
            mark, verdict=Verdict.BY_HAND, reason=f"cell {name} was not found; a cell of the student's own may be the answer"
        )
    if nb.is_by_hand(cell) and name in restored.beside:
        return _with(mark, verdict=Verdict.BY_HAND, **_written_beside(name, restored))
    if nb.is_by_hand(cell):
        return _by_hand(mark, answered=name in restored.answered or nb.is_task(cell))
    if restored.problem:
        return _with(mark, points=0.0, verdict=Verdict.FAILED, reason=restored.problem, what=restored.problem)
    if execution is None or execution.fault:
        fault = execution.fault if execution else "the notebook was not run"
        return _with(mark, reason=fault, what="the grader could not run your notebook", fix="a person will look at it")
    runs = {run.cell_id: run for run in execution.cells}
    run = runs.get(name)
    if run is None:
        return _with(mark, reason=f"the grader lost cell {name}", what="the grader lost this cell", fix="a person will look at it")
    if run.status is CellStatus.LOST:
        said = one_line(run.error_message) or "the trusted process did not survive this test"
        return _with(mark, reason=said, what="the grader could not finish this test", fix="a person will look at it")
    history = History(source, runs, restored, name)
    lost = history.lost(mark, run)
    if lost in restored.beside:
        return _with(
            mark,
            cause=f"cell {lost} is empty, and something of the student's own stands beside it",
            **_written_beside(lost, restored),
        )
    if lost in history.newer_syntax:
        reason = f"cell {lost} does not parse in Python {versions.python()}, which grades; it was written with {restored.python}"
        return _with(mark, reason=reason, what=reason, fix="a person will look at it; without newer syntax it runs in both")
    if lost:
        return _with(
            mark,
            reason=f"cell {lost} was not found; a cell of the student's own may be the answer",
            what="the grader could not find one of your answers",
            fix="a person will look at your notebook",
        )
    if run.status is CellStatus.DONE:
        blank = history.unanswered(mark.part)
        return _unanswered(mark, blank) if blank else _done(mark, run)
    if (
        run.error_name == ErrorKind.NEEDS_PERSON and not run.in_student_code
    ):  # what the test saw may be an accident or a fraud: nobody's zero
        seen = read(clean(run.error_message))
        return _with(mark, reason=one_line(seen.what), what=seen.what, expected=seen.expected, got=seen.got, fix=seen.fix)
    cause = history.cause(run)
    if cause and cause.given and not history.blank(mark.part):
        said = f"{cause.said}; it is a given cell"
        return _with(mark, reason=said, cause=said, what=cause.said, fix="a person will look at this cell")
    if _is_ours(run, source, cell):
        return _with(mark, reason=f"our own test {name} is broken: {run.error_name}: {one_line(clean(run.error_message))}")
    return _failed(mark, run, history)


def _answer(cell: nb.Cell, source: nb.Notebook, restored: Restored) -> str:
    """Tells whether what a mark is about has changed: the cell's own text, or for a test the answers of its part."""
    name = nb.grade_id(cell)
    if nb.is_by_hand(cell):
        return restored.answers.get(name, "")
    parts = nb.parts(source)
    return " ".join(digest for other, digest in restored.answers.items() if parts.get(other) == parts[name])


def _written_beside(name: str, restored: Restored) -> dict[str, str]:
    """What to say of an answer that is blank, where something of the student's own stands beside it."""
    text = restored.beside[name]
    return {
        "reason": one_line(f"cell {name} is empty, but the student wrote beside it: {clean(text)}"),
        "what": "the cell for this answer is empty, and you wrote beside it",
        "got": clean(text),
        "fix": "a person will look at what you wrote; next time write in the cell itself",
    }


def _is_ours(run: CellRun, source: nb.Notebook, test: nb.Cell) -> bool:
    """Whether a test broke through its author's fault: it does not parse, or it uses a name that nothing else defines.

    A name that does not stand in the test itself was missed by a function of the student's that the test called.
    """
    if run.in_student_code:
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


def _anything_answered(cell: nb.Cell, source: nb.Notebook, restored: Restored) -> bool:
    """Whether there is anything to judge: something in this cell, or for a test in an answer of its part, if it asks for one."""
    if nb.is_by_hand(cell) or restored.unreadable:
        return True  # decided where such a cell is marked; nobody knows
    part = nb.part(cell)
    asked = [other for other in source["cells"] if nb.is_solution(other) and nb.part(other) == part]
    names = {nb.grade_id(other) for other in [code for code in asked if code["cell_type"] == "code"] or asked}
    return not names or not names.isdisjoint({*restored.answered, *restored.unmatched, *restored.beside})


def _unanswered(mark: Mark, blank: str) -> Mark:
    """A test that ended well where nothing was answered: what it read, a record, was not made with answers of this student's."""
    return _with(
        mark,
        points=0.0,
        verdict=Verdict.FAILED,
        reason=f"cell {blank} has no answer yet",
        what=f"nothing of part ({mark.part}) is answered, so what lies beside the notebook earns nothing here",
        fix=f"answer {blank}, then run the part's cells",
    )


def _done(mark: Mark, run: CellRun) -> Mark:
    """A cell that ended well: full points, or the plain number it ended with."""
    if run.odd_value:
        return _with(mark, reason=f"the test ended with a {run.odd_value}, not a plain float: the author has to fix it")
    if run.value is None:
        return _with(mark, points=mark.max_points, verdict=Verdict.PASSED)
    if not math.isfinite(run.value) or not 0 <= run.value <= mark.max_points:
        return _with(mark, reason=f"the test gave {run.value:g} of {mark.max_points:g} points: the author has to fix it")
    if run.value == mark.max_points:
        return _with(mark, points=run.value, verdict=Verdict.PASSED)
    verdict = Verdict.PARTIAL if run.value > 0 else Verdict.FAILED
    said = explanation(_printed(run) or "some of the checks failed")
    mark = _with(mark, points=run.value, verdict=verdict, reason=one_line(_reason(said)))
    return _with(mark, what=said.what, expected=said.expected, got=said.got, fix=said.fix)


def _printed(run: CellRun) -> str:
    """What a test printed: why it gave some of the points only."""
    printed = (output.get("text") for output in run.outputs if output.get("name") == "stdout")
    return "".join(text for text in printed if isinstance(text, str)).strip()


def _failed(mark: Mark, run: CellRun, history: History) -> Mark:
    """A cell that did not end well: the check's own explanation, or the earlier cell that is to blame."""
    said = explanation(run.error_message)
    lost = _with(mark, points=0.0, verdict=Verdict.FAILED)
    blame, cause = history.blame(mark, run), history.cause(run)
    if cause and cause.given:  # it failed too, but nothing was answered that could have passed
        blame, cause = f"cell {history.blank(mark.part)} has no answer yet", None
    if run.status is CellStatus.TIMEOUT or run.status is CellStatus.DIED:
        what = f"the test did not come to its end: {said.what}"
        return _with(lost, reason=blame or what, what=what, fix=blame)
    if run.status is CellStatus.NOT_RUN:
        return _with(lost, reason=said.what, what=said.what, fix=blame)
    if run.error_name in EXPLAINED:
        reason = blame if history.blank(mark.part) else _reason(said)
        return _with(lost, reason=one_line(reason), what=said.what, expected=said.expected, got=said.got, fix=said.fix)
    what = f"{run.error_name}: {said.what}" if said.what else run.error_name
    if cause:  # the missing name is only what follows from it
        return _with(lost, reason=cause.said, cause=cause.said, what=cause.said, got=what)
    return _with(lost, reason=one_line(blame or what), what=what, expected=said.expected, got=said.got, fix=said.fix or blame)


def _reason(said: Explanation) -> str:
    """One line for the staff: what is wrong, and the kind of mistake, or the error that the student's code raised."""
    last = quotes.whole(said.got).strip().rsplit("\n", 1)[-1]
    more = last if re.match(r"\w*(Error|Exception)\b", last) else said.fix
    return ": ".join(piece for piece in (said.what or "a check of this cell does not hold", more) if piece)


def _with(mark: Mark, **changes: Any) -> Mark:
    """A mark with more in it; its reason is for staff, who read everything."""
    if "reason" in changes:
        changes["reason"] = quotes.whole(changes["reason"])
    return replace(mark, **changes)
