"""Scorecards -> nbgrader's own database, and manual grades back from it.

What the formgrader and stock nbgrader read stays valid: the same tables, filled the way `nbgrader autograde` fills them.
Writing is idempotent: a killed run is repeated, and manual grades are never touched. Of several graders one writes at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update

from grading import display
from grading import notebook as nb
from grading.gradebook import aside, asked_cells, class_rows, fresh, graded_answers, tables, unchanged
from grading.gradebook.book import create, opened, reading
from grading.gradebook.database import GradebookError, begun, exists, write_lock
from grading.gradebook.decided import cells_of, decided, with_decisions
from grading.gradebook.unchanged import Rows
from grading.marks import Aside, Scorecard


def write(url: str, assignment: str, sources: Mapping[str, nb.Notebook], cards: Iterable[Scorecard]) -> None:
    """Record every scorecard.

    Args:
        url: the database, as SQLAlchemy names it; an SQLite file, or the tables, are created when they are not there.
        assignment: whose cards they are.
        sources: the released source notebooks by name, for nbgrader's table of cells.
        cards: one per student.

    Raises:
        GradebookError: there is no such database.
    """
    with write_lock(url):
        create(url)
    cards = list(cards)
    with begun(url, write=False) as connection:
        ours = tables.are_there(connection, graded_answers.table, aside.table)
        same = ours and asked_cells.are_there(connection, assignment, sources)
    if not same:
        _ask(url, assignment, sources)
    with begun(url, write=False) as connection:
        known, asked = unchanged.rows(connection, assignment), class_rows.asked(connection, assignment)
    for some in class_rows.chunks(unchanged.to_write(cards, known, asked.points)):
        with begun(url, write=True) as connection:
            class_rows.write_some(connection, assignment, asked, some)
    _excuse(url, {student: known[student] for student in known.keys() - {card.student for card in cards}})


def _ask(url: str, assignment: str, sources: Mapping[str, nb.Notebook]) -> None:
    """Let the gradebook have what the notebooks ask now; what they no longer ask is set aside."""
    if fresh.is_known() and _ask_first(url, assignment, sources):
        return
    with opened(url) as book, write_lock(url):
        graded_answers.create(book.engine)
        aside.create(book.engine)
        aside.put(book, assignment, sources)
        book.update_or_create_assignment(assignment)
        for name, source in sources.items():
            asked_cells.write(book, assignment, name, source)


def _ask_first(url: str, assignment: str, sources: Mapping[str, nb.Notebook]) -> bool:
    """The same for an assignment that the gradebook does not have; whether it was one. Nothing can be in its way."""
    with begun(url, write=True) as connection:
        graded_answers.create(connection)
        aside.create(connection)
        return asked_cells.add(connection, assignment, sources)


def with_manual_grades(url: str, cards: Iterable[Scorecard]) -> list[Scorecard]:
    """The cards with what people decided in the formgrader: points, extra credit and comments.

    A cell that a person graded has the points given there, whatever the tests said; extra credit is added, as nbgrader adds it.

    Raises:
        GradebookError: there is no such gradebook, or it holds nothing of a card: what people gave must not be left out silently.
    """
    cards = list(cards)
    if not cards:
        return cards
    if not exists(url):
        raise _no_grades(url, cards[0], "no such file")
    with reading(url) as connection:
        known = {name: decided(connection, name) for name in {card.assignment for card in cards}}
    for card in cards:
        if card.student not in known[card.assignment]:
            raise _no_grades(url, card, f"nothing of {card.student}")
    return [replace(card, marks=tuple(with_decisions(card, known[card.assignment][card.student]))) for card in cards]


def dump(url: str, assignment: str) -> list[dict[str, Any]]:
    """Every score of an assignment as plain rows, sorted; two gradebooks with the same rows hold the same grades."""
    grade, worth = tables.grade, tables.worth()
    columns = grade.c.auto_score, grade.c.manual_score, grade.c.needs_manual_grade, worth.c.max_score
    names = "student", "notebook", "cell", *(column.name for column in columns)
    statement = cells_of(assignment, grade, *columns).join(worth, worth.c.id == grade.c.cell_id)
    with reading(url) as connection:
        rows = [dict(zip(names, row, strict=True)) for row in connection.execute(statement)]
    return sorted(rows, key=lambda row: (row["student"], row["notebook"], row["cell"]))


def set_aside(url: str, assignment: str) -> list[Aside]:
    """What the gradebook keeps of cells that the sources no longer have."""
    if not exists(url):
        return []
    with reading(url) as connection:
        return aside.read(connection, assignment)


def _excuse(url: str, gone: Mapping[str, Rows]) -> None:
    """Nobody has to read what students wrote who are no longer in the class. Their grades stay; if they come back, so does this."""
    waiting = [row.id for rows in gone.values() for row in rows.grades.values() if row.waits and row.by_hand is None]
    if waiting:
        statement = update(tables.grade).where(tables.grade.c.id == bindparam("row")).values(needs_manual_grade=False)
        with begun(url, write=True) as connection:
            connection.execute(statement, [{"row": one} for one in waiting])


def _no_grades(url: str, card: Scorecard, got: str) -> GradebookError:
    return GradebookError(
        f"the gradebook does not know {card.assignment}, so points given by hand would be left out",
        expected=f"the gradebook that `hw grade {card.assignment}` wrote at {display.without_password(url)}",
        got=got,
        fix=f"is --db right? If that gradebook is gone, `hw grade {card.assignment}` makes a new one",
    )
