"""The notebooks that nbgrader's formgrader shows: executed, with rubrics below what a person reads, safe to open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from grading import notebook as nb
from grading import quotes
from grading.files import write_text
from grading.gradebook import handed_pictures
from grading.gradebook.handed_pictures import Pictures
from grading.gradebook.rubric import with_rubrics
from grading.gradebook.sanitize import sanitize_notebook
from grading.records import CellRun, CellStatus, Execution, Restored
from grading.source import Source
from grading.workspace import Workspace


def write_notebooks(
    work: Workspace,
    sources: Iterable[Source],
    restored: Iterable[Restored],
    execution_of: Callable[[Restored], Execution | None],
    handed_in: Callable[[Restored], bytes],
) -> None:
    """Write what changed of the notebooks that the formgrader shows, rubrics included; doing it twice writes nothing.

    Args:
        work: the build folder.
        sources: the notebooks of the assignment.
        restored: every student's notebooks.
        execution_of: what happened when one was run.
        handed_in: the notebook as it was handed in, for the pictures that were not drawn.
    """
    by_name = {source.name: source for source in sources}
    for record in restored:
        source, execution = by_name[record.notebook], execution_of(record)
        if record.problem:
            shown = placeholder_notebook(source.student, record.problem)
        elif execution is not None:
            path = work.restored(record.student, record.notebook)
            parsed = nb.parse(path.read_bytes(), str(path))
            undrawn = any(handed_pictures.is_dot(output) for run in execution.cells for output in run.outputs)
            shown = executed_notebook(parsed, execution, Pictures(handed_in(record)) if undrawn else None)
        else:
            continue
        text, target = nb.dump(with_rubrics(shown, source.notebook)), work.formgrader(record.student, record.notebook)
        if not target.is_file() or target.read_bytes() != text.encode():
            write_text(target, text)


def executed_notebook(notebook: nb.Notebook, execution: Execution, theirs: Pictures | None = None) -> nb.Notebook:
    """The restored notebook with the outputs of its run, and with pictures of the student's own where ours were not drawn."""
    runs = {run.cell_id: run for run in execution.cells}
    cells = []
    for count, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code" and cell["id"] in runs:
            outputs = _readable(runs[cell["id"]])
            outputs = handed_pictures.put_back(outputs, theirs.of(cell)) if theirs else outputs
            cell = {**cell, "outputs": outputs, "execution_count": count}
        cells.append(cell)
    return sanitize_notebook({**notebook, "cells": cells})


def placeholder_notebook(released: nb.Notebook, problem: str) -> nb.Notebook:
    """What is shown when there was nothing to run: the blank release under a line that says why."""
    banner = {"cell_type": "markdown", "id": "grader-says", "metadata": {}, "source": f"**The grader says:** {problem}"}
    return sanitize_notebook({**released, "cells": [banner, *released["cells"]]})


def _readable(run: CellRun) -> list[dict[str, Any]]:
    """A cell's outputs; a cell that never ended carries an error, or stock tools would give it full points."""
    outputs = [dict(output) for output in run.outputs]
    if run.status is not CellStatus.DONE and not any(output["output_type"] == "error" for output in outputs):
        said = quotes.whole(run.error_message)
        outputs.append({"output_type": "error", "ename": quotes.whole(run.error_name), "evalue": said, "traceback": [said]})
    return outputs
