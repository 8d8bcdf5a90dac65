"""Copies in a class are found, however they are disguised; independent right answers are not taken for copies."""

from __future__ import annotations

import random

import pytest

from grading.similar.answers import Answer, Handed
from grading.similar.classes import LEAST_WEIGHT, compare
from grading.similar.features import of_answer
from tests.grading.similar.disguise import disguised
from tests.grading.similar.variants import Exercises, asked, exercises

EXERCISES = exercises()
RECALL = 0.95
ENOUGH = 1.5 * LEAST_WEIGHT  # of a student's own: who wrote less than this cannot be told from anybody


def own_weight(handed: Handed, each: Exercises) -> float:
    """How much of what a student handed in is neither the author's nor given."""
    given = each.given[each.source.name]
    return sum(sum(of_answer(answer, handed).without(given).values()) for answer in handed.answers)


@pytest.mark.parametrize("name", EXERCISES)
def test_independent_right_answers_make_no_pair(name: str) -> None:
    """In no cell are two of the right answers that were written independently of each other alike."""
    each = EXERCISES[name]
    for cell, texts in each.cells.items():
        handed = [each.handed(student, {cell: text}) for student, text in texts.items()]
        assert compare(handed, each.given)[0] == [], cell


def test_disguised_copies_are_found_and_nothing_else() -> None:
    """Of the students who wrote enough, 95 of 100 copiers are found with the one whom they copied, and with nobody else."""
    found, missed = [], []
    for name, each in EXERCISES.items():
        students = each.students()
        originals = [each.handed(f"original {number}", texts) for number, texts in enumerate(students)]
        rng = random.Random(0)
        copies = [
            each.handed(f"copy {number}", {cell: disguised(text, asked([text]), rng) for cell, text in texts.items()})
            for number, texts in enumerate(students)
        ]
        pairs = {(pair.left, pair.right) for pair in compare([*originals, *copies], each.given)[0]}
        wanted = {(f"copy {number}", f"original {number}") for number in range(len(students))}
        assert pairs <= wanted, name
        for number, handed in enumerate(originals):
            if own_weight(handed, each) >= ENOUGH:
                (found if (f"copy {number}", f"original {number}") in pairs else missed).append((name, number))
    assert len(found) >= 30
    assert len(found) >= RECALL * (len(found) + len(missed)), missed


def student(name: str, *texts: str, code: bool = True) -> Handed:
    """A student with answers to the cells a, b and so on."""
    cells = "abcdefgh"[: len(texts)]
    return Handed(name, "q", tuple(Answer(cell, f"cell {cell}", text, code) for cell, text in zip(cells, texts, strict=True)))


PROSE = (
    "Dropout switches off a random half of the units, so none can rely on one neighbour alone; the load is spread over many. "
    "In my curves the gap between the two accuracies shrinks from forty points to eleven, while the training loss stays higher. "
    "One run is one seed, and I would not bet on the second digit of any of these numbers before I have seen five more."
)
OTHER = (
    "The network without it reads the corner pixels, which we see from the nearly perfect accuracy on the pictures with the cheat. "
    "With it, the corners are missing every second time and it has to look at the rest, like the large input of part (f). "
    "I am fairly sure of the direction, less of the size, since a thousand test images give an error of about three points."
)


def test_a_text_with_some_words_changed_is_alike() -> None:
    """Written answers are compared by runs of five words, and what both have is marked."""
    changed = PROSE.replace("half", "part").replace("eleven", "nine").replace(" bet ", " swear ")
    pairs, groups, more = compare(
        [student("a", PROSE, code=False), student("b", OTHER, code=False), student("c", changed, code=False)], {}
    )
    assert [(pair.left, pair.right) for pair in pairs] == [("a", "c")]
    assert ([group.students for group in groups], more) == ([("a", "c")], 0)
    cell = pairs[0].cells[0]
    assert "".join(piece.text for piece in cell.left) == PROSE
    assert "eleven" not in "".join(piece.text for piece in cell.left if piece.common)
    assert "In my curves the gap between the two accuracies" in "".join(piece.text for piece in cell.right if piece.common)


LONG = """
def solve(grid, start):
    frontier = [(0, start)]
    best = {start: 0}
    while frontier:
        cost, here = frontier.pop(frontier.index(min(frontier)))
        for step in neighbours(grid, here):
            total = cost + grid[step] ** 2 - 3 * abs(step[0] - here[1])
            if total < best.get(step, 1e9):
                best[step] = total
                frontier.append((total, step))
    return {place: round(value / 7, 2) for place, value in best.items() if value % 2}
"""


def test_what_the_author_gave_and_what_many_have_says_nothing() -> None:
    """The same answer makes a pair, unless it is the homework's own, or many of the class have it."""
    two = [student("a", LONG), student("b", LONG)]
    assert len(compare(two, {})[0]) == 1
    forms = frozenset(name.partition(":")[0] for name in of_answer(two[0].answers[0], two[0]).weights)
    assert compare(two, {"q": forms})[0] == []
    assert compare([student(str(number), LONG) for number in range(6)], {})[0] == []
    few = [student(str(number), LONG) for number in range(5)]
    others = [student(f"other {number}", f"x = {number} + y[{number}]") for number in range(50)]
    pairs, groups, more = compare([*few, *others], {}, most=3)
    assert (len(pairs), more) == (3, 7)
    assert [group.students for group in groups] == [("0", "1", "2", "3", "4")]


def test_what_was_added_to_a_long_copy_does_not_hide_it() -> None:
    """From a certain length on, most of the smaller answer is enough; of a short one it is not."""
    more = "\n".join(f"def extra_{n}(q):\n    return q[{n}] * {n} - q[{n} + 1]" for n in range(30))
    assert len(compare([student("a", LONG), student("b", LONG + more)], {})[0]) == 1
    short = "y = x[0] * 3 - x[1] / 7 + abs(x[2])"
    assert compare([student("a", short), student("b", short)], {})[0] == []


def test_cells_and_files_of_their_own_are_compared_as_one() -> None:
    """What stands in a cell of the student's own here may stand in a file there."""
    here = Handed("a", "q", (Answer("", "cell no. 3 of the file", "import math", True), Answer("", "cell no. 9", LONG, True)))
    there = Handed("b", "q", (Answer("", "mine.py, beside the notebook", LONG, True),))
    (pair,) = compare([here, there], {})[0]
    assert pair.cells[0].cell == ""
    assert [piece.text for piece in pair.cells[0].left if piece.common][:1] == ["def solve(grid, start):"]
