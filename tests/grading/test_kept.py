"""A class in which nothing changed is not graded again; whatever changes, that student is, and the gradebook is put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from grading import course as courses
from grading import kept, pipeline, restore
from grading.collect import collection
from grading.course import Course
from grading.records import Execution
from grading.settings import Assignment, Regrade
from tests.grading.conftest import PERFECT, HandIn, Hw
from tests.grading.test_pipeline import graded

Restored = Callable[[], list[str]]


@pytest.fixture
def ada_and_bob(course: Course, assignment: Assignment, hand_in: HandIn) -> Path:
    """Two students, graded."""
    hand_in("ada", PERFECT)
    folder = hand_in("bob", PERFECT, c_count="seen = [3, 2]")
    (folder / "ada" / "notes.json").write_text("{}")
    graded(course, assignment, folder)
    return folder


@pytest.fixture
def again(course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> Restored:
    """Grade once more, and say whose notebooks were restored."""

    def call() -> list[str]:
        names: list[str] = []
        real = restore.restore
        with monkeypatch.context() as patch:
            patch.setattr(restore, "restore", lambda sub, *rest: names.append(sub.student) or real(sub, *rest))
            pipeline.grade(course, assignment)
        return names

    return call


def test_nothing_changed(course: Course, assignment: Assignment, ada_and_bob: Path, again: Restored) -> None:
    """Marks, gradebook and files are as they were, and nobody was looked at."""
    before = pipeline.cards(course, assignment)
    assert again() == []
    assert pipeline.cards(course, assignment) == before


def _another_answer(folder: Path, course: Course, assignment: Assignment) -> None:
    path = folder / "ada" / "mini.ipynb"
    path.write_text(path.read_text().replace("It just is.", "It is."))
    collection.collect(folder, course, assignment)


def _another_record(folder: Path, course: Course, assignment: Assignment) -> None:
    (folder / "ada" / "notes.json").write_text("[]")
    collection.collect(folder, course, assignment)


def _file(name: str, text: str | None) -> Callable[[Path, Course, Assignment], None]:
    def change(_: Path, course: Course, assignment: Assignment) -> None:
        work = course.workspace(assignment)
        path: Path = work.scorecard("ada") if name == "scorecard" else getattr(work, name)("ada", "mini")
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")

    return change


@pytest.mark.parametrize(
    "change",
    [
        _another_answer,
        _another_record,
        *(_file(name, None) for name in ("scorecard", "restored", "execution", "formgrader")),
        *(_file(name, "{}") for name in ("scorecard", "restored", "execution", "formgrader")),
    ],
)
def test_one_student_changed(
    course: Course,
    assignment: Assignment,
    ada_and_bob: Path,
    again: Restored,
    change: Callable[[Path, Course, Assignment], None],
) -> None:
    """Whatever was handed in, and whatever came of it."""
    change(ada_and_bob, course, assignment)
    assert again() == ["ada"]
    assert again() == []


def test_the_authors_text_changed(course: Course, assignment: Assignment, ada_and_bob: Path, again: Restored) -> None:
    """A rubric is no code, but the formgrader shows it."""
    path = course.source(assignment, "mini")
    path.write_text(path.read_text().replace("Double things.", "Double these."))
    assert again() == ["ada", "bob"]


def test_the_settings_changed(ada_and_bob: Path, course: Course, assignment: Assignment) -> None:
    """A part that does not count any more."""
    basis = [kept.Keeper(course.workspace(one), one, [], {})._basis for one in (assignment, replace(assignment, title="Another"))]
    assert basis[0] != basis[1]
    same = courses.load(course.root / "course.toml").assignments["mini"]
    assert kept.Keeper(course.workspace(same), same, [], {})._basis == basis[0]


def test_grading_itself_changed(ada_and_bob: Path, again: Restored, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer version of ours may restore and score otherwise."""
    monkeypatch.setattr(kept, "_our_own_files", lambda: "newer")
    assert again() == ["ada", "bob"]


