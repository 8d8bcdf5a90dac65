"""Graded test cells, run in a trusted process, against the copies of a student's process that wait for them.

The trusted process has the hidden tests and the whole library; the student's process has neither. Between them goes plain data
(`inside.wire`); the trusted process is in a sandbox too, because it reads what a student's code sends.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grading import files
from grading import notebook as nb
from grading.execute import inputs
from grading.execute.inputs import Inputs
from grading.records import CellRun, CellStatus, ErrorKind
from grading.sandbox import GRACE_S, CellProcess, Sandbox
from grading.settings import Assignment

_START_S = 60.0
_EVIDENCE = (".json", ".npz", ".npy", ".csv", ".txt", ".pt", ".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class RunnerConfig:
    """What the tests of one notebook need.

    Attributes:
        sandbox: for the trusted process: program testrunner, the whole library, only harmless files of the submission.
        inputs: where each test's names come from.
        visible: what the student sees of each test; this runs in the student's process.
        exposed: class name -> attributes that a test may ask its objects for.
    """

    sandbox: Sandbox
    inputs: Mapping[str, Inputs]
    visible: Mapping[str, str]
    exposed: Mapping[str, tuple[str, ...]]


def config(assignment: Assignment, source: nb.Notebook, released: nb.Notebook, sandbox: Sandbox) -> RunnerConfig:
    """What the tests of an author's notebook need; tests that the assignment wants in the student's process are left out."""
    visible = {cell["id"]: cell["source"] for cell in released["cells"]}
    apart = {name: found for name, found in inputs.find(source).items() if name not in assignment.in_student_process}
    return RunnerConfig(sandbox, apart, visible, assignment.exposed_attributes)


def evidence(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a submission that a test may read: data and pictures, nothing that Python or a library would run or obey."""
    return {
        name: data for name, data in files.items() if Path(name).suffix.lower() in _EVIDENCE and not Path(name).name.startswith(".")
    }


class RunnerError(Exception):
    """The trusted process could not do its work: a grader's fault."""


def run_tests(
    tests: Iterable[nb.Cell], student: CellProcess, config: RunnerConfig, link: int, deadline: float
) -> dict[str, CellRun]:
    """Run tests one after the other.

    Args:
        tests: the author's cells, hidden parts included.
        student: the process whose copies answer; every one of these tests has a copy.
        config: what the tests need.
        link: the trusted end of the socket between the two.
        deadline: when all of it has to be over (time.monotonic).

    Returns:
        What happened in each test. LOST where the trusted process did not survive: a person has to look.

    Raises:
        RunnerError: the trusted process cannot be started.
    """
    runs: dict[str, CellRun] = {}
    waiting = list(tests)
    while waiting:
        with _started(config.sandbox, link) as process:
            alive = True
            while waiting and alive:
                test = waiting.pop(0)
                runs[test["id"]], alive = _one(test, student, process, config, deadline)
                if student.ended:
                    return runs | {left["id"]: _unanswered(left["id"], student.ended) for left in waiting}
    return runs


@contextlib.contextmanager
def _started(sandbox: Sandbox, link: int) -> Iterator[CellProcess]:
    with files.folder("hw-run-") as work, CellProcess(sandbox, work, link) as process:
        problem = process.ready(time.monotonic() + _START_S)
        if problem:
            raise RunnerError(problem)
        yield process


def _unanswered(cell_id: str, why: str) -> CellRun:
    return CellRun(cell_id, CellStatus.DIED, error_name=ErrorKind.KERNEL_DIED, error_message=why)


def _one(test: nb.Cell, student: CellProcess, process: CellProcess, config: RunnerConfig, deadline: float) -> tuple[CellRun, bool]:
    """One test; also returns whether the trusted process can run another."""
    limit_s = config.sandbox.limits.cell_s
    classes = {name: list(attributes) for name, attributes in config.exposed.items()}
    names = config.inputs[test["id"]]
    student.post({"answer": test["id"], "classes": classes})
    run, alive = process.run(test, deadline, **asdict(names), classes=classes)
    student.wait_for("answered", time.monotonic() + limit_s + GRACE_S)
    if not alive:
        why = f"the trusted process did not survive this test: {run.error_message}"
        run = replace(run, status=CellStatus.LOST, error_name=ErrorKind.TEST_LOST, error_message=why)
    return run, alive
