"""In which order answers are read: another one for every question, near ones together, and nothing is ever merged by nearness."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading import gradebook
from grading.course import Course
from grading.mark import order as ordering
from grading.mark.normal import normal_form
from grading.mark.order import order
from grading.mark.state import Choice
from tests.grading.mark.conftest import Hand, desk_of, write_class

NEAR = {
    "near 1": "the loss falls because the steps follow the gradient",
    "near 2": "the loss falls, because the steps follow the gradient!",
    "near 3": "the loss falls because steps follow the gradient",
}


def others(count: int) -> dict[str, str]:
    """Answers that have nothing to do with each other."""
    draw = random.Random(0)
    word = lambda: "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=8))  # noqa: E731
    return {f"other {number}": " ".join(word() for _ in range(6)) for number in range(count)}


def test_near_answers_stand_together_wherever_they_are() -> None:
    """For every seed; the same seed gives the same order, another one another."""
    forms = {**others(40), **NEAR}
    orders = {seed: order(forms, seed) for seed in ("a", "b", "c")}
    for found in orders.values():
        assert sorted(found) == sorted(forms)
        places = sorted(found.index(key) for key in NEAR)
        assert places == [*range(places[0], places[0] + 3)]
    assert orders["a"] == order(dict(reversed(forms.items())), "a")
    assert len({tuple(found) for found in orders.values()}) == 3


def test_nobody_is_always_first() -> None:
    """Over the questions of a course, every student stands in every quarter about as often as in the others."""
    forms = others(40)
    first = [order(forms, f"question {number}")[:10] for number in range(60)]
    counts = [sum(key in quarter for quarter in first) for key in forms]
    assert min(counts) >= 3 and max(counts) <= 30  # 15 expected, 3.4 of deviation


def test_a_class_of_long_answers_is_cut_and_a_usual_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared stays below a size, whatever students write."""
    seen: list[list[str]] = []
    monkeypatch.setattr(ordering, "_neighbours", lambda texts: seen.append(texts) or [[] for _ in texts])
    order({str(number): "x" * 20_000 for number in range(1_000)}, "s")
    order({str(number): "y" * (20_000 if number < 20 else 300) for number in range(1_000)}, "s")
    assert sum(map(len, seen[0])) <= 1_000_000 and {*map(len, seen[0])} == {1_000}
    assert {*map(len, seen[1])} == {300, 4_000}


TEXTS = [*NEAR.values(), *(f"{one}  \n" for one in NEAR.values()), "**the** loss", "the loss", "2x", "2X"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=8))
def test_one_decision_is_for_one_normal_form(course: Course, empty: Path, texts: list[str]) -> None:
    """Whoever stands together on a sheet says the same, and all who say it do; near answers are asked about one by one."""
    shutil.copy(empty, course.build / "gradebook.db")
    write_class(course, {f"s{number}": text for number, text in enumerate(texts)})
    desk, question = desk_of(course)
    asked: list[str] = []
    name = ""
    while name := desk.following(question, "tom", name):
        sheet = desk.sheet(question, "tom", name)
        said = {normal_form(texts[int(desk.student(question, one)[1:])]) for one in (name, *sheet.others)}
        assert len(said) == 1
        asked += said
        desk.save(question, "tom", name, sheet.stamp, Choice(("1",)))
    assert sorted(asked) == sorted({normal_form(text) for text in texts})


def test_who_was_taken_out_stands_next_to_the_group_and_the_order_stays(course: Course, hand: Hand) -> None:
    """Nothing is compared anew."""
    hand({**{f"s{number:02d}": text for number, text in enumerate(others(12).values())}, "ada": "same", "bob": "same"})
    desk, question = desk_of(course)
    pile = desk.pile(question)
    with gradebook.looking(course.db) as connection:
        before = [one for group in pile.in_order(connection) for one in group]
    desk.remark(question, "tom", pile.name("bob"), "apart")
    with gradebook.looking(course.db) as connection:
        groups = pile.in_order(connection)
    assert len(groups) == 14
    after = [one for group in groups for one in group]
    assert abs(after.index("ada") - after.index("bob")) == 1
    assert [one for one in after if one not in ("ada", "bob")] == [one for one in before if one not in ("ada", "bob")]
