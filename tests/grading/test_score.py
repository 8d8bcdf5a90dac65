"""What happened in the cells becomes points, a verdict and a reason; a grader's fault is never a student's zero."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import notebook as nb
from grading.marks import Mark, Scorecard, Verdict
from grading.pages import export, feedback, report
from grading.pages.page import Setting
from grading.records import CellRun, CellStatus, Execution, Restored
from grading.score import NotebookOutcome, score
from grading.settings import Assignment, Limits
from grading.workspace import Workspace
from hw_lib.errors import explain

from .conftest import MINI, cell

LIMITS = Limits(60, 2, 60, 1000, 32, 128, 5, 20, 0.2, 2)
ASSIGNMENT = Assignment("mini", "Mini", ("mini",), (), ("c",), LIMITS)
ALL = ("a_double", "b_answer", "c_count")
RESTORED = Restored("mini", "ada", "mini", ALL)
GOOD = {name: CellRun(name, CellStatus.DONE) for name in ("setup", "a_double", "a_double_test", "c_count", "c_count_test")}


def scored(*changes: CellRun, restored: Restored = RESTORED, source: nb.Notebook = MINI, fault: str = "") -> dict[str, Mark]:
    """The marks of a run in which everything went well but these cells."""
    runs = {**GOOD, **{change.cell_id: change for change in changes}}
    execution = Execution("mini", "ada", "mini", tuple(runs.values()), fault)
    return {mark.grade_id: mark for mark in score(ASSIGNMENT, "ada", [NotebookOutcome(source, restored, execution)]).marks}


def failed(name: str, error: str, message: str = "", status: CellStatus = CellStatus.ERROR) -> CellRun:
    """A cell that ended with an error."""
    return CellRun(name, status, error_name=error, error_message=message)


def test_everything_right() -> None:
    """Full points for tests that ran through; what a person grades waits, without a zero."""
    marks = scored()
    assert [(mark.points, mark.max_points, mark.verdict) for mark in marks.values()] == [
        (2, 2, Verdict.PASSED),
        (None, 1, Verdict.BY_HAND),
        (3, 3, Verdict.PASSED),
    ]
    assert marks["a_double_test"].reason == ""
    assert [mark.part for mark in marks.values()] == ["a", "b", "c"]
    assert [mark.optional for mark in marks.values()] == [False, False, True]


def test_a_long_array_does_not_swallow_the_diagnosis() -> None:
    """Each piece of a message is cut by itself, so that what to do about it is always read."""
    message = explain("dx is not right", expected="[0.5 0.5]\n" * 900, got="[0.25]\n" * 900, fix="the padding was not cut off")
    mark = scored(failed("a_double_test", "CheckFailed", message))["a_double_test"]
    assert mark.fix == "the padding was not cut off"
    assert mark.got.startswith("[0.25]")
    assert len(mark.expected) < 2500


def test_a_test_can_ask_for_a_person() -> None:
    """What looks like an accident or a fraud is nobody's zero; a student's function cannot ask for it."""
    message = explain("the weights do not give what the record says", expected="0.70", got="0.31", fix="a person will look")
    mark = scored(failed("a_double_test", "NeedsPerson", message))["a_double_test"]
    assert (mark.points, mark.verdict, mark.expected, mark.got) == (None, Verdict.UNJUDGED, "0.70", "0.31")
    assert mark.reason == "the weights do not give what the record says"
    theirs = replace(failed("a_double_test", "NeedsPerson", message), in_student_code=True)
    assert scored(theirs)["a_double_test"].verdict is Verdict.FAILED


def test_a_part_without_answers_earns_nothing() -> None:
    """A test that passes although its part was left blank read what somebody else made, a record, say."""
    blank = replace(RESTORED, answered=("b_answer", "c_count"))
    mark = scored(restored=blank)["a_double_test"]
    assert (mark.points, mark.verdict, mark.reason) == (0, Verdict.FAILED, "cell a_double has no answer yet")
    assert scored(restored=blank)["c_count_test"].points == 3
    elsewhere = scored(restored=replace(blank, unmatched=("a_double",)))["a_double_test"]
    assert elsewhere.points == 2  # the answer was found by nobody, and the test found it
    unasked = scored(restored=replace(blank, not_asked=("a_double",)))["a_double_test"]
    assert unasked.points == 2


def test_the_scorecard_adds_up() -> None:
    """Marks stand in the author's order, parts once each, and automatic points are split by required and optional."""
    runs = tuple({**GOOD, "c_count_test": CellRun("c_count_test", CellStatus.DONE, value=1.5)}.values())
    restored = replace(RESTORED, notes=("a person has to look", "restored"), told=("restored",))
    execution = Execution("mini", "ada", "mini", runs, notes=("executed",))
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, restored, execution)], ["collected"])
    assert card.notes == ("collected", "a person has to look", "restored", "executed")
    assert card.told == ("restored", "executed")
    assert card.parts == ("a", "b", "c")
    assert (card.totals.earned, card.totals.possible) == (2, 2)
    assert (card.totals.bonus, card.totals.bonus_possible) == (1.5, 3)
    assert [mark.grade_id for mark in card.of_part("c")] == ["c_count_test"]


