"""Answers that are hw_lib's: its functions under other names, in cells or beside the notebook, or calls of what is withheld.

A function is found where most of its statements stand, in their normal form (`grading.syntax`), in one text of the student's.
Short functions say nothing: there everybody writes the same. Compared is the whole library, the author's bodies and the fast layers
included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grading import syntax
from grading.resemblance import LibraryCopy, Piece, Text
from grading.similar.answers import Answer, Handed
from grading.similar.shown import marked_lines
from hw_lib import dotted

# Measured on the right answers of tests/mutants: of no function of that size does one hold more than half, but for the hidden
# layer, whose frame the task gives: four fifths.
LEAST_SIZE = 70  # nodes: eight to ten lines. The step that adds up gradients, 68, is what everybody writes
LEAST_SHARE = 0.9

Key = tuple[str, str]  # a file and a function in it


@dataclass(frozen=True)
class _Function:
    """A function of the library: its file, its normal form, its text."""

    path: str
    definition: syntax.Definition
    text: str

    @property
    def name(self) -> str:
        """The function and where it stands."""
        return f"{self.definition.name} ({self.path})"

    @property
    def counted(self) -> Counter[str]:
        """Its statements."""
        return Counter(statement.form for statement in self.definition.statements)


class Library:
    """The functions of hw_lib, as the author has them; read when an answer is long enough, or calls one."""

    def __init__(self, whole: Path, graded: Path) -> None:
        """Remember where they are.

        Args:
            whole: the folder that holds the author's hw_lib.
            graded: the folder that holds hw_lib as it is while submissions are graded; what is another there is withheld.
        """
        self._whole, self._graded = whole, graded

    @cached_property
    def _functions(self) -> dict[Key, _Function]:
        """Those that are large enough to be found in an answer."""
        return {key: function for key, function in _functions(_texts(self._whole)) if function.definition.size >= LEAST_SIZE}

    @cached_property
    def _withheld(self) -> dict[str, _Function]:
        """Those that are another in the other folder, by name. Of a file that is the same nothing is."""
        whole, graded = _texts(self._whole), _texts(self._graded)
        differing = {name: text for name, text in whole.items() if graded.get(name) != text}
        there = dict(_functions({name: graded[name] for name in differing if name in graded}))
        found = dict(_functions(differing))
        return {key[1]: found[key] for key in found if key not in there or there[key].definition.form != found[key].definition.form}

    def copies(self, handed: Handed) -> list[LibraryCopy]:
        """The texts of a student that are the library's, or call what students are to write."""
        code = [answer for answer in handed.answers if answer.is_code]
        return [copy for answer in code if (copy := self._copy(answer, handed) or self._call(answer, handed))]

    def flags(self, handed: Iterable[Handed]) -> list[str]:
        """One sentence for each such text."""
        return [flag for each in handed for flag in self._flags(each)]

    def _flags(self, handed: Handed) -> list[str]:
        try:
            return [f"{copy.said} (hw similar shows both texts)" for copy in self.copies(handed)]
        except Exception as error:  # catch everything: one odd text must not stop the class
            return [f"look at {handed.notebook}: it could not be compared with the library ({type(error).__name__})"]

    @cached_property
    def _rarest(self) -> dict[str, list[Key]]:
        """The statement of each function that the fewest others have -> the functions: a text without any is not looked at."""
        common = Counter(form for function in self._functions.values() for form in function.counted)
        index: dict[str, list[Key]] = {}
        for key, function in self._functions.items():
            for form in sorted(function.counted, key=lambda form: (common[form], form))[:3]:
                index.setdefault(form, []).append(key)
        return index

    def _copy(self, answer: Answer, handed: Handed) -> LibraryCopy | None:
        """The functions that stand in one text, those first of which the most does."""
        statements = handed.code(answer)
        if sum(statement.size for statement in statements) < LEAST_SHARE * LEAST_SIZE:  # too short to hold any
            return None
        there = Counter(statement.form for statement in statements)
        candidates = dict.fromkeys(key for form in there for key in self._rarest.get(form, ()))
        shares = {key: _share(self._functions[key], there) for key in candidates}
        found = sorted((key for key in shares if shares[key] >= LEAST_SHARE), key=lambda key: (-shares[key], key))
        if not found:
            return None
        functions = [self._functions[key] for key in found]
        own = _marked(answer.text, statements, Counter(form for function in functions for form in function.counted))
        library: Text = ()
        for function in functions:
            library += (*_marked(function.text, _moved(function.definition), there), Piece(""))
        names = tuple(function.name for function in functions)
        return LibraryCopy(handed.student, handed.notebook, answer.where, names, shares[found[0]], own, library[:-1])

    def _call(self, answer: Answer, handed: Handed) -> LibraryCopy | None:
        """A function that a text calls, and that is not there while it is graded."""
        tree = syntax.parse(answer.text)
        used = {said for said, _ in dotted.used(tree, handed.names)} if tree else set()
        for said in sorted(said for said in used if said.startswith("hw_lib.")):
            if function := self._withheld.get(said.rpartition(".")[2]):
                own, library = marked_lines(answer.text, set()), marked_lines(function.text, set())
                return LibraryCopy(handed.student, handed.notebook, answer.where, (function.name,), None, own, library)
        return None


def _texts(folder: Path) -> dict[str, str]:
    """The files of hw_lib in a folder."""
    paths = sorted((folder / "hw_lib").rglob("*.py"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _functions(texts: Mapping[str, str]) -> Iterator[tuple[Key, _Function]]:
    for name, text in texts.items():
        lines = text.split("\n")
        for definition in syntax.functions(text):
            body = "\n".join(lines[definition.first - 1 : definition.last])
            yield (name, definition.name), _Function(name, definition, body)


def _share(function: _Function, there: Mapping[str, int]) -> float:
    left = Counter(there)
    held = 0
    for statement in function.definition.statements:
        if left[statement.form] > 0:
            left[statement.form] -= 1
            held += statement.size
    return held / function.definition.size


def _moved(definition: syntax.Definition) -> tuple[syntax.Statement, ...]:
    """Its statements with lines counted from its own first one."""
    first = definition.first - 1
    return tuple(syntax.Statement(each.form, each.size, each.first - first, each.last - first) for each in definition.statements)


def _marked(text: str, statements: Iterable[syntax.Statement], common: Mapping[str, int]) -> Text:
    lines = {line for each in statements if common.get(each.form) for line in range(each.first, each.last + 1)}
    return marked_lines(text, lines)