def test_a_fault_of_ours_is_tried_again(
    course: Course, assignment: Assignment, hand_in: HandIn, again: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person has to look at today may be graded tomorrow."""
    from grading.execute.worker import Worker

    folder = hand_in("ada", PERFECT)
    with monkeypatch.context() as patch:
        patch.setattr(Worker, "run", lambda _, job, __: Execution("mini", job.restored.student, "mini", fault="no memory"))
        patch.setattr(Worker, "smoke_test", lambda *_: "")
        graded(course, assignment, folder)
    assert again() == ["ada"]
    assert again() == []


def _points(course: Course, assignment: Assignment, cell: str) -> float | None:
    """What ada, the first of the class, has for it."""
    return next(mark.points for mark in pipeline.cards(course, assignment)[0].marks if mark.grade_id == cell)


def test_what_a_regrade_was_not_allowed_to_change(
    course: Course, assignment: Assignment, ada_and_bob: Path, again: Restored
) -> None:
    """The better of two gradings stands; the next one without that wish is a new one."""
    path = ada_and_bob / "ada" / "mini.ipynb"
    path.write_text(path.read_text().replace("seen = [3, 2, 1]", "seen = [3, 2]"))
    collection.collect(ada_and_bob, course, assignment)
    pipeline.regrade(course, assignment, how=Regrade(only_up=True))
    assert _points(course, assignment, "c_count_test") == 3.0
    assert again() == ["ada"]
    assert _points(course, assignment, "c_count_test") == 2.0


def test_the_gradebook_is_put_right(course: Course, assignment: Assignment, ada_and_bob: Path, again: Restored) -> None:
    """Rows that somebody else's tool changed say again what the marks say; what a person gave stays."""
    with Gradebook(course.db) as book:
        book.find_grade("a_double_test", "mini", "mini", "ada").auto_score = 0.5
        given = book.find_grade("b_answer", "mini", "mini", "ada")
        given.manual_score, given.needs_manual_grade = 1.0, False
        book.db.commit()
    assert again() == []
    with Gradebook(course.db) as book:
        assert book.find_grade("a_double_test", "mini", "mini", "ada").auto_score == 2.0
        given = book.find_grade("b_answer", "mini", "mini", "ada")
        assert (given.manual_score, given.needs_manual_grade) == (1.0, False)


def test_what_the_homework_asks_is_put_right(course: Course, ada_and_bob: Path, again: Restored) -> None:
    """The points of a cell that the author changed, and a text that somebody else's tool changed in the gradebook."""
    with Gradebook(course.db) as book:
        book.find_grade_cell("a_double_test", "mini", "mini").max_score = 7.0
        book.find_source_cell("b_answer", "mini", "mini").source = "something else"
        book.db.commit()
    assert again() == []
    with Gradebook(course.db) as book:
        assert book.find_grade_cell("a_double_test", "mini", "mini").max_score == 2.0
        assert book.find_source_cell("b_answer", "mini", "mini").source != "something else"


def test_a_new_gradebook_is_filled(course: Course, ada_and_bob: Path, again: Restored) -> None:
    """One that was deleted holds everybody again."""
    Path(course.db.removeprefix("sqlite:///")).unlink()
    assert again() == []
    with Gradebook(course.db) as book:
        assert book.find_grade("c_count_test", "mini", "mini", "bob").auto_score is not None


def test_who_left_the_class_is_not_waited_for(course: Course, assignment: Assignment, ada_and_bob: Path, again: Restored) -> None:
    """Their written answers ask nobody any more, until they are back."""

    def waits() -> bool:
        with Gradebook(course.db) as book:
            return bool(book.find_grade("b_answer", "mini", "mini", "bob").needs_manual_grade)

    assert waits()
    away = ada_and_bob.parent / "bob"
    (ada_and_bob / "bob").rename(away)
    collection.collect(ada_and_bob, course, assignment)
    again()
    assert not waits()
    away.rename(ada_and_bob / "bob")
    collection.collect(ada_and_bob, course, assignment)
    again()
    assert waits()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What is sent to databases."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def test_statements_do_not_grow_with_the_class(
    course: Course, assignment: Assignment, hand_in: HandIn, hw: Hw, statements: list[str]
) -> None:
    """A database may be ten milliseconds away: what reads a class, or finds nothing to change, asks no more often for six."""
    verbs = (("grade", "mini"), ("grade", "mini", "--dry-run"), ("report", "mini"), ("feedback", "mini"), ("export", "mini"))
    counts: list[dict[tuple[str, ...], int]] = []
    for names in (("ada", "bob", "cy"), ("dee", "eve", "fay")):
        for name in names:
            folder = hand_in(name, PERFECT)
        graded(course, assignment, folder)
        hw("report", "mini")  # the first of all creates tables
        counts.append({})
        for verb in verbs:
            statements.clear()
            code, said, wrong = hw(*verb)
            assert code == 0, said + wrong
            counts[-1][verb] = len(statements)
    assert counts[0] == counts[1]