@pytest.mark.parametrize(
    ("value", "points", "verdict"),
    [
        (3.0, 3.0, Verdict.PASSED),
        (1.5, 1.5, Verdict.PARTIAL),
        (0.0, 0.0, Verdict.FAILED),
        (3.0001, None, Verdict.UNJUDGED),
        (-0.1, None, Verdict.UNJUDGED),
        (math.nan, None, Verdict.UNJUDGED),
        (math.inf, None, Verdict.UNJUDGED),
    ],
)
def test_the_number_a_test_ends_with(value: float, points: float | None, verdict: Verdict) -> None:
    """A number from zero to the maximum is the points; any other number is the author's mistake, and a person decides."""
    mark = scored(CellRun("c_count_test", CellStatus.DONE, value=value))["c_count_test"]
    assert (mark.points, mark.verdict) == (points, verdict)
    assert bool(mark.reason) is (verdict is not Verdict.PASSED)


def test_what_a_test_prints_explains_its_number() -> None:
    """Why there are some of the points only; without a word of it the mark says no more than that."""
    printed = {"output_type": "stream", "name": "stdout", "text": explain("dx is right", expected="dgamma, too", fix="sum") + "\n"}
    mark = scored(CellRun("c_count_test", CellStatus.DONE, (printed,), value=1.0))["c_count_test"]
    assert (mark.points, mark.what, mark.expected, mark.fix) == (1.0, "dx is right", "dgamma, too", "sum")
    assert mark.reason == "dx is right: sum"
    silent = scored(CellRun("c_count_test", CellStatus.DONE, value=1.0))["c_count_test"]
    assert silent.what == silent.reason == "some of the checks failed"


@pytest.mark.parametrize("kind", ["float64", "bool", "Tensor", "str"])
def test_an_odd_value_is_not_judged(kind: str) -> None:
    """Where stock nbgrader would silently give full points, a person is asked, and told the type."""
    mark = scored(CellRun("c_count_test", CellStatus.DONE, odd_value=kind))["c_count_test"]
    assert (mark.points, mark.verdict) == (None, Verdict.UNJUDGED)
    assert kind in mark.reason


def test_a_failed_check_is_taken_apart() -> None:
    """What, expected, got and fix reach the student; the staff read one line."""
    message = explain("double(1) has the wrong value", expected="2.", got="1.", fix="you squared\ninstead of doubling")
    mark = scored(failed("a_double_test", "CheckFailed", message))["a_double_test"]
    assert (mark.points, mark.verdict) == (0.0, Verdict.FAILED)
    assert (mark.what, mark.expected, mark.got) == ("double(1) has the wrong value", "2.", "1.")
    assert mark.fix == "you squared\ninstead of doubling"
    assert mark.reason == "double(1) has the wrong value: you squared instead of doubling"


@pytest.mark.parametrize(("message", "reason"), [("x is not y", "x is not y"), ("", "a check of this cell does not hold")])
def test_a_plain_assertion(message: str, reason: str) -> None:
    """An author's bare assert is a failed test too, with or without a message."""
    mark = scored(failed("a_double_test", "AssertionError", message))["a_double_test"]
    assert (mark.points, mark.verdict, mark.reason) == (0.0, Verdict.FAILED, reason)


@pytest.mark.parametrize("error", ["RecordMissing", "RecordAltered"])
def test_a_record_that_is_not_there(error: str) -> None:
    """The library's own message about a record says everything."""
    message = explain("the record 'sweep' was not handed in", fix="hand in the file beside the notebook")
    mark = scored(failed("a_double_test", error, message))["a_double_test"]
    assert mark.verdict is Verdict.FAILED
    assert "the record 'sweep' was not handed in" in mark.reason
    assert mark.fix == "hand in the file beside the notebook"


