"""What comes back from a student's function is two things, or the message counts them."""

from __future__ import annotations

import numpy as np
import pytest

from hw_lib.checks import pair
from hw_lib.errors import CheckFailed


@pytest.mark.parametrize("result", [(1, 2), [1, 2], (np.zeros(3), None)], ids=["tuple", "list", "no cache needed"])
def test_two_things_are_taken_apart(result: object) -> None:
    """A tuple or a list of two; what they are does not matter."""
    first, second = pair("forward", result)
    assert [first, second] == list(result)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (None, r"forward returns nothing instead of \(out, cache\)"),
        (np.zeros((2, 3)), "forward returns one thing"),
        ((1, 2, 3), "forward returns 3 things"),
        ((), "forward returns 0 things"),
    ],
)
def test_anything_else_is_counted(result: object, says: str) -> None:
    """An array of two rows is one thing."""
    with pytest.raises(CheckFailed, match=says):
        pair("forward", result)


def test_the_two_things_can_have_other_names() -> None:
    """As the task names them."""
    with pytest.raises(CheckFailed, match=r"net returns one thing instead of \(loss, gradients\)"):
        pair("net", 2.3, "(loss, gradients)")
