"""What the notebooks of an assignment ask, in nbgrader's tables of cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from grading import notebook as nb
from grading.gradebook import tables

Row = tuple[object, ...]


def are_there(connection: Any, assignment: str, sources: Mapping[str, nb.Notebook]) -> bool:
    """Whether the gradebook has the notebooks of an assignment as they are, and no others, nor cells that they no longer ask."""
    its, notebook = tables.assignment, tables.notebook
    names = select(notebook.c.name).join_from(notebook, its, notebook.c.assignment_id == its.c.id).where(its.c.name == assignment)
    if not sources or {name for (name,) in connection.execute(names)} != sources.keys():
        return False
    for name, source in sources.items():
        wanted, stored = _wanted(source), _stored(connection, assignment, name)
        if not wanted <= stored or _graded(stored) != _graded(wanted):
            return False
    return True


def _graded(rows: set[Row]) -> set[object]:
    """The cells that carry points."""
    return {row[1] for row in rows if row[0] in ("task", "grade")}


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


def _stored(connection: Any, assignment: str, name: str) -> set[Row]:
    """The rows that are there, in five statements."""
    its, notebook, cell, source = tables.assignment, tables.notebook, tables.cell, tables.source_cell
    here = notebook.join(its, notebook.c.assignment_id == its.c.id)
    mine = its.c.name == assignment, notebook.c.name == name
    found: set[Row] = {
        ("notebook", *row) for row in connection.execute(select(notebook.c.kernelspec).select_from(here).where(*mine))
    }
    cells = here.join(cell, cell.c.notebook_id == notebook.c.id)
    kinds = {"task": tables.task_cell, "grade": tables.grade_cell, "solution": tables.solution_cell}
    for kind, table in kinds.items():
        columns = cell.c.name, *(table.c[column] for column in ("max_score", "cell_type") if column in table.c)
        there = select(*columns).select_from(cells.join(table, table.c.id == cell.c.id))
        found |= {(kind, *row) for row in connection.execute(there.where(*mine))}
    columns = source.c.name, source.c.cell_type, source.c.locked, source.c.source, source.c.checksum
    there = select(*columns).select_from(here.join(source, source.c.notebook_id == notebook.c.id))
    return found | {("source", *row) for row in connection.execute(there.where(*mine))}
