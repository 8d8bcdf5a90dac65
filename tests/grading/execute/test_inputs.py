"""Every name of a test comes from where its author means it to come from."""

from __future__ import annotations

from grading import notebook as nb
from grading.execute.inputs import Inputs, find
from tests.grading.conftest import cell


def inputs_of(*cells: nb.Cell) -> Inputs:
    """The inputs of the last cell, which is a test."""
    return find({"cells": list(cells), "metadata": {}})[cells[-1]["id"]]


def given(source: str) -> nb.Cell:
    """A cell that comes before the test."""
    return cell("code", f"given{abs(hash(source)) % 1000}", source)


def test_cell(source: str, name: str = "t") -> nb.Cell:
    """An automatic test."""
    return cell("code", name, source, grade=True, locked=True, points=1)


test_cell.__test__ = False  # type: ignore[attr-defined]  # it makes cells, it is not a test of ours


def test_values_and_functions_are_the_students() -> None:
    """What earlier cells assign or define is asked for; built-ins and unknown names are not."""
    made = inputs_of(
        given("x, (y, *z) = 1, (2, 3)\ndef f(): hidden = 1\nclass C: inner = 2"), test_cell("print(f(x), z, C, inner, hidden)")
    )
    assert made == Inputs(("C", "f", "x", "z"), ())


def test_imports_are_made_on_this_side() -> None:
    """A name that the author imports means that module, whatever the student binds it to."""
    made = inputs_of(
        given("import numpy as np, os.path\nif True:\n    from torch import nn as layers\ndef f():\n    import json"),
        test_cell("np.ones(1); layers; os; json"),
    )
    assert made == Inputs((), ("from torch import nn as layers", "import numpy as np", "import os.path"))


def test_the_last_binding_counts() -> None:
    """A name that a test binds is the tests' own from there on, until another cell binds it."""
    first = test_cell("w = double(1)\nhelper = 2", "first")
    source: nb.Notebook = {
        "cells": [
            given("def double(x): return x\nw = 1"),
            first,
            test_cell("w, helper", "second"),
            given("w = 3"),
            test_cell("w, helper"),
        ],
        "metadata": {},
    }
    made = find(source)
    assert made["first"] == Inputs(("double",), ())
    assert made["second"] == Inputs((), ())
    assert made["t"] == Inputs(("w",), ())


def test_names_used_inside_functions_count() -> None:
    """A test's own functions and comprehensions read names too; their parameters are theirs."""
    made = inputs_of(given("rate = 1\nscale = 2\nv = 3"), test_cell("def g(v):\n    return rate * v\n[scale for k in range(3)]"))
    assert made == Inputs(("rate", "scale"), ())


def test_a_name_that_the_test_overwrites_is_fetched_first() -> None:
    """`w = array(w)` needs the student's w."""
    assert inputs_of(given("w = 1"), test_cell("w = float(w)")) == Inputs(("w",), ())


def test_magics_do_not_break_it() -> None:
    """Cells may use the notebook's own syntax."""
    assert inputs_of(given("%matplotlib inline\nfiles = !ls\nx = 1"), test_cell("x, files")) == Inputs(("files", "x"), ())
