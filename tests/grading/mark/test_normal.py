"""Answers of one normal form are one group; what means something else never is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading.mark.normal import key, normal_form

SAME = [
    ("The **Loss** is $x^{2}$.", "the loss is x^2"),
    ("0.50 and 1,000", "0.5 and 1000"),
    (r"\tfrac{1}{2}\left( a\right)", r"$\frac{1}{2}(a)$"),
    ("5 - 3", "5\u22123"),
    ("1e-3", "0.001"),
    ("- yes\n- no\n", "yes\r\nno"),
    (r"$\alpha \le 2$", "\u03b1 \u2264 2"),
    ("# Heading\nwords", "Heading words"),
    ("\u201cquoted\u201d", '"quoted"'),
]
OTHER = [
    ("x", "X"),
    ("2*3", "23"),
    ("- 5", "5"),
    ("> 5", "5"),
    ("1. 5", "1.5"),
    ("1, 5", "1,5"),
    ("n!", "n"),
    ("10", "1"),
    ("0.5", "5"),
    ("a_1 b", "a1 b"),
    ("x\u00b2", "x2"),
    ("`Foo`", "`foo`"),
    ("Var(x)", "var(x)"),
    ("```\na\n  b\n```", "```\na\nb\n```"),
    ("not 1", "1"),
    ("v1.10", "v1.1"),
    (r"\frac{1}{2}", r"\frac{12}"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_that_nobody_grades_is_left_aside(one: str, other: str) -> None:
    """The two are one group."""
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    """The two are two answers."""
    assert normal_form(one) != normal_form(other)


TEXTS = st.text(alphabet=st.sampled_from("abXx12.,-*_$`\\{}^ \n#>()=+"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.lists(st.sampled_from(["aGk=", "aGo="]), max_size=2))
def test_different_normal_forms_are_never_merged(one: str, other: str, pictures: list[str]) -> None:
    """A group's key is the same exactly when the normal forms are; a picture is part of the form."""
    assert (key(one) == key(other)) == (normal_form(one) == normal_form(other))
    assert (key(one, pictures) == key(one)) == (not pictures)


@settings(max_examples=300, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999), st.integers(-999, 999))
def test_numbers_of_other_values_never_become_one(one: object, other: int) -> None:
    """However a number is written, its value and its sign stay."""
    assert (normal_form(f"w = {one}") == normal_form(f"w = {other}")) == (one == other)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
@example("\\")
def test_white_space_at_the_end_changes_nothing(text: str) -> None:
    """Any text has a form, and what an editor leaves behind it is nobody's answer."""
    assert normal_form(f"{text} \n\n") == normal_form(text)
