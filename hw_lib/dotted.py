"""What the names of a text stand for once its imports are followed. Pure: reads texts and syntax trees, imports and runs nothing.

    from torch import nn as q
    q.Dropout                      # torch.nn.Dropout

What a text computes while it runs (a name put together from pieces, `eval`, `globals()`) no reader of a text can follow.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping

_MOST_PARTS = 40  # of a dotted name; a longer one is made to stall whoever reads it
_FUNCTIONS = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def parsed(text: str) -> ast.Module | None:
    r"""The syntax tree of a text; None if it is no Python, or nested more deeply than this Python can read.

    Without what Python remarks on it: since 3.12 it reports the escape in "$\sigma$".
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def nodes(tree: ast.AST) -> list[ast.AST]:
    """Every node of a tree in the order of `ast.walk`, in half of its time."""
    found = [tree]
    for node in found:  # which grows while it is gone through
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [part for part in value if isinstance(part, ast.AST)]
    return found


def imports(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """The names that import statements bind, and what each stands for; the last statement counts.

    Args:
        nodes: any nodes; those that are no import statements are passed over.

    Returns:
        Name -> dotted name, without the dots that a relative import begins with: {"np": "numpy", "Dropout": "torch.nn.Dropout"}.
        `from torch.nn import *` is "*torch.nn" -> "torch.nn".
    """
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module = node.module or ""
                name = f"*{module}" if alias.name == "*" else alias.asname or alias.name
                found[name] = module if alias.name == "*" else ".".join(part for part in (module, alias.name) if part)
    return found


def resolve(node: ast.AST, names: Mapping[str, str]) -> str:
    """The dotted name that an expression stands for; empty where it stands for none.

    Args:
        node: `q.Dropout`, or `getattr(q, "Dropout")` with a plain string.
        names: what `imports` found.
    """
    said: list[str] = []
    while len(said) <= _MOST_PARTS:
        if isinstance(node, ast.Name):
            first = names.get(node.id, "")
            return ".".join([first, *reversed(said)]) if first else ""
        if isinstance(node, ast.Attribute):
            said.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1:
            name = node.args[1]
            if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
                return ""
            said.append(name.value)
            node = node.args[0]
        else:
            return ""
    return ""


def used(tree: ast.AST, names: Mapping[str, str]) -> Iterator[tuple[str, ast.AST]]:
    """Every dotted name that a tree mentions, the longest form of each, and the node; import statements inside it count too.

    Args:
        tree: where to look.
        names: what the names outside of the tree stand for; a function's own variables of the same name are not meant.
    """
    todo = [(tree, dict(names))]
    while todo:
        node, known = todo.pop()
        if said := resolve(node, known):
            yield said, node
            continue
        inner = {**known, **imports(_own(node))} if isinstance(node, ast.Module) else known
        if isinstance(node, _FUNCTIONS):
            own = variables(node)
            inner = {name: said for name, said in known.items() if name not in own} | imports(_own(node))
        todo += [(child, inner if _is_inside(node, child) else known) for child in ast.iter_child_nodes(node)]


def free(tree: ast.AST) -> Iterator[str]:
    """The names that a tree reads and that are no variables of a function in it: they come from elsewhere in the text."""
    todo: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while todo:
        node, hidden = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in hidden:
            yield node.id
        inner = hidden | variables(node) if isinstance(node, _FUNCTIONS) else hidden
        todo += [(child, inner if _is_inside(node, child) else hidden) for child in ast.iter_child_nodes(node)]


def variables(function: ast.AST) -> frozenset[str]:
    """A function's own variables: its arguments and what it gives a value to, without what it says is global."""
    found: set[str] = set()
    elsewhere: set[str] = set()
    for node in _own(function):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            elsewhere |= set(node.names)
    return frozenset(found - elsewhere)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions and classes in it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)


def _is_inside(node: ast.AST, child: ast.AST) -> bool:
    """Whether a part of a function belongs to it; defaults and decorators are read outside."""
    return not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or child in node.body
