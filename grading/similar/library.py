"""Answers that are hw_lib's: its functions under other names, in cells or beside the notebook, or calls of what is withheld.

A function is found where most of its statements stand, in their normal form (`grading.syntax`), in one text of the student's.
Short functions say nothing: there everybody writes the same. Compared is the whole library, the author's bodies and the fast layers
included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grading import syntax
from grading.resemblance import LibraryCopy, Text
from grading.similar.answers import Answer, Handed
from grading.similar.shown import marked_lines
from hw_lib import dotted

# Measured on the right answers of tests/mutants: of no function of that size does one hold more than half, but for the hidden
# layer, whose frame the task gives: four fifths.
LEAST_SIZE = 40
LEAST_SHARE = 0.85


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
    """The functions of hw_lib, as the author has them."""

    def __init__(self, whole: Path, graded: Path) -> None:
        """Read them.

        Args:
            whole: the folder that holds the author's hw_lib.
            graded: the folder that holds hw_lib as it is while submissions are graded; what is another there is withheld.
        """
        found, there = dict(_functions(whole)), {key: function.definition.form for key, function in _functions(graded)}
        self._functions = {key: function for key, function in found.items() if function.definition.size >= LEAST_SIZE}
        self._withheld = {key[1]: function for key, function in found.items() if there.get(key) != function.definition.form}
        self._rarest = self._by_rarest()

    def copies(self, handed: Handed) -> list[LibraryCopy]:
        """The texts of a student that are the library's, or call what students are to write."""
        found = [copy for answer in handed.answers if answer.is_code for copy in self._copies(answer, handed)]
        return [*found, *self._calls(handed, {copy.where for copy in found})]

    def flags(self, handed: Iterable[Handed]) -> list[str]:
        """One sentence for each such text."""
        said = []
        for copies in (self.copies(each) for each in handed):
            for where in dict.fromkeys(copy.where for copy in copies):
                here = [copy for copy in copies if copy.where == where]
                more = f", and {len(here) - 1} more of its functions" if len(here) > 1 else ""
                said.append(f"{here[0].said}{more} (hw similar shows both texts)")
        return said

    def _by_rarest(self) -> dict[str, list[tuple[str, str]]]:
        """The statement of each function that the fewest others have -> the functions: a text without any is not looked at."""
        common = Counter(form for function in self._functions.values() for form in function.counted)
        index: dict[str, list[tuple[str, str]]] = {}
        for key, function in self._functions.items():
            for form in sorted(function.counted, key=lambda form: (common[form], form))[:3]:
                index.setdefault(form, []).append(key)
        return index

    def _copies(self, answer: Answer, handed: Handed) -> Iterator[LibraryCopy]:
        statements = handed.code(answer)
        there = Counter(statement.form for statement in statements)
        for key in dict.fromkeys(key for form in there for key in self._rarest.get(form, ())):
            function = self._functions[key]
            share = _share(function, there)
            if share >= LEAST_SHARE:
                own = _marked(answer.text, statements, function.counted)
                library = _marked(function.text, _moved(function.definition), there)
                yield LibraryCopy(handed.student, handed.notebook, answer.where, function.name, share, own, library)

    def _calls(self, handed: Handed, known: set[str]) -> Iterator[LibraryCopy]:
        """Answers that call a function which is not there while they are graded."""
        for answer in handed.answers:
            tree = syntax.parse(answer.text) if answer.is_code and answer.where not in known else None
            used = {said for said, _ in dotted.used(tree, handed.names)} if tree else set()
            for said in sorted(said for said in used if said.startswith("hw_lib.")):
                if function := self._withheld.get(said.rpartition(".")[2]):
                    own, library = marked_lines(answer.text, set()), marked_lines(function.text, set())
                    yield LibraryCopy(handed.student, handed.notebook, answer.where, function.name, None, own, library)
                    break


def _functions(folder: Path) -> Iterator[tuple[tuple[str, str], _Function]]:
    for path in sorted((folder / "hw_lib").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix()
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
