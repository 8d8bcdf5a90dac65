"""A student's own words in a hidden test's message: staff read them, students only what they had said before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import quotes
from grading.inside import quoted
from grading.quotes import Said, shown, whole


def students_version(visible: str, hidden: str) -> str:
    """What a page shows of `hidden`, said in a hidden test, by a student whose code said `visible` in a visible one."""
    return shown(Said(["ValueError", visible]).released(quoted.quoted(hidden)))


def test_both_sides_of_the_wall_use_the_same_marks() -> None:
    """The trusted process puts them, and we take them away."""
    assert quoted.MARKS == quotes.OPEN + quotes.CLOSE


@pytest.mark.parametrize(
    ("visible", "hidden", "left"),
    [
        ("", "x is [0.1 0.2]", "…"),
        ("shapes (2,3) and (4,) do not fit", "shapes (2,3) and (4,) do not fit", "shapes (2,3) and (4,) do not fit"),
        ("shapes (2,3) and (4,) do not fit", "shapes (2,3) and (9,) do not fit", "shapes (…,…) and (…,) do not fit"),
        ("shapes (2,3) do not fit", "shapes (2,3) and (4,) do not fit", "…"),
        ("f cannot run\n  got:      ValueError: no such axis", "no such axis", "no such axis"),
        ("a\nb", "a\nb", "a\nb"),
        ("a\nb\nc", "c\na\nb\nb", "…\n…\n…\n…"),
        ("it is -1.5e-3 here", "it is -2.5e+10 here", "it is … here"),
        ("", "wrong\n  expected: 0.123\n  fix:      look at 0.456", "…\n  expected: …\n  fix:      …"),
        ("", "⟫0.5⟪", "…"),
    ],
)
def test_what_is_left_for_the_student(visible: str, hidden: str, left: str) -> None:
    """The same words stay, other numbers in them do not, and from lines one by one nothing can be spelled."""
    assert students_version(visible, hidden) == left


@given(st.text(), st.text())
def test_staff_read_everything(before: str, said: str) -> None:
    """Whatever is put between marks comes out again, line by line, without its own marks; the test's words stay as they are."""
    before, said = whole(before), whole(said)
    assert whole(before + quoted.quoted(said)) == before + "\n".join(said.splitlines())


@given(st.text(alphabet="0123456789.- abc\n", min_size=1))
def test_nothing_new_gets_through(said: str) -> None:
    """Of a message that was not said on visible inputs no letter and no digit is left."""
    assert not set(students_version("another", said)) - set("… \n")


def test_a_message_that_was_cut_is_quoted_to_its_end() -> None:
    """A mark that lost its partner hides too much rather than too little."""
    assert shown(quoted.quoted("0.25 and more")[:6]) == "…"
