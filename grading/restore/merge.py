"""A submitted notebook -> one in which everything the student may not change is the author's again.

Locked cells, hidden tests and points come from the source; answers come from the student, whose cells `match` tells apart. Cells
stand in the author's order; the student's own cells stay behind the cell they followed. Runs nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from grading import display, editions
from grading import notebook as nb
from grading.files import write_text
from grading.records import Restored, Submission
from grading.restore import beside, match, older, suspicion
from grading.restore.beside import Beside
from grading.restore.older import Asked
from grading.source import Source
from grading.workspace import Workspace
from hw_lib.errors import read

_MOST_NOTES, _NOTE_CHARS = 30, 300
_BESIDE_CHARS = 4_000


def restore(submission: Submission, source: Source, work: Workspace) -> Restored:
    """Restore one notebook of one submission.

    Args:
        submission: what was collected.
        source: the author's notebook and its release.
        work: the build folder, where the restored notebook is written.

    Returns:
        The record; a notebook that is missing or unreadable is said there, never raised.
    """
    blank = Restored(submission.assignment, submission.student, source.name)
    file = submission.notebooks.get(source.name)
    if source.name in submission.refused:
        return replace(blank, problem=f"{source.name}.ipynb was not graded: {submission.refused[source.name]}", unreadable=True)
    if file is None:
        return replace(blank, problem=f"{source.name}.ipynb was not handed in")
    try:
        submitted = nb.parse((work.submission(submission.student) / file).read_bytes(), file)
    except nb.NotebookError as error:
        said = read(str(error))
        return replace(blank, problem=f"{said.what}: {said.got}", unreadable=True)
    try:
        merged = merge(submitted, source)
        text = nb.dump({"cells": merged.cells, "metadata": source.notebook["metadata"]})
    except Exception as error:  # catch everything: one odd notebook must not stop the class
        why = display.line(f"{type(error).__name__}: {error}")
        return replace(blank, problem=f"{file} could not be put in order: {why}", unreadable=True)
    write_text(work.restored(submission.student, source.name), text)
    record = replace(blank, answered=merged.answered, notes=_bounded(merged.notes), unmatched=merged.unmatched)
    record = replace(
        record,
        told=_bounded(merged.told),
        flags=_bounded(merged.flags),
        python=_python(submitted),
        not_asked=merged.asked.never,
        perhaps_not_asked=merged.asked.perhaps_never,
    )
    answers = {nb.grade_id(cell): _digest(cell, merged.beside) for cell in merged.cells if nb.is_solution(cell)}
    answers |= {nb.grade_id(cell): _work(merged.cells, at) for at, cell in enumerate(merged.cells) if nb.is_task(cell)}
    return replace(record, answers=answers, beside={name: text[:_BESIDE_CHARS] for name, text in merged.beside.items()})


def _python(submitted: nb.Notebook) -> str:
    """The version of Python that the notebook was last opened with; editors write it down."""
    said = submitted["metadata"].get("language_info")
    return display.line(said.get("version", ""), chars=20) if isinstance(said, dict) else ""


def _digest(cell: nb.Cell, beside: dict[str, str]) -> str:
    """What tells one answer from another, pasted pictures and what stands beside a blank one included."""
    more = [beside[nb.grade_id(cell)]] if nb.grade_id(cell) in beside else []
    said = json.dumps([cell["source"].strip(), _pictures(cell), *more], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _work(cells: list[nb.Cell], task: int) -> str:
    """What tells the work on one task from other work on it."""
    return hashlib.sha256("".join(_digest(cell, {}) for cell in nb.done_below(cells, task)).encode()).hexdigest()[:16]


def _bounded(notes: tuple[str, ...]) -> tuple[str, ...]:
    """As many notes as somebody reads, each on one line: names in them are the student's, and there can be thousands."""
    shown = tuple(display.line(note, chars=_NOTE_CHARS) for note in notes[:_MOST_NOTES])
    return (*shown, f"… and {len(notes) - _MOST_NOTES} more notes") if len(notes) > _MOST_NOTES else shown


