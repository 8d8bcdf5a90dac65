"""nbgrader's own database holds what the scorecards say, however often and however interrupted they are written."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import Engine, event

from grading import gradebook
from grading import notebook as nb
from grading.gradebook.grades import GradebookError
from grading.marks import Mark, Scorecard, Verdict
from tests.grading.conftest import MINI, cell

SOURCES = {"mini": MINI}


def card(
    student: str, double: float | None = 2.0, verdict: Verdict = Verdict.PASSED, *, answered: bool = True, answer: str = "1"
) -> Scorecard:
    """A scorecard of the tiny homework."""
    marks = (
        Mark("a_double_test", "mini", "a", double, 2.0, verdict, answer=answer),
        Mark("b_answer", "mini", "b", None if answered else 0.0, 1.0, Verdict.BY_HAND, answered=answered, answer=answer),
        Mark("c_count_test", "mini", "c", 1.5, 3.0, Verdict.PARTIAL),
    )
    return Scorecard("mini", student, marks)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gradebook, made once: making the tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("gradebook") / "nested" / "gradebook.db"
    gradebook.write(f"sqlite:///{path}", "none", {}, [])
    return path


@pytest.fixture
def url(tmp_path: Path, empty: Path) -> str:
    """A gradebook without a student."""
    shutil.copy(empty, tmp_path)
    return f"sqlite:///{tmp_path}/gradebook.db"


def rows(url: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What is in the gradebook, by student and cell."""
    return {(row["student"], row["cell"]): row for row in gradebook.dump(url, "mini")}


@pytest.fixture
def graded(url: str) -> Iterator[str]:
    """A gradebook with two students, one of whom a person has graded."""
    gradebook.write(url, "mini", SOURCES, [card("ada"), card("bob", 0.0, Verdict.FAILED, answered=False)])
    with Gradebook(url) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score = 0.5
        grade.needs_manual_grade = False
        book.find_comment("b_answer", "mini", "mini", "ada").manual_comment = "almost"
        book.db.commit()
    yield url


def test_scores_arrive(url: str) -> None:
    """Automatic points are there, written answers wait for a person, blank ones do not."""
    gradebook.write(url, "mini", SOURCES, [card("ada"), card("bob", answered=False)])
    found = rows(url)
    assert found["ada", "a_double_test"]["auto_score"] == 2.0
    assert found["ada", "c_count_test"]["auto_score"] == 1.5
    assert [found["ada", name]["needs_manual_grade"] for name in ("a_double_test", "b_answer", "c_count_test")] == [
        False,
        True,
        False,
    ]
    assert (found["bob", "b_answer"]["auto_score"], found["bob", "b_answer"]["needs_manual_grade"]) == (0.0, False)
    assert {row["max_score"] for row in found.values()} == {1.0, 2.0, 3.0}
    assert len(found) == 6


def test_nbgrader_adds_the_same_totals(graded: str) -> None:
    """Nbgrader's own API sees the totals, the open answers and the comments that the formgrader shows."""
    with Gradebook(graded) as book:
        ada, bob = (book.find_submission("mini", name) for name in ("ada", "bob"))
        assert (ada.score, ada.max_score, ada.needs_manual_grade) == (4.0, 6.0, False)
        assert (bob.score, bob.needs_manual_grade) == (1.5, False)
        assert book.average_assignment_score("mini") == pytest.approx(2.75)
        assert book.find_comment("b_answer", "mini", "mini", "bob").comment == "No response."
        assert book.find_comment("b_answer", "mini", "mini", "ada").comment == "almost"
        assert book.find_source_cell("a_double_test", "mini", "mini").source == MINI["cells"][3]["source"]
        kinds = {found.name: found.cell_type for found in book.find_notebook("mini", "mini").source_cells}
    assert kinds == {
        "setup": "code",
        "a_double": "code",
        "a_double_test": "code",
        "b_answer": "markdown",
        "c_count": "code",
        "c_count_test": "code",
    }


