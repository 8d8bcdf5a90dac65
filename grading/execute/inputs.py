"""Which of a test cell's names come from the student's process and which the trusted process imports itself. Pure text.

Only what the author wrote counts: the last cell before the test that binds a name decides.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

from grading import notebook as nb


@dataclass(frozen=True)
class Inputs:
    """Where the names of one test come from.

    Attributes:
        remote: names that the student's process is asked for.
        imports: import statements that the trusted process runs itself, whatever those names mean to the student.
    """

    remote: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


def find(source: nb.Notebook) -> dict[str, Inputs]:
    """Where the names of every automatic test cell of an author's notebook come from, by cell id."""
    origin: dict[str, str] = {}  # name -> an import statement, "" for the student's process; absent: the test's own
    found: dict[str, Inputs] = {}
    for cell in source["cells"]:
        if cell["cell_type"] != "code":
            continue
        code = TransformerManager().transform_cell(cell["source"])
        if nb.is_test(cell):
            read = [name for name in sorted(used(code)) if name in origin]
            found[cell["id"]] = Inputs(
                tuple(name for name in read if not origin[name]),
                tuple(dict.fromkeys(origin[name] for name in read if origin[name])),
            )
            for name in bound(code):
                origin.pop(name, None)
        else:
            origin |= dict.fromkeys(bound(code), "") | dict(_imports(code))
    return found


def used(code: str) -> set[str]:
    """Every global name that the code reads, in functions too."""
    names: set[str] = set()
    tables = [symtable.symtable(code, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (top or symbol.is_global())}
    return names - set(dir(builtins))


def bound(code: str) -> set[str]:
    """Every name that the code binds at its top level."""
    symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _imports(code: str) -> Iterator[tuple[str, str]]:
    """Name and statement of every import outside of functions."""
    todo: list[ast.AST] = list(ast.parse(code).body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], ast.unparse(ast.Import([alias]))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
