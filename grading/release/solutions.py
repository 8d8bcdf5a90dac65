"""Source notebooks -> executed solution notebooks and web pages. Runs the author's own code, in an ordinary kernel.

Two runs give the same notebook, byte for byte: fixed cell ids, no times, one thread, no progress bars.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from grading import notebook as nb
from grading import regions, supplies
from grading.course import Course
from grading.files import write_bytes, write_text
from grading.records import GradingError
from grading.release import webpage
from grading.settings import Assignment
from grading.source import read_source

_ENVIRONMENT = {"HW_LIB_QUIET": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class SolutionError(GradingError):
    """The author's own notebook does not run to its end."""


def solve(course: Course, assignment: Assignment, name: str) -> tuple[Path, Path]:
    """Execute one source notebook and write build/<assignment>/solutions/<name>.ipynb and .html, and its records.

    Raises:
        SolutionError: a cell failed; names the cell and what it said.
    """
    source = read_source(course, assignment, name)
    target = course.workspace(assignment).solutions
    with tempfile.TemporaryDirectory(prefix="hw-solution-") as work:
        for beside, data in supplies.read(course, assignment).of_the_author.items():
            write_bytes(Path(work) / beside, data)
        executed = _execute(_readable(source), Path(work), f"{name}.ipynb", assignment.limits.wall_s * 2)
        for record in nb.evidence(Path(work), name):
            write_bytes(target / record.name, record.read_bytes())
    notebook, page = target / f"{name}.ipynb", target / f"{name}.html"
    write_text(notebook, nb.dump(executed))
    write_text(page, webpage.page(notebook.read_text(encoding="utf-8"), f"{assignment.title}: solution"))
    return notebook, page


def _readable(source: nb.Notebook) -> nb.Notebook:
    """The notebook as a student reads it afterwards: answers in, markers and hidden tests out."""
    cells = []
    for cell in source["cells"]:
        text = regions.strip_regions(cell["source"], regions.HIDDEN_TESTS, (), cell["id"]).text
        lines = [line for line in text.split("\n") if not any(f"{end} {regions.SOLUTION}" in line for end in ("BEGIN", "END"))]
        cells.append({**cell, "source": "\n".join(lines), "metadata": _tags(cell)})
    return {**source, "cells": cells}


def _tags(cell: nb.Cell) -> dict[str, object]:
    """A cell that shows an error on purpose says so by Jupyter's own tag; the others fail for the author to see."""
    return {"tags": [nb.RAISES]} if nb.raises(cell) else {}


def _execute(notebook: nb.Notebook, work: Path, name: str, timeout_s: float) -> nb.Notebook:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    runnable = nbformat.reads(nb.dump(notebook), as_version=4)
    config = Config()
    config.KernelManager.transport = "ipc"  # no port to be had, and nothing to listen in on
    config.KernelManager.ip = str(work / "kernel")
    client = NotebookClient(
        runnable,
        config=config,
        kernel_name="python3",
        timeout=int(timeout_s),
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(work)}},
    )
    try:
        client.execute(env={**os.environ, **_ENVIRONMENT})
    except CellExecutionError as error:
        raise SolutionError(
            f"the solution of {name} fails", got=str(error)[-1500:], fix="correct the source notebook; nothing was written"
        ) from error
    cells = [
        {
            **cell,
            "outputs": [dict(output) for output in found.get("outputs", [])],
            "execution_count": found.get("execution_count"),
        }
        for cell, found in zip(notebook["cells"], runnable["cells"], strict=True)
    ]
    return {**notebook, "cells": cells}
