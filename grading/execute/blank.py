"""Before a release: does a notebook in which nothing was answered get points?

Grading gives a blank part nothing whatever its tests say; but one word in one answer is enough to be given what such a test gives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grading import display
from grading.records import CellRun, CellStatus, Execution, GradingError


class FreePointsError(GradingError):
    """A test gives points to a notebook in which nothing was answered."""


def refuse_free_points(blank: Execution, tests: Mapping[str, float], allowed: Collection[str]) -> None:
    """Look at the run of a hand-out in which nothing was answered.

    Args:
        blank: the run.
        tests: id -> points of the test cells.
        allowed: tests that may give points to everybody.

    Raises:
        FreePointsError: which tests give points, and how many; or the run was not possible.
    """
    if blank.fault:
        raise FreePointsError(f"{blank.notebook}: the hand-out could not be run", got=blank.fault)
    given = {run.cell_id: _given(run, tests[run.cell_id]) for run in blank.cells if run.cell_id in tests}
    free = [
        f"{name}: {display.number(points)} of {display.number(tests[name])} points"
        for name, points in given.items()
        if points > 0 and name not in allowed
    ]
    if free:
        raise FreePointsError(
            f"{blank.notebook}: {len(free)} test(s) give points to a notebook in which nothing was answered",
            expected="no points: a test fails, or ends with 0.0, until its answer is there",
            got="; ".join(free),
            fix="let the test ask something of the answer; if everybody is to get these points, list it under `free_tests` of "
            "the assignment in course.toml",
        )


def _given(run: CellRun, points: float) -> float:
    """What a test cell gives; how it is scored, `score` knows."""
    if run.status is not CellStatus.DONE or run.odd_value:
        return 0.0
    return points if run.value is None else max(0.0, run.value)