@dataclass(frozen=True)
class Merged:
    """A submission in the author's order.

    Attributes:
        cells: the restored cells.
        answered: grade ids of the answers that differ from the release.
        notes: what had to be put right, and what a person has to look at.
        told: those of the notes that the student reads too.
        flags: what a person of the staff should look at.
        unmatched: grade ids of the answers that were not found, while cells of the student's own may hold them.
        beside: grade ids of the answers that are blank -> what the student wrote beside them.
        asked: what the edition of the notebook did not ask.
    """

    cells: list[nb.Cell]
    answered: tuple[str, ...]
    notes: tuple[str, ...]
    flags: tuple[str, ...]
    unmatched: tuple[str, ...]
    beside: dict[str, str]
    asked: Asked
    told: tuple[str, ...] = ()


def merge(submitted: nb.Notebook, source: Source) -> Merged:
    """Put the student's text into the author's notebook."""
    earlier = editions.texts(source.editions)
    found = match.find(submitted, source.notebook, source.student, earlier)
    theirs = {name: submitted["cells"][at] for at, name in found.names.items()}
    released = {match.name_of(cell): cell for cell in source.student["cells"]}
    asked = older.asked(submitted, source, set(theirs))
    own_cells_after = _own_cells_after(submitted, found, released)
    unmatched = tuple(match.missing(found, released)) if found.unrecognised else ()
    answered: list[str] = []
    notes, doubts = _notes_on_matching(submitted, found, released), _notes_on_unmatched(found, unmatched)
    given = {nb.text(cell) for cell in released.values()}
    cells = list(own_cells_after.get("", ()))
    written = [_written(cell, given) for cell in cells]
    for original in source.notebook["cells"]:
        name = match.name_of(original)
        cell = original
        if nb.is_solution(original):
            cell, note = _answer(original, theirs.get(name), released[name])
            notes += () if name in unmatched or (name not in theirs and asked.is_new(name)) else note
            if name in theirs and not match.is_blank(theirs[name], released[name]):
                answered.append(name)
                written.append((f"cell {name}", cell, released[name]["source"]))
        elif nb.is_known(original):
            notes += () if name not in theirs and asked.is_new(name) else _compare(theirs.get(name), released[name])
        elif name in theirs:
            # the author's prose and given code: students may edit them, and their edits count, as in their own kernel
            cell = {**original, "source": theirs[name]["source"]}
            written.append((f"cell {name}", cell, original["source"]))
        own = own_cells_after.get(name, [])
        cells += [cell, *own]
        written += [_written(cell, given) for cell in own]
    pieces = beside.find(submitted, found, source.notebook, released, set(answered), earlier)
    doubts += _notes_on_beside(pieces)
    (doubts if asked.perhaps_never else notes)[:0] = asked.notes
    flags, cells = suspicion.notes(written, suspicion.given_names(source.notebook)), _with_hidden(cells, pieces)
    told = tuple(notes)
    return Merged(cells, tuple(answered), (*doubts, *told), flags, unmatched, _joined(pieces), asked, told)


def _joined(pieces: list[Beside]) -> dict[str, str]:
    """What stands beside each blank answer, in the order of the file."""
    texts: dict[str, str] = {}
    for piece in pieces:
        texts[piece.answer] = f"{texts[piece.answer]}\n\n{piece.text}" if piece.answer in texts else piece.text
    return texts


def _notes_on_beside(pieces: list[Beside]) -> list[str]:
    places: dict[str, list[str]] = {}
    for piece in pieces:
        places.setdefault(piece.answer, []).append(piece.where)
    return [f"cell {name} is empty; a person has to look at {', '.join(where[:5])}" for name, where in places.items()]


