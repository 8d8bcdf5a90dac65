"""Before a release the blank hand-out is run against all tests: one that gives it points stops the release, and is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from grading import execute, releasing
from grading import notebook as nb
from grading.course import Course
from grading.execute.blank import FreePointsError, refuse_free_points
from grading.records import CellRun, CellStatus, Execution
from grading.release import ReleaseError
from grading.settings import Assignment
from grading.source import SourceError, read_source
from tests.grading.conftest import MINI, cell

FREE = [
    cell("code", "d_shout_test", 'print("tests")', grade=True, locked=True, points=2),
    cell(
        "code",
        "e_some_test",
        "try:\n    given = float(len(seen)) / 3\nexcept NameError:\n    given = 0.5\ngiven",
        grade=True,
        locked=True,
        points=1,
    ),
    cell("code", "f_worthless_test", "assert 1 + 1 == 2", grade=True, locked=True, points=0),
]


def write(course: Course, name: str, cells: list[nb.Cell]) -> None:
    """A source notebook of the tiny course."""
    path = course.root / "notebooks" / "mini" / f"{name}.ipynb"
    path.write_text(nb.dump({**MINI, "cells": cells}), encoding="utf-8")


def blank(runs: Mapping[str, CellRun]) -> Execution:
    """A run of a blank hand-out."""
    return Execution("mini", "blank", "mini", cells=tuple(runs.values()))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (CellRun("t", CellStatus.DONE), "t: 2 of 2 points"),
        (CellRun("t", CellStatus.DONE, value=0.5), "t: 0.5 of 2 points"),
        (CellRun("t", CellStatus.DONE, value=0.0), ""),
        (CellRun("t", CellStatus.DONE, value=-1.0), ""),
        (CellRun("t", CellStatus.DONE, odd_value="str"), ""),
        (CellRun("t", CellStatus.ERROR, error_name="NameError"), ""),
        (CellRun("t", CellStatus.TIMEOUT), ""),
        (CellRun("other", CellStatus.DONE), ""),
    ],
)
def test_what_counts_as_points_for_nothing(run: CellRun, said: str) -> None:
    """A test that ends well gives all points, or the number it ends with."""
    if not said:
        refuse_free_points(blank({"t": run}), {"t": 2.0}, ())
        return
    with pytest.raises(FreePointsError, match=said):
        refuse_free_points(blank({"t": run}), {"t": 2.0}, ())
    refuse_free_points(blank({"t": run}), {"t": 2.0}, ("t",))


def test_a_run_that_was_not_possible_proves_nothing() -> None:
    """A fault of the grader's is said, not taken for no points."""
    with pytest.raises(FreePointsError, match="no sandbox"):
        refuse_free_points(Execution("mini", "blank", "mini", fault="no sandbox"), {"t": 2.0}, ())


@pytest.mark.kernel
def test_a_test_that_gives_points_for_nothing_stops_the_release(course: Course, assignment: Assignment) -> None:
    """Named with what it gives; nothing appears; an earlier zip stays and is said to be old; `free_tests` lets it through."""
    made, checked = releasing.release(course, assignment)
    assert checked == ["mini"]
    before = made.archive.read_bytes()
    write(course, "mini", [*MINI["cells"], *FREE])
    with pytest.raises(FreePointsError) as caught:
        releasing.release(course, assignment)
    assert "d_shout_test: 2 of 2 points; e_some_test: 0.5 of 1 points" in str(caught.value)
    assert "worthless" not in str(caught.value)
    assert made.archive.read_bytes() == before
    assert any("mini.zip is still that of" in note for note in caught.value.__notes__)
    allowed = replace(assignment, free_tests=("d_shout_test", "e_some_test"))
    assert releasing.release(course, allowed)[0].archive.read_bytes() != before


@pytest.mark.kernel
def test_all_notebooks_are_tried_before_anything_appears(course: Course, assignment: Assignment) -> None:
    """In an assignment of two notebooks the second one's tests count as the first one's do, and its points are compared too."""
    write(course, "second", [*FREE[:1]])
    both = replace(assignment, notebooks=("mini", "second"))
    with pytest.raises(FreePointsError, match="second: 1 test"):
        releasing.release(course, both)
    assert not (course.build / "mini" / "mini.zip").exists()
    answer = cell("code", "d_x", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", solution=True)
    write(course, "second", [answer, cell("code", "d_x_test", "assert x == 1\n1.5", grade=True, locked=True, points=2)])
    with pytest.raises(execute.ParityError, match=r"second: .*\n.*\n.*d_x_test: 1.5 points"):
        releasing.release(course, both)
    assert not (course.build / "mini" / "mini.zip").exists()
    write(course, "second", [answer, cell("code", "d_x_test", "assert x == 1\n1.5", grade=True, locked=True, points=1.5)])
    assert releasing.release(course, both)[1] == ["second"]
    write(course, "second", [answer, cell("code", "d_x_test", "assert x == 1\n1.5", grade=True, locked=True, points=3)])
    with pytest.raises(execute.ParityError, match=r"d_x_test: 1\.5 points"):  # nothing but the points has changed
        releasing.release(course, both)


@pytest.mark.parametrize("text", ["### AUTOTEST double(3)", "x = 1\n    ### HASHED AUTOTEST double(3)"])
def test_a_template_of_nbgrader_s_is_no_test(course: Course, assignment: Assignment, text: str) -> None:
    """`### AUTOTEST` is a comment to everybody but nbgrader's generate_assignment: said before a release is made of it."""
    write(course, "mini", [*MINI["cells"], cell("code", "d_auto_test", text, grade=True, locked=True, points=3)])
    with pytest.raises(SourceError, match=r"cell d_auto_test: .*generate_assignment.*a blank notebook passes"):
        read_source(course, assignment, "mini")


@pytest.mark.kernel
def test_a_release_that_is_ended_in_the_middle_leaves_no_old_zip(
    course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where new folders lie, no zip of the old ones lies beside them."""
    made, _ = releasing.release(course, assignment)
    monkeypatch.setattr("grading.release.handout.shutil.rmtree", _full)
    with pytest.raises(OSError, match="disk"):
        releasing.release(course, assignment)
    assert not made.archive.exists()


def _full(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


def test_a_refused_release_says_where_both_sides_are(course: Course, assignment: Assignment) -> None:
    """The page of leaks shows the hand-out's text beside the source's; the next release that is made removes it."""
    copied = cell("code", "h_help", "def twice(thing):\n    return thing + thing + 0 * thing")
    write(course, "mini", [copied, *MINI["cells"]])
    with pytest.raises(ReleaseError) as caught:
        releasing.release(course, assignment)
    page = course.workspace(assignment).leaks
    assert any(page.name in note for note in caught.value.__notes__)
    said = page.read_text()
    assert "return thing + thing + 0 * thing" in said and "return x + x + 0 * x" in said
    assert "in the hand-out: mini.ipynb[h_help], line 2" in said and "taken out of mini.ipynb[a_double]:3" in said
    write(course, "mini", MINI["cells"])
    releasing.release(course, assignment)
    assert not page.exists()
