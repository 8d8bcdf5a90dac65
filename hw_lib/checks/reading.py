"""The names of one text: what gives each its value, and what that leads to. Reads, never runs.

What a text computes while it runs cannot be followed; where it does, UNREAD stands in the place of a name.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hw_lib import dotted

LONGEST = 100_000  # characters of a cell or file that are read
UNREAD = "?"
# of Python's own: with these an answer can have any name without saying it
_ANY_NAME = ("exec", "eval", "compile", "__import__", "globals", "locals")
_NAMESPACES = ("globals", "locals", "vars")
_RUNS = ("run", "store", "rerun", "load_ext")  # line magics that may give a value to any name
_EXTENSIONS = ("autoreload", "tensorboard", "line_profiler", "memory_profiler", "Cython")  # that give none
_HARMLESS = ("run_line_magic", "run_cell_magic", "system", "getoutput")  # what IPython makes of %, %% and !


@dataclass
class Module:
    """One text: a notebook's cells together, or a file.

    Attributes:
        names: what its imports bind.
        bound: name -> the statement that last gave it a value, and those that later changed something in it.
            Under UNREAD those that may give a value to any name, `exec(…)` or `globals()[…] = …`.
        unread: why a part of it was not read; empty if all was.
    """

    names: dict[str, str] = field(default_factory=dict)
    bound: dict[str, list[ast.stmt]] = field(default_factory=dict)
    unread: str = ""


def module(texts: Sequence[str], package: str = "") -> Module:
    """Read texts as one module, a later one on top of the earlier ones. What does not parse is passed over: it did not run."""
    read = Module()
    for text in texts:
        if len(text) > LONGEST:
            read.unread = f"a text of more than {LONGEST:,} characters"
        try:
            statements = list(_outside(_absolute(dotted.parsed(text[:LONGEST]), package).body))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in statements:
            imported = dotted.imports([statement])
            for word in imported:
                read.bound.pop(word, None)
            read.names |= imported
            if _binds_anything(statement, read.names):
                read.bound.setdefault(UNREAD, []).append(statement)
            for word, changed in (*_words(statement), *_patched(statement, read)):
                if changed:
                    read.bound.setdefault(word, []).append(statement)
                else:
                    read.bound[word] = [statement]
                    read.names.pop(word, None)
    return read


def _outside(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the text does, those in `if`, `for`, `with` and `try` included."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _outside(getattr(statement, part, []))
            for branch in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
                yield from _outside(branch.body)


def _words(statement: ast.stmt) -> Iterator[tuple[str, bool]]:
    """The names that a statement gives a value to, and True for those that it only changes, now or when it is called."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Global):
            yield from ((word, True) for word in node.names)
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name, False
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, False
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, False
        yield from ((word, True) for word in _changes(node))


def _changes(node: ast.AST) -> Iterator[str]:
    """The name of what a node sets an attribute or an entry of."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute | ast.Subscript):
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield inner.id
    elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute):
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if called in ("setattr", "__setattr__"):
            yield from (part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name))


def _patched(statement: ast.stmt, read: Module) -> Iterator[tuple[str, bool]]:
    """The names that a statement hands to functions of the text that set attributes of what they are given."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and any(map(_sets_attributes, read.bound.get(_called(node), ())[:1])):
            given = (*node.args, *(keyword.value for keyword in node.keywords))
            yield from ((value.id, True) for value in given if isinstance(value, ast.Name))


@functools.lru_cache(maxsize=1000)  # one function may be called in every line
def _sets_attributes(statement: ast.stmt) -> bool:
    """Whether a function sets attributes of its arguments."""
    own = dotted.variables(statement) if isinstance(statement, ast.FunctionDef) else frozenset[str]()
    return any(word in own for node in ast.walk(statement) if own for word in _changes(node))


def _binds_anything(statement: ast.stmt, names: dict[str, str]) -> bool:
    """Whether a statement may give a value to a name that it does not say: `exec(…)`, `%run`, `globals()[…] = …`."""
    if any(used.startswith(("sys.modules.", "__main__")) for used, _ in dotted.used(statement, names)):
        return True
    for node in ast.walk(statement):
        forgotten = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Del)  # gives nothing a value
        if isinstance(node, ast.Subscript) and not forgotten and dotted.resolve(node.value, names) == "sys.modules":
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _called(node.value) in _NAMESPACES:
            return True
        if isinstance(node, ast.Attribute) and (
            (_called(node.value) in _NAMESPACES and node.attr == "update")
            or (_called(node.value) == "get_ipython" and node.attr not in _HARMLESS)
        ):
            return True
        if _called(node) in ("exec", "eval") or (isinstance(node, ast.Call) and _runs_a_file(node)):
            return True
    return False


def _called(node: ast.AST) -> str:
    """The plain name that a call calls; empty for everything else."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _runs_a_file(call: ast.Call) -> bool:
    """Whether it is `%run` or the like, as IPython writes it."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "run_line_magic"):
        return False
    name, said, *_ = [*(part.value if isinstance(part, ast.Constant) else None for part in call.args), None, None]
    return name is None or (name in _RUNS and said not in _EXTENSIONS)


def _hidden(statement: ast.stmt, module: Module) -> Iterator[ast.AST]:
    """Where a statement may use a name of a library that it does not say: `eval`, `getattr(np, name)`, `np.__dict__`."""
    known = {**module.names, **dotted.imports(ast.walk(statement))}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            if node.id in _ANY_NAME and node.id not in module.bound:
                yield node
        elif isinstance(node, ast.Attribute):
            if node.attr == "__dict__" and dotted.resolve(node.value, known):
                yield node
        elif isinstance(node, ast.Call) and _called(node) in ("getattr", "vars") and node.args:
            said = dotted.resolve(node.args[0], known)
            if said and not dotted.resolve(node, known):
                yield node


def reached(module: Module, word: str) -> Iterator[tuple[str, str, bool]]:
    """What a name of a module leads to: dotted names of libraries with the line, and the module's own names (True)."""
    if word in module.names:
        yield module.names[word], f"{word} is {module.names[word]}", False
    if UNREAD in module.bound:
        yield UNREAD, _line(module.bound[UNREAD][0]), word != UNREAD
    for statement in module.bound.get(word, ()):
        for used, node in dotted.used(statement, module.names):
            yield used, _line(node), False
        yield from ((UNREAD, _line(node), False) for node in _hidden(statement, module))
        yield from ((free, "", True) for free in dotted.free(statement) if free not in module.names)
    if word not in module.bound and word not in module.names and not hasattr(builtins, word):
        stars = (said for name, said in module.names.items() if name.startswith("*"))
        yield from ((f"{star}.{word}", f"from {star} import *", False) for star in stars)


def _line(node: ast.AST) -> str:
    """What a node says; empty where Python cannot write it again, a number of 5,000 digits for example."""
    try:
        return ast.unparse(node)[:200]
    except (ValueError, RecursionError):
        return ""


def _absolute(tree: ast.Module, package: str) -> ast.Module:
    """The text of a file in a package with `from .other import …` as `from package.other import …`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            node.module, node.level = ".".join(filter(None, [*above, node.module or ""])), 0
    return tree
