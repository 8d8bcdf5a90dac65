"""Time in the sandbox, read from the kept executions: of each file only the seconds, never the figures in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grading.figures import Seconds
from grading.workspace import Workspace

_SLOWEST = 10


@dataclass(frozen=True)
class _Cell:
    cell_id: str
    seconds: float = 0.0


@dataclass(frozen=True)
class _Run:
    """The part of `records.Execution` that is read."""

    cells: tuple[_Cell, ...] = ()
    seconds: float = 0.0


@dataclass
class Times:
    """Seconds of every kept execution: of the notebook, and of each of its cells."""

    notebooks: dict[str, list[float]] = field(default_factory=dict)
    cells: dict[str, list[float]] = field(default_factory=dict)

    def of_notebooks(self) -> tuple[Seconds, ...]:
        """One line for each notebook."""
        return tuple(_seconds(name, found) for name, found in self.notebooks.items())

    def of_cells(self) -> tuple[Seconds, ...]:
        """The cells that took the most of the class's time, the most first."""
        made = sorted((_seconds(name, found) for name, found in self.cells.items()), key=lambda one: (-one.total, one.what))
        return tuple(one for one in made[:_SLOWEST] if one.total > 0)


def times(work: Workspace, notebooks: Iterable[str], students: Iterable[str], found: Times | None = None) -> Times:
    """Add the executions of an assignment; a student without one, or with a damaged one, is left out."""
    found, students = found or Times(), list(students)
    for notebook in notebooks:
        for student in students:
            run = _read(work.execution(student, notebook))
            if run is not None:
                found.notebooks.setdefault(notebook, []).append(run.seconds)
                for cell in run.cells:
                    found.cells.setdefault(f"{notebook}: {cell.cell_id}", []).append(cell.seconds)
    return found


def _read(path: Path) -> _Run | None:
    try:
        _, _, data = path.read_bytes().partition(b"\n")
        return msgspec.json.decode(data, type=_Run)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


def _seconds(what: str, found: list[float]) -> Seconds:
    import numpy as np

    values = np.array(found)
    median, p90 = np.percentile(values, [50, 90])
    return Seconds(what, len(values), float(median), float(p90), float(values.max()), float(values.sum()))
