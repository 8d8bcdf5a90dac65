"""What is shown of an exception: the message and the student's own lines, not the way that led there."""

from __future__ import annotations

import linecache
import types
from pathlib import Path

from hw_lib.errors import explain
from hw_lib.notebook.file import TEST, Page
from hw_lib.notebook.session import Session

OPEN = "is not answered yet"
OTHER_LIBRARY = explain(
    "the hw_lib that is installed here is not the one that this notebook was handed out with",
    fix="put the hw_lib-….whl of the same hand-out beside the notebook, and no older one; then restart, and run the first cell",
)


def unanswered(error: BaseException, page: Page, session: Session) -> str:
    """Why a cell cannot run yet, if an answer or a cell above it is missing; else an empty text."""
    for met in (error, error.__cause__):  # the second by a check
        if isinstance(met, NotImplementedError):
            return _stub(met, page)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name and _in_notebook(error):
        return _undefined(error.name, page, session)
    return ""


def students_part(trace: types.TracebackType | None, page: Page) -> types.TracebackType | None:
    """A traceback without the frames of libraries and of test cells; as it was if nothing else is left.

    Of given cells the first and the last frame stay: where it began, and where it was raised.
    """
    cells = [step for step in _steps(trace) if _is_notebook(step) and not _is_test(step)]
    kept = [step for step in cells if step in (cells[0], cells[-1]) or not _is_given(step, page)]
    shorter: types.TracebackType | None = None
    for step in reversed(kept):
        shorter = types.TracebackType(shorter, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return shorter or trace


def _stub(error: NotImplementedError, page: Page) -> str:
    """A task that still raises NotImplementedError."""
    steps = [step for step in _steps(error.__traceback__) if _is_notebook(step)]
    if not steps or _steps(error.__traceback__)[-1] is not steps[-1]:
        return str(error)  # an exercise of the library, whose message says where it is written
    code = steps[-1].tb_frame.f_code
    source = "".join(linecache.getlines(code.co_filename))
    cell = page.of_source(source) or page.defining(code.co_qualname.partition(".")[0])
    what = "this task" if code.co_name == "<module>" else code.co_qualname
    return explain(
        f"{cell.part} {OPEN}" if cell and cell.name else f"{what} {OPEN}",
        got="" if code.co_name == "<module>" else f"{what} still says raise NotImplementedError()",
        fix="write your answer in place of the line raise NotImplementedError(), and run that cell",
    )


def _undefined(name: str, page: Page, session: Session) -> str:
    """A name without a value: the task that gives it one is not answered, or cells above did not run."""
    cell = page.defining(name)
    if cell is None:
        return _not_made(name, page, session)
    if cell.is_open:
        return explain(f"{cell.part} {OPEN}", got=f"{name} has no value", fix="answer the task, and run its cell")
    if session.last(cell) is None:
        return explain(f"{name} has no value yet", fix=f"run the cell of {cell.part} first, and the cells above it")
    return explain(
        f"the cell of {cell.part} ran, but it gives {name} no value",
        expected=", ".join(cell.defines),
        fix=f"use exactly the name {name} in your answer",
    )


def _not_made(name: str, page: Page, session: Session) -> str:
    """A given cell makes the name: it did not run, or it waits for an answer itself."""
    cell = page.giving(name)
    if cell is None:
        return ""
    place = session.last(cell)
    if place is None:
        return explain(f"{name} has no value yet", fix="run the cells above first: Run, Run All Above Selected Cell")
    problem = session.runs[place].problem
    what = problem if problem.endswith(OPEN) else f"{name} has no value: the cell that makes it ended with an error"
    return explain(what, got=f"{name} has no value" if what == problem else problem, fix="see to that first")


def _steps(trace: types.TracebackType | None) -> list[types.TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found


def _in_notebook(error: BaseException) -> bool:
    """Whether a cell itself ran into it, not a library that a cell called."""
    steps = _steps(error.__traceback__)
    return bool(steps) and _is_notebook(steps[-1])


def _is_notebook(step: types.TracebackType) -> bool:
    """Whether a frame is a cell's, or that of a file beside the notebook."""
    name = step.tb_frame.f_code.co_filename
    return name.startswith("<ipython-input") or "ipykernel_" in name or Path(name).parent == Path.cwd()


def _is_given(step: types.TracebackType, page: Page) -> bool:
    """Whether a frame is in a cell that students do not write, unchanged."""
    cell = page.of_source("".join(linecache.getlines(step.tb_frame.f_code.co_filename)))
    return cell is not None and not cell.answer


def _is_test(step: types.TracebackType) -> bool:
    return bool(TEST.match(linecache.getline(step.tb_frame.f_code.co_filename, 1)))
