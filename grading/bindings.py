"""Which names a code cell gives a value to, and which it reads. Pure: parses, runs nothing."""

from __future__ import annotations

import ast

from grading import notebook as nb

_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def assigned(cell: nb.Cell) -> set[str]:
    """The names that a cell makes itself: its functions, classes and variables, without those inside functions and classes."""
    return _bound(cell, imports=False)


def defined(cell: nb.Cell) -> set[str]:
    """The same with what the cell imports: every name that is missing when the cell did not run."""
    return _bound(cell, imports=True)


def used(cell: nb.Cell) -> set[str]:
    """Every name that a cell reads, those inside its functions included."""
    tree = nb.tree(cell)
    nodes = ast.walk(tree) if tree else ()
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}


def _bound(cell: nb.Cell, *, imports: bool) -> set[str]:
    tree = nb.tree(cell)
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
    return words
