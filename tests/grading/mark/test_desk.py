"""What one person does at the desk: read, decide, change their mind; and what nbgrader's gradebook says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nbgrader.api import Gradebook

from grading import gradebook
from grading.course import Course
from grading.mark.decisions import DecisionError, OvertakenError
from grading.mark.pile import MarkError
from grading.mark.state import Choice
from grading.marks import Scorecard
from grading.records import load, save
from tests.grading.mark.conftest import Hand, desk_of

CLASS = {"ada": "Adding it to itself.", "bob": "adding it  to **itself**", "cyd": "x+x", "dan": "", "eve": "No idea."}


def points(course: Course) -> dict[str, tuple[float | None, bool]]:
    """What nbgrader has for the question: points by hand, and whether somebody has to look."""
    rows = gradebook.dump(course.db, "mini")
    return {row["student"]: (row["manual_score"], row["needs_manual_grade"]) for row in rows if row["cell"] == "b_answer"}


def test_a_class_is_read_in_order_and_blank_answers_ask_nobody(course: Course, hand: Hand) -> None:
    """Every answer that waits comes once, those that say the same together, and then there is none."""
    hand(CLASS)
    desk, question = desk_of(course)
    seen, name = [], ""
    while name := desk.following(question, "tom", name):
        sheet = desk.sheet(question, "tom", name)
        members = [desk.student(question, one) for one in (name, *sheet.others)]
        assert not {*members} & {*seen}
        seen += members
        saved = desk.save(question, "tom", name, sheet.stamp, Choice(("1",)))
        assert saved.points == 1.0
        assert desk.sheet(question, "tom", name).stamp == saved.stamp
    assert sorted(seen) == ["ada", "bob", "cyd", "eve"]
    found = points(course)
    assert {student: found[student] for student in seen} == dict.fromkeys(seen, (1.0, False))
    assert found["dan"] == (None, False)


def test_what_is_decided_is_what_nbgrader_shows(course: Course, hand: Hand) -> None:
    """Items add up, what takes away takes no more than there is, hand-given points come on top; the comment is nbgrader's."""
    hand({"ada": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    stamp = desk.sheet(question, "tom", name).stamp
    for choice, worth in (
        (Choice(("4",)), 0.0),
        (Choice(("1", "2", "4")), 1.0),
        (Choice(("1", "2"), 0.25, "nearly a reason", "Nice, *almost*."), 1.75),
    ):
        saved = desk.save(question, "tom", name, stamp, choice)
        stamp = saved.stamp
        assert saved.points == worth
        assert points(course)["ada"] == (worth, False)
    with Gradebook(course.db) as book:
        assert book.find_comment("b_answer", "mini", "mini", "ada").comment == "Nice, *almost*."
        assert book.find_submission("mini", "ada").score == 2.0 + 3.0 + 1.75
    assert [one.points for one in desk.sheet(question, "tom", name).before] == [1.75, 1.0, 0.0]


@pytest.mark.parametrize("choice", [Choice(("1", "2", "3"), 0.5), Choice((), -0.5), Choice(("9",)), Choice((), float("nan"))])
def test_what_cannot_be_is_refused_and_nothing_is_written(course: Course, hand: Hand, choice: Choice) -> None:
    """More points than the answer is worth, fewer than none, items that are not there: said, not cut."""
    hand({"ada": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    stamp = desk.sheet(question, "tom", name).stamp
    with pytest.raises(DecisionError, match="expected"):
        desk.save(question, "tom", name, stamp, choice)
    assert points(course)["ada"] == (None, True)
    assert desk.sheet(question, "tom", name).before == ()


def test_who_was_overtaken_is_told_and_nothing_is_lost(course: Course, hand: Hand) -> None:
    """Two people see the same answer; the second to save is refused, sees the first's decision, and may then decide."""
    hand({"ada": "one"})
    (desk, question), (other, _) = desk_of(course), desk_of(course)
    name = desk.following(question, "tom")
    seen = desk.sheet(question, "tom", name).stamp
    assert other.sheet(question, "uma", name).stamp == seen
    assert other.sheet(question, "uma", name).taken == "tom"
    desk.save(question, "tom", name, seen, Choice(("1",)))
    with pytest.raises(OvertakenError, match="somebody else"):
        other.save(question, "uma", name, seen, Choice(("1", "2")))
    assert points(course)["ada"] == (1.0, False)
    sheet = other.sheet(question, "uma", name)
    assert [(one.made_by, one.points) for one in sheet.before] == [("tom", 1.0)]
    other.save(question, "uma", name, sheet.stamp, Choice(("1", "2")))
    assert points(course)["ada"] == (1.5, False)


def test_the_formgrader_overtakes_too(course: Course, hand: Hand) -> None:
    """Points typed in the formgrader are adjusted by hand here, and are not written over by somebody who has not seen them."""
    hand({"ada": "one", "bob": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    sheet = desk.sheet(question, "tom", name)
    stamp = desk.save(question, "tom", name, sheet.stamp, Choice(("1",))).stamp
    with Gradebook(course.db) as book:
        grade = book.find_grade("b_answer", "mini", "mini", desk.student(question, name))
        grade.manual_score = 1.25
        book.db.commit()
    with pytest.raises(OvertakenError):
        desk.save(question, "tom", name, stamp, Choice(("1", "2")))
    sheet = desk.sheet(question, "tom", name)
    assert (sheet.state.adjusted, sheet.choice.adjust, sheet.choice.items, sheet.others) == (True, 1.25, (), ())
    assert desk.following(question, "tom") == ""


def test_an_answer_that_changed_is_asked_about_again(course: Course, hand: Hand) -> None:
    """A new text beside the earlier decision: the old words are there to compare, and deciding closes it."""
    hand({"ada": "one", "bob": "two"})
    desk, question = desk_of(course)
    while name := desk.following(question, "tom"):
        desk.save(question, "tom", name, desk.sheet(question, "tom", name).stamp, Choice(("1",)))
    hand({"ada": "one and a half", "bob": "two"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    sheet = desk.sheet(question, "tom", name)
    assert (desk.student(question, name), sheet.earlier, sheet.written.text) == ("ada", "one", "one and a half")
    assert [(one.made_by, one.points) for one in sheet.before] == [("tom", 1.0)]
    desk.save(question, "tom", name, sheet.stamp, Choice(("1", "2")))
    assert points(course) == {"ada": (1.5, False), "bob": (1.0, False)}
    assert desk.following(question, "tom") == ""


def test_who_is_taken_out_of_a_group_is_decided_alone(course: Course, hand: Hand) -> None:
    """A group takes one decision; one that was taken out waits for its own."""
    hand({"ada": "The same.", "bob": "the *same*", "cyd": "the same"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    sheet = desk.sheet(question, "tom", name)
    assert len(sheet.others) == 2
    desk.remark(question, "tom", sheet.others[0], "apart")
    assert len(desk.sheet(question, "tom", name).others) == 1
    desk.save(question, "tom", name, desk.sheet(question, "tom", name).stamp, Choice(("1",)))
    apart = desk.student(question, sheet.others[0])
    found = points(course)
    assert found.pop(apart) == (None, True)
    assert {*found.values()} == {(1.0, False)}


def test_skipped_and_put_aside(course: Course, hand: Hand) -> None:
    """What I skip comes last for me; what is for the lead comes for nobody, until somebody opens it and decides."""
    hand({"ada": "one", "bob": "two", "cyd": "three"})
    desk, question = desk_of(course)
    first = desk.following(question, "tom")
    desk.remark(question, "tom", first, "skip")
    second = desk.following(question, "tom", first)
    desk.remark(question, "tom", second, "lead", "is this a joke?")
    third = desk.following(question, "tom", second)
    assert len({first, second, third}) == 3
    desk.save(question, "tom", third, desk.sheet(question, "tom", third).stamp, Choice(("1",)))
    assert desk.following(question, "tom", third) == first
    desk.save(question, "tom", first, desk.sheet(question, "tom", first).stamp, Choice(("1",)))
    assert desk.following(question, "tom", first) == ""
    assert [row.aside for row in desk.rows()] == [1]
    desk.save(question, "lea", second, desk.sheet(question, "lea", second).stamp, Choice(("1",)))
    assert [(row.aside, row.reading.waiting, row.mean) for row in desk.rows()] == [(0, 0, 1.0)]


def test_reopened_answers_come_back(course: Course, hand: Hand) -> None:
    """Reopening asks again, keeps the points meanwhile, and says why."""
    hand({"ada": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    desk.save(question, "tom", name, desk.sheet(question, "tom", name).stamp, Choice(("1",)))
    desk.reopen(question, "lea", name, "too strict")
    assert points(course)["ada"] == (1.0, True)
    assert desk.following(question, "tom") == name
    last = desk.sheet(question, "tom", name).before[0]
    assert (last.kind, last.choice.reason) == ("reopened", "too strict")


def test_an_answer_that_vanished_is_not_taken_for_an_empty_one(course: Course, hand: Hand) -> None:
    """Whoever opens it, or decides about it with its page still open, is told; nothing is written, and it can come back."""
    hand({"ada": "one"})
    desk, question = desk_of(course)
    name = desk.following(question, "tom")
    stamp = desk.sheet(question, "tom", name).stamp
    path = desk.work(question).restored("ada", "mini")
    path.rename(path.with_suffix(".away"))
    for action in (lambda: desk.sheet(question, "tom", name), lambda: desk.save(question, "tom", name, stamp, Choice(("1",)))):
        with pytest.raises(MarkError, match=r"no longer there(?s:.*)hw grade mini"):
            action()
    assert points(course)["ada"] == (None, True)
    path.with_suffix(".away").rename(path)
    assert desk.save(question, "tom", name, stamp, Choice(("1",))).points == 1.0


def test_a_notebook_that_could_not_be_opened_is_no_empty_answer(course: Course, hand: Hand) -> None:
    """Its reason is shown, whatever an older copy says; it is nobody's group, and a person can decide."""
    hand({"ada": "an older copy", "bob": "an older copy", "cyd": "an older copy"})
    work = course.workspace(course.assignments["mini"])
    for student in ("ada", "bob"):
        card = load(work.scorecard(student), Scorecard)
        save(work.scorecard(student), replace(card, unopened={"mini": "it is no JSON"}))
    work.restored("ada", "mini").unlink()
    desk, question = desk_of(course)
    for student, problem in (("ada", "it is no JSON"), ("bob", "it is no JSON"), ("cyd", "")):
        name = desk.pile(question).name(student)
        sheet = desk.sheet(question, "tom", name)
        text = "" if problem else "an older copy"
        assert (sheet.written.problem, sheet.written.text, sheet.others) == (problem, text, ())
    assert desk.save(question, "tom", sheet.name, sheet.stamp, Choice(("1",))).points == 1.0