def test_a_missing_name_is_blamed_on_the_cell_that_should_have_made_it() -> None:
    """NameError in a test: the reason is the earlier cell that failed, in the words of its error."""
    marks = scored(
        failed("a_double", "SyntaxError", "invalid syntax"),
        failed("a_double_test", "NameError", "name 'double' is not defined"),
    )
    assert marks["a_double_test"].reason == "cell a_double ended with SyntaxError: invalid syntax"
    assert marks["a_double_test"].verdict is Verdict.FAILED
    assert marks["c_count_test"].verdict is Verdict.PASSED


def test_a_missing_name_in_a_later_part() -> None:
    """The cell that defines the name is to blame, even if it belongs to another part, and another cell failed as well."""
    marks = scored(
        failed("a_double", "ZeroDivisionError", "division by zero"),
        failed("c_count", "NameError", "name 'double' is not defined"),
        failed("c_count_test", "NameError", "name 'seen' is not defined"),
    )
    assert marks["c_count_test"].reason == "cell a_double ended with ZeroDivisionError: division by zero"


def test_a_missing_name_without_a_culprit() -> None:
    """If no earlier cell failed, the one that should have defined the name is named, or the error itself is the reason."""
    mark = scored(failed("a_double_test", "NameError", "name 'double' is not defined"))["a_double_test"]
    assert mark.reason == "cell a_double does not define double"
    mark = scored(failed("a_double_test", "NameError", "name 'helper' is not defined"))["a_double_test"]
    assert mark.reason == "NameError: name 'helper' is not defined"


GIVEN = {
    "cells": [
        cell("code", "setup", "import numpy as np\nfrom math import pi as circle"),
        cell("code", "a_one", "### BEGIN SOLUTION\none = np.ones(1)\n### END SOLUTION", solution=True),
        cell("code", "a_one_test", "assert one == 1", grade=True, locked=True, points=1),
        cell("code", "b_two", "def two():\n    ### BEGIN SOLUTION\n    return circle\n    ### END SOLUTION", solution=True),
        cell("code", "b_draw", "picture = draw(two())"),
        cell("code", "b_two_test", "assert two() == 2", grade=True, locked=True, points=1),
        cell("code", "b_draw_test", "assert picture", grade=True, locked=True, points=1),
    ],
    "metadata": {},
}
GIVEN_RUNS = {
    name: CellRun(name, CellStatus.DONE)
    for name in ("setup", "a_one", "a_one_test", "b_two", "b_draw", "b_two_test", "b_draw_test")
}
PANDAS = "cell setup ended with ModuleNotFoundError: No module named 'pandas'"


def given_card(*changes: CellRun, answered: tuple[str, ...] = ("a_one", "b_two")) -> Scorecard:
    """The marks of that notebook, when these cells went wrong."""
    runs = {**GIVEN_RUNS, **{change.cell_id: change for change in changes}}
    execution = Execution("mini", "ada", "mini", tuple(runs.values()))
    restored = Restored("mini", "ada", "mini", answered)
    return score(ASSIGNMENT, "ada", [NotebookOutcome(GIVEN, restored, execution)])  # type: ignore[arg-type]


def no_pandas() -> list[CellRun]:
    """The first cell fails at a module that nothing needs, and everything after it misses a name."""
    return [
        failed("setup", "ModuleNotFoundError", "No module named 'pandas'"),
        failed("a_one", "NameError", "name 'np' is not defined"),
        failed("a_one_test", "NameError", "name 'one' is not defined"),
        replace(failed("b_two_test", "NameError", "name 'circle' is not defined"), in_student_code=True),
        failed("b_draw", "NameError", "name 'circle' is not defined"),
        failed("b_draw_test", "NameError", "name 'picture' is not defined"),
    ]


def test_the_first_error_is_the_message() -> None:
    """Through imports, answers and given cells: one cause for all three tests, which a given cell makes a person's case."""
    card = given_card(*no_pandas())
    assert {(mark.points, mark.verdict) for mark in card.marks} == {(None, Verdict.UNJUDGED)}
    assert {mark.cause for mark in card.marks} == {f"{PANDAS}; it is a given cell"}
    assert [len(marks) for marks in card.causes.values()] == [3]
    assert report.reason(card) == f"(a) {PANDAS}; it is a given cell (3 checks follow from it)"
    page = feedback.render(card, Setting("Mini"))
    assert "3 checks follow from one thing: cell setup ended with ModuleNotFoundError" in page and "is not defined" not in page
    assert "not your fault" not in page


