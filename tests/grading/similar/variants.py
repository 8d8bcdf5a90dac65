"""The independent right answers of tests/mutants as what students handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from grading import course as courses
from grading import syntax
from grading.similar.answers import Answer, Given, Handed
from grading.similar.features import of_given
from grading.source import Source, read_source, student_notebook
from tests.grading.similar.disguise import bound_in

ROOT = Path(__file__).parents[3]
MUTANTS = ROOT / "tests" / "mutants"
COURSE = courses.load(ROOT / "course.toml")
_NAMES = {"dropout": "q_coding_dropout", "gpu_memory": "GPUMemory"}  # what tests/mutants calls a notebook, where it is not its name
# what a measuring cell is given there is no answer but a program that changes its record
_RECORDS = ("a_machine",)


@dataclass(frozen=True)
class Exercises:
    """One notebook, and the right answers to its cells."""

    source: Source
    cells: Mapping[str, Mapping[str, str]]

    @cached_property
    def author(self) -> Given:
        """What the author gave."""
        return Given(self.source)

    @cached_property
    def given(self) -> dict[str, frozenset[str]]:
        """What of it says nothing about two students, as `compare` takes it."""
        return {self.source.name: of_given(self.author)}

    def handed(self, student: str, texts: Mapping[str, str]) -> Handed:
        """What a student handed in, cell by cell."""
        return self.author.handed(student, (Answer(cell, f"cell {cell}", text, is_code=True) for cell, text in texts.items()))

    def students(self) -> list[dict[str, str]]:
        """As many students as there are answers to every cell, no two of whom have one in common."""
        least = min(map(len, self.cells.values()))
        return [{cell: list(texts.values())[number] for cell, texts in self.cells.items()} for number in range(least)]


@cache
def exercises() -> dict[str, Exercises]:
    """Every notebook with code, by the name it has in tests/mutants."""
    found = {}
    for name in sorted({folder.name.split("-")[0] for folder in MUTANTS.glob("*-*")}):
        cells = {folder.name.split("-")[1]: _right(folder) for folder in sorted(MUTANTS.glob(f"{name}-*"))}
        cells = {cell: texts for cell, texts in cells.items() if not cell.endswith("_record") and cell not in _RECORDS}
        found[name] = Exercises(_source(_NAMES.get(name, name)), cells)
    return found


def asked(texts: Iterable[str]) -> set[str]:
    """The names that an answer must have: what its cell binds outside of functions."""
    found: set[str] = set()
    for tree in map(syntax.parse, texts):
        for node in tree.body if tree else ():
            found |= set() if hasattr(node, "body") else bound_in(node)
    return found


def _right(folder: Path) -> dict[str, str]:
    paths = sorted(folder.glob("right_*.py"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def _source(name: str) -> Source:
    assignment = next(each for each in COURSE.assignments.values() if name in each.notebooks)
    notebook = read_source(COURSE, assignment, name)
    return Source(name, notebook, student_notebook(notebook, name)[0])
