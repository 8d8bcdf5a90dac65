"""How much of a student's own a notebook file holds, beside what the release gave out. Opens notebooks, runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grading import editions
from grading import notebook as nb
from grading.course import Course
from grading.settings import Assignment
from grading.source import SourceError, read_source, student_notebook


@dataclass(frozen=True)
class Release:
    """A notebook as students get it.

    Attributes:
        given: what its cells say, and what they said in older editions: nothing of a student's own.
    """

    cells: list[nb.Cell]
    given: frozenset[str]


Releases = Mapping[str, Release]
Work = Mapping[str, str]  # where something of the student's own stands -> the text

_SHARED = 3  # so many of a release's cells tell a file of another name as this notebook


def releases(course: Course, assignment: Assignment) -> Releases:
    """The notebooks as they were given out; one without a source that can be read is missing, and files are chosen by name."""
    found = {}
    for name in assignment.notebooks:
        try:
            student = student_notebook(read_source(course, assignment, name), name)[0]
            older = editions.texts(editions.read(course.workspace(assignment), name))
        except (SourceError, nb.NotebookError):
            continue
        found[name] = Release(student["cells"], older.union(map(nb.text, student["cells"]), {""}))
    return found


def opened(data: bytes) -> nb.Notebook | None:
    """The notebook that these bytes are; None for anything else."""
    try:
        return nb.parse(data, "the file")
    except nb.NotebookError:
        return None


def of(notebook: nb.Notebook, release: Release) -> Work:
    """What the student wrote: answers by their grade ids, cells of their own by their text. Empty for an untouched release.

    What students changed in the author's prose and given cells is none: an older release differs there too.
    """
    released = {_name(cell): cell for cell in release.cells}
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        text, original = nb.text(cell), released.get(_name(cell))
        if text in release.given or nb.is_untouched(cell):
            continue
        if original is None:
            found[f"own: {text}"] = text
        elif nb.is_solution(original):
            found[_name(original)] = text
    return found


def meant(notebook: nb.Notebook, releases: Releases) -> str:
    """The notebook of the assignment that this one began as, whatever its file is called; empty if it shares little with any."""
    shared = {name: _shared(notebook, release) for name, release in releases.items()}
    best = max(shared, key=lambda name: shared[name], default="")
    alone = sum(count == shared.get(best) for count in shared.values()) == 1
    return best if best and alone and shared[best] >= min(_SHARED, len(releases[best].cells)) else ""


def _shared(notebook: nb.Notebook, release: Release) -> int:
    names = {_name(cell) for cell in notebook["cells"]}
    texts = {nb.text(cell) for cell in notebook["cells"]}
    return sum(_name(cell) in names or nb.text(cell) in texts for cell in release.cells)


def _name(cell: nb.Cell) -> str:
    return nb.grade_id(cell) or str(cell["id"])
