"""How a copy is made that does not want to look like one: the recipe on which the recall of `hw similar` is measured.

1. Every name that the text binds gets another one, consistently, functions and classes inside it too; only the names that the task
   asks for stay.
2. In every block, statements that do not depend on each other change places, over and over, as chance has it.
3. Comments, docstrings and blank lines go, and annotations come.
4. `x += 1` becomes `x = x + 1`, `a < b` becomes `b > a`, keywords change their order, `a, b = 1, 2` becomes two statements.
5. A line or two is put in that does nothing.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable

from grading import syntax

_BODIES = ("body", "orelse", "finalbody")
_WORDS = ("temp", "val", "arr", "res", "my", "new", "cur", "buf", "item", "aux")
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


def disguised(text: str, keep: Iterable[str], rng: random.Random) -> str:
    """A copy of a cell's code.

    Args:
        text: the original.
        keep: names that the task asks for.
        rng: chooses the names and the places.
    """
    tree = syntax.parse(text)
    assert tree is not None
    asked = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} | set(keep)
    bound = sorted(name for name in bound_in(tree) if name not in asked and name != "self")
    names = {name: f"{rng.choice(_WORDS)}_{number}" for number, name in enumerate(bound)}
    tree = _Renamed(names, rng).visit(tree)
    for node in ast.walk(tree):
        for field in _BODIES:
            if isinstance(body := getattr(node, field, None), list):
                setattr(node, field, _shuffled(body, rng))
        if isinstance(node, ast.FunctionDef):
            node.body.insert(_first_free(node.body), ast.parse("spare = None").body[0])
    return ast.unparse(ast.fix_missing_locations(tree))


def bound_in(tree: ast.AST) -> set[str]:
    """Every name that a text binds, imports left aside."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


class _Renamed(ast.NodeTransformer):
    """Other names, and another manner of writing."""

    def __init__(self, names: dict[str, str], rng: random.Random) -> None:
        self._names, self._rng = names, rng

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._names.get(node.arg, node.arg), ast.Name("object", ast.Load()))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name) if node.name else None
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        return ast.Global([self._names.get(name, name) for name in node.names])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self._names.get(node.name, node.name)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        return ast.Pass() if isinstance(node.value, ast.Constant) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        loaded = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.Assign([node.target], ast.BinOp(loaded, node.op, node.value), lineno=0)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            read = {name.id for name in ast.walk(value) if isinstance(name, ast.Name)}
            if not read & {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}:
                return [ast.Assign([left], right, lineno=0) for left, right in zip(target.elts, value.elts, strict=True)]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) == 1 and (mirrored := _MIRRORED.get(type(node.ops[0]))):
            return ast.Compare(node.comparators[0], [mirrored()], [node.left])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        self._rng.shuffle(node.keywords)
        return node


def _shuffled(body: list[ast.stmt], rng: random.Random) -> list[ast.stmt]:
    """Neighbours that do not depend on each other change places."""
    body = list(body)
    for _ in range(4 * len(body)):
        if len(body) > 1:
            at = rng.randrange(len(body) - 1)
            if _independent(body[at], body[at + 1]):
                body[at], body[at + 1] = body[at + 1], body[at]
    return body


def _independent(one: ast.stmt, other: ast.stmt) -> bool:
    if not (isinstance(one, ast.Assign) and isinstance(other, ast.Assign)):
        return False
    (stored, read), (also_stored, also_read) = _names(one), _names(other)
    return not (stored & (also_stored | also_read) or also_stored & read)


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """What a statement gives a value to, the objects included in which it changes something, and what it reads."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    changed = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute | ast.Subscript)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    stored |= {ast.unparse(node).split(".")[0].split("[")[0] for node in changed if isinstance(node.ctx, ast.Store)}
    return stored, {node.id for node in names if isinstance(node.ctx, ast.Load)}


def _first_free(body: list[ast.stmt]) -> int:
    """Behind what has to stand first in a function."""
    return next((at for at, node in enumerate(body) if not isinstance(node, ast.Global | ast.Nonlocal)), 0)
