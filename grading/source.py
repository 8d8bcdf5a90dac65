"""A source notebook as the author wrote it, checked, and the version of it that students get. Reads files, writes none."""

from __future__ import annotations

import math
from collections.abc import Iterable

from grading import notebook as nb
from grading import regions
from grading.course import Course
from grading.records import Assignment, GradingError


class SourceError(GradingError):
    """The source notebook is missing, or breaks a rule that later stages rely on."""


def read_source(course: Course, assignment: Assignment, name: str) -> nb.Notebook:
    """Read a source notebook and check the rules that every later stage relies on."""
    path = course.source(assignment, name)
    if not path.is_file():
        raise SourceError(f"the source of {name} is missing", expected=str(path), fix="see `notebooks` in course.toml")
    source = nb.parse(path.read_bytes(), str(path))
    problems = list(_problems(source, assignment))
    if problems:
        raise SourceError(f"{path} breaks {len(problems)} rule(s)", got="\n".join(problems), fix="mend the cells")
    return source


def _problems(source: nb.Notebook, assignment: Assignment) -> Iterable[str]:
    seen: set[str] = set()
    totals: dict[str, float] = {}
    for cell in nb.known_cells(source):
        name = nb.grade_id(cell)
        if name in seen:
            yield f"cell {name}: the grade id is used twice"
        seen.add(name)
        if cell["id"] != name:
            yield f"cell {name}: its id is {cell['id']!r}; id and grade id are the same word"
        if nb.meta(cell).get("task"):
            yield f"cell {name}: a task cell; points belong to an answer cell of its own"
        if nb.is_grade(cell):
            points = nb.meta(cell).get("points")
            if not isinstance(points, int | float) or not 0 <= points < math.inf:
                yield f"cell {name}: its points are {points!r}, not a number of 0 or more"
                continue
            part = nb.part(name)
            totals[part] = totals.get(part, 0.0) + points
    if len({cell["id"] for cell in source["cells"]}) != len(source["cells"]):
        yield "two cells have the same id"
    if len(assignment.notebooks) == 1 and totals != assignment.points:
        yield f"points by part are {totals}, but course.toml says {assignment.points}"


def student_notebook(source: nb.Notebook, name: str) -> tuple[nb.Notebook, list[str]]:
    """The student's version of a source notebook, and the lines that were taken out of it."""
    cells, removed = [], []
    for cell in source["cells"]:
        text, gone = _student_source(cell, f"{name}.ipynb, cell {cell['id']}")
        removed += gone
        student = {**cell, "source": text, "metadata": _student_metadata({**cell, "source": text})}
        cells.append(student)
    return {"cells": cells, "metadata": source["metadata"]}, removed


def _student_source(cell: nb.Cell, where: str) -> tuple[str, list[str]]:
    stub = regions.CODE_STUB if cell["cell_type"] == "code" else regions.TEXT_STUB
    solution = regions.strip_regions(cell["source"], regions.SOLUTION, stub, where)
    tests = regions.strip_regions(solution.text, regions.HIDDEN_TESTS, (), where)
    if solution.regions and not nb.is_solution(cell):
        raise SourceError(f"{where}: a solution region in a cell that is not a solution cell", fix="set `solution`")
    if tests.regions and not nb.is_grade(cell):
        raise SourceError(f"{where}: hidden tests in a cell without points", fix="set `grade` and `points`")
    if nb.is_solution(cell) and not solution.regions:
        return "\n".join(stub), cell["source"].split("\n")  # the whole cell is the answer, as nbgrader has it
    return tests.text, [*solution.removed, *regions.not_shown(tests.removed, tests.text)]


def _student_metadata(cell: nb.Cell) -> dict[str, object]:
    """Nbgrader's metadata with checksum, and the locks that keep a cell from being deleted or edited by accident."""
    if not nb.is_known(cell):
        return dict(cell["metadata"])
    metadata = {
        **cell["metadata"],
        "nbgrader": {**nb.meta(cell), "checksum": nb.checksum(cell), "cell_type": cell["cell_type"]},
    }
    metadata["deletable"] = False
    if nb.is_locked(cell):
        metadata["editable"] = False
    return metadata
