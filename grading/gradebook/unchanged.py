"""Whose rows say what their card says: five statements for a class, however large it is, so that only the others are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbgrader import api
from sqlalchemy import select

from grading.gradebook import aside, graded_answers
from grading.gradebook.decided import Cell, cells_of
from grading.marks import Mark, Scorecard, Verdict

NO_ANSWER = "No response."  # what nbgrader writes below an answer that is blank


@dataclass(frozen=True)
class Row:
    """What one cell of one student has in nbgrader's table of grades."""

    id: str
    automatic: float | None
    by_hand: float | None
    waits: bool


@dataclass
class Rows:
    """What the gradebook holds of one student.

    Attributes:
        grades: of every cell that carries points.
        answers: the answers that those grades are about.
        comments: what nbgrader's own comment on an answer says.
        aside: cells that were taken away once, and whose points are still kept aside.
    """

    grades: dict[Cell, Row] = field(default_factory=dict)
    answers: dict[Cell, str] = field(default_factory=dict)
    comments: dict[Cell, str | None] = field(default_factory=dict)
    aside: set[Cell] = field(default_factory=set)


def rows(session: Any, assignment: str) -> dict[str, Rows]:
    """Everything that a card could change, by student."""
    found: defaultdict[str, Rows] = defaultdict(Rows)
    columns = api.Grade.id, api.Grade.auto_score, api.Grade.manual_score, api.Grade.needs_manual_grade
    for student, notebook, cell, *values in session.execute(cells_of(assignment, api.Grade, *columns)):
        found[student].grades[notebook, cell] = Row(*values)
    for student, notebook, cell, said in session.execute(cells_of(assignment, api.Comment, api.Comment.auto_comment)):
        found[student].comments[notebook, cell] = said
    for student, notebook, cell, answer in session.execute(graded_answers.of_all(assignment)):
        found[student].answers[notebook, cell] = answer
    for student, notebook, cell in session.execute(aside.of_all(assignment)):
        found[student].aside.add((notebook, cell))
    return found


def graded_cells(session: Any, assignment: str) -> dict[Cell, float]:
    """Every cell that carries points, and how many."""
    found: dict[Cell, float] = {}
    for kind in (api.GradeCell, api.TaskCell):
        asked = (
            select(api.Notebook.name, kind.name, kind.max_score)
            .join(kind.notebook)
            .join(api.Notebook.assignment)
            .where(api.Assignment.name == assignment)
        )
        found |= {(notebook, cell): most for notebook, cell, most in session.execute(asked)}
    return found


def to_write(cards: Iterable[Scorecard], known: Mapping[str, Rows], cells: Mapping[Cell, float]) -> Iterator[Scorecard]:
    """The cards that say something else than the gradebook."""
    for card in cards:
        there = known.get(card.student)
        if there is None or not _says_the_same(card, there, cells):
            yield card


def _says_the_same(card: Scorecard, there: Rows, cells: Mapping[Cell, float]) -> bool:
    marks = {(mark.notebook, mark.grade_id): mark for mark in card.marks}
    return (
        there.grades.keys() == cells.keys()
        and there.answers == {cell: mark.answer for cell, mark in marks.items()}
        and not there.aside & cells.keys()
        and all(_graded(row, marks.get(cell), cells[cell]) for cell, row in there.grades.items())
        and all(_commented(said, marks.get(cell)) for cell, said in there.comments.items())
    )


def _graded(row: Row, mark: Mark | None, most: float) -> bool:
    """Whether a row is what `grades` would write: a person's points stay, and so does the wish to look at them again."""
    if mark is None:  # the student was not asked
        return row.automatic == most and not row.waits
    automatic = None if mark.verdict is Verdict.UNJUDGED else mark.points
    return row.automatic == automatic and (row.by_hand is not None or row.waits == (automatic is None))


def _commented(said: str | None, mark: Mark | None) -> bool:
    return mark is None or said == (None if mark.answered else NO_ANSWER)
