"""Before a release: do the tests say the same of the author's own answers in a trusted process as in one process with them?

Stock nbgrader runs a test beside the student's code, ours runs it apart. A test that notices the difference (it changes a student's
object in place, or asks for what is not declared) would fail correct students, so its author hears of it before they do.
"""

from __future__ import annotations

from collections.abc import Mapping

from grading.records import CellRun, CellStatus, Execution, GradingError


class SplitError(GradingError):
    """A test cell gives other points apart from the code it tests."""


def compare(together: Execution, apart: Execution, tests: Mapping[str, float]) -> None:
    """Compare two runs of an author's notebook.

    Args:
        together: the run in which the tests ran in the same process as the answers.
        apart: the run in which they did not.
        tests: id -> points of the test cells.

    Raises:
        SplitError: which tests differ, and how; which do not give the author all points; or a run was not possible.
    """
    name = apart.notebook
    if together.fault or apart.fault:
        raise SplitError(f"{name}: the author's notebook could not be run", got=together.fault or apart.fault)
    alone = {run.cell_id: run for run in together.cells}
    short = [_short(alone[name], points) for name, points in tests.items() if name in alone]
    if any(short):
        raise SplitError(
            f"{name}: a test does not give the author's own answers all points",
            expected="a cell that ends with nothing, or with all its points as a plain float",
            got="; ".join(filter(None, short)),
            fix="mend the answer or the test",
        )
    differ = [_difference(alone[run.cell_id], run) for run in apart.cells if run.cell_id in tests]
    if any(differ):
        raise SplitError(
            f"{name}: a test gives other points when it runs apart from the answers",
            expected="the same as in one process, as stock nbgrader runs it",
            got="; ".join(text for text in (*differ, *together.notes, *apart.notes, *_deaths(apart)) if text),
            fix="let the test pass plain data, arrays and tensors only, declare the class under `objects` in course.toml, or "
            "list the test under `together`: it then runs in the student's process, where its points can be faked",
        )


def _short(run: CellRun, points: float) -> str:
    """Why the author does not get all points; a record that was not measured yet is no fault of the test's."""
    if run.odd_value:
        return f"{run.cell_id} ends with a {run.odd_value}: give it a name"
    if (run.status is CellStatus.DONE and run.value in (None, points)) or run.error_name == "RecordMissing":
        return ""
    return f"{run.cell_id}: {_outcome(run)}"


def _deaths(execution: Execution) -> list[str]:
    """Cells that took the process with them, and why."""
    return [f"{run.cell_id}: {run.error_message}" for run in execution.cells if run.status is CellStatus.DIED]


def _difference(together: CellRun, apart: CellRun) -> str:
    """What is different, or an empty text. How a test fails may differ; whether it does, and its points, may not."""
    if (together.status is CellStatus.DONE, together.value) == (apart.status is CellStatus.DONE, apart.value):
        return ""
    return f"{apart.cell_id}: {_outcome(together)} in one process, {_outcome(apart)} apart"


def _outcome(run: CellRun) -> str:
    if run.status is CellStatus.DONE:
        return "passed" if run.value is None else f"{run.value:g} points"
    return f"{run.error_name}: {run.error_message.splitlines()[0] if run.error_message else ''}"
