"""What every graded test cell keeps to, read from its source."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading import regions
from grading.source import read_source

COURSE = courses.load(Path(__file__).parents[2] / "course.toml")
TESTS = [
    pytest.param(cell["source"], id=f"{name}-{cell['id']}")
    for part in COURSE.assignments.values()
    for name in part.notebooks
    for cell in read_source(COURSE, part, name)["cells"]
    if nb.is_test(cell)
]


def left_behind(source: str) -> set[str]:
    """The names that a cell binds outside of functions, imports included."""
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def test_there_are_test_cells() -> None:
    """The cells are found."""
    assert len(TESTS) > 80


@pytest.mark.parametrize("source", TESTS)
def test_a_test_cell_leaves_nothing_behind(source: str) -> None:
    """It binds the one name `_test`, so a function that uses a global by mistake finds what it finds when graded."""
    assert left_behind(source) == {"_test"}
    assert source.rstrip().endswith("\n_test()")


def test_what_is_left_behind_is_seen() -> None:
    """Assignments, loops, imports and functions are names; what a function binds is not."""
    assert left_behind("import numpy as np\nfor k in range(2):\n    x = k\ndef f():\n    y = 1\n") == {"np", "k", "x", "f"}


# what is no hidden input: the public images, which every student has, and a permutation that the task itself names
PUBLIC = (
    "shapes.draw(3000, seed=1, classes=100)",
    "data.load('cifar100', n_train=1, n_test=10000, seed=0)",
    "np.random.default_rng(0)",
)
# a recorded experiment that is run again keeps the seed and the images of its notebook
REPLAYED = ("np.random.seed(", "data.load('cifar10', ", "solver_of(")
_GLOBAL = ("np.random.", "numpy.random.", "random.")
_TORCH = {"rand", "randn", "randint", "randperm", "bernoulli", "normal", "rand_like", "randn_like"}


def guessable(source: str) -> list[str]:
    """What a hidden part draws, or lets others draw, from a seed that stands there for everybody to read, or from none."""
    stripped = regions.strip_regions(source, regions.HIDDEN_TESTS).text
    if stripped == source:
        return []
    lines = source.splitlines()
    tree = ast.parse(source)
    seeded = any(_says(node, "torch.manual_seed(checks.seed(") for node in ast.walk(tree))
    again = REPLAYED if "replay.needing(" in source else ()
    found = []
    for node in ast.walk(tree):
        hidden = isinstance(node, ast.Call | ast.Dict) and _is_hidden(node.lineno, lines)
        public = hidden and (ast.unparse(node) in PUBLIC or ast.unparse(node).startswith(again))
        if hidden and not public and any(_draws(node, seeded)):
            found.append(ast.unparse(node)[:80])
    return found


def _is_hidden(line: int, lines: list[str]) -> bool:
    """Whether a line stands between the markers of a hidden part."""
    before = "\n".join(lines[:line])
    return before.count("BEGIN HIDDEN TESTS") > before.count("END HIDDEN TESTS")


def _says(node: ast.AST, text: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node).startswith(text)


def _draws(node: ast.Call | ast.Dict, seeded: bool) -> Iterator[bool]:
    """Whether a call or a dictionary brings random numbers that somebody could know beforehand, one reason after the other."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield any(isinstance(key, ast.Constant) and key.value == "seed" and isinstance(value, ast.Constant) for key, value in pairs)
        return
    called = ast.unparse(node.func)
    constant = all(isinstance(argument, ast.Constant) for argument in node.args)
    yield called.endswith(("default_rng", "manual_seed", "RandomState")) and constant
    yield called.startswith(_GLOBAL) and "(" not in called and not called.endswith(("default_rng", "get_state"))
    yield called.startswith("torch.") and called.removeprefix("torch.") in _TORCH and not seeded
    yield any(keyword.arg == "seed" and isinstance(keyword.value, ast.Constant) for keyword in node.keywords)


@pytest.mark.parametrize("source", TESTS)
def test_no_hidden_input_can_be_known_beforehand(source: str) -> None:
    """Students can read our repository: what a hidden part draws follows from `checks.rng` or `checks.seed`."""
    assert guessable(source) == []


@pytest.mark.parametrize(
    ("line", "is_seen"),
    [
        ("x = np.random.default_rng(7).normal(size=3)", True),
        ("x = np.random.default_rng().normal(size=3)", True),
        ("x = np.random.normal(size=3)", True),
        ("x = random.randint(1, 9)", True),
        ("torch.manual_seed(5)", True),
        ("x = torch.randn(3)", True),
        ("checks.dropout_module(Dropout, seed=1)", True),
        ("x = shapes.draw(3_000, seed=90_417, classes=100)", True),
        ('settings = {"n": 20, "seed": 77}', True),
        ('x = checks.rng("hw/a_test").normal(size=3)', False),
        ('torch.manual_seed(checks.seed("hw/a_test")); x = torch.randn(3)', False),
        ('checks.dropout_module(Dropout, seed=checks.seed("hw/a_test"))', False),
        ("y = len([1, 2])", False),
    ],
)
def test_a_seed_that_anybody_can_read_is_seen(line: str, is_seen: bool) -> None:
    """In a hidden part, and there alone."""
    hidden = f"def _test():\n    a = 1\n    ### BEGIN HIDDEN TESTS\n    {line}\n    ### END HIDDEN TESTS\n\n\n_test()\n"
    assert bool(guessable(hidden)) is is_seen
    shown = f"def _test():\n    {line}\n    ### BEGIN HIDDEN TESTS\n    a = 1\n    ### END HIDDEN TESTS\n\n\n_test()\n"
    assert guessable(shown) == []
