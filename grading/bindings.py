"""Which names a code cell gives a value to, and which it reads. Pure: parses, runs nothing.

What was found in a text is kept: in a class most cells are the author's, and the same for everybody.
"""

from __future__ import annotations

import ast
from functools import lru_cache

from grading import notebook as nb

_KEPT = 4_096  # texts
_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def assigned(cell: nb.Cell) -> set[str]:
    """The names that a cell makes itself: its functions, classes and variables, without those inside functions and classes."""
    return set(_bound(cell["source"], imports=False))


def defined(cell: nb.Cell) -> set[str]:
    """The same with what the cell imports: every name that is missing when the cell did not run."""
    return set(_bound(cell["source"], imports=True))


def used(cell: nb.Cell) -> set[str]:
    """Every name that a cell reads, those inside its functions included."""
    return set(_used(cell["source"]))


@lru_cache(_KEPT)
def _used(source: str) -> frozenset[str]:
    tree = nb.tree({"source": source})
    nodes = ast.walk(tree) if tree else ()
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store))


@lru_cache(_KEPT)
def _bound(source: str, *, imports: bool) -> frozenset[str]:
    tree = nb.tree({"source": source})
    words: set[str] = set()
    waiting: list[ast.AST] = list(tree.body) if tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            words.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            words |= {(alias.asname or alias.name).split(".")[0] for alias in node.names} if imports else set()
        elif not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)
    return frozenset(words)
