"""Formulas as text: every equivalent form is right, every other one is named, and nothing in the text is run."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from hw_lib import checks
from hw_lib.errors import CheckFailed, read

SYMBOLS = {"n": (5.0, 40.0), "k": (2.0, 4.0), "sigma": (0.5, 2.0)}
RIGHT = "(n - k + 1)^2 * sigma^2"


def check(got: object, **more: object) -> None:
    """The question that all tests ask."""
    checks.formula("variance", got, RIGHT, symbols=SYMBOLS, whole=("n", "k"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        "sigma**2*(1+n-k)**2",
        "((n-k+1)*sigma)^2",
        "sigma^2*(n^2 - 2*n*k + k^2 + 2*n - 2*k + 1)",
        "sqrt(((n - k + 1) * sigma)^4)",
        "exp(2*log(n - k + 1)) * sigma * sigma",
        " +sigma * - (k - n - 1) * (n - k + 1) * abs(sigma) ",
        "σ² · (n \u2212 k + 1)²",
        "\U0001d70e² × (n – k + 1)²",  # noqa: RUF001
        "np.sqrt(σ⁴) * (n-k+1)^2",
        "sigma^2\n * (n - k + 1)^2",
        "√sigma * √sigma³ · (n - k + 1) * √ (n - k + 1)²",
        "√4/2 * (√sigma)^4 * (n - k + 1)^2",
        "√(sigma^4) ∗ (n-k+1)^(½ * 4)",  # noqa: RUF001
        "exp(2*ln(n - k + 1)) * sigma^4 ÷ sigma^2",
    ],
)
def test_any_equivalent_form(text: str) -> None:
    """Order, brackets, roots and signs are a matter of taste."""
    check(text)


@pytest.mark.parametrize(
    "text", ["n^2 * sigma^2", "(n - k)^2 * sigma^2", "(n - k + 1) * sigma^2", "0", 3, 2.5, "n/0", "sqrt(-n)", "9^9^9^9"]
)
def test_every_other_one(text: object) -> None:
    """The message says where it differs."""
    with pytest.raises(CheckFailed, match="variance is not right") as caught:
        check(text)
    assert " at n = " in read(str(caught.value)).expected


def test_a_known_mistake_has_its_sentence() -> None:
    """In whatever form it is written."""
    with pytest.raises(CheckFailed, match=r"there are n - k \+ 1 places") as caught:
        check("sigma*n*n*sigma", mistakes={"there are n - k + 1 places in a row, not n": "n^2 * sigma^2"})
    assert "n = " in str(caught.value)


@pytest.mark.parametrize("got", [np.float64(0), np.int64(0), np.array(0.0), Fraction(0), Decimal(0), 0])
def test_a_number_of_any_kind(got: object) -> None:
    """Is a formula without symbols."""
    checks.formula("mean", got, "0", symbols=SYMBOLS)


def test_the_sign_of_micro_is_a_mu() -> None:
    """The one on keyboards is another character than the Greek letter."""
    checks.formula("A", "\u00b5", "mu", symbols={"mu": (-2, 2)})


@pytest.mark.parametrize("text", ["(n/k)^1/2", "(n/k)^-1/2"])
def test_a_power_without_brackets(text: str) -> None:
    """Nobody means (x^1) / 2."""
    with pytest.raises(CheckFailed, match="a power without brackets") as caught:
        check(text)
    assert "^(1/2)" in read(str(caught.value)).fix


def test_an_unknown_function_is_named() -> None:
    """With those that there are."""
    with pytest.raises(CheckFailed, match="unknown function") as caught:
        check("sin(n)")
    assert "sqrt, exp, log" in read(str(caught.value)).expected


def test_an_unknown_symbol_is_named() -> None:
    """A typing slip is not a wrong formula."""
    with pytest.raises(CheckFailed, match="unknown symbol") as caught:
        check("m * sigma^2")
    assert read(str(caught.value)).got.startswith("m, in")


@pytest.mark.parametrize(
    "text",
    [
        "2n",
        "(n - k",
        "n ** ",
        "[n]",
        "n if k else 1",
        "n.real",
        "f(n)",
        "lambda: n",
        "'n'",
        "True",
        "__import__('os')",
        "n; k",
        "(" * 250,
    ],
)
def test_what_is_no_formula(text: str) -> None:
    """It is said to be unreadable, and never run."""
    with pytest.raises(CheckFailed, match=r"cannot be read|unknown symbol|unknown function|is not a formula"):
        check(text)


@pytest.mark.parametrize("got", [None, "", " ", [1], True, "n" * 400])
def test_no_text_at_all(got: object) -> None:
    """Something else than a text or a number."""
    with pytest.raises(CheckFailed, match="is not a formula"):
        check(got)


def test_it_costs_nothing() -> None:
    """A tower of powers ends at once."""
    before = time.process_time()
    with pytest.raises(CheckFailed):
        check("^".join(["9"] * 100))
    assert time.process_time() - before < 1


def test_the_value_at_a_point() -> None:
    """For checks by experiment."""
    assert checks.evaluate("v", "2*k^2", {"k": 3}) == 18
    with pytest.raises(CheckFailed, match="has no value at k = 0"):
        checks.evaluate("v", "1/k", {"k": 0})
