"""Code about the grader is flagged; code about the homework is not."""

from __future__ import annotations

import time

import pytest

from grading.restore import suspicion
from tests.grading.conftest import cell


def flagged(source: str, before: str = "") -> str:
    """What is said about one cell."""
    return "\n".join(suspicion.notes([("cell a_double", cell("code", "a_double", source), before)]))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("checks.value = lambda *a, **k: None", "sets checks.value"),
        ("import hw_lib\nsetattr(hw_lib, 'x', 1)", "sets attributes of hw_lib"),
        ("class checks: pass\nchecks = checks()", "replaces checks"),
        ("import sys; sys.modules['hw_lib'] = None", "uses sys.modules"),
        ("get_ipython().run_cell = print", "uses get_ipython"),
        ("from inspect import stack", "imports inspect"),
        ("import gc, os", "imports gc"),
        ("import os\nos.environ['NBGRADER_EXECUTION']", "mentions NBGRADER"),
        ("%time x = 1\nimport ctypes", "imports ctypes"),
        ("def a_backward(d, x):\n    return slopes(lambda x: a_forward(x), x, d)", "uses a_forward in a_backward"),
    ],
)
def test_flagged(source: str, says: str) -> None:
    """Each plain way of reaching for the grader has its own words, and the cell's name."""
    assert flagged(source).startswith("look at cell a_double: it ")
    assert says in flagged(source)


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nresults = []\nfor p in (0, 1):\n    results.append(np.exp(p))",
        "from hw_lib import checks\nchecks.value('x', 1, 1)",
        "import os, sys, time\nprint(sys.version)",
        "def f(:",
        "!pip list\n%matplotlib inline\nx = 3",
        "def a_forward(x):\n    return x\n\n\ndef net_backward(d, ops, cache):\n    return ops.a_forward(a_backward(d, cache))",
    ],
)
def test_not_flagged(source: str) -> None:
    """Ordinary code, code that does not parse and notebook magic are nobody's business."""
    assert flagged(source) == ""


def test_what_was_there_before_is_not_the_students() -> None:
    """An edited cell is judged by what the student added to it."""
    assert flagged("import importlib\nx = 1", before="import importlib") == ""
    assert "imports gc" in flagged("import importlib, gc", before="import importlib")


def test_prose_is_not_read() -> None:
    """A markdown answer may mention whatever it likes."""
    assert suspicion.notes([("cell b_answer", cell("markdown", "b_answer", "import gc"), "")]) == ()


@pytest.mark.parametrize(
    "source",
    [
        " \n\t" * 30_000 + "%pwd",
        "x" + "()" * 20_000,
        "x" + ".a" * 20_000,
        "x = " + "-" * 90_000 + "1",
        "(" * 50_000,
        "\0",
        "#" * 90_000,
    ],
    ids=["blank lines", "calls", "attributes", "signs", "brackets", "a null", "a comment"],
)
def test_no_source_takes_long_or_raises(source: str) -> None:
    """Text that is made to stall or to overflow a parser is looked through in a moment."""
    started = time.process_time()
    assert suspicion.notes([("cell no. 1 of the file", cell("code", "own-1", source), "")]) == ()
    assert time.process_time() - started < 2


def test_a_very_long_cell_is_worth_a_look() -> None:
    """It is not parsed, and somebody is told."""
    assert suspicion.notes([("cell no. 1 of the file", cell("code", "own-1", "x = 1\n" * 20_000), "")]) == (
        "look at cell no. 1 of the file: it holds 120,000 characters",
    )


HELPER = cell("code", "b_helpers", "def train_simple(net):\n    return net\n\n\nclass Net:\n    pass\n\n\ndef _test():\n    pass\n")


@pytest.mark.parametrize(
    "source",
    [
        "def train_simple(net):\n    return 1\n",
        "train_simple = print\n",
        "class train_simple:\n    pass\n",
        "a, train_simple = 1, 2",
        "import math as train_simple",
        "for train_simple in (1, 2):\n    pass",
        "train_simple.cheat = 1",
        "setattr(train_simple, 'cheat', 1)",
        "globals()['train_simple'] = print",
        "with open('x') as train_simple:\n    pass",
    ],
)
def test_a_given_helper_that_an_answer_replaces_is_named(source: str) -> None:
    """A test that calls the helper would call the student's: somebody should read that."""
    given = suspicion.given_names({"cells": [HELPER], "metadata": {}})
    written = [("cell b_network", cell("code", "b_network", source), "")]
    assert suspicion.notes(written, given) == ("look at cell b_network: it replaces the given train_simple",)


def test_what_is_used_or_local_replaces_nothing() -> None:
    """Calling a helper, or a name of one's own inside a function, is no replacement; nor is the given cell itself, edited."""
    given = suspicion.given_names({"cells": [HELPER], "metadata": {}})
    assert given == {"train_simple", "Net"}
    source = "losses = [train_simple(3) for Net in (1, 2)]\n\ndef f():\n    train_simple = 2\n    return train_simple\n"
    edited = ("cell b_helpers", {**HELPER, "source": HELPER["source"] + "print(1)\n"}, HELPER["source"])
    assert suspicion.notes([("cell b_network", cell("code", "b_network", source), ""), edited], given) == ()
