"""A copy has the normal form of its original; another answer has another one."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from grading import syntax
from hw_lib import dotted

ROOT = Path(__file__).parents[2]

ORIGINAL = '''
import numpy as np


def conv(x, w, param):
    """Convolve."""
    stride, pad = param["stride"], param["pad"]
    padded = np.pad(x, pad, mode="constant", constant_values=0)
    out = np.zeros(3)
    for i in range(len(out)):
        if i > stride:
            out[i] += np.sum(padded[i : i + len(w)] * w)
    return out
'''
COPY = """
from numpy import pad as surround
import numpy


def conv(a: list, b, options) -> object:
    result: object = numpy.zeros(3.0)  # where it goes
    border = options["pad"]
    step = options["stride"]
    wide = surround(a, border, constant_values=0, mode="constant")
    for k in range(len(result)):
        if step < k:
            result[k] = result[k] + numpy.sum(wide[k : k + len(b)] * b)
    return result
"""


def forms(text: str) -> list[str]:
    """The forms of a text's statements, in no order."""
    return sorted(statement.form for statement in syntax.read(text))


def test_a_copy_has_the_same_form() -> None:
    """Names, order, comments, annotations, imports and manners of writing make no difference."""
    assert forms(COPY) == forms(ORIGINAL)
    assert syntax.functions(COPY)[0].form == syntax.functions(ORIGINAL)[0].form


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+=", "-="),
        ("* w)", "* x)"),
        ("np.sum", "np.mean"),
        ('"pad"', '"edge"'),
        ("zeros(3)", "zeros(4)"),
        ("i > stride", "i >= stride"),
    ],
)
def test_another_answer_has_another_form(old: str, new: str) -> None:
    """An operator, a variable, a function, a key, a number or a comparison is not a matter of style."""
    assert forms(ORIGINAL.replace(old, new)) != forms(ORIGINAL)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x += f(y)", "a = a + g(b)"),
        ("a, b = c, d", "b = d\na = c"),
        ("a = b = f(c)", "a = f(c)\nb = f(c)"),
        ("raise ValueError('no such mode here')", "raise ValueError(f'unknown: {mode}')"),
        ("x: int = 3", "x = 3.0"),
        ("f(b=1, a=2)", "f(a=2, b=1)"),
        ("%time\nx = y[0]", "x = y[0]"),
    ],
)
def test_manners_of_writing(one: str, other: str) -> None:
    """Two ways to write the same statements."""
    assert forms(one) == forms(other)


def test_imports_are_those_of_every_node() -> None:
    """Looking at statements alone finds what a walk over everything finds, in the same order, in every file of ours."""
    texts = [
        path.read_text(encoding="utf-8") for room in ("grading", "hw_lib", "tests") for path in sorted((ROOT / room).rglob("*.py"))
    ]
    tried = "try:\n    import c as x\nexcept E:\n    import d as x\nelse:\n    import f as x\nfinally:\n    import e\n"
    inside = f"import z as x\nif a:\n    import b as x\n{tried}"
    matched = "match a:\n    case 1:\n        import b as x\n    case _:\n        import c as x\nf = lambda: 0 if a else 1\n"
    for text in (*texts, inside, matched):
        tree = syntax.parse(text)
        assert tree is not None
        assert list(syntax.imports([tree]).items()) == list(dotted.imports(ast.walk(tree)).items())


def test_lines_and_names_of_functions() -> None:
    """A statement knows its lines, its head alone where it has a body; a method knows its class."""
    text = "class A:\n    def f(self, x):\n        if x:\n            return (1 +\n                    2)\n        return x\n"
    (method,) = syntax.functions(text)
    assert (method.name, method.first, method.last, method.size > 5) == ("A.f", 2, 6, True)
    assert [(each.first, each.last) for each in method.statements] == [(3, 3), (4, 5), (6, 6)]
    assert [each.first for each in syntax.read("match x:\n    case 1:\n        y = 2\ntry:\n    f()\nexcept E as e:\n    g(e)\n")]


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "\0",
        "(" * 50_000,
        "x" + "()" * 20_000,
        "x = " + "-" * 90_000 + "1",
        " \n\t" * 30_000 + "%pwd",
        "#" * 200_000,
        "x.a" * 9,
        f"x = {hex(10**5000)}",
    ],
)
def test_no_text_takes_long_or_raises(text: str) -> None:
    """Text that is made to stall or to overflow a parser is looked through in a moment."""
    started = time.process_time()
    syntax.read(text)
    syntax.functions(text)
    assert time.process_time() - started < 5
