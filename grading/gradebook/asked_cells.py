"""What the notebooks of an assignment ask, in nbgrader's tables of cells."""

from __future__ import annotations

import json
from typing import Any

from nbgrader import api
from sqlalchemy import select

from grading import notebook as nb

Row = tuple[object, ...]


def write(book: Any, assignment: str, name: str, source: nb.Notebook) -> None:
    """Fill nbgrader's tables of what a notebook asks: which cells carry points, which are answers, what they said."""
    if _wanted(source) <= _stored(book.db, assignment, name):  # nbgrader takes some ten statements for each cell
        return
    kernel = json.dumps(source["metadata"].get("kernelspec", {}))
    book.update_or_create_notebook(name, assignment, kernelspec=kernel)
    for cell in nb.known_cells(source):
        grade_id, kind = nb.grade_id(cell), cell["cell_type"]
        if nb.is_task(cell):
            book.update_or_create_task_cell(grade_id, name, assignment, max_score=nb.points(cell), cell_type=kind)
        elif nb.is_grade(cell):
            book.update_or_create_grade_cell(grade_id, name, assignment, max_score=nb.points(cell), cell_type=kind)
        if nb.is_solution(cell):
            book.update_or_create_solution_cell(grade_id, name, assignment)
        book.update_or_create_source_cell(
            grade_id,
            name,
            assignment,
            cell_type=kind,
            locked=nb.is_locked(cell),
            source=cell["source"],
            checksum=nb.checksum(cell),
        )


def _wanted(source: nb.Notebook) -> set[Row]:
    """The rows of a notebook's cells, each with its table, and the notebook's own."""
    found: set[Row] = {("notebook", json.dumps(source["metadata"].get("kernelspec", {})))}
    for cell in nb.known_cells(source):
        name, kind = nb.grade_id(cell), cell["cell_type"]
        if nb.is_grade(cell):
            found.add(("task" if nb.is_task(cell) else "grade", name, nb.points(cell), kind))
        if nb.is_solution(cell):
            found.add(("solution", name))
        found.add(("source", name, kind, nb.is_locked(cell), cell["source"], nb.checksum(cell)))
    return found


def _stored(session: Any, assignment: str, name: str) -> set[Row]:
    """The rows that are there, in five statements."""
    tables: dict[str, tuple[Any, ...]] = {
        "task": (api.TaskCell.name, api.TaskCell.max_score, api.TaskCell.cell_type),
        "grade": (api.GradeCell.name, api.GradeCell.max_score, api.GradeCell.cell_type),
        "solution": (api.SolutionCell.name,),
        "source": (*(getattr(api.SourceCell, column) for column in ("name", "cell_type", "locked", "source", "checksum")),),
    }
    its = select(api.Notebook.kernelspec).join(api.Notebook.assignment)
    found: set[Row] = {("notebook", *row) for row in session.execute(_of(its, assignment, name))}
    for table, columns in tables.items():
        there = select(*columns).join(columns[0].class_.notebook).join(api.Notebook.assignment)
        found |= {(table, *row) for row in session.execute(_of(there, assignment, name))}
    return found


def _of(statement: Any, assignment: str, name: str) -> Any:
    return statement.where(api.Assignment.name == assignment, api.Notebook.name == name)
