"""What a student wrote beside an answer that is still blank: in a cell of their own, in the question's cell, in a test. Pure.

Nothing of it is graded by itself: it is shown to a person, who decides. Written text is looked for next to the answer; code next to
it too, and wherever it makes a name that only this answer makes.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from grading import bindings
from grading import notebook as nb
from grading.restore import match
from grading.restore.match import Found

Cells = Mapping[str, nb.Cell]


@dataclass(frozen=True)
class Beside:
    """One piece of the student's own.

    Attributes:
        answer: the grade id of the blank answer.
        at: its position in the student's file.
        text: what the student wrote, without what the author wrote in the same cell.
        shown: whether it stands in the restored notebook anyway; what was written in a locked cell does not.
    """

    answer: str
    at: int
    text: str
    shown: bool

    @property
    def where(self) -> str:
        """The cell, as a person finds it in the student's file."""
        return f"cell no. {self.at + 1} of the file"


def find(
    submitted: nb.Notebook,
    found: Found,
    source: nb.Notebook,
    released: Cells,
    answered: set[str],
    older: Collection[str] = (),
) -> list[Beside]:
    """Everything of the student's own that may be the answer to a blank cell.

    Args:
        submitted: what was handed in.
        found: which cell of it is which of the author's.
        source: the author's notebook.
        released: the cells as students got them, by name.
        answered: the answers that are not blank.
        older: what cells of older editions said.
    """
    cells = submitted["cells"]
    blank = {name for at, name in found.names.items() if nb.is_solution(released[name]) and name not in answered}
    if not blank:
        return []
    makes = match.own_names(source)
    pieces = []
    for at, cell, text in _own(cells, found, released, older):
        near = _next_to(at, cells, found, released)
        written = cell["cell_type"] != "code" or not _is_code(text)
        for answer in blank:
            is_code = released[answer]["cell_type"] == "code"
            named = not written and is_code and bool(bindings.assigned({**cell, "source": text}) & makes[answer])
            if named or (answer == near and written is not is_code):
                pieces.append(Beside(answer, at, text, shown=not _is_locked(at, found, released)))
    return pieces


def _own(cells: list[nb.Cell], found: Found, released: Cells, older: Collection[str]) -> Iterator[tuple[int, nb.Cell, str]]:
    """The student's own cells, and what they added to the author's, with their own text only."""
    given = {nb.text(cell) for cell in released.values()} | {"", *older}
    for at, cell in enumerate(cells):
        name = found.names.get(at, "") or found.copies.get(at, "")
        if nb.text(cell) in given or (name and nb.is_solution(released[name]) and at in found.names):
            continue
        if name and (nb.is_untouched(cell) or not _added(cell, released[name])):
            continue
        yield at, cell, _added(cell, released[name]) if name else nb.text(cell)


def _added(cell: nb.Cell, released: nb.Cell) -> str:
    """The lines that are not the author's."""
    ours = {line.strip() for line in released["source"].splitlines()}
    return "\n".join(line for line in nb.text(cell).splitlines() if line.strip() not in ours).strip("\n")


def _next_to(at: int, cells: list[nb.Cell], found: Found, released: Cells) -> str:
    """The answer that a cell belongs to by its place: the one it follows; else the next one, if only prose stands between."""
    if at not in found.names:
        before = next((found.names[other] for other in range(at - 1, -1, -1) if other in found.names), "")
        if before and nb.is_solution(released[before]):
            return before
    for other in range(at + 1, len(cells)):
        name = found.names.get(other, "")
        if name and nb.is_solution(released[name]):
            return name
        if name and (released[name]["cell_type"] == "code" or nb.is_grade(released[name])):
            break
    return ""


def _is_locked(at: int, found: Found, released: Cells) -> bool:
    return at in found.names and nb.is_locked(released[found.names[at]])


def _is_code(text: str) -> bool:
    """Whether a code cell holds more than comments and quoted text; words without quotes do not parse, and are none either."""
    tree = nb.tree({"source": text})
    return tree is not None and any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in tree.body)
