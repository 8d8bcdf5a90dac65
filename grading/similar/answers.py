"""What one student wrote, cell by cell, and what the author gave: read from the build folder, nothing of it run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grading import notebook as nb
from grading import syntax
from grading.records import Submission
from grading.source import Source
from grading.workspace import Workspace

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
    """

    student: str
    notebook: str
    answers: tuple[Answer, ...]
    names: dict[str, str] = field(default_factory=dict)
    _read: dict[Answer, tuple[syntax.Statement, ...]] = field(default_factory=dict, compare=False, repr=False)

    def code(self, answer: Answer) -> tuple[syntax.Statement, ...]:
        """An answer in its normal form; it is made once."""
        if answer not in self._read:
            self._read[answer] = syntax.read(answer.text, self.names)
        return self._read[answer]


class Given:
    """What the author gave with one notebook.

    Attributes:
        name: the notebook's.
        texts: every cell of the release, and every cell of the source with the author's own answers.
        released: the cells of the release, as they are compared.
        names: what the imports of its cells bind.
        files: those that students change, as they were handed out.
    """

    def __init__(self, source: Source, files: Mapping[str, bytes] | None = None) -> None:
        """Read a notebook, and the files that students change."""
        self.files = {name: data.decode("utf-8", "replace") for name, data in (files or {}).items()}
        self.name = source.name
        self.texts = tuple(cell["source"] for cell in (*source.notebook["cells"], *source.student["cells"]))
        self.released = frozenset(nb.text(cell) for cell in source.student["cells"])
        self.names = _imported(cell["source"] for cell in source.student["cells"] if cell["cell_type"] == "code")

    def handed(self, student: str, answers: Iterable[Answer]) -> Handed:
        """What a student made of it."""
        answers = tuple(answers)
        code = [answer.text for answer in answers if answer.is_code]
        trees = [tree for text in code if (tree := syntax.parse(text))]
        return Handed(student, self.name, answers, {**self.names, **syntax.imports(trees)})


def handed_in(submission: Submission, given: Given, work: Workspace) -> Handed | None:
    """Read what a student wrote for one notebook; None if there is no restored notebook."""
    path = work.restored(submission.student, given.name)
    if not path.is_file():
        return None
    cells = nb.parse(path.read_bytes(), given.name)["cells"]
    own = [_answer(cell) for cell in cells if not nb.is_locked(cell) and nb.text(cell) and nb.text(cell) not in given.released]
    files = [Answer("", f"{name}, beside the notebook", text, True) for name, text in _files(submission, work, given)]
    return given.handed(submission.student, [*own, *files])


def _imported(texts: Iterable[str]) -> dict[str, str]:
    return syntax.imports(tree for text in texts if (tree := syntax.parse(text)))


def _answer(cell: nb.Cell) -> Answer:
    name = nb.grade_id(cell) if nb.is_solution(cell) else ""
    own = str(cell["id"]).removeprefix("own-")
    where = f"cell {name or cell['id']}" if name or own == cell["id"] else f"cell no. {own} of the file"
    return Answer(name, where, cell["source"], cell["cell_type"] == "code")


def _files(submission: Submission, work: Workspace, given: Given) -> list[tuple[str, str]]:
    """The Python files beside the notebook, but for those that are as they were handed out."""
    names = [name for name in sorted(submission.files) if name.endswith(".py") and not name.startswith(_OURS)]
    folder = work.submission(submission.student)
    texts = [(name, (folder / name).read_text(encoding="utf-8", errors="replace")) for name in names[:_MOST_FILES]]
    return [(name, text[:_LONGEST]) for name, text in texts if text != given.files.get(name)]
