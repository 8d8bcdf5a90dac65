"""Compares a computational graph that a student lists as edges with the author's, up to the ways in which one can be drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from hw_lib.errors import CheckFailed, explain

Edge = tuple[str, str]


def graph(name: str, edges: Any, required: Iterable[Edge], *, optional: Collection[Edge] = (), nodes: Collection[str] = ()) -> None:
    """Check that the edges say what depends on what.

    Nodes that the author does not name (a student's intermediate results, such as x - mu) are allowed: an edge into one and an
    edge out of it count as one edge.

    Args:
        name: what the student calls the list.
        edges: pairs of node names, from a quantity to one that is computed from it.
        required: the author's edges.
        optional: edges that may be there or not.
        nodes: further nodes of the author's, beside those of the edges.

    Raises:
        CheckFailed: it is no list of pairs, it has a cycle, or an edge is missing or too many; the message names one.
    """
    wanted, drawn = set(required), _pairs(name, edges)
    named = {node for edge in (*wanted, *optional) for node in edge} | set(nodes)
    for node in sorted({node for edge in drawn for node in edge} - named):
        drawn = _without(name, node, drawn)
    for edge in sorted(drawn):
        if edge[0] == edge[1] or (edge[1], edge[0]) in drawn:
            raise _wrong(name, "goes round in a circle", f"an edge {edge[0]} -> {edge[1]}", "edges point from input to output")
    for source, target in sorted(wanted - drawn):
        if (target, source) in wanted | drawn:
            fix = "edges point from a quantity to what is computed from it; this one is the wrong way round"
        else:
            fix = f"look at the formula of {target}: which quantities stand in it?"
        raise _wrong(name, "lacks an edge", f"no edge from {source} to {target}", fix, f"{target} is computed from {source}")
    for source, target in sorted(drawn - wanted - set(optional)):
        fix = f"{target} gets what it needs of {source} through other nodes, or does not need it"
        raise _wrong(name, "has an edge too many", f"an edge from {source} to {target}", fix)


def _pairs(name: str, edges: Any) -> set[Edge]:
    try:
        pairs = {(str(source).strip(), str(target).strip()) for source, target in edges}
    except (TypeError, ValueError):
        pairs = set()
    if not pairs:
        raise CheckFailed(
            explain(f"{name} is not a list of edges", expected='pairs of names, such as [("x", "mu"), …]', got=repr(edges)[:200])
        )
    return pairs


def _without(name: str, node: str, edges: set[Edge]) -> set[Edge]:
    """Join the edges into a node to the edges out of it."""
    before = {source for source, target in edges if target == node and source != node}
    after = {target for source, target in edges if source == node and target != node}
    if not before or not after:
        fix = "write the names as the task gives them; a node of your own needs an edge in and an edge out"
        raise _wrong(name, "has a node that leads nowhere", f"the node {node!r}", fix)
    return {edge for edge in edges if node not in edge} | {(source, target) for source in before for target in after}


def _wrong(name: str, what: str, got: str, fix: str, expected: str = "") -> CheckFailed:
    return CheckFailed(explain(f"{name} {what}", expected=expected, got=got, fix=fix))