@pytest.mark.parametrize("status", [CellStatus.TIMEOUT, CellStatus.DIED])
def test_a_given_cell_that_was_stopped_is_nobodys_zero(status: CellStatus) -> None:
    """A slow or busy machine, before anything of the student's had a part in it: what misses its names, or was not reached."""
    said = explain("the cell ran longer than 20 seconds")
    stopped = failed("setup", "CellTimeout", said, status)
    names = failed("a_one_test", "NameError", "name 'np' is not defined")
    late = failed("b_two_test", "NotRun", "the notebook used up its 60 seconds before this cell", CellStatus.NOT_RUN)
    marks = {mark.grade_id: mark for mark in given_card(stopped, names, late).marks}
    for name in ("a_one_test", "b_two_test"):
        assert (marks[name].points, marks[name].verdict) == (None, Verdict.UNJUDGED)
        assert marks[name].cause == "cell setup was stopped: the cell ran longer than 20 seconds; it is a given cell"
    assert marks["b_draw_test"].verdict is Verdict.PASSED


def test_an_answer_that_was_stopped_is_the_students() -> None:
    """And so is a given cell that works with it."""
    for cell_id, name in (("a_one", "one"), ("b_draw", "picture")):
        stopped = failed(cell_id, "CellTimeout", "the cell ran longer than 20 seconds", CellStatus.TIMEOUT)
        test = "a_one_test" if cell_id == "a_one" else "b_draw_test"
        marks = {
            mark.grade_id: mark for mark in given_card(stopped, failed(test, "NameError", f"name '{name}' is not defined")).marks
        }
        assert (marks[test].points, marks[test].verdict) == (0.0, Verdict.FAILED)


def test_a_blank_answer_stays_blank_behind_a_given_cell_that_fails() -> None:
    """What was left open could not have passed: no person is asked for it, and it says so."""
    marks = {mark.grade_id: mark for mark in given_card(*no_pandas(), answered=("a_one",)).marks}
    assert marks["a_one_test"].verdict is Verdict.UNJUDGED
    assert (marks["b_two_test"].points, marks["b_two_test"].reason) == (0.0, "cell b_two has no answer yet")


def test_a_given_cell_that_fails_because_of_an_answer() -> None:
    """A given cell that uses an answer is no case for a person: the student reads which cell failed, and with what."""
    wrong = failed("b_draw", "ValueError", "negative size"), failed("b_draw_test", "NameError", "name 'picture' is not defined")
    marks = {mark.grade_id: mark for mark in given_card(*wrong).marks}
    mark = marks["b_draw_test"]
    assert (mark.points, mark.verdict, mark.what) == (0.0, Verdict.FAILED, "cell b_draw ended with ValueError: negative size")
    assert mark.got == "NameError: name 'picture' is not defined"
    assert marks["b_two_test"].verdict is Verdict.PASSED


def test_a_given_cell_that_calls_a_blank_answer_is_not_to_blame() -> None:
    """It ends as the stub does; the answer has nothing in it yet, and that is what is said."""
    source = copy.deepcopy(MINI)
    source["cells"][4:4] = [
        cell("code", "a_use", "twice = double(2)"),
        cell("code", "a_use_test", "assert twice == 4", grade=True, locked=True, points=1),
    ]
    blank = replace(RESTORED, answered=("c_count",))
    stub, missing = failed("a_use", "NotImplementedError"), failed("a_use_test", "NameError", "name 'twice' is not defined")
    marks = scored(stub, missing, failed("a_double_test", "NotImplementedError"), restored=blank, source=source)
    assert marks["a_use_test"].reason == "cell a_double has no answer yet"


