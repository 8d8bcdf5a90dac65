"""A source notebook as the author wrote it, checked, and the version of it that students get. Reads files, writes none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from grading import editions, foreign, parts, regions
from grading import notebook as nb
from grading.course import Course, unknown
from grading.editions import Edition
from grading.records import GradingError
from grading.settings import Assignment
from grading.workspace import Workspace

_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_WHEEL = 'course_wheel = ""'  # what `hw release` fills in
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what nbgrader and Jupyter's cell ids allow
_TEMPLATE = re.compile(r"^\s*###\s*(HASHED\s+)?AUTOTEST\b", re.MULTILINE)
_AUTOTEST = (
    "`### AUTOTEST` is a template, which nbgrader's own generate_assignment writes a test for; here it is a comment, which a blank "
    "notebook passes: write the test out"
)


class SourceError(GradingError):
    """The source notebook is missing, or breaks a rule that later stages rely on."""


@dataclass(frozen=True)
class Source:
    """One notebook as the author wrote it.

    Attributes:
        student: as students get it.
        removed: the lines that were taken out between the two.
        editions: what was given out of it, the oldest first.
    """

    name: str
    notebook: nb.Notebook
    student: nb.Notebook
    removed: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()


def read_all(course: Course, assignment: Assignment) -> list[Source]:
    """Every notebook of an assignment.

    Raises:
        SourceError: one is missing or breaks a rule, or course.toml says of a part that is in none that it is optional.
    """
    found = []
    for name in assignment.notebooks:
        notebook = read_source(course, assignment, name)
        student, removed = student_notebook(notebook, name)
        student = _with_badge(_with_wheel(student, course.wheel_url(assignment)), course.colab_url(assignment, name))
        given = editions.read(course.workspace(assignment), name)
        if assignment.formerly:
            given = (*editions.read(Workspace(course.build, assignment.formerly), name), *given)
        found.append(Source(name, notebook, student, tuple(removed), given))
    graded = [cell for source in found for cell in source.notebook["cells"] if nb.is_grade(cell)]
    names = {nb.part(cell) for cell in graded}
    for part in assignment.optional:
        if part not in names:
            raise SourceError(f"course.toml: [assignments.{assignment.name}] optional: " + unknown("part", part, names))
    known = [nb.grade_id(cell) for source in found for cell in nb.known_cells(source.notebook)]
    for pattern in parts.unused(assignment.parts, known):
        raise SourceError(f"course.toml: [assignments.{assignment.name}] parts: " + unknown("grade id", pattern, known))
    return found


def read_source(course: Course, assignment: Assignment, name: str) -> nb.Notebook:
    """Read a source notebook, check the rules that every later stage relies on, and name its cells and parts.

    Raises:
        SourceError: it is missing, is none that can be graded here, or breaks a rule.
    """
    path = course.source(assignment, name)
    if not path.is_file():
        raise SourceError(f"the source of {name} is missing", expected=str(path), fix=foreign.elsewhere(path))
    source = nb.parse(path.read_bytes(), str(path))
    problems = foreign.problems(source) or list(_problems(source))
    if problems:
        fix = "docs/your-own-course.md says how to convert it" if foreign.problems(source) else "correct the cells"
        raise SourceError(f"{path} breaks {len(problems)} rule(s)", got="\n".join(problems), fix=fix)
    named = parts.named(_with_ids(source), assignment.parts, _number(assignment, name))
    return {**named, "metadata": foreign.python(source["metadata"])}


def _number(assignment: Assignment, name: str) -> int:
    """Which notebook of its assignment it is; 0 for one that is alone."""
    return assignment.notebooks.index(name) + 1 if len(assignment.notebooks) > 1 and name in assignment.notebooks else 0


def _problems(source: nb.Notebook) -> Iterable[str]:
    for cell in source["cells"]:
        if nb.meta(cell).get("task") and cell["cell_type"] != "markdown":
            yield f"cell {nb.meta(cell).get('grade_id')}: a task is a text; a {cell['cell_type']} cell cannot be one"
    seen: set[str] = set()
    for cell in nb.known_cells(source):
        name = nb.grade_id(cell)
        if not _GRADE_ID.fullmatch(name):
            yield f"cell {name!r}: a grade id is made of 1 to 64 letters, digits, _ and -"
        if name in seen:
            yield f"cell {name}: the grade id is used twice"
        seen.add(name)
        if nb.is_test(cell) and _TEMPLATE.search(cell["source"]):
            yield f"cell {name}: {_AUTOTEST}"
        if nb.is_grade(cell):
            points = nb.meta(cell).get("points")
            if not isinstance(points, int | float) or not 0 <= points < math.inf:
                yield f"cell {name}: its points are {points!r}, not a number of 0 or more"
        if cell["cell_type"] == "markdown" and not nb.is_task(cell) and nb.is_grade(cell) != nb.is_solution(cell):
            yield f"cell {name}: a written answer has both, `grade` and `solution`; one that is a task for cells below has `task`"


def _with_ids(source: nb.Notebook) -> nb.Notebook:
    """The notebook with grade ids as cell ids: editors give cells random ones, and let nobody change them."""
    taken = {nb.grade_id(cell) for cell in nb.known_cells(source)}
    cells = []
    for cell in source["cells"]:
        name = nb.grade_id(cell) or cell["id"]
        number = 2
        while not nb.is_known(cell) and name in taken:
            name, number = f"{cell['id'][:50]}-{number}", number + 1
        taken.add(name)
        cells.append({**cell, "id": name})
    return {**source, "cells": cells}


def student_notebook(source: nb.Notebook, name: str) -> tuple[nb.Notebook, list[str]]:
    """The student's version of a source notebook, and the lines that were taken out of it."""
    cells, removed = [], []
    for cell in source["cells"]:
        text, gone = _student_source(cell, f"{name}.ipynb, cell {cell['id']}")
        removed += gone
        student = {**cell, "source": text, "metadata": _student_metadata({**cell, "source": text})}
        cells.append(student)
    return {"cells": cells, "metadata": source["metadata"]}, removed


