"""Scorecards -> nbgrader's own database, and manual grades back from it. The only importer of nbgrader.

What the formgrader and stock nbgrader read stays valid: the same tables, filled the way `nbgrader autograde` fills them.
Writing is idempotent: a killed run is repeated, and manual grades are never touched. Of several graders one writes at a time.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from nbgrader import api, dbutil
from sqlalchemy import update
from sqlalchemy.exc import SAWarning

from grading import display, files
from grading import notebook as nb
from grading.files import write_bytes
from grading.gradebook import aside, asked_cells, class_rows, graded_answers, unchanged
from grading.gradebook.database import SQLITE, GradebookError, exists, friendly_errors, write_lock
from grading.gradebook.decided import decided, with_decisions
from grading.gradebook.unchanged import Rows
from grading.marks import Aside, Scorecard


def _newest_layout() -> str:
    """What `alembic heads` says of nbgrader's tables. nbgrader starts a process to ask: two seconds, nearly all of it imports."""
    return str(ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head())


api.get_alembic_version = _newest_layout


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
        _create(url)
    cards = list(cards)
    with opened(url) as book:
        with write_lock(url):
            graded_answers.create(book.engine)
            aside.create(book.engine)
            aside.put(book, assignment, sources)
            book.update_or_create_assignment(assignment)
            for name, source in sources.items():
                asked_cells.write(book, assignment, name, source)
        known, asked = unchanged.rows(book.db, assignment), class_rows.asked(book.db, assignment)
        for some in class_rows.chunks(unchanged.to_write(cards, known, asked.points)):
            with write_lock(url):
                class_rows.write_some(book.db, assignment, asked, some)
        with write_lock(url):
            _excuse(book, {student: known[student] for student in known.keys() - {card.student for card in cards}})


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
    with write_lock(url):
        _create(url)
    with opened(url) as book:
        known = {name: decided(book.db, name) for name in {card.assignment for card in cards}}
    for card in cards:
        if card.student not in known[card.assignment]:
            raise _no_grades(url, card, f"nothing of {card.student}")
    return [replace(card, marks=tuple(with_decisions(card, known[card.assignment][card.student]))) for card in cards]


def dump(url: str, assignment: str) -> list[dict[str, Any]]:
    """Every score of an assignment as plain rows, sorted; two gradebooks with the same rows hold the same grades."""
    rows = []
    with opened(url) as book:
        for submission in book.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                rows += [
                    {
                        "student": submission.student_id,
                        "notebook": notebook.name,
                        "cell": grade.name,
                        "auto_score": grade.auto_score,
                        "manual_score": grade.manual_score,
                        "needs_manual_grade": grade.needs_manual_grade,
                        "max_score": grade.max_score,
                    }
                    for grade in notebook.grades
                ]
    return sorted(rows, key=lambda row: (row["student"], row["notebook"], row["cell"]))


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """Nbgrader's own object for a database, closed again afterwards; what goes wrong with the database is a GradebookError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's way of filling tables, which SQLAlchemy 2 remarks on
        with friendly_errors(url):
            book = api.Gradebook(url)
            try:
                yield book
            finally:
                book.close()


def _create(url: str) -> None:
    """Make the tables. An SQLite file appears in one move: a run that is killed meanwhile must not leave half of them."""
    if not url.startswith(SQLITE):
        with files.around(), opened(url):
            return
    if not exists(url):
        with files.around(), files.folder("gradebook-") as folder:
            new, path = folder / "gradebook.db", Path(url.removeprefix(SQLITE))
            with opened(f"{SQLITE}{new}"):
                pass
            write_bytes(path, new.read_bytes())
            path.chmod(new.stat().st_mode)  # as private as this user wants new files to be


def set_aside(url: str, assignment: str) -> list[Aside]:
    """What the gradebook keeps of cells that the sources no longer have."""
    if not exists(url):
        return []
    with opened(url) as book:
        return aside.read(book, assignment)


def _excuse(book: Any, gone: Mapping[str, Rows]) -> None:
    """Nobody has to read what students wrote who are no longer in the class. Their grades stay; if they come back, so does this."""
    waiting = [row.id for rows in gone.values() for row in rows.grades.values() if row.waits and row.by_hand is None]
    if waiting:
        book.db.execute(update(api.Grade), [{"id": one, "needs_manual_grade": False} for one in waiting])
    book.db.commit()


def _no_grades(url: str, card: Scorecard, got: str) -> GradebookError:
    return GradebookError(
        f"the gradebook does not know {card.assignment}, so points given by hand would be left out",
        expected=f"the gradebook that `hw grade {card.assignment}` wrote at {display.without_password(url)}",
        got=got,
        fix=f"is --db right? If that gradebook is gone, `hw grade {card.assignment}` makes a new one",
    )