def test_an_answer_that_fails_first_is_said_once(tmp_path: Path) -> None:
    """Several checks that follow from one answer are told in one line, in the table, the CSV and on the page; they stay failed."""
    wrong = [failed("a_one", "ZeroDivisionError", "division by zero")]
    wrong += [failed(name, "NameError", "name 'one' is not defined") for name in ("a_one_test", "b_two_test")]
    card = given_card(*wrong)
    cause = "cell a_one ended with ZeroDivisionError: division by zero"
    assert [mark.points for mark in card.marks] == [0.0, 0.0, 1.0]
    assert report.reason(card) == f"(a) {cause} (2 checks follow from it)"
    assert f"2 checks follow from one thing: {cause}. Start there" in feedback.render(card, Setting("Mini"))
    grades, _ = export.write_csv([card], Workspace(tmp_path, "mini"))
    assert grades.read_text().strip().endswith(f'"(a, b) {cause}"')


def test_names_that_miss_each_other_end() -> None:
    """Two cells that each wait for the other's name do not send the grader in circles."""
    source = {
        "cells": [
            cell("code", "a_one", "one = two", solution=True),
            cell("code", "a_two", "two = one", solution=True),
            cell("code", "a_test", "", grade=True, points=1),
        ],
        "metadata": {},
    }
    marks = scored(
        failed("a_one", "NameError", "name 'two' is not defined"),
        failed("a_two", "NameError", "name 'one' is not defined"),
        failed("a_test", "NameError", "name 'one' is not defined"),
        source=source,
        restored=replace(RESTORED, answered=("a_one", "a_two")),
    )
    assert marks["a_test"].reason.startswith("cell a_")


def test_a_blank_answer_is_the_reason() -> None:
    """The staff read that nothing was written, not what the stub raised."""
    marks = scored(
        failed("a_double", "NotImplementedError"),
        failed("a_double_test", "NameError", "name 'double' is not defined"),
        restored=replace(RESTORED, answered=("c_count",)),
    )
    assert marks["a_double_test"].reason == "cell a_double has no answer yet"
    assert marks["a_double_test"].points == 0.0


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (CellStatus.TIMEOUT, "CellTimeout", "the cell ran longer than 2 seconds"),
        (CellStatus.DIED, "KernelDied", "it used more than 1,000 MB of memory"),
    ],
)
def test_a_test_that_did_not_end(status: CellStatus, error: str, said: str) -> None:
    """A timeout or a death in the test itself costs its points; if an earlier cell was stopped, that is the reason."""
    mark = scored(failed("a_double_test", error, said, status))["a_double_test"]
    assert (mark.points, mark.verdict) == (0.0, Verdict.FAILED)
    assert mark.reason == f"the test did not come to its end: {said}"
    earlier = scored(failed("a_double", error, said, status), failed("a_double_test", error, said, status))["a_double_test"]
    assert earlier.reason == f"cell a_double was stopped: {said}"


def test_a_test_that_was_not_run() -> None:
    """Time ran out before it: no points, and the reason is the limit."""
    said = "the notebook used up its 60 seconds before this cell"
    mark = scored(failed("c_count_test", "NotRun", said, CellStatus.NOT_RUN))["c_count_test"]
    assert (mark.points, mark.verdict, mark.reason) == (0.0, Verdict.FAILED, said)


def test_too_much_memory_is_said_plainly() -> None:
    """A MemoryError has no message of its own."""
    marks = scored(failed("a_double", "MemoryError"), failed("a_double_test", "NameError", "name 'double' is not defined"))
    assert marks["a_double_test"].reason == "cell a_double asked for more memory than there is"


def test_a_fault_of_the_sandbox_is_nobodys_zero() -> None:
    """Automatic cells go to a person with the fault as the reason; written answers are graded as ever."""
    marks = scored(fault="the sandbox did not start")
    for name in ("a_double_test", "c_count_test"):
        assert (marks[name].points, marks[name].verdict) == (None, Verdict.UNJUDGED)
        assert marks[name].reason == "the sandbox did not start"
    assert marks["b_answer"].verdict is Verdict.BY_HAND


def test_nothing_was_run() -> None:
    """No execution at all is the grader's fault too."""
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, RESTORED, None)])
    assert [mark.verdict for mark in card.marks] == [Verdict.UNJUDGED, Verdict.BY_HAND, Verdict.UNJUDGED]


def test_a_lost_cell_is_nobodys_zero() -> None:
    """A cell that nobody reported on goes to a person."""
    runs = tuple(run for run in GOOD.values() if run.cell_id != "c_count_test")
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, RESTORED, Execution("mini", "ada", "mini", runs))])
    mark = card.marks[-1]
    assert (mark.grade_id, mark.points, mark.verdict) == ("c_count_test", None, Verdict.UNJUDGED)
    assert "lost cell c_count_test" in mark.reason


