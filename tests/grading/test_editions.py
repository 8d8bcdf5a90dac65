"""A homework that changes after it was given out: nobody is charged for what they were never asked, and no point is lost."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grading import course as courses
from grading import editions, gradebook, pipeline
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard, Verdict
from grading.pages import aside_lines, write_aside
from grading.release import handout
from tests.grading.conftest import MINI, PERFECT, answered, cell

NEW = [
    cell("code", "d_triple", "def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION", solution=True),
    cell("code", "d_triple_test", "checks.value('triple(1)', triple(1), 3)", grade=True, locked=True, points=4),
    cell("markdown", "d_why", "Because.", grade=True, solution=True, points=2),
]


def write(course: Course, cells: list[nb.Cell]) -> Course:
    """The course with another version of its homework, released."""
    path = course.root / "notebooks" / "mini" / "mini.ipynb"
    path.write_text(nb.dump({**MINI, "cells": cells}))
    course = courses.load(course.root / "course.toml")
    handout.release(course, course.assignments["mini"])
    return course


def work_of(course: Course, answers: dict[str, str]) -> nb.Notebook:
    """The hand-out that is there now, with answers in it."""
    path = course.build / "mini" / "release" / "mini.ipynb"
    return answered(nb.parse(path.read_bytes(), "mini"), answers)


def unnamed(notebook: nb.Notebook) -> nb.Notebook:
    """As an editor leaves it that drops what it does not know in a notebook's metadata."""
    return {**notebook, "metadata": {}}


def graded(course: Course, handed_in: dict[str, nb.Notebook]) -> dict[str, Scorecard]:
    """The cards of a class."""
    for student, notebook in handed_in.items():
        (course.root / "class" / student).mkdir(parents=True, exist_ok=True)
        (course.root / "class" / student / "mini.ipynb").write_text(nb.dump(notebook))
    collection.collect(course.root / "class", course, course.assignments["mini"])
    return {card.student: card for card in pipeline.grade(course, course.assignments["mini"])}


def verdicts(card: Scorecard) -> dict[str, Verdict]:
    """Verdicts by cell."""
    return {mark.grade_id: mark.verdict for mark in card.marks}


@pytest.mark.kernel
def test_a_task_that_is_added_is_charged_to_those_who_were_asked(course: Course) -> None:
    """Before the change, after it, without a word of the edition, and with an edition that was never given out."""
    course = write(course, MINI["cells"])
    early = work_of(course, PERFECT)
    course = write(course, [*MINI["cells"], *NEW])
    late = work_of(course, {**PERFECT, "d_triple": "def triple(x):\n    return x + x + x"})
    forged = copy.deepcopy(work_of(course, PERFECT))
    forged["metadata"]["hw_lib"] = early["metadata"]["hw_lib"]  # the cells are there: it was asked
    odd = {**copy.deepcopy(early), "metadata": {"hw_lib": ["never given out"]}}
    cards = graded(course, {"early": early, "late": late, "forged": forged, "lost": unnamed(early), "odd": odd})
    assert set(verdicts(cards["early"])) == {"a_double_test", "b_answer", "c_count_test"}
    assert cards["early"].totals.possible == 2
    (note,) = cards["early"].notes
    assert note.endswith("did not ask d_triple_test, d_why: not counted")
    assert verdicts(cards["late"])["d_triple_test"] is Verdict.PASSED
    assert verdicts(cards["forged"])["d_triple_test"] is Verdict.FAILED
    for student in ("lost", "odd"):
        assert verdicts(cards[student])["d_triple_test"] is Verdict.UNJUDGED
        (mark,) = (mark for mark in cards[student].marks if mark.grade_id == "d_why")
        assert mark.waits and "older edition" in mark.reason
        assert not any("deleted" in note for note in cards[student].notes)
        assert "a person has to look" in cards[student].notes[0]


