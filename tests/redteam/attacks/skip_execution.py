"""Tags every test with skip-execution and raises-exception, as tools understand it. The tests are run all the same."""

from grading import notebook as nb
from tests.redteam.assignment import WRONG
from tests.redteam.attack import with_answers


def notebook(blank: nb.Notebook) -> bytes:
    """Tags on every cell and on the notebook."""
    tags = ["skip-execution", "raises-exception", "remove-cell", "remove_output", "nbval-skip"]
    cells = [
        {**cell, "metadata": {**cell["metadata"], "tags": tags, "jupyter": {"outputs_hidden": True}, "trusted": True}}
        for cell in with_answers(blank, WRONG)["cells"]
    ]
    metadata = {**blank["metadata"], "kernelspec": {"name": "bash", "display_name": "evil", "language": "bash"}, "tags": tags}
    return nb.dump({"cells": cells, "metadata": metadata}).encode()
