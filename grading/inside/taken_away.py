"""A test that takes a student's name away (`del squares`) does so in the student's process too, and gives it back there.

Stock nbgrader runs a test where the student's functions look names up; a test may try in this way whether one uses another. Here a
test's names are its own, so each `del` of a student's name is told, and each assignment to a name that the test deletes somewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from typing import Any

TAKE, GIVE = "_hw_take_away", "_hw_give_back"  # what the test's text calls for it


class Telling(ast.NodeTransformer):
    """Adds the calls to a test's text."""

    def __init__(self, names: Collection[str]) -> None:
        """`names` are those that the student's process was asked for."""
        self._here = frozenset(names)
        self._taken: frozenset[str] = frozenset()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Look first at which names are deleted anywhere."""
        targets = [target for part in ast.walk(node) if isinstance(part, ast.Delete) for target in part.targets]
        self._taken = self._here & {target.id for target in targets if isinstance(target, ast.Name)}
        if self._taken:
            self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """In a function only what it declares global is not its own."""
        outside = self._taken
        self._taken &= {name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names}
        self.generic_visit(node)
        self._taken = outside
        return node

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        """Deleted here, deleted there."""
        return self._followed(node, TAKE, [target for target in node.targets if isinstance(target, ast.Name)])

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """Given back here, given back there."""
        return self._followed(node, GIVE, [target for target in node.targets if isinstance(target, ast.Name)])

    def _followed(self, node: ast.stmt, function: str, targets: list[ast.Name]) -> list[ast.stmt]:
        added: list[ast.stmt] = [node]
        for name in [target.id for target in targets if target.id in self._taken]:
            given: list[ast.expr] = [ast.Constant(name)]
            given += [ast.Name(name, ast.Load())] if function == GIVE else []
            call = ast.Expr(ast.Call(ast.Name(function, ast.Load()), given, []))
            added.append(ast.fix_missing_locations(ast.copy_location(call, node)))
        return added


def prepare(shell: Any, names: Collection[str], ask: Callable[..., Any]) -> None:
    """Have the next test tell; `ask` speaks with the student's process."""
    shell.ast_transformers = [one for one in shell.ast_transformers if not isinstance(one, Telling)] + [Telling(names)]
    shell.user_ns[TAKE] = lambda name: ask("take", name=name)
    shell.user_ns[GIVE] = lambda name, value: ask("give", name=name, value=value)
