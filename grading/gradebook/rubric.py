"""The author's answer and rubric, put below each answer that a person reads: for the formgrader, so for staff only."""

from __future__ import annotations

from grading import notebook as nb
from grading import regions

TAG = "staff"  # cells with this tag never go to students; nbgrader_config.py has stock feedback leave them out
_PREFIX = "grader-rubric-"
_BOX = '<div style="border-left: 6px solid #0072B2; background: #eef5fa; padding: 4px 12px">'


def with_rubrics(notebook: nb.Notebook, source: nb.Notebook) -> nb.Notebook:
    """A notebook that is shown, with what the author wrote below each answer that a person reads.

    Args:
        notebook: the student's, sanitized; rubrics that it has already are replaced.
        source: the notebook as the author wrote it.
    """
    rubrics = {nb.grade_id(cell): _cell(cell) for cell in nb.known_cells(source) if nb.is_by_hand(cell)}
    cells = []
    for cell in notebook["cells"]:
        if not cell["id"].startswith(_PREFIX):
            cells += [cell, *filter(None, [rubrics.get(nb.grade_id(cell))])]
    return {**notebook, "cells": cells}


def _cell(original: nb.Cell) -> nb.Cell:
    """The author's answer in a box; students' text keeps no tags (`sanitize`), so nobody else can draw one."""
    name = nb.grade_id(original)
    answer = regions.strip_regions(original["source"], regions.SOLUTION, (), name)
    text = "\n".join(answer.removed) if answer.regions else original["source"]
    if original["cell_type"] == "code":
        text = f"```python\n{text}\n```"
    title = f"**For graders only: the author's answer to {name} ({nb.points(original):g} points)**"
    return {
        "cell_type": "markdown",
        "id": f"{_PREFIX}{name}",
        "metadata": {"tags": [TAG]},
        "source": f"{_BOX}\n\n{title}\n\n{text.strip()}\n\n</div>",
    }
