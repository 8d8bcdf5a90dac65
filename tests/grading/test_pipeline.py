"""The whole straight line on the tiny homework, in the real sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading import gradebook, pipeline
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard, Verdict
from grading.release import handout
from grading.settings import Assignment

from .conftest import PERFECT, HandIn

pytestmark = pytest.mark.kernel


def graded(course: Course, assignment: Assignment, folder: Path) -> dict[str, Scorecard]:
    """Release, collect and grade a class; scorecards by student."""
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)
    return {card.student: card for card in pipeline.grade(course, assignment)}


def verdicts(card: Scorecard) -> dict[str, tuple[float | None, Verdict]]:
    """Points and verdict by grade id."""
    return {mark.grade_id: (mark.points, mark.verdict) for mark in card.marks}


def test_perfect_and_blank(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """A right submission has every automatic point, a blank one none, and both reach nbgrader's gradebook."""
    hand_in("ada", PERFECT)
    cards = graded(course, assignment, hand_in("zoe"))
    assert verdicts(cards["ada"]) == {
        "a_double_test": (2.0, Verdict.PASSED),
        "b_answer": (None, Verdict.BY_HAND),
        "c_count_test": (3.0, Verdict.PASSED),
    }
    assert verdicts(cards["zoe"]) == {
        "a_double_test": (0.0, Verdict.FAILED),
        "b_answer": (0.0, Verdict.BY_HAND),
        "c_count_test": (0.0, Verdict.FAILED),
    }
    rows = {(row["student"], row["cell"]): row for row in gradebook.dump(course.db, "mini")}
    assert rows["ada", "a_double_test"]["auto_score"] == 2
    assert rows["ada", "b_answer"]["needs_manual_grade"] is True
    assert rows["zoe", "b_answer"]["auto_score"] == 0
    assert rows["zoe", "b_answer"]["needs_manual_grade"] is False


LONG = """
def double(x):
    table = {}
    for number in (1, 21, x):
        high, low = divmod(int(number) * 4, 2)
        table[number] = high - low * 3 + number * 0
    weights = [entry ** 1 for entry in table.values() if entry is not None]
    return table.get(x, sum(weights) / max(len(weights), 1))
"""


