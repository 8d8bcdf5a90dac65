"""A recorded curve is believed as far as the same experiment gives it again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hw_lib.checks import replay
from hw_lib.errors import CheckFailed, NeedsPerson

RECORD: Any = SimpleNamespace(name="e_deep", data="shapes", environment={"device": "Tesla T4"})
CURVE = np.array([2.3, 2.2, 2.1])


def compared(recorded: Any, again: Any = CURVE) -> None:
    """Compare with margins of a thousandth and three hundredths."""
    replay.same_beginning("the first losses", RECORD, recorded, again, close=1e-3, near=0.03)


def test_the_same_numbers_pass() -> None:
    """As they were, with the rounding of another processor, and with more of the curve than was run again."""
    compared(CURVE)
    compared(CURVE * (1 + 1e-4))
    compared([*CURVE, 2.0, 1.9])


def test_a_little_apart_is_for_a_person() -> None:
    """What hardware may explain is nobody's zero, and both curves are told."""
    with pytest.raises(NeedsPerson, match=r"a person will look at it[\s\S]*2\.3[\s\S]*2\.31[\s\S]*Tesla T4"):
        compared(CURVE + 0.01)


@pytest.mark.parametrize("recorded", [CURVE + 0.5, [2.3], [], [2.3, float("nan"), 2.1]])
def test_other_numbers_fail(recorded: Any) -> None:
    """Another network's curve, or none, is not of these answers."""
    with pytest.raises(CheckFailed, match="not of your answers") as failure:
        compared(recorded)
    assert not isinstance(failure.value, NeedsPerson)


def test_images_that_are_not_here() -> None:
    """Right answers train like right answers on other images too; whether others belong to the record, a person says."""
    replay.trains_alike("the first losses", RECORD, "shapes", CURVE, CURVE + 1e-5, close=1e-3)
    with pytest.raises(NeedsPerson, match="not on the machine that grades"):
        replay.trains_alike("the first losses", RECORD, "shapes", CURVE, CURVE + 0.1, close=1e-3)
    invented = SimpleNamespace(**{**vars(RECORD), "data": "my own"})
    with pytest.raises(NeedsPerson, match="is of my own, which"):
        replay.trains_alike("the first losses", invented, "shapes", CURVE, CURVE, close=1e-3)


def test_a_blank_answer_is_named() -> None:
    """A record without the answer that it needs, or with one that fails, says so; a name that is missing is another matter."""
    blank = r"the record 'e_deep' is there, but an answer[\s\S]*\(a\) and \(d\)"
    with pytest.raises(CheckFailed, match=blank), replay.needing("e_deep", "(a) and (d)"):
        raise NotImplementedError
    with pytest.raises(CheckFailed, match=r"cannot be run again[\s\S]*TypeError: no array"), replay.needing("e_deep", "(a)"):
        raise TypeError("no array")
    for full in (
        MemoryError("x"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("could not create a primitive"),
        OSError(12, "Cannot allocate memory"),
    ):
        with pytest.raises(NeedsPerson, match="no memory left"), replay.needing("e_deep", "(a)"):
            raise full
    with pytest.raises(NameError), replay.needing("e_deep", "(a)"):
        raise NameError("name 'f' is not defined")
