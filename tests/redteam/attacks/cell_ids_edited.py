"""Gives its own cells the ids and grade ids of tests, worth 100 points each, and turns the tests into text. The author's count."""

from grading import notebook as nb
from tests.redteam.assignment import WRONG
from tests.redteam.attack import with_answers


def notebook(blank: nb.Notebook) -> bytes:
    """Every test stands there as a cell that passes."""
    cells = []
    for cell in with_answers(blank, WRONG)["cells"]:
        if nb.is_test(cell):
            meta = {**nb.meta(cell), "points": 100.0, "max_score": 100, "locked": False, "solution": False}
            cells.append({**cell, "source": "100.0", "metadata": {"nbgrader": meta, "deletable": True}})
            cells.append({**cell, "cell_type": "markdown", "id": f"{cell['id']}-old", "metadata": {}})
        elif nb.is_solution(cell):
            cells.append({**cell, "metadata": {"nbgrader": {**nb.meta(cell), "grade": True, "points": 50, "cell_type": "code"}}})
        else:
            cells.append(cell)
    return nb.dump({**blank, "cells": cells}).encode()
