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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from grading import files
from grading import notebook as nb
from grading.execute.trusted_tests import RunnerConfig, RunnerError, Written, run_tests
from grading.quotes import Said
from grading.records import CellRun, CellStatus, ErrorKind, Execution, Restored
from grading.sandbox import CellProcess, Sandbox, SandboxError

_START_S = 60.0  # the process inside imports IPython on a busy machine


@dataclass
class _Attempt:
    """What one process got through.

    Attributes:
        runs: cells that ran in the student's process.
        tests: tests that ran in the trusted one.
        refused: tests whose visible checks failed in the student's process.
        crashed_at: the cell that ended the process; empty if none did.
        fault: what the grader itself could not do.
        out_of_time: the notebook's time was used up.
        said: errors of the student's process, where no input is hidden.
    """

    runs: dict[str, CellRun] = field(default_factory=dict)
    tests: dict[str, CellRun] = field(default_factory=dict)
    refused: dict[str, CellRun] = field(default_factory=dict)
    crashed_at: str = ""
    fault: str = ""
    out_of_time: bool = False
    said: list[str] = field(default_factory=list)

    def add(self, other: _Attempt) -> None:
        """Take over what another process got through."""
        self.runs |= other.runs
        self.tests |= other.tests
        self.refused |= other.refused
        self.said += other.said
        self.fault = self.fault or other.fault

    def tests_released(self) -> dict[str, CellRun]:
        """The tests; what a function of the student's said in them is no secret where it said the same on visible inputs."""
        said = Said(self.said)
        return {
            name: replace(run, error_name=said.released(run.error_name), error_message=said.released(run.error_message))
            for name, run in self.tests.items()
        }

    def changed_in_place(self) -> dict[str, CellRun]:
        """Tests that passed in the trusted process although their visible checks failed in the student's, by a spoiled input.

        In the trusted process a function gets copies of its arguments, so that it cannot change what the test compares with; in
        the student's, as the student has run the test, a function that spoils its input is seen. Visible checks may fail for
        another reason where a test passes: its hidden part may know that an earlier part is to blame, which was charged there.
        """
        passed = (name for name, run in self.tests.items() if run.status is CellStatus.DONE and run.changed_inputs)
        return {name: self.refused[name] for name in passed if name in self.refused}


def execute(restored: Restored, notebook: nb.Notebook, sandbox: Sandbox, tests: RunnerConfig | None = None) -> Execution:
    """Run every code cell of a restored notebook.

    Args:
        restored: what the notebook is.
        notebook: its cells, hidden tests included.
        sandbox: where to run it.
        tests: what is needed to run the tests in a process of their own; None runs them in the student's.

    Returns:
        One `CellRun` for every code cell, in order. Never raises for anything the student did; a sandbox that cannot work is
        said in `fault`.
    """
    started = time.monotonic()
    run = _NotebookRun([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], sandbox, tests)
    cells, fault = run.all_cells()
    return Execution(
        restored.assignment,
        restored.student,
        restored.notebook,
        cells=cells,
        fault=fault,
        notes=tuple(f"cell {name} ended the process; the other cells were run again without it" for name in run.crashing),
        seconds=round(time.monotonic() - started, 2),
    )


def smoke_test(sandbox: Sandbox) -> str:
    """Run one harmless cell; returns why that did not work, or an empty text."""
    harmless: nb.Notebook = {"cells": [{"cell_type": "code", "id": "one", "metadata": {}, "source": "1 + 1"}], "metadata": {}}
    done = execute(Restored("", "", ""), harmless, sandbox)
    if done.fault:
        return done.fault
    return "" if done.cells[0].value == 2 else f"1 + 1 came out as {done.cells[0].value}: {done.cells[0].error_message}"


