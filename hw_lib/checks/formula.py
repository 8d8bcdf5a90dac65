"""Checks a formula that a student wrote as text, by its values at random points: any equivalent form is right.

The text is read by a small evaluator of our own, because the symbolic packages run what they read as Python, and this text comes
from a student. It knows numbers, named symbols, + - * / ^ and a few functions; nothing else is looked up, nothing is called.
"""

from __future__ import annotations

import ast
import math
import numbers
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from hw_lib import streams
from hw_lib.errors import CheckFailed

Ranges = Mapping[str, tuple[float, float]]
Point = dict[str, float]

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,  # on floats, so that 9^9^9 overflows at once instead of filling the memory
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "abs": abs,
}
_LIBRARY = re.compile(r"\b(?:np|numpy|math|torch)\s*\.\s*(?=[a-z]+\s*\()")  # np.sqrt(…) is sqrt(…)
# how people write what Python writes otherwise
_TYPED = str.maketrans(
    dict.fromkeys("·⋅×∗•", "*")  # noqa: RUF001
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("÷∕\u2044", "/")  # noqa: RUF001
    | {digit: f"^{k}" for k, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    | {"½": "(1/2)", "√": " sqrt ", "σ": "sigma", "μ": "mu", "η": "eta"}  # noqa: RUF001
)
_ROOT = re.compile(r"\bsqrt\s+(\w+(?:\.\d+)?)(?!\s*[\w(.])")  # √p, where √(p) has brackets
_LONGEST = 300
_POINTS = 12


def formula(
    name: str,
    got: Any,
    expected: str,
    *,
    symbols: Ranges,
    whole: tuple[str, ...] = (),
    mistakes: Mapping[str, str] | None = None,
    fix: str = "",
) -> None:
    """Check that a formula has the values of the author's.

    Args:
        name: what the student calls it.
        got: their text, such as "sigma^2 / (n - k + 1)"; a plain number is taken as it is.
        expected: the author's, in the same language.
        symbols: every symbol that may stand in it, and the range that values are drawn from.
        whole: those of them that are whole numbers.
        mistakes: a sentence for each formula that is known to be wrong.
        fix: the sentence for every other wrong one.

    Raises:
        CheckFailed: it cannot be read, has an unknown symbol, or another value; the message names the point.
    """
    tree = _read(name, got, symbols)
    points = _points(streams.rng(f"formula {name}"), symbols, whole)
    ours, theirs = ([_value(one, point) for point in points] for one in (_parsed(expected), tree))
    if _same(ours, theirs):
        return
    sentence = next((s for s, wrong in (mistakes or {}).items() if _same([_value(_parsed(wrong), p) for p in points], theirs)), fix)
    k = next(k for k in range(_POINTS) if not _same(ours[k : k + 1], theirs[k : k + 1]))
    where = ", ".join(f"{symbol} = {value:g}" for symbol, value in points[k].items())
    raise CheckFailed(
        f"{name} is not right", expected=f"{ours[k]:.5g} at {where}", got=f"{theirs[k]:.5g}: {_shown(got)}", fix=sentence
    )


def evaluate(name: str, got: Any, point: Mapping[str, float]) -> float:
    """The value of a student's formula where its symbols have the values of `point`.

    Raises:
        CheckFailed: it cannot be read, has an unknown symbol, or no finite value there.
    """
    value = _value(_read(name, got, dict.fromkeys(point, (0, 0))), dict(point))
    if not math.isfinite(value):
        where = ", ".join(f"{symbol} = {entry:g}" for symbol, entry in point.items())
        raise CheckFailed(f"{name} has no value at {where}", expected="a finite number", got=_shown(got))
    return value


def _shown(got: Any) -> str:
    return str(got)[:_LONGEST]


def _typed(text: str) -> str:
    """Replace typographic symbols by Python's. Twice, because NFKC makes ² a plain 2, and an italic sigma one of those symbols."""
    plain = unicodedata.normalize("NFKC", text.translate(_TYPED)).translate(_TYPED)
    return " ".join(_ROOT.sub(r"sqrt(\1)", _LIBRARY.sub("", plain)).split())


def _parsed(text: str) -> ast.expr:
    return ast.parse(text.replace("^", "**").strip(), mode="eval").body


def _read(name: str, got: Any, symbols: Mapping[str, object]) -> ast.expr:
    """The student's text as a tree of nothing but known operations, symbols and numbers."""
    if isinstance(got, np.generic | np.ndarray) and np.ndim(got) == 0:
        got = got.item()
    if isinstance(got, numbers.Real | Decimal) and not isinstance(got, bool):
        got = repr(got if isinstance(got, int) else float(got))
    if not isinstance(got, str) or not got.strip() or len(got) > _LONGEST:
        raise CheckFailed(f"{name} is not a formula", expected='text, such as "2*n + 1"', got=_shown(repr(got)))
    try:
        tree = _parsed(_typed(got))
        _check(name, tree, symbols, got)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        fix = "write every multiplication as *, powers as ^, and close every bracket"
        raise CheckFailed(f"{name} cannot be read", expected='such as "2*n*(k + 1)^2"', got=got, fix=fix) from None
    return tree


def _check(name: str, node: ast.expr, symbols: Mapping[str, object], text: str) -> None:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return
        case ast.Name(id=symbol) if symbol in symbols:
            return
        case ast.Name(id=symbol):
            known = ", ".join((*symbols, *_FUNCTIONS))
            raise CheckFailed(f"{name} has an unknown symbol", expected=known, got=f"{symbol}, in {text}")
        case ast.BinOp(
            left=ast.BinOp(op=ast.Pow(), right=ast.Constant(value=1) | ast.UnaryOp(operand=ast.Constant(value=1))),
            op=ast.Div(),
            right=ast.Constant(),
        ):
            fix = "a power is taken before a division: write ^(1/2), or sqrt"
            raise CheckFailed(f"{name} has a power without brackets", got=text, fix=fix)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(name, left, symbols, text)
            _check(name, right, symbols, text)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(name, operand, symbols, text)
        case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]) if function in _FUNCTIONS:
            _check(name, argument, symbols, text)
        case ast.Call(func=ast.Name() | ast.Attribute() as function) if ast.unparse(function) not in (*_FUNCTIONS, *symbols):
            known = ", ".join(_FUNCTIONS)
            raise CheckFailed(f"{name} has an unknown function", expected=known, got=f"{ast.unparse(function)}, in {text}")
        case _:
            raise ValueError("not a formula")


def _value(node: ast.expr, point: Point) -> float:
    """The value of a checked tree; NaN where it has none."""
    try:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=symbol):
                return point[symbol]
            case ast.BinOp(left=left, op=op, right=right):
                return float(_OPERATORS[type(op)](_value(left, point), _value(right, point)))
            case ast.UnaryOp(op=op, operand=operand):
                return -_value(operand, point) if isinstance(op, ast.USub) else _value(operand, point)
            case ast.Call(func=ast.Name(id=function), args=[argument]):
                return float(_FUNCTIONS[function](_value(argument, point)))
    except (ArithmeticError, ValueError):
        pass
    return math.nan


def _points(rng: np.random.Generator, symbols: Ranges, whole: tuple[str, ...]) -> list[Point]:
    drawn = {s: rng.uniform(low, high, _POINTS) for s, (low, high) in symbols.items()}
    return [{s: float(round(v[k]) if s in whole else v[k]) for s, v in drawn.items()} for k in range(_POINTS)]


def _same(a: list[float], b: list[float]) -> bool:
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))
