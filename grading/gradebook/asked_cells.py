"""What the notebooks of an assignment ask, in nbgrader's tables of cells."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, insert, select

from grading import notebook as nb
from grading.gradebook import fresh, tables

Row = tuple[Any, ...]
_KINDS = {"task": tables.task_cell, "grade": tables.grade_cell, "solution": tables.solution_cell}
_NAMES = {"task": "TaskCell", "grade": "GradeCell", "solution": "SolutionCell"}  # nbgrader's, of its classes


def are_there(connection: Any, assignment: str, sources: Mapping[str, nb.Notebook]) -> bool:
    """Whether the gradebook has the notebooks of an assignment as they are, and no others, nor cells that they no longer ask."""
    its, notebook = tables.assignment, tables.notebook
    names = select(notebook.c.name).join_from(notebook, its, notebook.c.assignment_id == its.c.id).where(its.c.name == assignment)
    if not sources or {name for (name,) in connection.execute(names)} != sources.keys():
        return False
    for name, source in sources.items():
        wanted, stored = set(_wanted(source)), _stored(connection, assignment, name)
        if not wanted <= stored or _graded(stored) != _graded(wanted):
            return False
    return True


def _graded(rows: set[Row]) -> set[object]:
    """The cells that carry points."""
    return {row[1] for row in rows if row[0] in ("task", "grade")}


def add(connection: Any, assignment: str, sources: Mapping[str, nb.Notebook]) -> bool:
    """Fill in an assignment that is not there yet, one statement for each table; whether it was not. The caller commits."""
    its = tables.assignment
    if connection.execute(select(its.c.id).where(its.c.name == assignment)).all():
        return False
    fresh.name_course(connection)
    number = uuid4().hex
    connection.execute(insert(its).values(id=number, name=assignment, course_id=fresh.COURSE))
    rows: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
    for name, source in sources.items():
        one = uuid4().hex
        rows[tables.notebook].append({"id": one, "name": name, "assignment_id": number, "kernelspec": _kernel(source)})
        for row in {row[:2]: row for row in _wanted(source)[1:]}.values():
            for table, made in _made(one, *row):
                rows[table].append(made)
    for table, all_of_it in rows.items():
        connection.execute(insert(table), all_of_it)
    return True


def write(book: Any, assignment: str, name: str, source: nb.Notebook) -> None:
    """Fill nbgrader's tables of what a notebook asks: which cells carry points, which are answers, what they said."""
    if set(_wanted(source)) <= _stored(book.db, assignment, name):  # nbgrader takes some ten statements for each cell
        return
    book.update_or_create_notebook(name, assignment, kernelspec=_kernel(source))
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


def _kernel(source: nb.Notebook) -> str:
    return json.dumps(source["metadata"].get("kernelspec", {}))


def _made(notebook: str, kind: str, name: str, *said: Any) -> list[tuple[Table, dict[str, Any]]]:
    """One row of `_wanted` as nbgrader keeps it: a cell that is graded or an answer has a row in two tables."""
    row = {"id": uuid4().hex, "name": name, "notebook_id": notebook}
    if kind == "source":
        return [(tables.source_cell, row | dict(zip(("cell_type", "locked", "source", "checksum"), said, strict=True)))]
    own = {"id": row["id"], **dict(zip(("max_score", "cell_type"), said, strict=False))}
    return [(tables.cell, {**row, "type": _NAMES[kind]}), (_KINDS[kind], own)]


def _wanted(source: nb.Notebook) -> list[Row]:
    """The notebook's own row and those of its cells, each with its table."""
    found: list[Row] = [("notebook", _kernel(source))]
    for cell in nb.known_cells(source):
        name, kind = nb.grade_id(cell), cell["cell_type"]
        if nb.is_grade(cell):
            found.append(("task" if nb.is_task(cell) else "grade", name, nb.points(cell), kind))
        if nb.is_solution(cell):
            found.append(("solution", name))
        found.append(("source", name, kind, nb.is_locked(cell), cell["source"], nb.checksum(cell)))
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
    for kind, table in _KINDS.items():
        columns = cell.c.name, *(table.c[column] for column in ("max_score", "cell_type") if column in table.c)
        there = select(*columns).select_from(cells.join(table, table.c.id == cell.c.id))
        found |= {(kind, *row) for row in connection.execute(there.where(*mine))}
    columns = source.c.name, source.c.cell_type, source.c.locked, source.c.source, source.c.checksum
    there = select(*columns).select_from(here.join(source, source.c.notebook_id == notebook.c.id))
    return found | {("source", *row) for row in connection.execute(there.where(*mine))}