def _with_wheel(student: nb.Notebook, url: str) -> nb.Notebook:
    """The notebook with the course's address of hw_lib in its first cell of code, where the author left a place for it."""
    at = next((k for k, cell in enumerate(student["cells"]) if cell["cell_type"] == "code"), 0)
    cell = student["cells"][at]
    filled = {**cell, "source": cell["source"].replace(_WHEEL, f"course_wheel = {url!r}", 1)}
    return {**student, "cells": [*student["cells"][:at], filled if url else cell, *student["cells"][at + 1 :]]}


def _with_badge(student: nb.Notebook, url: str) -> nb.Notebook:
    """The notebook with Colab's badge below its title, whose words stand there without a network; without an address, as it is."""
    first, *rest = student["cells"]
    if not url or first["cell_type"] != "markdown" or nb.is_known(first):
        return student
    title, _, text = first["source"].partition("\n")
    return {**student, "cells": [{**first, "source": f"{title}\n\n[![Open in Colab]({_BADGE})]({url})\n{text}"}, *rest]}


def _student_source(cell: nb.Cell, where: str) -> tuple[str, list[str]]:
    stub = regions.CODE_STUB if cell["cell_type"] == "code" else regions.TEXT_STUB
    solution = regions.strip_regions(cell["source"], regions.SOLUTION, stub, where)
    scheme = regions.strip_regions(solution.text, regions.MARK_SCHEME, (), where)
    tests = regions.strip_regions(scheme.text, regions.HIDDEN_TESTS, (), where)
    if solution.regions and not nb.is_solution(cell):
        raise SourceError(f"{where}: a solution region in a cell that is not a solution cell", fix="set `solution`")
    if tests.regions and not nb.is_grade(cell):
        raise SourceError(f"{where}: hidden tests in a cell without points", fix="set `grade` and `points`")
    if scheme.regions and not nb.is_task(cell):
        fix = "make it nbgrader's *Manually graded task*; the rubric of a written answer stands in its solution region"
        raise SourceError(f"{where}: a mark scheme in a cell that is no task", fix=fix)
    if nb.is_solution(cell) and not solution.regions:
        return "\n".join(stub), cell["source"].split("\n")  # the whole cell is the answer, as nbgrader has it
    return tests.text, [*solution.removed, *scheme.removed, *regions.not_shown(tests.removed, tests.text)]


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
