"""Before a release: do the tests say the same of the author's answers in a trusted process as in one process with them?

And do they give nothing for none (`blank`)? Stock nbgrader runs a test in the student's process, we run it in another. A test that
notices the difference (it changes a student's object in place, or asks for what is not declared) would fail correct students: its
author hears of it before they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grading import notebook as nb
from grading import sandbox
from grading.course import Course
from grading.execute.blank import refuse_free_points
from grading.execute.fingerprint import of_files
from grading.execute.job import SharedInputs, author_job, blank_job, shared_inputs
from grading.execute.worker import Worker
from grading.files import digest, write_text
from grading.records import CellRun, CellStatus, ErrorKind, Execution, GradingError
from grading.settings import Assignment, RunOptions
from grading.source import Source, read_all


class ParityError(GradingError):
    """A test cell gives other points in a process of its own than in that of the code it tests."""


def check_tests(course: Course, assignment: Assignment, build: Path | None = None) -> list[str]:
    """Run every author's notebook both ways and compare; run the hand-out, in which nothing is answered, too.

    Args:
        course: where the sources lie.
        assignment: whose tests are checked.
        build: the student build of a release that is still being made; without it that of the last one counts.

    Returns:
        The names of the notebooks that were run; those that have not changed since the last time are not run again.

    Raises:
        ParityError: a test that gives other points in a process of its own, or not all of them to the author.
        FreePointsError: a test that gives points to a notebook in which nothing was answered.
    """
    done, work, options = [], course.workspace(assignment), RunOptions(sandbox=_can_isolate())
    sources = read_all(course, assignment)
    points = {source.name: _points(source) for source in sources}
    every = tuple(name for tests in points.values() for name in tests)
    apart = shared_inputs(course, assignment, sources, options, build=build)
    shared = shared_inputs(course, replace(assignment, in_student_process=every), sources, options, build=build)
    together = _with_the_whole_library(shared)
    with Worker(work.fonts) as worker:
        for name, tests in points.items():
            own = {path.name: path.read_bytes() for path in nb.evidence(work.solutions, name)}
            last, key = work.parity(name), _key(apart[name], tests, own)
            if last.is_file() and last.read_text() == key:
                continue
            one, two = (worker.run(author_job(inputs, own), inputs) for inputs in (together[name], apart[name]))
            compare(one, two, {test: tests[test] for test in tests if test not in assignment.in_student_process})
            blank = worker.run(blank_job(apart[name]), apart[name])
            refuse_free_points(blank, {test: worth for test, worth in tests.items() if worth}, assignment.free_tests)
            write_text(last, key)
            done.append(name)
    return done


def _with_the_whole_library(inputs: Mapping[str, SharedInputs]) -> dict[str, SharedInputs]:
    """What is withheld from students' answers is not from tests, which have it in their own process: here they share one."""
    found = {}
    for name, one in inputs.items():
        found[name] = replace(one, key=f"{one.key}-whole", build={**one.build, **one.library})
    return found


def _key(shared: SharedInputs, tests: Mapping[str, float], own: Mapping[str, bytes]) -> str:
    """Tells whether a notebook has to be checked again: what it runs, the author's records, what its tests are worth."""
    worth = repr((sorted(tests.items()), shared.assignment.free_tests)).encode()
    return digest([shared.key.encode(), worth, of_files(own).encode()])


def _points(source: Source) -> dict[str, float]:
    """What each test cell is worth."""
    return {cell["id"]: nb.points(cell) for cell in source.notebook["cells"] if nb.is_test(cell)}


def _can_isolate() -> bool:
    """An author's own notebook may run bare where there is no sandbox."""
    try:
        sandbox.check()
    except sandbox.SandboxError:
        return False
    return True


def compare(one: Execution, two: Execution, tests: Mapping[str, float]) -> None:
    """Compare two runs of an author's notebook.

    Args:
        one: the run in which the tests ran in the same process as the answers.
        two: the run in which they ran in another one.
        tests: id -> points of the test cells.

    Raises:
        ParityError: which tests differ, and how; which do not give the author all points; or a run was not possible.
    """
    name = two.notebook
    if one.fault or two.fault:
        raise ParityError(f"{name}: the author's notebook could not be run", got=one.fault or two.fault)
    runs = {run.cell_id: run for run in one.cells}
    short = [_short(runs[name], points) for name, points in tests.items() if name in runs]
    if any(short):
        raise ParityError(
            f"{name}: a test does not give the author's own answers all points",
            expected="a cell that ends with nothing, or with all its points as a plain float",
            got="; ".join(filter(None, short)),
            fix="fix the answer or the test",
        )
    differ = [_difference(runs[run.cell_id], run) for run in two.cells if run.cell_id in tests]
    if any(differ):
        raise ParityError(
            f"{name}: a test gives other points when it runs apart from the answers",
            expected="the same as in one process, as stock nbgrader runs it",
            got="; ".join(text for text in (*differ, *one.notes, *two.notes, *_deaths(two)) if text),
            fix="let the test pass plain data, arrays and tensors only, declare the class under `exposed_attributes` in "
            "course.toml, or list the test under `in_student_process`: it then runs there, where its points can be faked",
        )


def _short(run: CellRun, points: float) -> str:
    """Why the author does not get all points; a record that was not measured yet is no fault of the test's."""
    if run.odd_value:
        return f"{run.cell_id} ends with a {run.odd_value}: give it a name"
    if (run.status is CellStatus.DONE and run.value in (None, points)) or run.error_name == ErrorKind.RECORD_MISSING:
        return ""
    return f"{run.cell_id}: {_outcome(run)}"


def _deaths(execution: Execution) -> list[str]:
    """Cells that took the process with them, and why."""
    return [f"{run.cell_id}: {run.error_message}" for run in execution.cells if run.status is CellStatus.DIED]


def _difference(one: CellRun, two: CellRun) -> str:
    """What is different, or an empty text. How a test fails may differ; whether it does, and its points, may not."""
    if (one.status is CellStatus.DONE, one.value) == (two.status is CellStatus.DONE, two.value):
        return ""
    return f"{two.cell_id}: {_outcome(one)} in one process, {_outcome(two)} apart"


def _outcome(run: CellRun) -> str:
    if run.status is CellStatus.DONE:
        return "passed" if run.value is None else f"{run.value:g} points"
    return f"{run.error_name}: {run.error_message.splitlines()[0] if run.error_message else ''}"