def test_writing_twice_changes_nothing(graded: str) -> None:
    """A run that was killed is repeated; what people decided stays."""
    before = gradebook.dump(graded, "mini")
    for _ in range(2):
        gradebook.write(graded, "mini", SOURCES, [card("ada"), card("bob", 0.0, Verdict.FAILED, answered=False)])
    assert gradebook.dump(graded, "mini") == before


def test_unjudged_goes_to_a_person(url: str) -> None:
    """No automatic score, and the formgrader's list asks for one; once somebody gave it, it no longer asks."""
    gradebook.write(url, "mini", SOURCES, [card("ada", None, Verdict.UNJUDGED)])
    assert rows(url)["ada", "a_double_test"]["auto_score"] is None
    assert rows(url)["ada", "a_double_test"]["needs_manual_grade"] is True
    with Gradebook(url) as book:
        grade = book.find_grade("a_double_test", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()
    gradebook.write(url, "mini", SOURCES, [card("ada", None, Verdict.UNJUDGED)])
    assert rows(url)["ada", "a_double_test"]["needs_manual_grade"] is False


def test_nobody_reads_for_who_left(graded: str) -> None:
    """A student who is gone is not in the formgrader's queue, keeps every point, and is asked about again after coming back."""
    cyd = card("cyd")
    gradebook.write(graded, "mini", SOURCES, [card("ada"), cyd])
    gradebook.write(graded, "mini", SOURCES, [card("ada")])
    found = rows(graded)
    assert [key for key, row in found.items() if row["needs_manual_grade"]] == []
    assert found["cyd", "a_double_test"]["auto_score"] == 2.0
    gradebook.write(graded, "mini", SOURCES, [card("ada"), cyd])
    assert [key for key, row in rows(graded).items() if row["needs_manual_grade"]] == [("cyd", "b_answer")]


def test_a_changed_answer_is_read_again(graded: str) -> None:
    """A person's points stay when the automatic ones change, and the person is asked to look again."""
    gradebook.write(graded, "mini", SOURCES, [card("ada", answered=False)])
    found = rows(graded)["ada", "b_answer"]
    assert (found["manual_score"], found["auto_score"], found["needs_manual_grade"]) == (0.5, 0.0, True)


def test_another_text_is_read_again(graded: str) -> None:
    """A written answer has no automatic points that could change: the gradebook knows which text was graded."""
    gradebook.write(graded, "mini", SOURCES, [card("ada", answer="2"), card("bob", 0.0, Verdict.FAILED, answered=False)])
    assert {key for key, row in rows(graded).items() if row["needs_manual_grade"]} == {("ada", "b_answer")}
    (found,) = gradebook.with_manual_grades(graded, [card("ada", answer="2")])
    mark = found.marks[1]
    assert (mark.points, mark.verdict, mark.again, mark.waits) == (0.5, Verdict.BY_HAND, True, True)
    assert mark.reason == "0.5 points given by a person, and the work has changed since: look once more"


def test_who_was_asked_stays_asked(graded: str) -> None:
    """However often the class is graded; until the formgrader has taken an answer, the same points again included."""
    for _ in range(3):
        gradebook.write(graded, "mini", SOURCES, [card("ada", answer="2")])
        assert rows(graded)["ada", "b_answer"]["needs_manual_grade"] is True
    with Gradebook(graded) as book:  # as its handler does, whatever the points
        book.find_grade("b_answer", "mini", "mini", "ada").needs_manual_grade = False
        book.db.commit()
    gradebook.write(graded, "mini", SOURCES, [card("ada", answer="2")])
    assert rows(graded)["ada", "b_answer"]["needs_manual_grade"] is False
    assert not gradebook.with_manual_grades(graded, [card("ada", answer="2")])[0].marks[1].waits


def test_a_test_that_a_person_overruled_is_asked_about(graded: str) -> None:
    """The points stay, and the table says ? instead of showing them as if somebody had seen the new work."""
    with Gradebook(graded) as book:
        book.find_grade("a_double_test", "mini", "mini", "bob").manual_score = 1.0
        book.db.commit()
    gradebook.write(graded, "mini", SOURCES, [card("bob", 2.0, answered=False)])
    mark = gradebook.with_manual_grades(graded, [card("bob", 2.0, answered=False)])[0].marks[0]
    assert (mark.points, mark.verdict, mark.again) == (1.0, Verdict.UNJUDGED, True)


def test_manual_points_come_back(graded: str) -> None:
    """Points and comments of people are in the cards afterwards; untouched cells are as they were."""
    ada, bob = gradebook.with_manual_grades(graded, [card("ada"), card("bob")])
    answer = next(mark for mark in ada.marks if mark.grade_id == "b_answer")
    assert (answer.points, answer.verdict, answer.comment) == (0.5, Verdict.BY_HAND, "almost")
    assert ada.marks[0] == card("ada").marks[0]
    assert bob == card("bob")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is run meanwhile."""
    said: list[str] = []

    def hear(_line: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def test_a_class_costs_as_many_statements_as_one_student(graded: str) -> None:
    """What people decided is read for all at once: a database that is far away is asked as often for a thousand as for one."""
    cards = [card(f"student{number}") for number in range(12)]
    gradebook.write(graded, "mini", SOURCES, [*cards, card("ada")])
    with statements() as one:
        gradebook.with_manual_grades(graded, [card("ada")])
    with statements() as all_of_them:
        found = gradebook.with_manual_grades(graded, [card("ada"), *cards])
    assert len(all_of_them) == len(one)
    assert [each.marks[1].points for each in found] == [0.5, *[None] * 12]


@pytest.mark.parametrize(("points", "verdict"), [(2.0, Verdict.PASSED), (1.0, Verdict.PARTIAL), (0.0, Verdict.FAILED)])
def test_a_person_overrules_a_test(graded: str, points: float, verdict: Verdict) -> None:
    """An automatic cell that a person graded has the person's points, and says so."""
    with Gradebook(graded) as book:
        book.find_grade("a_double_test", "mini", "mini", "bob").manual_score = points
        book.db.commit()
    mark = gradebook.with_manual_grades(graded, [card("bob", 0.0, Verdict.FAILED)])[0].marks[0]
    assert (mark.points, mark.verdict) == (points, verdict)
    assert f"{points:g} points given by a person" in mark.reason


def test_extra_credit_counts_as_nbgrader_counts_it(graded: str) -> None:
    """On top of a test's points, or of a person's; a cell that nobody has read yet stays open."""
    gradebook.write(graded, "mini", SOURCES, [card("cyd")])
    with Gradebook(graded) as book:
        book.find_grade("a_double_test", "mini", "mini", "ada").extra_credit = 0.5
        book.find_grade("b_answer", "mini", "mini", "ada").extra_credit = 1.0  # 0.5 of a person's before
        book.find_grade("b_answer", "mini", "mini", "cyd").extra_credit = 1.0
        book.db.commit()
        theirs = {
            name: book.find_grade(name, "mini", "mini", "ada").score for name in ("a_double_test", "b_answer", "c_count_test")
        }
    ada, cyd = gradebook.with_manual_grades(graded, [card("ada"), card("cyd")])
    assert (
        {mark.grade_id: mark.points for mark in ada.marks} == theirs == {"a_double_test": 2.5, "b_answer": 1.5, "c_count_test": 1.5}
    )
    assert ada.marks[0].verdict is Verdict.PASSED and "extra credit" in ada.marks[0].reason
    assert cyd.marks[1].points is None


def test_cards_without_a_gradebook(tmp_path: Path, url: str) -> None:
    """A wrong name, or another course's: said, since points given by hand would be missing; and no database appears."""
    cards = [card("ada")]
    with pytest.raises(GradebookError, match="points given by hand would be left out"):
        gradebook.with_manual_grades(f"sqlite:///{tmp_path}/none.db", cards)
    assert not (tmp_path / "none.db").exists()
    gradebook.write(url, "mini", SOURCES, cards)
    with pytest.raises(GradebookError, match="nothing of zoe"):
        gradebook.with_manual_grades(url, [card("zoe")])
    assert gradebook.with_manual_grades(url, []) == []


def without(name: str) -> nb.Notebook:
    """The tiny source without one of its cells."""
    return {**MINI, "cells": [found for found in MINI["cells"] if found["id"] != name]}


def test_a_removed_cell_s_grades_are_set_aside_and_come_back(graded: str) -> None:
    """The author takes a task away: nbgrader's totals are without it, what people gave is kept, and comes back with the task."""
    with gradebook.opened(graded) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.5, 0.25, False
        book.find_comment("b_answer", "mini", "mini", "ada").manual_comment = "nearly"
        book.db.commit()
    before = rows(graded)
    other = {key: row for key, row in before.items() if key[0] != "ada"}
    fewer = replace(card("ada"), marks=tuple(mark for mark in card("ada").marks if mark.grade_id != "b_answer"))
    for _ in range(2):  # writing once more changes nothing
        gradebook.write(graded, "mini", {"mini": without("b_answer")}, [fewer])
        with gradebook.opened(graded) as book:
            assert book.find_assignment("mini").max_score == 5
            assert book.find_submission("mini", "ada").score == 3.5
        kept = gradebook.set_aside(graded, "mini")
        assert [(one.student, one.cell, one.by_hand, one.max_points, one.comment) for one in kept if one.by_hand is not None] == [
            ("ada", "b_answer", 0.75, 1.0, "nearly")
        ]
    cards = [card("ada")]
    gradebook.write(graded, "mini", SOURCES, cards)
    assert {**rows(graded), **other} == before
    assert [one for one in gradebook.set_aside(graded, "mini") if one.student == "ada"] == []
    (mark,) = (mark for mark in gradebook.with_manual_grades(graded, cards)[0].marks if mark.grade_id == "b_answer")
    assert (mark.points, mark.comment, mark.waits) == (0.75, "nearly", False)


def test_a_removed_notebook_s_grades_are_set_aside(graded: str) -> None:
    """The author takes a whole notebook out of course.toml: the same."""
    other = replace(card("ada"), marks=(Mark("z_test", "other", "z", 1.0, 1.0, Verdict.PASSED),))
    new: nb.Notebook = {"cells": [cell("code", "z_test", "1", grade=True, points=1)], "metadata": {}}
    gradebook.write(graded, "mini", {"other": new}, [other])
    assert {(one.notebook, one.cell) for one in gradebook.set_aside(graded, "mini")} == {
        ("mini", name) for name in ("a_double_test", "b_answer", "c_count_test")
    }
    assert {row["notebook"] for row in gradebook.dump(graded, "mini")} == {"other"}
    with gradebook.opened(graded) as book:
        assert [notebook.name for notebook in book.find_assignment("mini").notebooks] == ["other"]


def test_a_task_that_was_not_asked_costs_nothing(graded: str) -> None:
    """A student with an edition that lacks a task: nbgrader, which has one maximum for all, counts it in full, and asks nobody."""
    marks = tuple(mark for mark in card("ada").marks if mark.grade_id == "a_double_test")
    gradebook.write(graded, "mini", SOURCES, [replace(card("ada"), marks=marks)])
    found = rows(graded)
    for name, points in (("b_answer", 1.0), ("c_count_test", 3.0)):
        assert (found["ada", name]["auto_score"], found["ada", name]["needs_manual_grade"]) == (points, False)


def test_a_new_cell_is_added(graded: str) -> None:
    """The author added a graded cell after the first grading: students who were graded before get it too."""
    source = copy.deepcopy(MINI)
    source["cells"].append(cell("code", "c_more_test", "1", grade=True, locked=True, points=4))
    more = Mark("c_more_test", "mini", "c", 4.0, 4.0, Verdict.PASSED)
    cards = [replace(found, marks=(*found.marks, more)) for found in (card("ada"), card("bob"), card("cyd"))]
    gradebook.write(graded, "mini", {"mini": source}, cards)
    found = rows(graded)
    assert {found[name, "c_more_test"]["auto_score"] for name in ("ada", "bob", "cyd")} == {4.0}
    assert found["ada", "b_answer"]["manual_score"] == 0.5
    with Gradebook(graded) as book:
        assert book.find_submission("mini", "ada").max_score == 10.0


def test_changed_points_are_taken_over(graded: str) -> None:
    """The author changed what a cell is worth."""
    source = copy.deepcopy(MINI)
    nb.meta(source["cells"][3])["points"] = 5
    gradebook.write(graded, "mini", {"mini": source}, [card("ada", 5.0), card("bob")])
    assert rows(graded)["ada", "a_double_test"]["max_score"] == 5.0


def test_two_assignments_share_a_gradebook(graded: str) -> None:
    """The same cell names in another assignment are other cells."""
    before = gradebook.dump(graded, "mini")
    gradebook.write(graded, "other", SOURCES, [replace(card("ada", 0.0, Verdict.FAILED), assignment="other")])
    assert gradebook.dump(graded, "mini") == before
    assert len(gradebook.dump(graded, "other")) == 3


def test_strange_names_are_only_names(url: str) -> None:
    """Quotes, other alphabets and format characters in a student's name reach the database as they are."""
    name = "Zoë'; DROP TABLE grade; -- %s {0} 漢"
    gradebook.write(url, "mini", SOURCES, [card(name)])
    assert rows(url)[name, "a_double_test"]["auto_score"] == 2.0


_KILLED = """
import os, signal, sys
from grading import gradebook
from grading.gradebook import tables
made = tables.metadata.create_all
def half(*arguments, **options):
    made(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
tables.metadata.create_all = half
gradebook.write(sys.argv[1], "mini", {}, [])
"""


@pytest.mark.slow
def test_a_new_gradebook_is_nbgraders_own(tmp_path: Path, empty: Path) -> None:
    """The same tables and the same mark of their version as stock nbgrader makes, which starts alembic to ask for it.

    Two tables beside them are ours.
    """
    made = tmp_path / "stock.db"
    program = f"from nbgrader.api import Gradebook; Gradebook('sqlite:///{made}').close()"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([sys.executable, "-c", program], env={**os.environ, "PATH": path}, check=True, timeout=120)
    stock, ours = (layout(database) for database in (made, empty))
    assert len(stock[0]) > 10 and len(stock[1]) == 1
    assert ours[1] == stock[1]
    assert ours[0] >= stock[0]
    assert sorted(sql.split("(")[0].split() for sql in ours[0] - stock[0]) == [
        ["CREATE", "TABLE", "hw_lib_answers"],
        ["CREATE", "TABLE", "hw_lib_aside"],
    ]


def layout(path: Path) -> tuple[set[str], list[Any]]:
    """The statements that make a database's tables, and what alembic's holds."""
    with closing(sqlite3.connect(path)) as line:
        tables = {str(sql) for (sql,) in line.execute("SELECT sql FROM sqlite_master")}
        return tables, line.execute("SELECT * FROM alembic_version").fetchall()


@pytest.mark.slow
def test_half_a_database_is_never_at_its_place(tmp_path: Path) -> None:
    """Killed while the tables are made: the file is not there, and the next run makes a whole one."""
    url = f"sqlite:///{tmp_path}/build/gradebook.db"
    killed = subprocess.run([sys.executable, "-c", _KILLED, url], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    path = Path(url.removeprefix("sqlite:///"))
    assert path.parent.is_dir()
    assert not path.exists()
    gradebook.write(url, "mini", SOURCES, [card("ada")])
    assert len(rows(url)) == 3


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    """Something else under the gradebook's name: one message, and the file stays as it is."""
    path = tmp_path / "gradebook.db"
    path.write_bytes(b"no database" * 1000)
    for attempt in (gradebook.write, lambda url, *_: gradebook.with_manual_grades(url, [card("ada")])):
        with pytest.raises(GradebookError, match=r"cannot be opened or written[\s\S]*not a database"):
            attempt(f"sqlite:///{path}", "mini", SOURCES, [card("ada")])
    assert path.read_bytes() == b"no database" * 1000
