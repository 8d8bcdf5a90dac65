"""What the gradebook holds of a class, and whose rows say what their card says: as many statements for many students as for few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grading.gradebook import aside, graded_answers, tables
from grading.gradebook.decided import Cell, cells_of
from grading.marks import Mark, Scorecard, Verdict

NO_ANSWER = "No response."  # what nbgrader writes below an answer that is blank


@dataclass(frozen=True)
class Row:
    """What one cell of one student has in nbgrader's table of grades."""

    id: str
    automatic: float | None = None
    by_hand: float | None = None
    waits: bool = False


@dataclass(frozen=True)
class Said:
    """Nbgrader's own comment on an answer."""

    id: str
    text: str | None = None


@dataclass
class Rows:
    """What the gradebook holds of one student.

    Attributes:
        grades: of every cell that carries points.
        answers: the answers that those grades are about.
        comments: of every answer.
        aside: cells that were taken away once, and whose points are still kept aside.
    """

    grades: dict[Cell, Row] = field(default_factory=dict)
    answers: dict[Cell, str] = field(default_factory=dict)
    comments: dict[Cell, Said] = field(default_factory=dict)
    aside: set[Cell] = field(default_factory=set)


def rows(connection: Any, assignment: str, students: Iterable[str] | None = None) -> dict[str, Rows]:
    """Everything that a card could change, by student; of these students, or of all."""
    found: defaultdict[str, Rows] = defaultdict(Rows)
    names = None if students is None else list(students)

    def asked(statement: Any, student: Any) -> Iterator[Any]:
        yield from connection.execute(statement if names is None else statement.where(student.in_(names)))

    student_id, grade, said = tables.submission.c.student_id, tables.grade, tables.comment
    columns = grade.c.id, grade.c.auto_score, grade.c.manual_score, grade.c.needs_manual_grade
    for student, notebook, cell, *values in asked(cells_of(assignment, grade, *columns), student_id):
        found[student].grades[notebook, cell] = Row(*values)
    for student, notebook, cell, *values in asked(cells_of(assignment, said, said.c.id, said.c.auto_comment), student_id):
        found[student].comments[notebook, cell] = Said(*values)
    for student, notebook, cell, answer in asked(graded_answers.of_all(assignment), graded_answers.table.c.student):
        found[student].answers[notebook, cell] = answer
    for student, notebook, cell in asked(aside.of_all(assignment), aside.table.c.student):
        found[student].aside.add((notebook, cell))
    return found


def to_write(cards: Iterable[Scorecard], known: Mapping[str, Rows], cells: Mapping[Cell, float]) -> list[Scorecard]:
    """The cards that say something else than the gradebook; `cells` are those that carry points, and how many."""
    return [card for card in cards if card.student not in known or not _says_the_same(card, known[card.student], cells)]


def wanted(row: Row, mark: Mark | None, most: float, answer_before: str | None) -> tuple[float | None, bool]:
    """The automatic score, and whether a person is asked: where there is none, and where one graded something that has changed.

    Who was asked once more stays asked until the formgrader has taken an answer: it clears the mark.

    Args:
        row: what is there.
        mark: what the card says; None where the student's edition does not have the cell.
        most: what the cell is worth. nbgrader has one maximum for all, so all points of what was not asked leave nobody behind.
        answer_before: the answer that the row is about; None where nothing is known of it.
    """
    if mark is None:
        return most, False
    automatic = None if mark.verdict is Verdict.UNJUDGED else mark.points
    if row.by_hand is None:
        return automatic, automatic is None
    return automatic, row.waits or row.automatic != automatic or answer_before not in (None, mark.answer)


def comment(mark: Mark) -> str | None:
    """Nbgrader's own comment on an answer."""
    return None if mark.answered else NO_ANSWER


def _says_the_same(card: Scorecard, there: Rows, cells: Mapping[Cell, float]) -> bool:
    marks = {(mark.notebook, mark.grade_id): mark for mark in card.marks}
    notebooks = {notebook for notebook, _ in marks}
    return (
        there.grades.keys() == cells.keys()
        and {cell: answer for cell, answer in there.answers.items() if cell[0] in notebooks}
        == {cell: mark.answer for cell, mark in marks.items()}
        and not there.aside & cells.keys()
        and all(
            wanted(row, marks.get(cell), cells[cell], there.answers.get(cell)) == (row.automatic, row.waits)
            for cell, row in there.grades.items()
        )
        and all(said.text == comment(marks[cell]) for cell, said in there.comments.items() if cell in marks)
    )
