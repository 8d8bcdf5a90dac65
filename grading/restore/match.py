"""Which cell of a submission is which cell of the author's: by grade id, by cell id, by text, by what it defines, by its place.

Editors, converters and pasting into a fresh notebook lose ids and metadata. A guess gives nobody a point that was not there to be
had: what is found here the student could have written into the cell itself. Pure: parses, runs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from grading import bindings
from grading import notebook as nb


@dataclass
class Found:
    """What is known of the cells of a submission, by their position in it.

    Attributes:
        names: position -> the author's cell that it is.
        copies: position -> the author's cell that it is a copy of; another one is in `names`.
        inferred: answers that were found by what they define or by their place.
        unrecognised: positions of cells with a text that is not the release's.
    """

    names: dict[int, str] = field(default_factory=dict)
    copies: dict[int, str] = field(default_factory=dict)
    inferred: list[str] = field(default_factory=list)
    unrecognised: list[int] = field(default_factory=list)


def name_of(cell: nb.Cell) -> str:
    """What the author calls a cell of the source: its grade id, or its id."""
    return nb.grade_id(cell) or str(cell["id"])


def find(submitted: nb.Notebook, source: nb.Notebook, student: nb.Notebook, older: Collection[str] = ()) -> Found:
    """Find the author's cells in a submission.

    Args:
        submitted: what was handed in.
        source: the notebook as the author wrote it.
        student: the same as it was released.
        older: what cells of older editions said.
    """
    cells = submitted["cells"]
    released = {name_of(cell): cell for cell in student["cells"]}
    found = Found()
    _by_name(cells, released, found)
    _by_text(cells, released, found)
    texts = {nb.text(cell) for cell in released.values()} | {"", *older}
    found.unrecognised = [at for at in _unknown(cells, found) if nb.text(cells[at]) not in texts]
    if found.unrecognised and (gone := missing(found, released)):
        own = own_names(source)
        theirs = {at: bindings.assigned(cells[at]) for at in found.unrecognised if cells[at]["cell_type"] == "code"}
        _by_definition(gone, own, theirs, found)
        for name in missing(found, released):
            others = set().union(*(own[other] for other in gone if other != name))
            fits = {at for at, words in theirs.items() if (words & own[name] or not own[name]) and not words & others}
            _by_place(name, cells, released, fits, found)
    return found


def is_blank(cell: nb.Cell, released: nb.Cell) -> bool:
    """Whether an answer is the text that students got, of this release or, as its own checksum says, of an older one."""
    return nb.text(cell) == nb.text(released) or nb.is_untouched(cell)


def missing(found: Found, released: dict[str, nb.Cell]) -> list[str]:
    """The answers that were not found, in the author's order."""
    there = set(found.names.values())
    return [name for name, cell in released.items() if nb.is_solution(cell) and name not in there]


def _unknown(cells: list[nb.Cell], found: Found) -> Iterator[int]:
    return (at for at in range(len(cells)) if at not in found.names and at not in found.copies)


def _by_name(cells: list[nb.Cell], released: dict[str, nb.Cell], found: Found) -> None:
    """Of cells with the same name the first is taken, or the first that holds an answer: editors duplicate empty ones."""
    ids = {cell["id"]: name for name, cell in released.items()}
    first: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = nb.grade_id(cell) or ids.get(cell["id"], "")
        if name not in released:
            continue
        other = first.setdefault(name, at)
        stub = released[name]
        if at != other and nb.is_solution(stub) and is_blank(cells[other], stub) and not is_blank(cell, stub):
            found.copies[other] = name
            first[name] = at
        elif at != other:
            found.copies[at] = name
    found.names = {at: name for name, at in first.items()}


def _by_text(cells: list[nb.Cell], released: dict[str, nb.Cell], found: Found) -> None:
    """A cell with the text of one cell of the release, and of no other, is that cell."""
    times = Counter(nb.text(cell) for cell in released.values())
    there = set(found.names.values())
    wanted = {(cell["cell_type"], nb.text(cell)): name for name, cell in released.items() if name not in there}
    for at in list(_unknown(cells, found)):
        text = nb.text(cells[at])
        name = wanted.get((cells[at]["cell_type"], text), "") if text and times[text] == 1 else ""
        if name:
            found.names[at] = name
            del wanted[cells[at]["cell_type"], text]


def own_names(source: nb.Notebook) -> dict[str, set[str]]:
    """What each of the author's code cells defines and no other one does."""
    ours = {name_of(cell): bindings.assigned(cell) for cell in source["cells"] if cell["cell_type"] == "code"}
    times = Counter(word for words in ours.values() for word in words)
    return {name_of(cell): {word for word in ours.get(name_of(cell), ()) if times[word] == 1} for cell in source["cells"]}


def _by_definition(gone: list[str], own: dict[str, set[str]], theirs: dict[int, set[str]], found: Found) -> None:
    """The one unrecognised cell that defines what only this answer defines is the answer, unless it answers another one as well."""
    fits = {name: [at for at, words in theirs.items() if words & own[name]] for name in gone}
    claims = Counter(at for places in fits.values() for at in places)
    for name, places in fits.items():
        if len(places) == 1 and claims[places[0]] == 1:
            _take(places[0], name, found)


def _by_place(name: str, cells: list[nb.Cell], released: dict[str, nb.Cell], fits: set[int], found: Found) -> None:
    """Where one answer is missing between two cells that are there, and one unrecognised cell stands there, that is the answer.

    `fits` are the code cells that may be this answer.
    """
    order, kind = list(released), released[name]["cell_type"]
    here = order.index(name)
    places = {other: at for at, other in found.names.items()}
    before = max((number for number in range(here) if order[number] in places), default=-1)
    after = min((number for number in range(here, len(order)) if order[number] in places), default=len(order))
    start = places[order[before]] if before >= 0 else -1
    end = places[order[after]] if after < len(order) else len(cells)
    rivals = [other for other in missing(found, released) if before < order.index(other) < after]
    there = [at for at in found.unrecognised if start < at < end and cells[at]["cell_type"] == kind]
    alone = [other for other in rivals if released[other]["cell_type"] == kind] == [name]
    if alone and len(there) == 1 and (kind != "code" or there[0] in fits):
        _take(there[0], name, found)


def _take(at: int, name: str, found: Found) -> None:
    found.names[at] = name
    found.inferred.append(name)
    found.unrecognised.remove(at)
