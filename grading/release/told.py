"""What a notebook of the hand-out knows about itself, so that it can help whoever works in it (`hw_lib.notebook`)."""

from __future__ import annotations

from typing import Any

from grading import bindings, supplies
from grading import notebook as nb
from grading.course import Course
from grading.settings import Assignment
from grading.source import Source


def told(course: Course, assignment: Assignment, source: Source, library: str) -> dict[str, Any]:
    """Its assignment, the notebooks beside it, its bonus parts and library, where to hand in, and which names each answer makes."""
    answers = {nb.grade_id(cell): cell for cell in source.notebook["cells"] if cell["cell_type"] == "code" and nb.is_solution(cell)}
    return {
        "assignment": assignment.name,
        "notebooks": list(assignment.notebooks),
        "optional": list(assignment.optional),
        "library": library,
        "upload": course.upload,
        "files": sorted(supplies.read(course, assignment).students),
        "parts": nb.parts(source.notebook),
        "defines": {name: sorted(bindings.assigned(cell)) for name, cell in answers.items()},
    }


def goes_on(student: nb.Notebook) -> nb.Notebook:
    """The notebook with every code cell but the first marked, so that *Run All* gets past open tasks and failing tests."""
    code = [cell for cell in student["cells"] if cell["cell_type"] == "code"]
    marked = {cell["id"] for cell in code[1:]}
    return {**student, "cells": [_marked(cell) if cell["id"] in marked else cell for cell in student["cells"]]}


def _marked(cell: nb.Cell) -> nb.Cell:
    tags = [*cell["metadata"].get("tags", ()), nb.RAISES]  # Run All does not stop there
    return {**cell, "metadata": {**cell["metadata"], "tags": list(dict.fromkeys(tags))}}
