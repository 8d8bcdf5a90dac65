"""results.json by Gradescope's rules: what is open has no score, what is hidden waits, nothing is formatted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from grading.deadline import Deadline, HandedIn, judge
from grading.marks import Mark, Scorecard, Verdict
from grading.pages import Graded, results
from grading.pages.answers import Answer
from grading.pages.leaderboard import Entry
from grading.pages.page import Setting
from grading.settings import Leaderboard

HIDDEN = {"a_sum_test", "c_net_test"}
CARD = Scorecard(
    "hw",
    "ada",
    (
        Mark(
            "a_sum_test",
            "hw",
            "a",
            1.0,
            2.0,
            Verdict.PARTIAL,
            what="<b>almost</b>",
            expected="2",
            got="1\n3",
            fix="add",
            reason="staff",
        ),
        Mark("a_shown_test", "hw", "a", 2.0, 2.0, Verdict.PASSED),
        Mark("b_answer", "hw", "b", None, 3.0, Verdict.BY_HAND),
        Mark("b_blank", "hw", "b", 0.0, 1.0, Verdict.BY_HAND, answered=False),
        Mark("c_net_test", "hw", "c", None, 4.0, Verdict.UNJUDGED, reason="our test broke"),
        Mark("d_more_test", "hw", "d", 0.0, 5.0, Verdict.FAILED, answered=False, optional=True),
    ),
    flags=("look at cell x",),
    notes=("for staff",),
    told=("Cell a was put back.",),
)


def graded(card: Scorecard = CARD, **more: Any) -> Graded:
    """One assignment of a hand-in."""
    return Graded(card, Setting("Homework"), HIDDEN, {"b_answer": Answer("My <i>words</i>")}, **more)


def check(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What the specification asks of the file; returns the tests."""
    known = {"score", "execution_time", "output", "output_format", "stdout_visibility", "tests", "leaderboard"}
    assert {*found} <= known
    assert isinstance(found["score"], float | int)
    assert found["stdout_visibility"] == "hidden"
    json.dumps(found, allow_nan=False)
    for test in found["tests"]:
        assert {*test} <= {"score", "max_score", "name", "name_format", "output", "output_format", "visibility"}
        assert test["visibility"] in ("after_published", "visible")  # one that is never shown hides the total for ever
        assert (test["name_format"], test["output_format"]) == ("text", "text")
        assert ("score" in test) == ("max_score" in test)
    return found["tests"]


def test_each_cell_is_a_test() -> None:
    """Points where something is decided, none where a person decides, and for an optional part that was left out."""
    found = results([graded()], (), 12.4)
    tests = check(found)
    assert [(test["name"], test.get("score"), test.get("max_score")) for test in tests] == [
        ("Homework: Summary", None, None),
        ("(a) sum", 1.0, 2.0),
        ("(a) shown", 2.0, 2.0),
        ("(b) Your written answer", None, None),
        ("(b) Your written answer", 0.0, 1.0),
        ("(c) net", None, None),
        ("(d) more", None, None),
    ]
    assert found["score"] == 3.0
    assert found["execution_time"] == 12


def test_hidden_tests_wait() -> None:
    """What has a hidden part, and the summary that speaks of it, is shown once it is published; written answers are at once."""
    tests = results([graded()], (), 1)["tests"]
    assert [test["visibility"] for test in tests] == [
        *("after_published", "after_published", "visible"),
        *("visible", "visible", "after_published", "visible"),
    ]
    open_one = Graded(CARD, Setting("Homework"), (), {})
    assert {test["visibility"] for test in results([open_one], (), 1)["tests"]} == {"visible"}


def test_the_sentences_are_those_of_the_page() -> None:
    """What was wrong, expected, got and how to go on, as plain text; nothing that is for staff."""
    found = results([graded()], (), 1)
    text = json.dumps(found)
    assert "◐ partly correct (1 of 2 points)\n\n<b>almost</b>\n\nExpected: 2\n\nYours:\n1\n3\n\nadd" in [
        test["output"] for test in found["tests"]
    ]
    assert "My <i>words</i>" in text
    for staff in ("look at cell x", "for staff", "our test broke", '"staff"'):
        assert staff not in text


def test_at_once_students_read_nothing_of_hidden_tests() -> None:
    """Notes, what waits for a reader, who belongs together: no points and no verdict."""
    found = results([graded()], ("ada@uni.edu", "bob@uni.edu"), 1)
    assert found["output_format"] == "text"
    assert found["output"].split("\n\n") == [
        "Handed in together: ada@uni.edu, bob@uni.edu.",
        "What was put right before grading:\n- Cell a was put back.",
        "3 points to be read",
        "What the checks say is shown once it is published.",
    ]


def test_what_is_late_counts_in_part() -> None:
    """The score is what counts; tests keep what was earned; points stand in the summary only."""
    rule = Deadline(datetime(2026, 11, 20, tzinfo=UTC), penalty=0.25)
    late = replace(CARD, lateness=judge(rule, "ada", HandedIn("2026-11-21T12:00:00+00:00", "Gradescope")))
    found = results([graded(late)], (), 1)
    assert found["score"] == 1.5
    assert "2 days late." in found["output"] and "count" not in found["output"]
    assert "Of the 3 points so far, 1.5 count." in found["tests"][0]["output"]
    assert sum(test.get("score", 0) for test in found["tests"]) == 3.0


def test_what_could_not_be_opened_is_said_at_once() -> None:
    """Without a score for any check; the student can hand in again before the deadline."""
    closed = replace(
        CARD, marks=tuple(replace(mark, points=None, verdict=Verdict.UNJUDGED) for mark in CARD.marks), unopened={"hw": "no JSON"}
    )
    found = results([graded(closed)], (), 1)
    assert "hw.ipynb could not be opened" in found["output"] and "no JSON" in found["output"]
    assert [test for test in found["tests"] if "score" in test] == []


def test_the_leaderboard_has_what_was_verified() -> None:
    """The ranked number, what else is shown, and on which data; nothing where no test vouches for it."""
    board = Leaderboard("hw", "net", "accuracy", "a_sum_test", ("parameters",))
    entry = Entry("ada", "shapes", 0.75, {"parameters": 1200.0})
    assert results([graded(board=board, ranked=entry)], (), 1)["leaderboard"] == [
        {"name": "accuracy", "value": 0.75},
        {"name": "parameters", "value": 1200.0},
        {"name": "measured on", "value": "shapes"},
    ]
    assert "leaderboard" not in results([graded(board=board)], (), 1)


def test_a_homework_of_several_is_one_file() -> None:
    """Their scores add up, and each says its own summary."""
    other = Graded(CARD, Setting("Another"), (), {})
    found = results([graded(), other], (), 1)
    assert found["score"] == 6.0
    assert [test["name"] for test in found["tests"] if "Summary" in test["name"]] == ["Homework: Summary", "Another: Summary"]
