"""What was found to be alike: in the class, in the library, among records, and in a hand-out that must hold no copy of an answer.

What the rooms `similar` and `release` find, and the pages show.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `common` says that the other text has it too."""

    text: str
    common: bool = False


Text = tuple[Piece, ...]


@dataclass(frozen=True)
class LibraryCopy:
    """A text of a student's that holds functions of hw_lib, or calls one that students are to write.

    Attributes:
        where: what a person calls the place, "cell h_forward" or "columns.py, beside the notebook".
        functions: the library's functions, each with its file.
        share: how much of the first one stands there, 0 to 1; None where it is called.
        own, library: the two texts.
    """

    student: str
    notebook: str
    where: str
    functions: tuple[str, ...]
    share: float | None
    own: Text
    library: Text

    @property
    def said(self) -> str:
        """What a person is told, one sentence."""
        more = f", and {len(self.functions) - 1} more of its functions" if len(self.functions) > 1 else ""
        if self.share is None:
            return f"look at {self.where}: it calls the library's {self.functions[0]}"
        part = "" if self.share == 1 else f"{self.share:.0%} of "
        return f"look at {self.where}: {part}the library's {self.functions[0]} stands in it{more}"


@dataclass(frozen=True)
class AlikeCell:
    """One answer of two students.

    Attributes:
        cell: its grade id; empty for the cells and files of the students' own.
        share: how much of the larger answer's own part both have.
        left, right: the two texts.
        code: whether they are code, a piece for each line.
    """

    notebook: str
    cell: str
    share: float
    left: Text
    right: Text
    code: bool


@dataclass(frozen=True)
class Pair:
    """Two students whose answers are alike.

    Attributes:
        weight: how much both have that neither the homework nor many others have.
    """

    left: str
    right: str
    weight: float
    cells: tuple[AlikeCell, ...]


@dataclass(frozen=True)
class Group:
    """Students who are connected by pairs."""

    students: tuple[str, ...]
    pairs: int


@dataclass(frozen=True)
class SameEvidence:
    """A record or a file of weights that several students handed in.

    Attributes:
        file: its name.
        records: the records in it that are the same; empty for a file that is the same byte for byte.
    """

    file: str
    records: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class Resemblances:
    """Everything that was found in one class.

    Attributes:
        students: how many were compared.
        answers: how many of their answers.
        pairs: those that are shown, the most alike first.
        more: how many more pairs there are.
    """

    students: int
    answers: int
    copies: tuple[LibraryCopy, ...] = ()
    evidence: tuple[SameEvidence, ...] = ()
    groups: tuple[Group, ...] = ()
    pairs: tuple[Pair, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Leak:
    """A line of a release that should not be there.

    Attributes:
        file, line, text: where it stands in the hand-out, and what it says.
        why: what is wrong with it.
        origin: what it is a copy of, "mini.ipynb[a_double]:3"; empty where it is wrong by itself.
        original: what stands there.
    """

    file: str
    line: int
    text: str
    why: str
    origin: str = ""
    original: str = ""

    def __str__(self) -> str:
        """File and line number first, as compilers write it; below it what was taken out, and where."""
        said = f"{self.file}:{self.line}: {self.why}: {_first_line(self.text)}"
        return f"{said}\n    taken out of {self.origin}: {_first_line(self.original)}" if self.origin else said


def _first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.split("\n") if line.strip()), "")[:120]
