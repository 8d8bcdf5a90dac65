"""Graded test cells, run in a trusted process, against the copies of a student's process that wait for them.

The trusted process has the hidden tests and the whole library; the student's process has neither. Between them goes plain data
(`inside.wire`); the trusted process is in a sandbox too, because it reads what a student's code sends.
"""

from __future__ import annotations

import contextlib
import functools
import hmac
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from grading import files, secret, supplies
from grading import notebook as nb
from grading.execute import inputs
from grading.execute.inputs import Inputs
from grading.execute.magics import plain
from grading.records import CellRun, CellStatus, ErrorKind
from grading.sandbox import GRACE_S, CellProcess, Sandbox
from grading.settings import Assignment
from hw_lib import dotted

_START_S = 60.0
_READS_TEXTS = "written_by_hand"  # the check that reads what the student wrote; other tests are not sent it
_MOST_CELLS = 1000  # above a test that it reads; of more, none
_MOST_FILES, _LONGEST = 100, 100_000  # Python files beside a notebook that it reads, and characters of each
_EVIDENCE = (".json", ".npz", ".npy", ".csv", ".txt", ".pt", ".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class RunnerConfig:
    """What the tests of one notebook need.

    Attributes:
        sandbox: for the trusted process: program testrunner, the whole library, only harmless files of the submission.
        inputs: where each test's names come from.
        visible: what the student sees of each test; this runs in the student's process.
        exposed: class name -> attributes that a test may ask its objects for.
        secret: what hidden inputs are drawn from; the trusted process gets it with every test, a student's never.
    """

    sandbox: Sandbox
    inputs: Mapping[str, Inputs]
    visible: Mapping[str, str]
    exposed: Mapping[str, tuple[str, ...]]
    secret: str = field(default="", repr=False)


def config(assignment: Assignment, source: nb.Notebook, released: nb.Notebook, sandbox: Sandbox, secret: str = "") -> RunnerConfig:
    """What the tests of an author's notebook need; tests that the assignment wants in the student's process are left out."""
    visible = {cell["id"]: cell["source"] for cell in released["cells"]}
    apart = {
        name: found
        for name, found in inputs.find(source, supplies.modules(assignment)).items()
        if name not in assignment.in_student_process
    }
    return RunnerConfig(sandbox, apart, visible, assignment.exposed_attributes, secret)


def evidence(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a submission that a test may read: data and pictures, nothing that Python or a library would run or obey."""
    return {
        name: data for name, data in files.items() if Path(name).suffix.lower() in _EVIDENCE and not Path(name).name.startswith(".")
    }


@dataclass(frozen=True)
class Written:
    """What a student wrote, for the tests that read it: text, which the trusted process never runs.

    Attributes:
        cells: the notebook's code cells, in order.
        files: what lies beside it.
        ran: the cells that ran, to their end or a part of the way.
    """

    cells: tuple[nb.Cell, ...]
    files: Mapping[str, bytes]
    ran: frozenset[str] = frozenset()

    def before(self, test: nb.Cell) -> dict[str, Any]:
        """The cells above a test, without tests, and the Python files; a text that is cut is one character longer than is read.

        A cell that ran and is no Python that we can read (somebody taught the kernel another language) is None.
        """
        above = [cell for cell in itertools.takewhile(lambda cell: cell["id"] != test["id"], self.cells) if not nb.is_test(cell)]
        own = {name: data for name, data in self.files.items() if name.endswith(".py") and not name.startswith("hw_lib/")}
        read = {name: data.decode("utf-8", "replace")[: _LONGEST + 1] for name, data in itertools.islice(own.items(), _MOST_FILES)}
        cells = [self._said(cell) for cell in above] if len(above) <= _MOST_CELLS else []
        return {"cells": cells, "files": read}

    def _said(self, cell: nb.Cell) -> str | None:
        text = plain(cell["source"][: _LONGEST + 1])
        return None if text is not None and cell["id"] in self.ran and not _is_python(text) else text


@functools.lru_cache(maxsize=2000)  # most cells are everybody's
def _is_python(text: str) -> bool:
    return dotted.parsed(text) is not None


class RunnerError(Exception):
    """The trusted process could not do its work: a grader's fault."""


def run_tests(
    tests: Iterable[nb.Cell], student: CellProcess, config: RunnerConfig, link: int, deadline: float, written: Written
) -> dict[str, CellRun]:
    """Run tests one after the other.

    Args:
        tests: the author's cells, hidden parts included.
        student: the process whose copies answer; every one of these tests has a copy.
        config: what the tests need.
        link: the trusted end of the socket between the two.
        deadline: when all of it has to be over (time.monotonic).
        written: the student's text.

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
                runs[test["id"]], alive = _one(test, student, process, config, deadline, written)
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


def _seed(config: RunnerConfig, test: nb.Cell, whose: str) -> int:
    """What random numbers that nobody seeds follow from, in one process of a test."""
    text = f"{test['id']} {whose}"
    return int.from_bytes(hmac.digest(config.secret.encode(), text.encode(), "sha256")[:7], "big")


def _one(
    test: nb.Cell, student: CellProcess, process: CellProcess, config: RunnerConfig, deadline: float, written: Written
) -> tuple[CellRun, bool]:
    """One test; also returns whether the trusted process can run another."""
    limit_s = config.sandbox.limits.cell_s
    classes = {name: list(attributes) for name, attributes in config.exposed.items()}
    names = config.inputs[test["id"]]
    own, its = (_seed(config, test, whose) for whose in ("test", "student"))
    student.post({"answer": test["id"], "classes": classes, "seed": its})
    texts = written.before(test) if _READS_TEXTS in test["source"] else {}
    asked = {**asdict(names), "classes": classes, "texts": texts, "variables": {secret.VARIABLE: config.secret}, "seed": own}
    run, alive = process.run(test, deadline, **asked)
    student.wait_for("answered", time.monotonic() + limit_s + GRACE_S)
    if not alive:
        why = f"the trusted process did not survive this test: {run.error_message}"
        run = replace(run, status=CellStatus.LOST, error_name=ErrorKind.TEST_LOST, error_message=why)
    return run, alive