def _with_hidden(cells: list[nb.Cell], pieces: list[Beside]) -> list[nb.Cell]:
    """With what a student wrote in a locked cell, which is the author's again, below the answer that it may be."""
    hidden: dict[str, list[nb.Cell]] = {}
    for number, piece in enumerate(pieces):
        if not piece.shown:
            text = f"Written by the student in {piece.where}, which is locked:\n\n{_indented(piece.text)}"
            hidden.setdefault(piece.answer, []).append(
                {"cell_type": "markdown", "id": f"beside-{number}", "metadata": {}, "source": text}
            )
    return [one for cell in cells for one in (cell, *hidden.get(nb.grade_id(cell), ()))]


def _indented(text: str) -> str:
    """As a block that no markup of the student's gets out of."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _own_cells_after(submitted: nb.Notebook, found: match.Found, released: dict[str, nb.Cell]) -> dict[str, list[nb.Cell]]:
    """The student's own cells by the author's cell that they follow, each with its number in the student's file."""
    own_cells_after: dict[str, list[nb.Cell]] = {}
    last = ""
    for at, cell in enumerate(submitted["cells"]):
        if at in found.names:
            last = found.names[at]
        elif not _is_empty_copy(cell, released.get(found.copies.get(at, ""))):
            own_cells_after.setdefault(last, []).append(_own(cell, f"own-{at + 1}"))
    return own_cells_after


def _is_empty_copy(cell: nb.Cell, released: nb.Cell | None) -> bool:
    """A second copy of an answer that nobody wrote in: it holds nothing of the student's, and run it would undo the first."""
    return released is not None and nb.is_solution(released) and match.is_blank(cell, released)


def _notes_on_unmatched(found: match.Found, unmatched: tuple[str, ...]) -> list[str]:
    own = ", ".join(str(at + 1) for at in found.unrecognised[:10])
    return [f"cell {name} was not found; a person has to look whether it is cell no. {own} of the file" for name in unmatched]


def _notes_on_matching(submitted: nb.Notebook, found: match.Found, released: dict[str, nb.Cell]) -> list[str]:
    """What was odd about the names of the cells, and what was made of it."""
    notes = []
    for at, cell in enumerate(submitted["cells"]):
        if at in found.copies and not _is_empty_copy(cell, released[found.copies[at]]):
            notes.append(_twice(found.copies[at], released[found.copies[at]]))
        elif at not in found.names and at not in found.copies and nb.is_known(cell):
            notes.append(f"cell {nb.grade_id(cell)} is not part of the homework; it counts as the student's own cell")
    if found.inferred:
        notes.append(
            f"answers without their grade ids were found by what they define or where they stand: {', '.join(found.inferred)}"
        )
    return notes


def _twice(name: str, released: nb.Cell) -> str:
    if not nb.is_solution(released):
        counts = "author's" if nb.is_locked(released) else "first one"
        return f"cell {name} is there twice; the {counts} counts, the other one is the student's own cell"
    # as in the student's own kernel: which of the two they meant nobody can tell
    also = ", the other one runs behind it" if released["cell_type"] == "code" else ""
    return f"cell {name} is there twice; the first one is the answer{also}"


def _written(cell: nb.Cell, given: set[str]) -> tuple[str, nb.Cell, str]:
    """A cell of the student's own for `suspicion`: by its number in the file; a copy of the author's text holds nothing new."""
    number = cell["id"].removeprefix("own-")
    return f"cell no. {number} of the file", cell, cell["source"] if nb.text(cell) in given else ""


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
    """What the student did to a cell that is not theirs; nothing, if it is as an older release had it."""
    name = nb.grade_id(released)
    if found is None:
        return [f"locked cell {name} was deleted; it was put back"] if nb.text(released) else []
    if nb.is_untouched(found) and found["cell_type"] == released["cell_type"]:
        return []
    notes = []
    if nb.text(found) != nb.text(released) or found["cell_type"] != released["cell_type"]:
        notes.append(f"locked cell {name} differs from the release; the original was graded")
    if nb.is_grade(released) and str(nb.meta(found).get("points", "")) != str(nb.meta(released)["points"]) and nb.meta(found):
        notes.append(f"the points of {name} differ from the release; the original points count")
    return notes
