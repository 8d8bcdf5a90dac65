"""Every name of a test comes from where its author means it to come from."""

from __future__ import annotations

import pytest

from grading import notebook as nb
from grading.execute.inputs import Inputs, find
from tests.grading.conftest import cell


def inputs_of(*cells: nb.Cell) -> Inputs:
    """The inputs of the last cell, which is a test."""
    return find({"cells": list(cells), "metadata": {}})[cells[-1]["id"]]


def given(source: str) -> nb.Cell:
    """The author's cell before the test."""
    return cell("code", f"given{abs(hash(source)) % 1000}", source, locked=True)


def answer(source: str) -> nb.Cell:
    """A student's cell before the test."""
    return cell("code", f"answer{abs(hash(source)) % 1000}", source, solution=True)


def test_cell(source: str, name: str = "t") -> nb.Cell:
    """An automatic test."""
    return cell("code", name, source, grade=True, locked=True, points=1)


test_cell.__test__ = False  # type: ignore[attr-defined]  # it makes cells, it is not a test of ours


def test_values_and_functions_of_answers_are_the_students() -> None:
    """What answers assign or define is asked for; built-ins and unknown names are not."""
    made = inputs_of(
        answer("x, (y, *z) = 1, (2, 3)\ndef f(): hidden = 1\nclass C: inner = 2"), test_cell("print(f(x), z, C, inner, hidden)")
    )
    assert made == Inputs(("C", "f", "x", "z"), ())


def test_what_the_author_gives_is_made_here() -> None:
    """A given function runs on this side, with what it needs of the author's, and calls the student's by a proxy."""
    made = inputs_of(
        given("import math\nscale = 2\nscale *= 3\nunused = 1"),
        answer("def f(x): return x"),
        given("def g(x):\n    return scale * math.sqrt(f(x))"),
        test_cell("g(1)"),
    )
    functions = ("scale = 2", "scale *= 3", "def g(x):\n    return scale * math.sqrt(f(x))")
    assert made == Inputs(("f",), ("import math",), functions, ("g", "scale"))


def test_what_an_answer_had_a_part_in_is_the_students() -> None:
    """A value that was computed with an answer is asked for, through given functions and classes too; a loop's is as well."""
    made = inputs_of(
        answer("def f(x): return x"),
        given("def g(x): return f(x)\nclass G:\n    def m(self): return g(1)"),
        given("own = 2\ny = g(own)\nz = G()\nfor k in range(3):\n    w = k"),
        test_cell("y, z, own, w"),
    )
    assert made == Inputs(("w", "y", "z"), (), ("own = 2",), ("own",))


def test_a_name_in_a_string_counts_where_it_is_looked_up() -> None:
    """`globals()[name]` needs the names that strings hold."""
    cells = (
        answer("def f(): return 1\ndef g(): return 2"),
        given("class C:\n    names = ('f', 'h')\n    all = [globals()[n] for n in names]"),
    )
    assert inputs_of(*cells, test_cell("C()")).remote == ("f",)
    harmless = given("class D:\n    names = ('f', 'h')")
    assert inputs_of(cells[0], harmless, test_cell("D()")).remote == ()


def test_with_torch_helpers_run_beside_the_students_objects() -> None:
    """Gradients do not cross processes: there the author's statements go to the student's process, and the name is asked for."""
    made = inputs_of(
        given("import torch"),
        answer("def f(x): return x"),
        given("size = 3\ndef g(x): return torch.ones(size) * f(x)"),
        test_cell("g(1)"),
    )
    beside = ("import torch", "size = 3", "def g(x):\n    return torch.ones(size) * f(x)")
    assert made == Inputs(("g",), (), (), (), beside)


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
            answer("def double(x): return x\nw = 1"),
            first,
            test_cell("w, helper", "second"),
            answer("w = 3"),
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
    made = inputs_of(answer("rate = 1\nscale = 2\nv = 3"), test_cell("def g(v):\n    return rate * v\n[scale for k in range(3)]"))
    assert made == Inputs(("rate", "scale"), ())


def test_a_name_that_the_test_overwrites_is_fetched_first() -> None:
    """`w = array(w)` needs the student's w."""
    assert inputs_of(answer("w = 1"), test_cell("w = float(w)")) == Inputs(("w",), ())


def test_magics_do_not_break_it() -> None:
    """Cells may use the notebook's own syntax; what a magic gives is the student's process's."""
    made = inputs_of(given("%matplotlib inline\nfiles = !ls\nx = 1"), test_cell("x, files"))
    assert made == Inputs(("files",), (), ("x = 1",), ("x",))


def test_a_cell_that_is_no_python_is_named() -> None:
    """The author reads which cell, unless it says by Jupyter's tag that it raises on purpose."""
    broken = cell("code", "broken", "x = 1\ndef f(:", locked=True)
    with pytest.raises(SyntaxError, match=r"cell broken is no Python: invalid syntax, line 2"):
        inputs_of(broken, test_cell("x"))
    broken["metadata"]["tags"] = ["raises-exception"]
    assert inputs_of(broken, answer("x = 1"), test_cell("x")) == Inputs(("x",), ())


def test_what_a_student_file_holds_is_the_students() -> None:
    """A module that students change is never imported where the tests run; the author's helper is."""
    setup = given("import helper\nfrom model import Net")
    source: nb.Notebook = {"cells": [setup, test_cell("helper.f(Net)")], "metadata": {}}
    assert find(source, {"model"})["t"] == Inputs(("Net",), ("import helper",))
