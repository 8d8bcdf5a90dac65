"""A rubric's sentences become items, or the author is told what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading import notebook as nb
from grading import release
from grading.course import Course
from grading.mark import items, problems
from grading.mark.items import RubricError
from tests.grading.conftest import MINI, ROOT, cell
from tests.grading.mark.conftest import ANSWER


def rubric(text: str, points: float = 2) -> items.Rubric:
    """The rubric of a cell."""
    return items.read(cell("markdown", "b_answer", text, grade=True, solution=True, points=points))


def test_items_remarks_and_the_answer_are_told_apart() -> None:
    """Points and a colon begin an item; a sentence behind it is a remark; what stands before is the answer."""
    found = items.read(ANSWER)
    assert [(item.name, item.points, item.text) for item in found.items] == [
        ("1", 1.0, "adding to itself"),
        ("2", 0.5, "the formula"),
        ("3", 0.5, "a reason"),
        ("4", -0.5, "no sentence"),
    ]
    assert found.remarks == "Formulas alone count."
    assert items.answer(ANSWER) == "Because adding a thing to itself is doubling it: $x + x = 2x$."
    assert (found.points(("1", "3", "4")), found.points(("4",)), found.points((), 0.5)) == (1.0, 0.0, 0.5)
    assert found.full == ("1", "2", "3")


def test_points_in_a_sentence_are_no_item() -> None:
    """Points at the end of a sentence, numbers in brackets and in formulas belong to the words around them."""
    found = rubric(
        "A.\n\n**Rubric (2 points).** 1 point: the way (e.g. 121 when $p = 0.5$: all). 1 point: numbers. With a slip: 1.5 points."
    )
    assert [item.points for item in found.items] == [1.0, 1.0]
    assert found.remarks == "With a slip: 1.5 points."


def test_without_a_rubric_there_is_one_item() -> None:
    """Right and complete, worth everything."""
    assert [(item.points, item.text) for item in rubric("Just so.", 3).items] == [(3.0, "right and complete")]


@pytest.mark.parametrize("text", ["1: one thing.", "1: one. 1: two. 1: three.", "", "half for the way", "1: a. -1: b."])
def test_what_does_not_add_up_is_refused(text: str) -> None:
    """Too little, too much, nothing, no items: expected, got, fix."""
    with pytest.raises(RubricError, match=r"expected|fix"):
        rubric(f"A.\n\n**Rubric (2 points).** {text}")


def test_every_rubric_of_the_course_adds_up() -> None:
    """All answer cells of the repository's notebooks can be read by items."""
    count = 0
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        source = nb.parse(path.read_bytes(), path.name)
        assert problems(source["cells"], path.stem) == []
        count += sum(nb.is_by_hand(found) and "**Rubric" in found["source"] for found in source["cells"])
    assert count >= 36


def test_a_release_is_refused_whose_items_do_not_add_up(course: Course) -> None:
    """Before students have it: the notebook, the cell and the sum are named."""
    wrong = cell("markdown", "b_answer", "A.\n\n**Rubric (2 points).** 1: one thing.", grade=True, solution=True, points=2)
    source = {**MINI, "cells": [wrong if one["id"] == "b_answer" else one for one in MINI["cells"]]}
    path: Path = course.source(course.assignments["mini"], "mini")
    path.write_text(nb.dump(source), encoding="utf-8")
    with pytest.raises(release.ReleaseError) as caught:
        release.release(course, course.assignments["mini"])
    assert "mini, cell b_answer does not add up" in str(caught.value)
    assert "1 = 1" in str(caught.value)
