"""A student's graph is compared for what depends on what, not for how it is drawn."""

from __future__ import annotations

import pytest

from hw_lib.checks import graph
from hw_lib.errors import CheckFailed

REQUIRED = [("x", "mu"), ("x", "var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y"), ("gamma", "y")]
OPTIONAL = [("mu", "var")]


@pytest.mark.parametrize(
    "edges",
    [
        REQUIRED,
        [*REQUIRED, *OPTIONAL],
        [*REQUIRED, ("eps", "std"), ("y", "L"), ("L", "L / N")],
        [list(edge) for edge in REQUIRED],
        [
            ("x", "mu"),
            ("x", "c"),
            ("mu", "c"),
            ("c", "var"),
            ("c", "z"),
            ("var", "std"),
            ("std", "z"),
            ("z", "s"),
            ("gamma", "s"),
            ("s", "y"),
        ],
    ],
    ids=["the author's", "with the optional edge", "with ends of its own", "lists", "with steps of its own"],
)
def test_right_graphs(edges: object) -> None:
    """The author's edges in any form, with and without intermediate nodes."""
    graph("edges", edges, REQUIRED, optional=OPTIONAL)


@pytest.mark.parametrize(
    ("edges", "says"),
    [
        ([edge for edge in REQUIRED if edge != ("var", "z")], "no edge from var to z"),
        ([*REQUIRED, ("x", "y")], "an edge from x to y"),
        ([("z", "x") if edge == ("x", "z") else edge for edge in REQUIRED], "the wrong way round"),
        ([*REQUIRED, ("z", "x")], "contains a cycle"),
        ([(a.replace("var", "sigma"), b.replace("var", "sigma")) for a, b in REQUIRED], "does not mention 'var'"),
        ([], "not a list of edges"),
        (7, "not a list of edges"),
        ([("x", "mu", "z")], r"the entry \('x', 'mu', 'z'\)"),
        ([*REQUIRED, "x->mu"], "the entry 'x->mu'"),
        ("x -> mu", "not a list of edges"),
        (zip(["x"], ["mu"], strict=True), "read only once"),
    ],
)
def test_wrong_graphs(edges: object, says: str) -> None:
    """What is missing, too many, turned round, is not there or is no graph is told by name."""
    with pytest.raises(CheckFailed, match=says):
        graph("edges", edges, REQUIRED, optional=OPTIONAL)
