"""What a regrade changes: up, down, by part and in total, hand grades that are asked again; and what it may change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grading.changes import ClassChanges, Grading, better, changes, one_part
from grading.marks import Scorecard, Verdict
from tests.grading.scorecards import card

FAILED: dict[str, Any] = {"verdict": Verdict.FAILED, "points": 0.0, "reason": "the overflow check"}
HALF: dict[str, Any] = {"verdict": Verdict.PARTIAL, "points": 1.0, "reason": "half"}
OPEN: dict[str, Any] = {"verdict": Verdict.UNJUDGED, "points": None, "reason": "our test broke"}
NB = "q_coding_dropout"


def grading(*cards: Scorecard) -> Grading:
    """A grading that nobody has added anything to."""
    found = {one.student: one for one in cards}
    return Grading(found, found)


def compared(before: list[Scorecard], after: list[Scorecard]) -> ClassChanges:
    """Without hand grades."""
    return changes(grading(*before), grading(*after), {})


def test_nothing_changes() -> None:
    """The same class twice: everybody was looked at, nothing is said."""
    made = compared([card("a"), card("b")], [card("a"), card("b")])
    assert (made.students, made.changes, made.totals, made.parts) == (2, (), (), ())


def test_up_and_down() -> None:
    """With the old reason for what went up, the new one for what went down, sums by student and by part."""
    before = [card("a", {"b_weights": FAILED, "c_weights": FAILED}), card("b"), card("c")]
    after = [card("a"), card("b", {"b_weights": HALF}), card("c")]
    made = compared(before, after)
    assert [(one.student, one.cell, one.before, one.after, one.why) for one in made.changes] == [
        ("a", "b_weights", 0.0, 2.0, "the overflow check"),
        ("a", "c_weights", 0.0, 2.0, "the overflow check"),
        ("b", "b_weights", 2.0, 1.0, "half"),
    ]
    assert [(one.name, one.before, one.after) for one in made.totals] == [("a", 20.0, 24.0), ("b", 24.0, 23.0)]
    assert {one.name: (one.after - one.before, one.up, one.down) for one in made.parts} == {"b": (1.0, 1, 1), "c": (2.0, 1, 0)}
    assert (made.students, made.up, made.down) == (3, 1, 1)


def test_what_waits_now_is_a_change() -> None:
    """A check that can no longer be judged, and one that could not be and can."""
    made = compared([card("a"), card("b", {"b_weights": OPEN})], [card("a", {"b_weights": OPEN}), card("b")])
    assert [(one.before, one.after, one.why) for one in made.changes] == [
        (2.0, None, "our test broke"),
        (None, 2.0, "our test broke"),
    ]


def test_cells_that_come_and_go() -> None:
    """A cell that the author added or took away is named as such."""
    full = card("a")
    less = replace(full, marks=full.marks[:-2])
    (gone, _), (new, _) = compared([full], [less]).changes, compared([less], [full]).changes
    assert (gone.cell, gone.before, gone.after, gone.why) == ("i_records", 2.0, None, "no longer asked")
    assert (new.before, new.after, new.why) == (None, 2.0, "was not asked before")


def test_newcomers_and_leavers_are_no_changes() -> None:
    """They are named apart."""
    made = compared([card("a"), card("b")], [card("b"), card("c")])
    assert (made.students, made.changes, made.new, made.gone) == (1, (), ("c",), ("a",))


def test_hand_grades_that_are_asked_again() -> None:
    """A person's points stay; where tests or the answer say something else, they are asked, and that is a change."""
    given = {"points": 1.5, "verdict": Verdict.PARTIAL, "reason": "1.5 points given by a person"}
    before = Grading({"a": card("a")}, {"a": card("a", {"b_weights": given})})
    after = Grading({"a": card("a", {"b_weights": FAILED})}, {"a": card("a", {"b_weights": given})})
    made = changes(before, after, {"a": [(NB, "b_weights")]})
    assert [(one.cell, one.before, one.after, one.asked_again) for one in made.changes] == [("b_weights", 1.5, 1.5, True)]
    assert made.asked_again == 1 and (made.up, made.down) == (0, 0)
    same = changes(before, Grading(before.raw, after.shown), {"a": [(NB, "b_weights")]})
    assert same.changes == ()
    new_words = replace(card("a"), marks=tuple(replace(mark, answer="other") for mark in card("a").marks))
    assert [one.cell for one in changes(before, Grading({"a": new_words}, after.shown), {"a": [(NB, "b_weights")]}).changes] == [
        "b_weights"
    ]