def test_what_is_alike_in_a_class(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Two who share an answer and a record are named, from what lies in the build folder; no point depends on it."""
    hand_in("anna", PERFECT, a_double=LONG)
    hand_in("ben", PERFECT, a_double=LONG.replace("table", "seen").replace("number", "n"))
    folder = hand_in("carl", PERFECT)
    record = '{"a": {"name": "a", "value": 1, "seconds": 3.25}, "b": {"name": "b", "value": 1, "seconds": 0.5}}'
    for student in ("anna", "carl"):
        (folder / student / "mini.results.json").write_text(record)
    before = graded(course, assignment, folder)
    found = pipeline.resemblances(course, assignment)
    assert [(pair.left, pair.right, pair.cells[0].cell) for pair in found.pairs] == [("anna", "ben", "a_double")]
    assert [(same.records, same.students) for same in found.evidence] == [(("a", "b"), ("anna", "carl"))]
    assert found.copies == ()
    assert {card.student: card for card in pipeline.cards(course, assignment)} == before
    assert before["ben"].flags == ()


def test_before_a_grading_there_is_nothing_to_compare(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """It says which verb comes first."""
    handout.release(course, assignment)
    collection.collect(hand_in("anna"), course, assignment)
    with pytest.raises(pipeline.PipelineError, match="hw grade mini"):
        pipeline.resemblances(course, assignment)


def test_reasons(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Lost points name the misconception, the cell that is to blame, or the number of checks that failed."""
    hand_in("square", PERFECT, a_double="def double(x):\n    return x * x if x > 1 else 2")
    hand_in("syntax", PERFECT, a_double="def double(x:")
    cards = graded(course, assignment, hand_in("partial", PERFECT, c_count="seen = [1]"))
    marks = {name: {mark.grade_id: mark for mark in card.marks} for name, card in cards.items()}
    assert "squared instead of doubling" in marks["square"]["a_double_test"].fix
    assert marks["square"]["a_double_test"].expected == "42."
    assert "cell a_double ended with SyntaxError" in marks["syntax"]["a_double_test"].reason
    assert marks["syntax"]["c_count_test"].verdict is Verdict.PASSED
    assert (marks["partial"]["c_count_test"].points, marks["partial"]["c_count_test"].verdict) == (1.0, Verdict.PARTIAL)


def test_a_given_cell_that_fails(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Who imports a module that is not there in a given cell is for a person, with that error in the table; others are graded."""
    path = course.source(assignment, "mini")
    free = nb.parse(path.read_bytes(), "mini")
    setup = {**free["cells"][1], "metadata": {}, "source": "import math\nfrom hw_lib import checks"}
    double = {**free["cells"][2], "source": free["cells"][2]["source"].replace("x + x", "x + math.floor(x)")}
    path.write_text(nb.dump({**free, "cells": [free["cells"][0], setup, double, *free["cells"][3:]]}))
    folder = hand_in("ada", PERFECT)
    answer = "def double(x):\n    return math.floor(2 * x)"
    for student, first in (("ben", "import not_there\n"), ("cleo", "")):
        hand_in(student, PERFECT, a_double=answer, setup=f"{first}import math\nfrom hw_lib import checks")
    cards = graded(course, assignment, folder)
    assert verdicts(cards["cleo"])["a_double_test"] == verdicts(cards["ada"])["a_double_test"] == (2.0, Verdict.PASSED)
    mark = cards["ben"].marks[0]
    assert (mark.points, mark.verdict) == (None, Verdict.UNJUDGED)
    assert mark.reason == "cell setup ended with ModuleNotFoundError: No module named 'not_there'; it is a given cell"


def test_an_answer_beside_its_cell(course: Course, assignment: Assignment, blank: nb.Notebook, hand_in: HandIn) -> None:
    """A function in a new cell below counts as it runs; one before the stub, or after the test, is for a person."""
    function = {"cell_type": "code", "id": "mine", "metadata": {}, "source": PERFECT["a_double"]}
    places = {"below": "a_double", "above": "setup", "late": "c_count_test"}
    folder = hand_in("ada", PERFECT)
    for student, place in places.items():
        cells = [one for each in blank["cells"] for one in ([each, function] if each["id"] == place else [each])]
        (folder / student).mkdir()
        (folder / student / "mini.ipynb").write_text(nb.dump({**blank, "cells": cells}))
    cards = graded(course, assignment, folder)
    found = {student: verdicts(card)["a_double_test"] for student, card in cards.items() if student != "ada"}
    assert found == {"below": (2.0, Verdict.PASSED), "above": (None, Verdict.UNJUDGED), "late": (None, Verdict.UNJUDGED)}


def test_a_written_answer_beside_its_cell(course: Course, assignment: Assignment, blank: nb.Notebook, hand_in: HandIn) -> None:
    """It waits in nbgrader's gradebook, and stands in the notebook that the formgrader shows, where a person reads it."""
    said = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "Adding a thing to itself doubles it."}
    folder = hand_in("zoe")
    cells = [one for each in blank["cells"] for one in ([each, said] if each["id"] == "b_answer" else [each])]
    (folder / "ada").mkdir()
    (folder / "ada" / "mini.ipynb").write_text(nb.dump({**blank, "cells": cells}))
    cards = graded(course, assignment, folder)
    assert verdicts(cards["ada"])["b_answer"] == (None, Verdict.BY_HAND)
    assert verdicts(cards["zoe"])["b_answer"] == (0.0, Verdict.BY_HAND)
    rows = {(row["student"], row["cell"]): row for row in gradebook.dump(course.db, "mini")}
    assert rows["ada", "b_answer"]["needs_manual_grade"] is True
    shown = course.workspace(assignment).formgrader("ada", "mini").read_text()
    assert said["source"] in shown


LETHAL = {
    "exits": "import os; os._exit(0)",
    "loops": "while True:\n    pass",
    "stubborn": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "hog": "hog = []\nwhile True:\n    hog.append(bytearray(20_000_000))",
}


def test_a_deadly_cell_costs_only_its_own_part(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """A cell that ends, hangs or starves the process loses its part; the parts before and after keep their points."""
    for name, source in LETHAL.items():
        folder = hand_in(name, PERFECT, a_double=source)
    cards = graded(course, assignment, folder)
    for name, card in cards.items():
        found = verdicts(card)
        assert found["a_double_test"] == (0.0, Verdict.FAILED), name
        assert found["c_count_test"] == (3.0, Verdict.PASSED), name
        reason = next(mark.reason for mark in card.marks if mark.grade_id == "a_double_test")
        assert "a_double" in reason, (name, reason)


def test_broken_submissions_do_not_stop_the_rest(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """A damaged file goes to a person, an empty folder has nothing to grade, and the others are graded."""
    folder = hand_in("ada", PERFECT)
    (folder / "damaged").mkdir()
    (folder / "damaged" / "mini.ipynb").write_bytes(b'{"cells": [')
    (folder / "empty").mkdir()
    cards = graded(course, assignment, folder)
    assert verdicts(cards["damaged"]) == {
        "a_double_test": (None, Verdict.UNJUDGED),
        "b_answer": (None, Verdict.BY_HAND),
        "c_count_test": (None, Verdict.UNJUDGED),
    }
    assert verdicts(cards["empty"])["a_double_test"] == (0.0, Verdict.FAILED)
    assert verdicts(cards["ada"])["a_double_test"] == (2.0, Verdict.PASSED)
    rows = {(row["student"], row["cell"]): row for row in gradebook.dump(course.db, "mini")}
    assert rows["damaged", "a_double_test"]["auto_score"] is None
    assert rows["damaged", "a_double_test"]["needs_manual_grade"] is True


def test_a_second_run_executes_only_what_changed(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Nothing changed, nothing runs; one student hands in again, one runs."""
    hand_in("ada", PERFECT)
    folder = hand_in("bob", PERFECT)
    graded(course, assignment, folder)
    kept: list[bool] = []
    pipeline.grade(course, assignment, progress=lambda p: kept.append(p.cached))
    assert kept == [True, True]
    text = (folder / "bob" / "mini.ipynb").read_text().replace("seen = [3, 2, 1]", "seen = [3, 2]")
    (folder / "bob" / "mini.ipynb").write_text(text)
    collection.collect(folder, course, assignment)
    now: dict[str, bool] = {}
    cards = pipeline.grade(course, assignment, progress=lambda p: now.update({p.student: p.cached}))
    assert now == {"ada": True, "bob": False}
    assert verdicts(cards[1])["c_count_test"] == (2.0, Verdict.PARTIAL)


def test_manual_grades_survive_a_regrade(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """What a person decided stays, and is read back into the scorecards."""
    from nbgrader.api import Gradebook

    cards = graded(course, assignment, hand_in("ada", PERFECT))
    with Gradebook(course.db) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score = 0.5
        grade.needs_manual_grade = False
        book.find_comment("b_answer", "mini", "mini", "ada").manual_comment = "why, though?"
        book.db.commit()
    pipeline.grade(course, assignment)
    card = pipeline.cards(course, assignment)[0]
    mark = next(mark for mark in card.marks if mark.grade_id == "b_answer")
    assert (mark.points, mark.comment, mark.verdict) == (0.5, "why, though?", Verdict.BY_HAND)
    assert verdicts(cards["ada"])["b_answer"] == (None, Verdict.BY_HAND)


def test_a_changed_answer_is_read_once_more(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """The words of an answer count, not only whether there is one; nothing else of the class is asked about."""
    hand_in("ada", PERFECT)
    folder = hand_in("bob", PERFECT)
    graded(course, assignment, folder)
    with gradebook.opened(course.db) as book:
        for student in ("ada", "bob"):
            grade = book.find_grade("b_answer", "mini", "mini", student)
            grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()
    path = folder / "ada" / "mini.ipynb"
    path.write_text(path.read_text().replace("It just is.", "I do not know, sorry."))
    graded(course, assignment, folder)
    pipeline.grade(course, assignment)
    cards = {card.student: card for card in pipeline.cards(course, assignment)}
    assert [mark.grade_id for mark in cards["ada"].marks if mark.waits] == ["b_answer"]
    assert not any(mark.waits for mark in cards["bob"].marks)


def test_a_gradebook_that_refuses_leaves_the_table(
    course: Course, assignment: Assignment, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gradebook that cannot be written: the grading ends there, and the table still shows what the gradebook holds."""
    before = graded(course, assignment, hand_in("ada", PERFECT))["ada"]

    def full(*_: object) -> None:
        raise gradebook.GradebookError("the disk is full")

    monkeypatch.setattr(gradebook, "write", full)
    with pytest.raises(gradebook.GradebookError, match="the disk is full"):
        pipeline.grade(course, assignment)
    monkeypatch.undo()
    assert pipeline.cards(course, assignment) == [before]
