"""The statements of a code cell: which names each binds and reads, and what it is. Pure text."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a statement is."""

    IMPORT = "import"
    DEFINITION = "definition"  # a function or a class: reads names when it is called
    VALUE = "value"  # an assignment at the top level of a given cell
    STATE = "state"  # anything else that binds a name: a loop, a branch, a magic
    ANSWER = "answer"  # of a student's cell, whatever it is
    TEST = "test"


@dataclass(frozen=True)
class Statement:
    """One statement, or one test cell.

    Attributes:
        binds: the names that it gives a value to.
        uses: the global names that it reads, those inside its functions included.
        strings: the words among its constants: a name may be looked up by one.
        looks_up: whether it reads `globals()`.
        roots: for an import, the package.
    """

    code: str
    kind: Kind
    binds: frozenset[str]
    uses: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    looks_up: bool = False
    roots: frozenset[str] = frozenset()

    @property
    def is_of_the_author(self) -> bool:
        """Whether it can be run again from the author's text alone."""
        return self.kind in (Kind.IMPORT, Kind.DEFINITION, Kind.VALUE)


def statements(code: str, *, answer: bool = False) -> list[Statement]:
    """The statements of a cell that bind a name, in order; an import of several names is several.

    Args:
        code: Python, magics already transformed.
        answer: whether it is a cell that students write.
    """
    found: list[Statement] = []
    for node in ast.parse(code).body:
        own = list(_imports(node))
        found += own
        text = ast.unparse(node)
        names = bound(text) - {name for made in own for name in made.binds}
        if names:
            words = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
            looks_up = any(isinstance(part, ast.Name) and part.id == "globals" for part in ast.walk(node))
            reads = used(text) | ({name for name in names if isinstance(node, ast.AugAssign)})
            found.append(Statement(text, _kind(node, answer), names, frozenset(reads), frozenset(words), looks_up))
    return found


def used(code: str) -> frozenset[str]:
    """Every global name that the code reads, in functions too."""
    names: set[str] = set()
    tables = [symtable.symtable(code, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (top or symbol.is_global())}
    return frozenset(names - set(dir(builtins)))


def bound(code: str) -> frozenset[str]:
    """Every name that the code binds at its top level."""
    symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported())


def _kind(node: ast.stmt, answer: bool) -> Kind:
    if answer:
        return Kind.ANSWER
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return Kind.DEFINITION
    magic = any(isinstance(part, ast.Name) and part.id == "get_ipython" for part in ast.walk(node))
    return Kind.VALUE if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and not magic else Kind.STATE


def _imports(statement: ast.stmt) -> Iterator[Statement]:
    """Every import of a statement outside of functions, name by name: a student's own too, because both sides can make it."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield _import(ast.Import([alias]), name, alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield _import(ast.ImportFrom(node.module, [alias], node.level), alias.asname or alias.name, node.module or "")
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)


def _import(node: ast.stmt, name: str, module: str) -> Statement:
    return Statement(ast.unparse(node), Kind.IMPORT, frozenset({name}), roots=frozenset({module.partition(".")[0]}))
