"""Has every test twice, first a version that passes, and every answer three times. Only the author's tests are graded."""

from grading import notebook as nb
from tests.redteam.assignment import WRONG
from tests.redteam.attack import with_answers


def notebook(blank: nb.Notebook) -> bytes:
    """Copies with the same grade id, and with the same cell id."""
    cells = []
    for cell in with_answers(blank, WRONG)["cells"]:
        if nb.is_test(cell):
            cells += [{**cell, "source": "pass"}, {**cell, "id": f"{cell['id']}-2", "source": "5.0"}]
        elif nb.is_solution(cell):
            cells += [cell, cell]
        cells.append(cell)
    return nb.dump({**blank, "cells": cells}).encode()
