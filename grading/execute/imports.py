"""What the code cells of authors' notebooks import: a process that forks submissions imports it beforehand."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grading import notebook as nb


def modules(notebooks: Iterable[nb.Notebook]) -> tuple[str, ...]:
    """The modules that they import, by name, in order."""
    found: dict[str, None] = {}
    for cell in (cell for notebook in notebooks for cell in notebook["cells"]):
        if cell["cell_type"] == "code" and (tree := nb.tree(cell)):
            found |= dict.fromkeys(_imports(tree))
    return tuple(found)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)  # a module, or a name that no import finds
