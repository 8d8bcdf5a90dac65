"""A notebook of 100,000 cells, each its own copy of a test. It is refused in bounded time, and a person looks."""

import json

from grading import notebook as nb

PERSON = True


def notebook(blank: nb.Notebook) -> bytes:
    """One cell very often."""
    whole = json.loads(nb.dump(blank))
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
    whole["cells"] += [{**cell, "id": f"c{number}"} for number in range(100_000)]
    return json.dumps(whole).encode()
