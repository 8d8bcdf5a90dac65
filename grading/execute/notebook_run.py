"""One restored notebook, run in a sandbox -> what happened in every cell. The only step that touches student code.

Cells go to the process inside one by one, so that a cell is known to have begun and ended, what has finished survives whatever
comes later, and a cell that never reports its end never counts. A cell that takes the process with it is skipped and the others
are run again, so that one mistake does not cost the parts after it.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading import files
from grading import notebook as nb
from grading.execute.trusted_tests import JudgeError, Trusted, judge
from grading.gradebook import sanitize
from grading.records import CellRun, CellStatus, Execution, Limits, Restored
from grading.sandbox.cell_process import CellProcess
from grading.sandbox.spec import Sandbox, SandboxError

_START_S = 60.0  # the process inside imports IPython on a busy machine


@dataclass
class _Attempt:
    """What one process got through."""

    runs: dict[str, CellRun] = field(default_factory=dict)
    judged: dict[str, CellRun] = field(default_factory=dict)
    refused: dict[str, CellRun] = field(default_factory=dict)  # tests whose visible checks failed beside the answers
    killer: str = ""  # the cell that ended it
    fault: str = ""
    out_of_time: bool = False


def execute(restored: Restored, notebook: nb.Notebook, sandbox: Sandbox, trusted: Trusted | None = None) -> Execution:
    """Run every code cell of a restored notebook.

    Args:
        restored: what the notebook is.
        notebook: its cells, hidden tests included.
        sandbox: where to run it.
        trusted: what is needed to run the tests in a process of their own; None runs them in the student's.

    Returns:
        One `CellRun` for every code cell, in order. Never raises for anything the student did; a sandbox that cannot work is
        said in `fault`.
    """
    started = time.monotonic()
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    deadline = started + sandbox.limits.wall_s
    lethal: dict[str, CellRun] = {}
    attempt = _Attempt()
    for _ in range(sandbox.limits.restarts + 1):
        attempt = _run(cells, lethal, sandbox, trusted, deadline)
        if not attempt.killer:
            break
        lethal[attempt.killer] = attempt.runs[attempt.killer]
        if attempt.out_of_time:
            break
    if attempt.killer and trusted:  # its copies died with it: once more, up to the cell that ends it
        before = list(itertools.takewhile(lambda cell: cell["id"] != attempt.killer, cells))
        again = _run(before, lethal, sandbox, trusted, time.monotonic() + sandbox.limits.wall_s)
        attempt.runs |= again.runs
        attempt.refused |= again.refused
        attempt.judged |= again.judged
        attempt.fault = attempt.fault or again.fault
    runs = {**attempt.runs, **lethal, **attempt.judged, **_changed_in_place(attempt)}
    return Execution(
        restored.assignment,
        restored.student,
        restored.notebook,
        cells=tuple(runs.get(cell["id"], _not_run(cell["id"], attempt, sandbox.limits)) for cell in cells),
        fault=attempt.fault,
        notes=tuple(f"cell {name} ended the process; the other cells were run again without it" for name in lethal),
        seconds=round(time.monotonic() - started, 2),
        isolated=sandbox.isolated,
    )


def _changed_in_place(attempt: _Attempt) -> dict[str, CellRun]:
    """Tests that were passed apart although their visible checks failed beside the answers.

    Apart, a function gets copies of its arguments, so that it cannot change what the test compares with; beside the answers, as the
    student has run the test, a function that spoils its input is seen.
    """
    passed = (name for name, run in attempt.judged.items() if run.status is CellStatus.DONE)
    return {name: attempt.refused[name] for name in passed if name in attempt.refused}


def prove(sandbox: Sandbox) -> str:
    """Run one harmless cell; returns why that did not work, or an empty text."""
    harmless: nb.Notebook = {"cells": [{"cell_type": "code", "id": "one", "metadata": {}, "source": "1 + 1"}], "metadata": {}}
    done = execute(Restored("", "", "", ""), harmless, sandbox)
    if done.fault:
        return done.fault
    return "" if done.cells[0].value == 2 else f"1 + 1 came out as {done.cells[0].value}: {done.cells[0].error_message}"


def executed_notebook(notebook: nb.Notebook, execution: Execution) -> str:
    """The restored notebook with the outputs of its run, as text; what the formgrader shows."""
    runs = {run.cell_id: run for run in execution.cells}
    cells = []
    for count, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code" and cell["id"] in runs:
            cell = {**cell, "outputs": _readable(runs[cell["id"]]), "execution_count": count}
        cells.append(cell)
    return nb.dump(sanitize.safe({**notebook, "cells": cells}))


def placeholder_notebook(released: nb.Notebook, problem: str) -> str:
    """What the formgrader shows when there was nothing to run: the blank release under a line that says why, as text."""
    banner = {"cell_type": "markdown", "id": "grader-says", "metadata": {}, "source": f"**The grader says:** {problem}"}
    return nb.dump(sanitize.safe({**released, "cells": [banner, *released["cells"]]}))


def _readable(run: CellRun) -> list[dict[str, Any]]:
    """A cell's outputs; a cell that never ended carries an error, or stock tools would give it full points."""
    outputs = [dict(output) for output in run.outputs]
    if run.status is not CellStatus.DONE and not any(output["output_type"] == "error" for output in outputs):
        outputs.append(
            {"output_type": "error", "ename": run.error_name, "evalue": run.error_message, "traceback": [run.error_message]}
        )
    return outputs


