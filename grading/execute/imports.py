"""What authors' notebooks import, and what that imports in its turn: a process that forks submissions imports it beforehand.

Read from the texts; nothing is imported here. So a homework that neither draws nor trains does not wait for matplotlib and torch.
What is missed here is imported by each submission for itself, which takes longer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from grading import notebook as nb
from hw_lib import dotted


def modules(notebooks: Iterable[nb.Notebook], library: Path) -> tuple[str, ...]:
    """The modules that they import, by name, each followed by what it imports itself if it is one of the library's.

    Args:
        notebooks: the authors'.
        library: the folder that holds hw_lib.
    """
    reader = _Reader(library)
    for cell in (cell for notebook in notebooks for cell in notebook["cells"]):
        if cell["cell_type"] == "code" and (tree := nb.tree(cell)):
            reader.follow(ast.walk(tree))
    return tuple(reader.found)


class _Reader:
    """Follows imports into a library, each file once."""

    def __init__(self, library: Path) -> None:
        """Nothing is found yet."""
        self.found: dict[str, None] = {}
        self._library = library
        self._read: set[Path] = set()

    def follow(self, nodes: Iterable[ast.AST]) -> None:
        """Add what these statements import."""
        for name in _imports(nodes):
            if name in self.found:
                continue
            module = self._file(name)
            if module or self._file(name.partition(".")[0]) is None:  # else the name of something in a module of the library
                self.found[name] = None
            for file in (*self._packages(name), module) if module else ():
                if file not in self._read:
                    self._read.add(file)
                    self.follow(_statements(file))

    def _packages(self, name: str) -> list[Path]:
        """What runs first: the packages that a module is in."""
        parts = name.split(".")[:-1]
        places = [self._library.joinpath(*parts[: k + 1], "__init__.py") for k in range(len(parts))]
        return [place for place in places if place.is_file()]

    def _file(self, name: str) -> Path | None:
        place = self._library.joinpath(*name.split("."))
        return next((file for file in (place / "__init__.py", place.with_name(f"{place.name}.py")) if file.is_file()), None)


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)  # a module, or a name that no import finds


def _statements(file: Path) -> Iterable[ast.AST]:
    """What runs when a file is imported; of a branch or a function nobody knows whether it does.

    Where PyTorch is imported anyway they count, too: torchvision, which some function there imports, takes as long once more.
    """
    tree = dotted.parsed(file.read_text(encoding="utf-8", errors="replace")) or ast.Module([], [])
    at_once = tree.body
    return ast.walk(tree) if any(name.partition(".")[0] == "torch" for name in _imports(at_once)) else at_once