def test_an_unreadable_notebook_goes_to_a_person() -> None:
    """Every cell of it, by hand or not."""
    broken = Restored("mini", "ada", "mini", problem="not JSON", unreadable=True)
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, broken, None)])
    assert {(mark.points, mark.reason) for mark in card.marks} == {(None, "not JSON")}
    assert [mark.verdict for mark in card.marks] == [Verdict.UNJUDGED, Verdict.BY_HAND, Verdict.UNJUDGED]
    assert (card.unopened, card.absent) == ({"mini": "not JSON"}, ())


def test_a_missing_notebook_is_zero() -> None:
    """Nothing was handed in: no points, and nothing for a person to read."""
    missing = Restored("mini", "ada", "mini", problem="mini.ipynb was not handed in")
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, missing, None)])
    assert [(mark.points, mark.verdict) for mark in card.marks] == [
        (0.0, Verdict.FAILED),
        (0.0, Verdict.BY_HAND),
        (0.0, Verdict.FAILED),
    ]
    assert card.marks[0].reason == "mini.ipynb was not handed in"
    assert (card.unopened, card.absent) == ({}, ("mini",)) and not any(mark.answered for mark in card.marks)


def test_a_part_in_which_nothing_was_written() -> None:
    """Its tests say so, and a page can call an optional part left out instead of wrong; one answer, and they say what is wrong."""
    marks = scored(
        failed("c_count_test", "NameError", "name 'count' is not defined"), restored=replace(RESTORED, answered=("a_double",))
    )
    assert (marks["a_double_test"].answered, marks["c_count_test"].answered) == (True, False)
    assert scored(restored=replace(RESTORED, answered=(), beside={"c_count": "x"}))["c_count_test"].answered


def test_a_blank_written_answer() -> None:
    """No answer is zero at once; nobody has to read it."""
    mark = scored(restored=replace(RESTORED, answered=()))["b_answer"]
    assert (mark.points, mark.verdict, mark.answered, mark.reason) == (0.0, Verdict.BY_HAND, False, "no answer")


def test_an_answer_that_was_not_found_is_for_a_person() -> None:
    """A cell of the student's own may be it: what fails because of it waits, what passes all the same stays passed."""
    restored = replace(RESTORED, answered=("c_count",), unmatched=("a_double", "b_answer"))
    stub = failed("a_double", "NotImplementedError")
    marks = scored(stub, failed("a_double_test", "NameError", "name 'double' is not defined"), restored=restored)
    assert [(mark.points, mark.verdict) for mark in marks.values()] == [
        (None, Verdict.UNJUDGED),
        (None, Verdict.BY_HAND),
        (3, Verdict.PASSED),
    ]
    assert marks["b_answer"].answered
    assert marks["a_double_test"].reason == "cell a_double was not found; a cell of the student's own may be the answer"
    assert scored(restored=restored)["a_double_test"].verdict is Verdict.PASSED
    marks = scored(stub, failed("c_count_test", "NameError", "name 'double' is not defined"), restored=restored)
    assert marks["c_count_test"].verdict is Verdict.UNJUDGED, "another part that needs the answer"
    marks = scored(failed("c_count_test", "CheckFailed", "seen is not right"), restored=restored)
    assert marks["c_count_test"].verdict is Verdict.FAILED, "another part that does not"


@pytest.mark.parametrize(("python", "verdict"), [("3.99.1", Verdict.UNJUDGED), ("3.11.0", Verdict.FAILED), ("", Verdict.FAILED)])
def test_syntax_that_may_be_newer_than_the_grader_is_for_a_person(python: str, verdict: Verdict) -> None:
    """A student with a newer Python, whose cell does not parse here, may be right; with the same Python it is an error."""
    broken = failed("a_double", "SyntaxError", "invalid syntax")
    missing = failed("a_double_test", "NameError", "name 'double' is not defined")
    marks = scored(broken, missing, restored=replace(RESTORED, python=python))
    assert marks["a_double_test"].verdict is verdict
    assert ("it was written with 3.99.1" in marks["a_double_test"].reason) is (verdict is Verdict.UNJUDGED)
    assert marks["c_count_test"].verdict is Verdict.PASSED