def _not_run(cell_id: str, attempt: _Attempt, limits: Limits) -> CellRun:
    why = (
        f"the notebook used up its {limits.wall_s:g} seconds before this cell"
        if attempt.out_of_time
        else "this cell was not reached"
    )
    return CellRun(cell_id, CellStatus.NOT_RUN, error_name="NotRun", error_message=attempt.fault or why)


def _run(
    cells: Sequence[nb.Cell], skip: Mapping[str, CellRun], sandbox: Sandbox, trusted: Trusted | None, deadline: float
) -> _Attempt:
    """Run cells in one process until all are done, it dies, or time is up; then let the tests ask the copies it left."""
    attempt = _Attempt()
    try:
        with _line() as (student_end, trusted_end), _process(sandbox, student_end) as process:
            attempt.fault = process.ready(min(deadline, time.monotonic() + _START_S))
            waiting = [] if attempt.fault else _run_cells(attempt, cells, skip, process, trusted, deadline)
            if trusted and waiting and not attempt.killer:
                limit = time.monotonic() + sandbox.limits.wall_s
                attempt.judged |= judge(waiting, process, trusted, trusted_end, limit)
    except (JudgeError, SandboxError) as error:  # whatever the student's code did, this is not its fault
        attempt.fault = str(error)
    return attempt


def _run_cells(
    attempt: _Attempt,
    cells: Sequence[nb.Cell],
    skip: Mapping[str, CellRun],
    process: CellProcess,
    trusted: Trusted | None,
    deadline: float,
) -> list[nb.Cell]:
    """Run cells in order; returns the tests for which a copy of the process waits."""
    waiting = []
    for cell in cells:
        if time.monotonic() >= deadline:
            attempt.out_of_time = True
            break
        apart = trusted is not None and cell["id"] in trusted.plans
        if apart:
            problem = _copy(process, cell["id"], deadline)
            if problem:
                attempt.judged[cell["id"]] = CellRun(cell["id"], CellStatus.DIED, (), "KernelDied", problem)
            else:
                waiting.append(cell)
        if cell["id"] in skip:
            continue
        seen = {**cell, "source": trusted.visible[cell["id"]]} if trusted and apart else cell
        run, alive = process.run(seen, deadline, fresh=nb.is_test(cell))
        if not apart or not alive:
            attempt.runs[cell["id"]] = run
        elif run.error_name == "CheckFailed":
            attempt.refused[cell["id"]] = run
        if not alive:
            attempt.killer = cell["id"]
            attempt.out_of_time = time.monotonic() >= deadline
            break
    return waiting


def _copy(process: CellProcess, test: str, deadline: float) -> str:
    """Keep a copy of the process for a test; returns why there is none."""
    process.post({"snapshot": test})
    return process.wait_for("snapshot", deadline)


@contextlib.contextmanager
def _line() -> Iterator[tuple[int, int]]:
    """Both ends of a line between a student's process and the trusted tests."""
    ends = socket.socketpair()
    try:
        yield ends[0].fileno(), ends[1].fileno()
    finally:
        for end in ends:
            end.close()


@contextlib.contextmanager
def _process(sandbox: Sandbox, link: int) -> Iterator[CellProcess]:
    with files.folder("hw-run-") as work, CellProcess(sandbox, work, link) as process:
        yield process
