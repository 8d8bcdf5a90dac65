"""The matrix of answers and tests says what the answers say of themselves."""

from __future__ import annotations

import pytest

from tests.notebooks.blame_matrix import MATRIX, charge, written
from tests.notebooks.test_mutants import HOMEWORK, VARIANTS, Solved, Variant, solved  # noqa: F401  a fixture

KNOWN = written()


def test_every_answer_has_its_row() -> None:
    """Whoever adds an answer renews the table of its cell: python -m tests.notebooks.blame_matrix <notebook>-<cell>."""
    ours = {exercise: {v.path.stem for v in VARIANTS if f"{v.homework}-{v.exercise}" == exercise} for exercise in KNOWN}
    assert {exercise: set(answers) for exercise, answers in KNOWN.items()} == ours
    assert {f"{v.homework}-{v.exercise}" for v in VARIANTS} <= set(KNOWN)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: f"{v.homework}-{v.exercise}-{v.path.stem}")
def test_the_matrix_agrees_with_the_answers(variant: Variant) -> None:
    """The tests of an answer's own part are those that its header names, which test_mutants runs."""
    row = KNOWN.get(f"{variant.homework}-{variant.exercise}", {}).get(variant.path.stem)
    if row is not None:
        assert {test for test in row if test.split("_")[0] == variant.exercise.split("_")[0]} == variant.loses


@pytest.mark.long
@pytest.mark.parametrize("name", HOMEWORK)
def test_the_matrix_is_what_happens(name: str, solved: Solved) -> None:  # noqa: F811
    """Run again, every answer loses what the matrix says, in other parts too."""
    for variant in (v for v in VARIANTS if v.homework == name):
        losses = charge(variant, solved(HOMEWORK[name]))
        assert set(losses) == KNOWN[f"{name}-{variant.exercise}"][variant.path.stem], variant.path


def test_the_matrix_is_there() -> None:
    """It is a file that people read."""
    assert MATRIX.read_text(encoding="utf-8").startswith("# Which answer loses which test")