def test_only_up_keeps_the_better_of_both() -> None:
    """Of each check, with its reason and a word that it was kept; a second time changes nothing; the answer is the later one."""
    before = card("a", {"b_weights": HALF, "c_weights": FAILED, "e_weights": OPEN, "h_adam": FAILED})
    after = card("a", {"b_weights": FAILED, "a_weights": OPEN, "h_adam": HALF})
    kept = better(before, after)
    points = {mark.grade_id: mark.points for mark in kept.marks}
    assert (points["b_weights"], points["c_weights"], points["a_weights"]) == (1.0, 2.0, 2.0)
    assert (points["e_weights"], points["h_adam"]) == (2.0, 1.0)
    told = {mark.grade_id: mark.reason for mark in kept.marks}
    assert told["b_weights"] == "half; kept: it was better before the regrade" and told["c_weights"] == ""
    assert better(kept, after) == kept
    newer = replace(after, marks=tuple(replace(mark, answer="newer") for mark in after.marks))
    assert {mark.answer for mark in better(before, newer).marks} == {"newer"}
    again = compared([before], [kept])
    assert not [one for one in again.changes if one.points < 0]


def test_a_cell_that_is_worth_less_now() -> None:
    """Whoever had all of it has all of it, never more; the change says what it is worth."""
    less = {"d_dropout_train": {"points": 1.0, "max_points": 1.0}, "b_weights": FAILED | {"max_points": 1.0}}
    before, after = card("a"), card("a", less)
    kept = {mark.grade_id: (mark.points, mark.max_points) for mark in better(before, after).marks}
    assert kept["d_dropout_train"] == (1.0, 1.0) and kept["b_weights"] == (1.0, 1.0)
    told = {one.cell: one.why for one in compared([before], [after]).changes}
    assert told == {
        "b_weights": "worth 1 points instead of 2; the overflow check",
        "d_dropout_train": "worth 1 points instead of 3",
    }


def test_only_up_never_gives_what_a_written_answer_had() -> None:
    """A written answer is its reader's."""
    before, after = card("a", {"a_expression": {"points": 2.0}}), card("a", {"a_expression": {"points": 0.0, "answered": False}})
    assert better(before, after) == after


def test_one_part() -> None:
    """The marks of that part are the later ones, new cells of it are added, everything else is as it was."""
    before, after = card("a", {"b_weights": FAILED, "c_weights": FAILED}), card("a", {"d_dropout_train": FAILED})
    points = {mark.grade_id: mark.points for mark in one_part(before, after, "b").marks}
    assert (points["b_weights"], points["c_weights"], points["d_dropout_train"]) == (2.0, 0.0, 3.0)
    less = replace(before, marks=tuple(mark for mark in before.marks if mark.grade_id != "b_weights"))
    assert {mark.grade_id for mark in one_part(less, after, "b").marks} == {mark.grade_id for mark in before.marks}


@pytest.mark.parametrize("seed", range(3))
def test_sums_agree(seed: int) -> None:
    """In drawn classes the parts' sums, the students' sums and the changes' sum are one number."""
    from tests.grading.classes import a_class

    made = compared(a_class(60, seed), a_class(60, seed + 10))
    by_change = sum(one.points for one in made.changes)
    assert sum(one.after - one.before for one in made.totals) == pytest.approx(by_change)
    assert sum(one.after - one.before for one in made.parts) == pytest.approx(by_change)
