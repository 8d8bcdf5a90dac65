"""Which functions of a notebook a measurement runs, and when they count as changed."""

from __future__ import annotations

import functools
import linecache
from typing import Any

import pytest

from hw_lib import provenance
from hw_lib.ops import LayerOps

_cells = iter(range(1000))


def notebook(source: str, **names: object) -> dict[str, Any]:
    """The names of a notebook after a cell, whose source Python can find."""
    name = f"<cell {next(_cells)}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    namespace = {"__name__": provenance.NOTEBOOK, **names}
    exec(compile(source, name, "exec"), namespace)
    return namespace


HELPER = "def helper(x):\n    return x + 1\n"


@pytest.mark.parametrize(
    "source",
    [
        "def measure():\n    return helper(1)",
        "def measure():\n    def inner():\n        return helper(1)\n    return inner()",
        "def outer(f):\n    def measure():\n        return f(1)\n    return measure\nmeasure = outer(helper)",
        "both = [helper]\ndef measure():\n    return both[0](1)",
        "table = {'a': (helper,)}\ndef measure():\n    return table['a'][0](1)",
        "def measure(f=helper):\n    return f(1)",
        "class Net:\n    def forward(self, x):\n        return helper(x)\ndef measure():\n    return Net().forward(1)",
        "class Net:\n    @staticmethod\n    def forward(x):\n        return helper(x)\ndef measure():\n    return Net.forward(1)",
        "class Net:\n    @property\n    def loss(self):\n        return helper(1)\ndef measure():\n    return Net().loss",
        "class Net:\n    def f(self):\n        return helper(1)\nclass Mine(Net):\n    pass\ndef measure():\n    return Mine().f()",
        "class Net:\n    pass\nnet = Net()\nnet.f = helper\ndef measure():\n    return net.f(1)",
        "part = partial(helper, 1)\nmeasure = lambda: part()",
    ],
)
def test_a_function_is_found_wherever_it_is_used(source: str) -> None:
    """Through names, closures, containers, defaults, classes, objects and partials; another helper changes its digest alone."""
    one, two = (
        provenance.used(notebook(helper + source, partial=functools.partial)["measure"])
        for helper in (HELPER, HELPER.replace("1", "2"))
    )
    assert "helper" in one
    assert provenance.changed(one, two) == ["helper"]


def test_a_layer_in_the_library_s_seam_is_found() -> None:
    """Students' layers reach a model through LayerOps; the library's own do not count."""
    namespace = notebook("def relu_forward(x):\n    return x, x\nops = LayerOps().using(relu_forward)", LayerOps=LayerOps)
    namespace |= notebook("def measure():\n    return ops", ops=namespace["ops"])
    assert set(provenance.used(namespace["measure"])) == {"measure", "relu_forward"}


def test_comments_and_blanks_are_no_change() -> None:
    """Only what runs counts."""
    one, two = (
        provenance.used(notebook(source)["f"])
        for source in ("def f(x):\n    return x+1\n", "def f(x):\n    # more\n\n    return x + 1  # done\n")
    )
    assert provenance.changed(one, two) == []


def test_what_is_not_known_has_not_changed() -> None:
    """A library's function, one without a source and a record without code say nothing."""
    namespace: dict[str, Any] = {"__name__": provenance.NOTEBOOK}
    exec("def f():\n    return 1", namespace)
    assert provenance.used(namespace["f"]) == {}
    assert provenance.used(functools.reduce) == provenance.used(LayerOps) == {}
    assert provenance.changed({}, {"f": "1"}) == provenance.changed({"f": "1"}, {}) == []
    assert provenance.changed({"f": "1", "g": "2"}, {"f": "1", "h": "2"}) == ["g", "h"]


def test_a_graph_without_an_end_ends() -> None:
    """Objects that hold each other, and ones that lie about themselves, do not hang a cell or run a student's code."""
    namespace = notebook(
        "class Odd:\n    @property\n    def __dict__(self):\n        raise RuntimeError('ran')\n"
        "class Endless(list):\n    def __iter__(self):\n        raise RuntimeError('ran')\n"
        "odd, many, ring = Odd(), Endless(), []\nring.append(ring)\ndef f():\n    return odd, many, ring\n"
    )
    assert "f" in provenance.used(namespace["f"])
