"""The names of one text: what gives each its value, and what that leads to. Reads, never runs.

What a text computes while it runs cannot be followed; where it does, UNREAD stands in the place of a name.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hw_lib import dotted

LONGEST = 100_000  # characters of a cell or file that are read
_SHORT = 10_000  # characters of a text whose reading is kept for the next time: its tree is a hundred times as large
UNREAD = "?"
# of Python's own: with these an answer can have any name without saying it
_ANY_NAME = ("exec", "eval", "compile", "__import__", "globals", "locals")
_NAMESPACES = ("globals", "locals", "vars")
_RUNS = ("run", "store", "rerun", "load_ext")  # line magics that may give a value to any name
_EXTENSIONS = ("autoreload", "tensorboard", "line_profiler", "memory_profiler", "Cython")  # that give none
_RELATIVE = re.compile(r"\bfrom[\s\\]*\.")
_TELLTALE = frozenset((*_NAMESPACES, "exec", "eval", "get_ipython", "run_line_magic"))
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


def module(texts: Sequence[str | None], package: str = "") -> Module:
    """Read texts as one module, a later one on top of the earlier ones. What does not parse is passed over: it did not run.

    None is a text that ran all the same, or would take too long to read.
    """
    read = Module()
    for text in texts:
        if text is None:
            read.unread = "a cell that is Python only for its kernel, or has very many magics"
            continue
        if len(text) > LONGEST:
            read.unread = f"a text of more than {LONGEST:,} characters"
        for statement in _statements(text[:LONGEST], package):
            for word in statement.imports:
                read.bound.pop(word, None)
            read.names |= statement.imports
            if _may_bind_anything(statement, read.names) and _binds_anything(statement.node, read.names):
                read.bound.setdefault(UNREAD, []).append(statement.node)
            for word, changed in (*statement.words, *_patched(statement, read)):
                if changed:
                    read.bound.setdefault(word, []).append(statement.node)
                else:
                    read.bound[word] = [statement.node]
                    read.names.pop(word, None)
    return read


@dataclass(frozen=True)
class _Statement:
    """What one look at a statement finds, whatever stands around it.

    Attributes:
        node: the statement.
        imports: what it binds if it is an import.
        words: the names that it gives a value to, and True for those that it only changes, now or when it is called.
        calls: the functions that it calls by their plain name when it runs, and the names that it hands to each.
        mentions: every name and attribute in it.
        inside: what the imports in it stand for, if it is none itself.
    """

    node: ast.stmt
    imports: dict[str, str]
    words: tuple[tuple[str, bool], ...]
    calls: tuple[tuple[str, tuple[str, ...]], ...]
    mentions: frozenset[str]
    inside: frozenset[str]


def _statements(text: str, package: str) -> tuple[_Statement, ...]:
    """The statements of a text; none if it does not parse."""
    return _kept(text, package) if len(text) <= _SHORT else _read(text, package)


def _read(text: str, package: str) -> tuple[_Statement, ...]:
    tree = dotted.parsed(text)
    if tree is None:
        return ()
    try:
        if _RELATIVE.search(text):
            tree = _absolute(tree, package)
        return tuple(map(_looked_at, _outside(tree.body)))
    except (RecursionError, MemoryError):
        return ()


_kept = functools.lru_cache(maxsize=300)(_read)  # every test reads all cells above it again


def _looked_at(statement: ast.stmt) -> _Statement:
    nodes = dotted.nodes(statement)
    is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    calls = [node for node in nodes if isinstance(node, ast.Call) and _called(node)]
    return _Statement(
        statement,
        imports=dotted.imports([statement]),
        words=tuple(_words(statement, nodes)),
        calls=() if is_definition else tuple((_called(call), _given(call)) for call in calls),
        mentions=frozenset(_mentioned(nodes)),
        inside=frozenset(said for node in nodes[1:] for said in dotted.imports([node]).values()),
    )


def _mentioned(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _outside(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the text does, those in `if`, `for`, `with` and `try` included."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _outside(getattr(statement, part, []))
            for branch in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
                yield from _outside(branch.body)


def _words(statement: ast.stmt, nodes: Sequence[ast.AST]) -> Iterator[tuple[str, bool]]:
    """The names that a statement, all of whose nodes these are, gives a value to, and True for those that it only changes."""
    for node in nodes:
        if isinstance(node, ast.Global):
            yield from ((word, True) for word in node.names)
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name, False
        return
    for node in nodes:
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


def _given(call: ast.Call) -> tuple[str, ...]:
    """The names among the arguments of a call."""
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    return tuple(value.id for value in given if isinstance(value, ast.Name))


def _patched(statement: _Statement, read: Module) -> Iterator[tuple[str, bool]]:
    """The names that a statement hands to functions of the text that set attributes of what they are given."""
    for called, given in statement.calls:
        if any(map(_sets_attributes, read.bound.get(called, ())[:1])):
            yield from ((word, True) for word in given)


@functools.lru_cache(maxsize=1000)  # one function may be called in every line
def _sets_attributes(statement: ast.stmt) -> bool:
    """Whether a function sets attributes of its arguments."""
    if not isinstance(statement, ast.FunctionDef):
        return False
    changed = {word for node in dotted.nodes(statement) for word in _changes(node)}
    return bool(changed) and not changed.isdisjoint(dotted.variables(statement))


def _may_bind_anything(statement: _Statement, names: dict[str, str]) -> bool:
    """Whether it is worth a closer look; what `_binds_anything` is about cannot be said without one of these."""
    known = statement.inside.union(names[word] for word in statement.mentions & names.keys())
    return not statement.mentions.isdisjoint(_TELLTALE) or any(map(_leads_to_modules, known))


def _leads_to_modules(said: str) -> bool:
    return "sys.modules.".startswith(f"{said}.") or said.startswith(("sys.modules", "__main__"))


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
    for node in dotted.nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            node.module, node.level = ".".join(filter(None, [*above, node.module or ""])), 0
    return tree