@pytest.mark.kernel
def test_the_author_s_older_words_are_not_the_student_s(course: Course) -> None:
    """Prose that was changed after the release stands in the hand-ins as it was: nobody has to look at it."""
    course = write(course, MINI["cells"])
    early = work_of(course, {**PERFECT, "b_answer": "YOUR ANSWER HERE"})
    cells = copy.deepcopy(MINI["cells"])
    cells[0]["source"] = "# Tiny, in other words"
    cells.insert(4, cell("markdown", "b_question", "Why?"))
    course = write(course, cells)
    cells[4]["source"] = "Why, in one sentence?"
    between = work_of(course, {**PERFECT, "b_answer": "YOUR ANSWER HERE"})
    course = write(course, cells)
    cards = graded(course, {"early": unnamed(early), "between": unnamed(between)})
    for card in cards.values():
        (mark,) = (mark for mark in card.marks if mark.grade_id == "b_answer")
        assert (mark.points, mark.reason, card.notes) == (0.0, "no answer", ())


def test_an_untouched_older_edition_is_no_work(course: Course) -> None:
    """What an older release said in cells that are gone since was written by the author: the copy with answers counts."""
    course = write(course, [*MINI["cells"], cell("markdown", "d_hint", "Try a small case first."), *NEW])
    early = work_of(course, {})
    course = write(course, MINI["cells"])
    folder = course.root / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "mini.ipynb").write_text(nb.dump(early))
    (folder / "mini_done.ipynb").write_text(nb.dump(work_of(course, PERFECT)))
    (submission,) = collection.collect(course.root / "class", course, course.assignments["mini"]).submissions
    kept = (course.workspace(course.assignments["mini"]).submission("ada") / "mini.ipynb").read_text()
    assert submission.refused == {} and "return 2 * x" in kept


@pytest.mark.kernel
def test_a_task_that_is_removed_keeps_its_points_aside(course: Course, tmp_path: Path) -> None:
    """What a person gave for it is kept, said in the report and written by the export; nobody's total has it."""
    course = write(course, [*MINI["cells"], *NEW])
    assignment = course.assignments["mini"]
    answers = {**PERFECT, "d_triple": "def triple(x):\n    return 3 * x", "d_why": "It is."}
    before = graded(course, {"ada": work_of(course, answers)})["ada"]
    assert before.totals.possible == 6
    with gradebook.opened(course.db) as book:
        book.find_grade("d_why", "mini", "mini", "ada").manual_score = 1.5
        book.db.commit()
    course = write(course, MINI["cells"])
    after = {card.student: card for card in pipeline.grade(course, assignment)}["ada"]
    assert after.totals.possible == 2
    assert any(note.endswith("also asked d_triple_test, d_why: no longer counted") for note in after.notes)
    aside = pipeline.set_aside(course, assignment)
    assert [(one.cell, one.automatic, one.by_hand) for one in aside] == [("d_triple_test", 4.0, None), ("d_why", None, 1.5)]
    lines = aside_lines(aside, "mini")
    assert lines[1] == "set aside: mini no longer asks d_why (2 points); kept of 1 students, 1 by hand"
    (path,) = write_aside(aside, course.workspace(assignment))
    assert path.read_text().splitlines()[2] == "ada,mini,d_why,,1.5,2,,mini"


def test_a_release_that_is_repeated_is_one_edition(course: Course) -> None:
    """Only a change of what students get makes a new one; hidden tests are none of it. Cleaning up does not lose them."""
    course = write(course, MINI["cells"])
    work = course.workspace(course.assignments["mini"])
    course = write(course, MINI["cells"])
    assert len(editions.read(work, "mini")) == 1
    hidden = copy.deepcopy(MINI["cells"])
    hidden[3]["source"] = hidden[3]["source"].replace("double(21)", "double(22)").replace("42", "44")
    course = write(course, hidden)
    assert len(editions.read(work, "mini")) == 1
    write(course, [*MINI["cells"], *NEW])
    one, two = editions.read(work, "mini")
    assert {one.asked, two.asked} == {
        ("a_double_test", "b_answer", "c_count_test"),
        ("a_double_test", "b_answer", "c_count_test", "d_triple_test", "d_why"),
    }
    assert not work.editions("mini").is_relative_to(work.folder)


@pytest.mark.parametrize("change", [lambda cells: cells.pop(-1), lambda cells: cells[1].update(source="# other")])
def test_any_word_that_differs_is_another_edition(change: Callable[[list[nb.Cell]], object]) -> None:
    """A cell less, or a word of a given cell."""
    other = copy.deepcopy(MINI)
    change(other["cells"])
    assert editions.key(other) != editions.key(MINI)
    assert json.loads(json.dumps(editions.stamped(MINI)["metadata"]))["hw_lib"] == {"edition": editions.key(MINI)}
