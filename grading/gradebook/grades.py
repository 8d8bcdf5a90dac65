"""Scorecards -> nbgrader's own database, and manual grades back from it. The only importer of nbgrader.

What the formgrader and stock nbgrader read stays valid: the same tables, filled the way `nbgrader autograde` fills them.
Writing is idempotent: a killed run is repeated, and manual grades are never touched. Of several graders one writes at a time.
"""

from __future__ import annotations

import json
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
from grading.gradebook import aside, graded_answers, unchanged
from grading.gradebook.database import SQLITE, GradebookError, exists, friendly_errors, write_lock
from grading.gradebook.decided import decided, with_decisions
from grading.gradebook.unchanged import NO_ANSWER, Rows
from grading.marks import Aside, Mark, Scorecard, Verdict


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
                _write_cells(book, assignment, name, source)
        known, cells = unchanged.rows(book.db, assignment), unchanged.graded_cells(book.db, assignment)
        for card in unchanged.to_write(cards, known, cells):
            with write_lock(url):
                _write_card(book, assignment, card)
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


def _write_cells(book: Any, assignment: str, name: str, source: nb.Notebook) -> None:
    """Nbgrader's table of what a notebook asks: which cells carry points, which are answers, what they said."""
    kernel = json.dumps(source["metadata"].get("kernelspec", {}))
    book.update_or_create_notebook(name, assignment, kernelspec=kernel)
    for cell in nb.known_cells(source):
        grade_id, kind = nb.grade_id(cell), cell["cell_type"]
        if nb.is_task(cell):
            book.update_or_create_task_cell(grade_id, name, assignment, max_score=nb.points(cell), cell_type=kind)
        elif nb.is_grade(cell):
            book.update_or_create_grade_cell(grade_id, name, assignment, max_score=nb.points(cell), cell_type=kind)
        if nb.is_solution(cell):
            book.update_or_create_solution_cell(grade_id, name, assignment)
        book.update_or_create_source_cell(
            grade_id,
            name,
            assignment,
            cell_type=kind,
            locked=nb.is_locked(cell),
            source=cell["source"],
            checksum=nb.checksum(cell),
        )


def _write_card(book: Any, assignment: str, card: Scorecard) -> None:
    """One student in one transaction."""
    book.update_or_create_student(card.student)
    submission = book.update_or_create_submission(assignment, card.student)
    marks = {(mark.notebook, mark.grade_id): mark for mark in card.marks}
    there = {notebook.name for notebook in submission.notebooks}
    for notebook in submission.assignment.notebooks:
        if notebook.name not in there:  # the author added it after this student's first grading
            book.db.add(api.SubmittedNotebook(notebook=notebook, assignment=submission))
    book.db.flush()
    for notebook in submission.notebooks:
        present = {grade.name for grade in notebook.grades}
        for cell in (*notebook.notebook.grade_cells, *notebook.notebook.task_cells):
            if cell.name not in present:  # the author added it after this student's first grading
                book.db.add(api.Grade(cell_id=cell.id, notebook=notebook))
        book.db.flush()
        aside.bring_back(book.db, assignment, card.student, notebook)
        before = graded_answers.before(book.db, card, notebook.name)
        for grade in notebook.grades:
            asked = marks.get((notebook.name, grade.name))
            if asked is None:
                _not_asked(grade)
            else:
                _write_grade(grade, asked, before.get(grade.name, asked.answer))
        graded_answers.keep(book.db, card, notebook.name)
        for comment in notebook.comments:
            mark = marks.get((notebook.name, comment.name))
            if mark is not None:
                comment.auto_comment = None if mark.answered else NO_ANSWER
    book.db.commit()


def _excuse(book: Any, gone: Mapping[str, Rows]) -> None:
    """Nobody has to read what students wrote who are no longer in the class. Their grades stay; if they come back, so does this."""
    waiting = [row.id for rows in gone.values() for row in rows.grades.values() if row.waits and row.by_hand is None]
    if waiting:
        book.db.execute(update(api.Grade), [{"id": one, "needs_manual_grade": False} for one in waiting])
    book.db.commit()


def _write_grade(grade: Any, mark: Mark, answer_before: str) -> None:
    """The automatic score; a person is asked where there is none, and where a person graded something that has changed.

    Who was asked once more stays asked until the formgrader has taken an answer: it clears the mark.
    """
    automatic = None if mark.verdict is Verdict.UNJUDGED else mark.points
    changed = grade.needs_manual_grade or grade.auto_score != automatic or answer_before != mark.answer
    grade.auto_score = automatic
    grade.needs_manual_grade = changed if grade.manual_score is not None else automatic is None


def _not_asked(grade: Any) -> None:
    """The student's edition does not have the cell. nbgrader has one maximum for all, so all points of it leave nobody behind."""
    grade.auto_score, grade.needs_manual_grade = grade.max_score, False


def _no_grades(url: str, card: Scorecard, got: str) -> GradebookError:
    return GradebookError(
        f"the gradebook does not know {card.assignment}, so points given by hand would be left out",
        expected=f"the gradebook that `hw grade {card.assignment}` wrote at {display.without_password(url)}",
        got=got,
        fix=f"is --db right? If that gradebook is gone, `hw grade {card.assignment}` makes a new one",
    )
