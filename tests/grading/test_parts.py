"""Any grade id is legal: the part of a cell comes from course.toml, from the id, from the headings, or from the answer above."""

from __future__ import annotations

from typing import Any

import pytest

from grading import notebook as nb
from grading import parts

from .conftest import cell


def text(source: str) -> nb.Cell:
    """A cell of prose."""
    return cell("markdown", f"text-{abs(hash(source))}", source)


def answer(name: str) -> nb.Cell:
    """A code answer."""
    return cell("code", name, "x = 1", solution=True)


def check(name: str) -> nb.Cell:
    """A test."""
    return cell("code", name, "assert x", grade=True, locked=True, points=1)


def found(*cells: nb.Cell, said: Any = None, number: int = 0) -> dict[str, str]:
    """The part of each cell."""
    return nb.parts(parts.named({"cells": list(cells), "metadata": {}}, said or {}, number))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("d_dropout_test", "d"),
        ("q2_mean", "q2"),
        ("q1a_x", "q1a"),
        ("3_b", "3"),
        ("Ex2_y", "Ex2"),
        ("mean_of_x", ""),
        ("cell-3f2a9c", ""),
    ],
)
def test_a_grade_id_says_its_part_by_a_letter_or_a_number(name: str, part: str) -> None:
    """Words before an underscore are words: sum_of_squares is no part "sum"."""
    assert found(text("## Squares"), check(name)) == {name: part or "Squares"}


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("## (d) Dropout", "d"),
        ("## Part A (2 points)", "A"),
        ("### Question 2b: means", "2b"),
        ("## Exercise 3", "3"),
        ("## Aufgabe 4", "4"),
        ("# Problem 1", "1"),
        ("## 3. Means", "3"),
        ("## 3.1 Means", "3.1"),
        ("## Part of the story", "Part of the story"),
        ("## 1D convolution", "1D convolution"),
        ("## A question about means, and what they mean", "A question about means,…"),
    ],
)
def test_headings_say_the_part(heading: str, part: str) -> None:
    """A letter or a number in the forms in which people write them; else the heading itself."""
    assert found(text(f"{heading}\n\nSome words."), answer("cell-1"), check("cell-2")) == {"cell-1": part, "cell-2": part}


def test_a_heading_holds_until_the_next_of_its_kind() -> None:
    """A sub-heading without a letter changes nothing; the notebook's title is none; a # in code is no heading."""
    cells = [
        text("# Homework 1"),
        text("## Part A"),
        answer("one"),
        text("### Hint\n\n```\n## Part Z\n```"),
        check("two"),
        text("## Part B"),
        check("three"),
        text("## Closing"),
        check("four"),
    ]
    assert found(*cells) == {"one": "A", "two": "A", "three": "B", "four": "Closing"}


def test_without_headings_a_test_belongs_to_the_answer_above() -> None:
    """As stock nbgrader courses often are: a title, and cells."""
    cells = [text("# Title"), answer("squares"), check("correct_squares"), answer("total"), check("correct_total")]
    assert found(*cells) == {"squares": "squares", "correct_squares": "squares", "total": "total", "correct_total": "total"}


def test_what_course_toml_says_comes_first() -> None:
    """By patterns of grade ids; one that fits none is told."""
    said = {"a": ("squares", "correct_*"), "b": ("nothing*",)}
    assert found(text("## Part Q"), answer("squares"), check("correct_squares"), check("x_test"), said=said) == {
        "squares": "a",
        "correct_squares": "a",
        "x_test": "x",
    }
    assert list(parts.unused(said, ["squares", "correct_squares"])) == ["nothing*"]


def test_two_notebooks_may_both_have_a_part_a() -> None:
    """What no id says is told apart by the notebook, where an assignment has several."""
    assert found(text("## Part A"), answer("squares"), answer("b_x"), number=1) == {"squares": "1A", "b_x": "b"}
    assert found(text("## 3. Means"), answer("mean"), number=2) == {"mean": "2.3"}
    assert found(text("## Means"), answer("mean"), number=2) == {"mean": "2 Means"}


def test_the_titles_of_parts() -> None:
    """A page of a student heads a part with what the author wrote."""
    cells = [
        text("## (a) The mean"),
        answer("a_mean"),
        text("## Question 2: medians"),
        answer("median"),
        text("## More"),
        answer("more"),
    ]
    notebook = parts.named({"cells": cells, "metadata": {}}, {})
    assert parts.headings(notebook) == {"a": "The mean", "2": "medians", "More": "More"}


def test_a_task_is_its_own_heading() -> None:
    """Its text asks, so the heading in it is that of its part, and not the one before it."""
    task = cell("markdown", "draw", "## (c) A picture\n\nDraw it.", task=True, locked=True, points=1)
    notebook = parts.named({"cells": [text("## (b) Words"), answer("b_x"), task], "metadata": {}}, {})
    assert nb.parts(notebook) == {"b_x": "b", "draw": "c"}
    assert parts.headings(notebook) == {"b": "Words", "c": "A picture"}