def test_colours_and_length_of_a_message() -> None:
    """Escape sequences are dropped, and a reason stays one line of bounded length."""
    mark = scored(failed("a_double_test", "ValueError", "\x1b[31mred\x1b[0m\n" + "x" * 100_000))["a_double_test"]
    assert mark.reason.startswith("ValueError: red x")
    assert "\n" not in mark.reason
    assert len(mark.reason) <= 300


RUNS = (
    st.builds(
        CellRun,
        cell_id=st.sampled_from(sorted(GOOD)),
        status=st.sampled_from(CellStatus),
        error_name=st.sampled_from(["", "NameError", "CheckFailed", "AssertionError", "KernelDied", "MemoryError"]),
        error_message=st.sampled_from(["name 'double' is not defined", "name 'seen' is not defined", ""]) | st.text(max_size=60),
        value=st.none() | st.floats(),
        odd_value=st.sampled_from(["", "str"]),
    )
    .map(lambda run: run if run.error_name or run.status is CellStatus.DONE else replace(run, error_name="KernelDied"))
    .map(
        lambda run: (
            replace(run, error_message="time was up") if run.status is CellStatus.NOT_RUN else run
        )  # execute always says why
    )
)


@settings(deadline=None, max_examples=300)
@given(st.lists(RUNS, max_size=6), st.sets(st.sampled_from(ALL)), st.sampled_from(["", "", "broken"]))
def test_points_are_always_possible(runs: list[CellRun], answered: set[str], fault: str) -> None:
    """Whatever was reported: a mark per graded cell, points within bounds or none, a reason for everything but PASSED."""
    execution = Execution("mini", "ada", "mini", tuple(runs), fault)
    card: Scorecard = score(ASSIGNMENT, "ada", [NotebookOutcome(MINI, replace(RESTORED, answered=tuple(answered)), execution)])
    assert [mark.grade_id for mark in card.marks] == ["a_double_test", "b_answer", "c_count_test"]
    for mark in card.marks:
        assert mark.points is None or 0 <= mark.points <= mark.max_points
        assert (mark.points is None) == (mark.verdict is Verdict.UNJUDGED or (mark.by_hand and mark.answered))
        assert (mark.points == mark.max_points) >= (mark.verdict is Verdict.PASSED)
        assert mark.reason or mark.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("name", "said", "ours"),
    [
        ("NameError", "name 'chekcs' is not defined", True),
        ("NameError", "name 'double' is not defined", False),
        ("NameError", "name 'nump' is not defined", False),
        ("AttributeError", "module 'hw_lib.checks' has no attribute 'rowz'", True),
        ("AttributeError", "module 'hw_lib.checks' has no attribute 'mine'", False),
        ("AttributeError", "'list' object has no attribute 'shape'", False),
        ("SyntaxError", "invalid syntax (<ipython-input-3-abc>, line 1)", True),
        ("SyntaxError", "invalid syntax (<string>, line 1)", False),
    ],
)
def test_a_broken_test_of_ours_is_nobodys_zero(name: str, said: str, ours: bool) -> None:
    """A test that misspells a name goes to a person; what a student forgot, or misspelt in a function it calls, does not."""
    text = "chekcs.value(double(1))\nchecks.rowz(double(2))"
    source = {**MINI, "cells": [{**it, "source": text} if it["id"] == "a_double_test" else it for it in MINI["cells"]]}
    broken = CellRun("a_double_test", CellStatus.ERROR, error_name=name, error_message=said)
    execution = Execution("mini", "ada", "mini", cells=(broken,))
    card = score(ASSIGNMENT, "ada", [NotebookOutcome(source, Restored("mini", "ada", "mini", answered=("a_double",)), execution)])
    mark = next(mark for mark in card.marks if mark.grade_id == "a_double_test")
    assert (mark.verdict is Verdict.UNJUDGED) is ours
    assert mark.what == "" or not ours, "a student never reads a line of a hidden test"


def test_a_test_that_the_trusted_process_did_not_survive_goes_to_a_person() -> None:
    """A grader's fault in one test is no verdict on that test, and none on the others."""
    lost = failed("a_double_test", "TestLost", "the trusted process did not survive this test: it was killed", CellStatus.LOST)
    marks = scored(lost)
    assert (marks["a_double_test"].verdict, marks["a_double_test"].points) == (Verdict.UNJUDGED, None)
    assert "did not survive" in marks["a_double_test"].reason
    assert marks["c_count_test"].verdict is Verdict.PASSED