class _NotebookRun:
    """The code cells of one notebook, run in as many processes as it takes.

    Attributes:
        crashing: the cells that ended a process, and what happened in them; they are not run again.
    """

    def __init__(self, cells: Sequence[nb.Cell], sandbox: Sandbox, tests: RunnerConfig | None) -> None:
        self._cells, self._sandbox, self._tests = cells, sandbox, tests
        self._written = Written(tuple(cells), sandbox.files)
        self.crashing: dict[str, CellRun] = {}

    def all_cells(self) -> tuple[tuple[CellRun, ...], str]:
        """Every cell's run, and the grader's own fault if there was one."""
        limits, attempt = self._sandbox.limits, _Attempt()
        deadline = time.monotonic() + limits.wall_s
        for _ in range(limits.restarts + 1):
            attempt = self._attempt(self._cells, deadline)
            if not attempt.crashed_at:
                break
            self.crashing[attempt.crashed_at] = attempt.runs[attempt.crashed_at]
            if attempt.out_of_time:
                break
        if attempt.crashed_at and self._tests:  # its copies died with it: once more, up to the cell that ends it
            before = list(itertools.takewhile(lambda cell: cell["id"] != attempt.crashed_at, self._cells))
            attempt.add(self._attempt(before, time.monotonic() + limits.wall_s))
        runs = {**attempt.runs, **self.crashing, **attempt.tests_released(), **attempt.changed_in_place()}
        return tuple(runs.get(cell["id"], self._not_run(cell["id"], attempt)) for cell in self._cells), attempt.fault

    def _not_run(self, cell_id: str, attempt: _Attempt) -> CellRun:
        why = "this cell was not reached"
        if attempt.out_of_time:
            why = f"the notebook used up its {self._sandbox.limits.wall_s:g} seconds before this cell"
        return CellRun(cell_id, CellStatus.NOT_RUN, error_name=ErrorKind.NOT_RUN, error_message=attempt.fault or why)

    def _attempt(self, cells: Sequence[nb.Cell], deadline: float) -> _Attempt:
        """Run cells in one process until all are done, it dies, or time is up; then let the tests ask the copies it left."""
        attempt = _Attempt()
        try:
            with _socket_pair() as (student_end, trusted_end), _process(self._sandbox, student_end) as process:
                attempt.fault = process.ready(min(deadline, time.monotonic() + _START_S))
                waiting = [] if attempt.fault else self._run_cells(attempt, cells, process, deadline)
                if self._tests and waiting and not attempt.crashed_at:
                    limit = time.monotonic() + self._sandbox.limits.wall_s
                    unread = "SyntaxError", "IndentationError", "TabError"  # of whatever else a cell ended with, a part ran
                    ran = frozenset(name for name, run in attempt.runs.items() if run.error_name not in unread)
                    written = replace(self._written, ran=ran)
                    attempt.tests |= run_tests(waiting, process, self._tests, trusted_end, limit, written)
        except (RunnerError, SandboxError) as error:  # whatever the student's code did, this is not its fault
            attempt.fault = str(error)
        return attempt

    def _run_cells(self, attempt: _Attempt, cells: Sequence[nb.Cell], process: CellProcess, deadline: float) -> list[nb.Cell]:
        """Run cells in order; returns the tests for which a copy of the process waits."""
        waiting = []
        for cell in cells:
            name = cell["id"]
            if time.monotonic() >= deadline:
                attempt.out_of_time = True
                break
            visible = self._tests.visible[name] if self._tests and name in self._tests.inputs else None
            if visible is not None:
                if problem := _copy(process, name, deadline):
                    attempt.tests[name] = CellRun(name, CellStatus.DIED, (), ErrorKind.KERNEL_DIED, problem)
                else:
                    waiting.append(cell)
            if name in self.crashing:
                continue
            shown = cell if visible is None else {**cell, "source": visible}
            run, alive = process.run(shown, deadline, fresh=nb.is_test(cell))
            attempt.said += [run.error_name, run.error_message]
            if visible is None or not alive:
                attempt.runs[name] = run
            elif run.error_name == ErrorKind.CHECK_FAILED:
                attempt.refused[name] = run
            if not alive:
                attempt.crashed_at = name
                attempt.out_of_time = time.monotonic() >= deadline
                break
        return waiting


def _copy(process: CellProcess, test: str, deadline: float) -> str:
    """Keep a copy of the process for a test; returns why there is none."""
    process.post({"snapshot": test})
    return process.wait_for("snapshot", deadline)


@contextlib.contextmanager
def _socket_pair() -> Iterator[tuple[int, int]]:
    """Both ends of a connection between a student's process and the trusted tests."""
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
