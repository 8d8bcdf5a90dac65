"""The author's answer and rubric, put below each answer that a person reads: for the formgrader, so for staff only.

Works on the text of a notebook that is shown. It is done anew with every grading, because a rubric may change without anything
being run again.
"""

from __future__ import annotations

import json

from grading import notebook as nb
from grading import regions

TAG = "staff"  # cells with this tag never go to students; nbgrader_config.py has stock feedback leave them out
_PREFIX = "grader-rubric-"
_BOX = '<div style="border-left: 6px solid #0072B2; background: #eef5fa; padding: 4px 12px">'


def with_rubrics(text: str, source: nb.Notebook) -> str:
    """A shown notebook with what the author wrote below each answer that a person reads.

    Args:
        text: the notebook, as `execute` shows it; rubrics of an earlier grading are replaced.
        source: the notebook as the author wrote it.

    Returns:
        The notebook as canonical text; doing it twice changes nothing.
    """
    whole = json.loads(text)
    rubrics = {nb.grade_id(cell): _cell(cell) for cell in nb.known_cells(source) if nb.is_by_hand(cell)}
    cells = []
    for cell in whole["cells"]:
        if cell["id"].startswith(_PREFIX):
            continue
        cells.append({**cell, "source": "".join(cell["source"])})
        if rubric := rubrics.get(nb.grade_id(cell)):
            cells.append(rubric)
    return nb.dump({**whole, "cells": cells})


def _cell(original: nb.Cell) -> nb.Cell:
    """The author's answer in a box; students' text keeps no tags (`shown`), so nobody else can draw one."""
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
