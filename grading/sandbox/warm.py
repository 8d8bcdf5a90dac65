"""Warm parents: processes that have imported what notebooks need, and fork a sandboxed process for every submission.

Starting Python and importing torch is most of what a submission costs; a fork costs a hundredth of it. A parent stays under
bubblewrap and sees neither submissions nor tests; each of its children locks itself up before it reads a byte of either.
"""

from __future__ import annotations

import ast
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grading import notebook as nb
from grading.sandbox import spec
from grading.sandbox.fork_server import Parent, unfit
from grading.sandbox.spec import Sandbox, Started

ALWAYS = ("json", "numpy", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
_MOST_PARENTS = 4  # a student's and a judge's for this assignment, and for the one before


def modules(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """What the code cells of an author's notebook import, by name, in order."""
    found: dict[str, None] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (tree := nb.tree(cell)):
            found |= dict.fromkeys(_imports(tree))
    return tuple(found)


def _imports(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)  # a module, or a name that no import finds


class Kernels:
    """The warm parents of this process, for any number of threads. Leaving the context ends them and all their children."""

    def __init__(self, preload: Iterable[str] = ()) -> None:
        """`preload` names modules to import beside those that every notebook needs; see `modules`."""
        self._preload = tuple(dict.fromkeys((*ALWAYS, *preload)))
        self._parents: OrderedDict[tuple[object, ...], Parent] = OrderedDict()
        self._guard = threading.Lock()

    def __enter__(self) -> Kernels:
        """The kernels; a parent is made when it is first needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every parent, and with it every child."""
        self.close()

    def close(self) -> None:
        """End every parent, and with it every child."""
        with self._guard:
            while self._parents:
                self._parents.popitem()[1].close()

    def attach(self, box: Sandbox) -> Sandbox:
        """The same sandbox, started warm; one without namespaces stays as it is."""
        return replace(box, warm=self) if box.isolated and box.kind() == spec.NAMESPACES else box

    def start(self, box: Sandbox, work: Path, link: int = -1) -> Started:
        """Start a process for a submission; as `Sandbox.start`, and as isolated.

        Raises:
            SandboxError: no parent could be made, or it could not fork. Never a process without a sandbox.
        """
        filter_program = spec.call_filter()
        try:
            return self._parent(box).fork(box, link, filter_program)
        except (OSError, EOFError):  # the parent died since; once more with a new one
            self._forget(box)
        try:
            return self._parent(box).fork(box, link, filter_program)
        except (OSError, EOFError) as error:
            raise unfit(f"the warm parent died twice: {error}") from error

    def pids(self) -> list[int]:
        """The parents' processes on this machine."""
        with self._guard:
            return [parent.pid for parent in self._parents.values()]

    def _parent(self, box: Sandbox) -> Parent:
        key = _key(box)
        with self._guard:
            if key not in self._parents:
                self._parents[key] = Parent(box, self._preload)
                if len(self._parents) > _MOST_PARENTS:
                    self._retire()
            self._parents.move_to_end(key)
            return self._parents[key]

    def _retire(self) -> None:
        """End the parent that was not asked for the longest and has no child left."""
        for key, parent in list(self._parents.items())[:-1]:
            if not parent.busy():
                self._parents.pop(key).close()
                return

    def _forget(self, box: Sandbox) -> None:
        with self._guard:
            parent = self._parents.pop(_key(box), None)
        if parent is not None:
            parent.close()


def _key(box: Sandbox) -> tuple[object, ...]:
    """Sandboxes with the same key have the same parent."""
    return box.program, box.library, box.mpl_cache, box.hidden
