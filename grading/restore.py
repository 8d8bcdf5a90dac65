"""A submitted notebook -> one in which everything the student may not change is the author's again.

Locked cells, hidden tests and points come from the source; answers come from the student, matched by grade id and, where an
editor lost the metadata, by cell id. Cells stand in the author's order; the student's own cells stay behind the cell they
followed. Runs nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from grading import notebook as nb
from grading import plain, suspicion
from grading.records import Restored, Submission, write_text
from hw_lib.errors import read

_MOST_NOTES, _NOTE_CHARS = 30, 300


@dataclass(frozen=True)
class Source:
    """One notebook as the author wrote it, and as it was released."""

    name: str
    notebook: nb.Notebook
    student: nb.Notebook


def restore(submission: Submission, source: Source, build: Path) -> Restored:
    """Restore one notebook of one submission.

    Args:
        submission: what was collected.
        source: the author's notebook and its release.
        build: the build folder; the result is written to build/<assignment>/restore/<student>/<notebook>.ipynb.

    Returns:
        The record; a notebook that is missing or unreadable is said there, never raised.
    """
    blank = Restored(submission.assignment, submission.student, source.name, path="")
    file = submission.notebooks.get(source.name)
    if source.name in submission.refused:
        return replace(blank, problem=f"{source.name}.ipynb could not be read: {submission.refused[source.name]}", unreadable=True)
    if file is None:
        return replace(blank, problem=f"{source.name}.ipynb was not handed in")
    try:
        submitted = nb.parse((build / submission.folder / file).read_bytes(), file)
    except nb.NotebookError as error:
        said = read(str(error))
        return replace(blank, problem=f"{said.what}: {said.got}", unreadable=True)
    try:
        cells, answered, notes = merge(submitted, source)
        text = nb.dump({"cells": cells, "metadata": source.notebook["metadata"]})
    except Exception as error:  # the last fence around one notebook: whatever is odd about it, the class goes on
        why = plain.line(f"{type(error).__name__}: {error}")
        return replace(blank, problem=f"{file} could not be put in order: {why}", unreadable=True)
    path = Path(submission.assignment) / "restore" / submission.student / f"{source.name}.ipynb"
    write_text(build / path, text)
    record = Restored(submission.assignment, submission.student, source.name, str(path), answered, _bounded(notes))
    return replace(record, answers={nb.grade_id(cell): _digest(cell) for cell in cells if nb.is_solution(cell)})


def _digest(cell: nb.Cell) -> str:
    """What tells one answer from another, pasted pictures included."""
    said = json.dumps([cell["source"].strip(), _pictures(cell)], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _bounded(notes: tuple[str, ...]) -> tuple[str, ...]:
    """As many notes as somebody reads, each on one line: names in them are the student's, and there can be thousands."""
    shown = tuple(plain.line(note, chars=_NOTE_CHARS) for note in notes[:_MOST_NOTES])
    return (*shown, f"… and {len(notes) - _MOST_NOTES} more notes") if len(notes) > _MOST_NOTES else shown


def merge(submitted: nb.Notebook, source: Source) -> tuple[list[nb.Cell], tuple[str, ...], tuple[str, ...]]:
    """The restored cells, the grade ids that the student answered, and what had to be put right."""
    theirs, followers, notes = _sort(submitted, source)
    released = {nb.grade_id(cell): cell for cell in nb.known_cells(source.student)}
    answered: list[str] = []
    cells = list(followers.get("", ()))
    written = [(cell, "") for cell in cells]
    for original in source.notebook["cells"]:
        name = nb.grade_id(original) or original["id"]
        cell = original
        if nb.is_solution(original):
            cell, note = _answer(original, theirs.get(name), released[name])
            notes += note
            if cell["source"].strip() != released[name]["source"].strip():
                answered.append(name)
                written.append((cell, released[name]["source"]))
        elif nb.is_known(original):
            notes += _compare(theirs.get(name), released[name])
        elif name in theirs:
            # the author's prose and given code: students may edit them, and their edits count, as in their own kernel
            cell = {**original, "source": theirs[name]["source"]}
            written.append((cell, original["source"]))
        own = followers.get(name, [])
        cells += [cell, *own]
        written += [(cell, "") for cell in own]
    return cells, tuple(answered), (*notes, *suspicion.notes(written))


def _sort(submitted: nb.Notebook, source: Source) -> tuple[dict[str, nb.Cell], dict[str, list[nb.Cell]], list[str]]:
    """Split a submission into the author's cells by name and the student's own cells by the cell they follow."""
    names = {nb.grade_id(cell) or cell["id"] for cell in source.notebook["cells"]}
    own_names = {cell["id"]: nb.grade_id(cell) or cell["id"] for cell in source.notebook["cells"]}
    theirs: dict[str, nb.Cell] = {}
    followers: dict[str, list[nb.Cell]] = {}
    notes: list[str] = []
    last = ""
    for cell in submitted["cells"]:
        name = nb.grade_id(cell) or own_names.get(cell["id"], "")
        if name in names and name not in theirs:
            theirs[name] = cell
            last = name
            continue
        if name in names:
            notes.append(f"cell {name} is there twice; the first one counts")
        elif nb.is_known(cell):
            notes.append(f"cell {name} is not part of the homework; it counts as the student's own cell")
        followers.setdefault(last, []).append(_own(cell, f"own-{sum(map(len, followers.values()))}"))
    return theirs, followers, notes


def _own(cell: nb.Cell, cell_id: str) -> nb.Cell:
    """A cell that the student added: its source, and none of its metadata (tags can change what tools do with it)."""
    return {"cell_type": cell["cell_type"], "id": cell_id, "metadata": {}, "source": cell["source"], **_pictures(cell)}


def _pictures(cell: nb.Cell) -> dict[str, object]:
    """The pictures that were pasted into a text."""
    return {"attachments": cell["attachments"]} if cell["cell_type"] != "code" and "attachments" in cell else {}


def _answer(original: nb.Cell, found: nb.Cell | None, released: nb.Cell) -> tuple[nb.Cell, list[str]]:
    """The author's cell with the student's text in it. A missing answer is the released stub again."""
    name = nb.grade_id(original)
    metadata = released["metadata"]  # with the release's checksum: stock tools tell by it whether a cell was answered
    if found is None:
        return {**original, "source": released["source"], "metadata": metadata}, [f"cell {name} was deleted; it counts as blank"]
    notes = []
    if found["cell_type"] != original["cell_type"]:
        notes.append(f"cell {name} was turned into a {found['cell_type']} cell; it counts as {original['cell_type']}")
    pictures = _pictures(found) if original["cell_type"] != "code" else {}
    return {**original, "source": found["source"], "metadata": metadata, **pictures}, notes


def _compare(found: nb.Cell | None, released: nb.Cell) -> list[str]:
    """What the student did to a cell that is not theirs."""
    name = nb.grade_id(released)
    if found is None:
        return [f"locked cell {name} was deleted; it was put back"]
    notes = []
    if found["source"].strip() != released["source"].strip() or found["cell_type"] != released["cell_type"]:
        notes.append(f"locked cell {name} differs from the release; the original was graded")
    if nb.is_grade(released) and str(nb.meta(found).get("points", "")) != str(nb.meta(released)["points"]) and nb.meta(found):
        notes.append(f"the points of {name} differ from the release; the original points count")
    return notes
