"""Compares a computational graph that a student lists as edges with the author's, up to the ways in which one can be drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from hw_lib.errors import CheckFailed

Edge = tuple[str, str]


def graph(name: str, edges: Any, required: Iterable[Edge], *, optional: Collection[Edge] = (), nodes: Collection[str] = ()) -> None:
    """Check that the edges say what depends on what.

    Nodes that the author does not name (a student's intermediate results, such as x - mu) are allowed: an edge into one and an
    edge out of it count as one edge. One without the other (a constant, what is computed from the result) does not count.

    Args:
        name: what the student calls the list.
        edges: pairs of node names, from a quantity to one that is computed from it.
        required: the author's edges.
        optional: edges that may be there or not.
        nodes: further nodes of the author's, beside those of the edges.

    Raises:
        CheckFailed: it is no list of pairs, a node of the author's does not occur, it has a cycle, or an edge is missing or
            too many; the message names one.
    """
    wanted, drawn = set(required), set(edge_list(name, edges))
    needed = {node for edge in wanted for node in edge}
    named = needed | {node for edge in optional for node in edge} | set(nodes)
    theirs = {node for edge in drawn for node in edge}
    for node in sorted(needed - theirs):
        fix = f"use the task's names: {', '.join(sorted(needed))}"
        raise _wrong(name, f"does not mention {node!r}", f"the nodes {', '.join(sorted(theirs))}", fix)
    for node in sorted(theirs - named):
        drawn = _without(node, drawn)
    for edge in sorted(drawn):
        if edge[0] == edge[1] or (edge[1], edge[0]) in drawn:
            raise _wrong(name, "contains a cycle", f"an edge {edge[0]} -> {edge[1]}", "edges point from input to output")
    for source, target in sorted(wanted - drawn):
        if (target, source) in wanted | drawn:
            fix = "edges point from a quantity to what is computed from it; this one is the wrong way round"
        else:
            fix = f"look at the formula of {target}: which quantities stand in it?"
        raise _wrong(name, "lacks an edge", f"no edge from {source} to {target}", fix, f"{target} is computed from {source}")
    for source, target in sorted(drawn - wanted - set(optional)):
        fix = f"remove it: {target} depends on {source} only through other nodes, or not at all"
        raise _wrong(name, "has an extra edge", f"an edge from {source} to {target}", fix)


def edge_list(name: str, edges: Any) -> list[Edge]:
    """The edges as pairs of names, in their order.

    Args:
        name: what the student calls the list.
        edges: their list.

    Returns:
        The pairs; blanks around a name are cut off.

    Raises:
        CheckFailed: it is no list of pairs, empty, or used up after one look; the message shows the first entry that is no pair.
    """
    expected = 'pairs of names, such as [("x", "mu"), …]'
    if isinstance(edges, Iterator):
        fix = f"an iterator can be read only once: write list(...) around it, {name} = list(...)"
        raise CheckFailed(f"{name} is not a list of edges", expected=expected, got=f"a {type(edges).__name__}", fix=fix)
    try:
        entries = [] if isinstance(edges, str) else list(edges)
    except TypeError:
        entries = []
    if not entries:
        raise CheckFailed(f"{name} is not a list of edges", expected=expected, got=repr(edges)[:200])
    for entry in entries:
        if not isinstance(entry, tuple | list) or len(entry) != 2:
            fix = "every edge is a pair of two names, from a quantity to one that is computed from it"
            raise CheckFailed(f"{name} is not a list of edges", expected=expected, got=f"the entry {entry!r}"[:200], fix=fix)
    return [(str(source).strip(), str(target).strip()) for source, target in entries]


def _without(node: str, edges: set[Edge]) -> set[Edge]:
    """Remove a node and join each edge into it with each edge out of it; a node that lacks either is dropped."""
    before = {source for source, target in edges if target == node and source != node}
    after = {target for source, target in edges if source == node and target != node}
    return {edge for edge in edges if node not in edge} | {(source, target) for source in before for target in after}


def _wrong(name: str, what: str, got: str, fix: str, expected: str = "") -> CheckFailed:
    return CheckFailed(f"{name} {what}", expected=expected, got=got, fix=fix)
