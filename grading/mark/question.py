"""One question of a homework: its name, what the author answers, its rubric as the author wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading import notebook as nb
from grading import regions
from grading.course import Course
from grading.mark import items
from grading.mark.items import Rubric
from grading.settings import Assignment
from grading.source import read_source


@dataclass(frozen=True)
class Question:
    """An answer cell that a person grades.

    Attributes:
        part: the part of the homework that it belongs to.
        asked: what stands before it in the author's notebook, as Markdown.
        answer: what the author answers, as Markdown.
        rubric: as the author wrote it.
        code: the answer is code.
        siblings: the grade ids of its part.
    """

    assignment: str
    notebook: str
    cell: str
    part: str
    asked: str
    answer: str
    rubric: Rubric
    code: bool
    siblings: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """Its name in an address."""
        return f"{self.assignment}/{self.notebook}/{self.cell}"


def questions(course: Course, assignment: Assignment) -> Iterator[Question]:
    """The questions of an assignment, in the order of its notebooks.

    Raises:
        SourceError: a source notebook is missing or breaks a rule.
        RubricError: a rubric cannot be read.
    """
    for name in assignment.notebooks:
        before = ""
        source = read_source(course, assignment, name)
        parts = nb.parts(source)
        for cell in source["cells"]:
            if nb.is_by_hand(cell):
                code = cell["cell_type"] == "code"
                if nb.is_task(cell):
                    before = regions.strip_regions(cell["source"], regions.MARK_SCHEME).text
                rubric = items.read(cell, f"{name}, cell {nb.grade_id(cell)}")
                yield Question(
                    assignment=assignment.name,
                    notebook=name,
                    cell=nb.grade_id(cell),
                    part=nb.part(cell),
                    asked=before,
                    answer=f"```python\n{items.answer(cell)}\n```" if code else items.answer(cell),
                    rubric=rubric,
                    code=code,
                    siblings=frozenset(other for other, part in parts.items() if part == nb.part(cell)),
                )
            elif cell["cell_type"] == "markdown":
                before = cell["source"]
