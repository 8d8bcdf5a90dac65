"""What one student wrote, cell by cell, and what the author gave: read from the build folder, nothing of it run."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from grading import notebook as nb
from grading import syntax
from grading.records import Submission
from grading.source import Source
from grading.workspace import Workspace
from hw_lib import dotted

_MOST_FILES = 100
_LONGEST = 100_000  # characters of a file that are read
_OURS = "hw_lib/"  # a copy of the library under its own name: what students import comes from ours, whatever lies there


@dataclass(frozen=True)
class Answer:
    """One text of a student's.

    Attributes:
        cell: the grade id of its cell; empty for a cell or file of the student's own.
        where: what a person calls the place.
    """

    cell: str
    where: str
    text: str
    is_code: bool


@dataclass(frozen=True)
class Handed:
    """What one student wrote for one notebook.

    Attributes:
        answers: every answer that was given, then the cells and the Python files of the student's own.
        names: what the imports of the whole notebook bind.
        bound: the names that the student's code binds, and that a copy may have renamed.
    """

    student: str
    notebook: str
    answers: tuple[Answer, ...]
    names: dict[str, str] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()

    def code(self, answer: Answer) -> syntax.Code:
        """An answer in its normal form."""
        return syntax.read(answer.text, self.names, self.bound)


def handed_in(submission: Submission, source: Source, work: Workspace) -> Handed | None:
    """Read what a student wrote for one notebook; None if there is no restored notebook."""
    path = work.restored(submission.student, source.name)
    if not path.is_file():
        return None
    cells = nb.parse(path.read_bytes(), source.name)["cells"]
    given = {nb.text(cell) for cell in source.student["cells"]}
    own = [_answer(cell) for cell in cells if not nb.is_locked(cell) and nb.text(cell) and nb.text(cell) not in given]
    own += [Answer("", f"{name}, beside the notebook", text, True) for name, text in _files(submission, work)]
    trees = [tree for answer in own if answer.is_code and (tree := syntax.parse(answer.text))]
    bound = frozenset().union(*map(syntax.bound_in, trees)) - defined(source)
    return Handed(submission.student, source.name, tuple(own), imported(cells), bound)


def given_texts(source: Source) -> tuple[str, ...]:
    """What a student has from the author, and the author's own answers: two students who share it need not know each other."""
    return tuple(cell["source"] for cell in (*source.notebook["cells"], *source.student["cells"]))


def imported(cells: Iterable[nb.Cell]) -> dict[str, str]:
    """What the imports of a notebook bind."""
    trees = [tree for cell in cells if cell["cell_type"] == "code" and (tree := syntax.parse(cell["source"]))]
    return dotted.imports(node for tree in trees for node in ast.walk(tree))


def defined(source: Source) -> frozenset[str]:
    """The names that the author's given cells bind outside of functions: nobody renames them."""
    trees = [nb.tree(cell) for cell in source.student["cells"] if cell["cell_type"] == "code" and not nb.is_solution(cell)]
    found: set[str] = set()
    for node in (node for tree in trees if tree for node in tree.body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return frozenset(found)


def _answer(cell: nb.Cell) -> Answer:
    name = nb.grade_id(cell) if nb.is_solution(cell) else ""
    own = str(cell["id"]).removeprefix("own-")
    where = f"cell {name or cell['id']}" if name or own == cell["id"] else f"cell no. {own} of the file"
    return Answer(name, where, cell["source"], cell["cell_type"] == "code")


def _files(submission: Submission, work: Workspace) -> list[tuple[str, str]]:
    """The Python files beside the notebook."""
    names = [name for name in sorted(submission.files) if name.endswith(".py") and not name.startswith(_OURS)]
    folder = work.submission(submission.student)
    return [(name, (folder / name).read_text(encoding="utf-8", errors="replace")[:_LONGEST]) for name in names[:_MOST_FILES]]
