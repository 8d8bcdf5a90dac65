"""Reads a student's cells for code that is about the grader, and for slopes that are measured where they are to be derived.

A flag for a person, never a verdict: tests run in a process of their own, those that an assignment lists under `together` excepted,
so code about the grader earns little; a person should know of it all the same. This finds the plain ways, not the clever ones.
Pure: parses, runs nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from grading import notebook as nb

# modules with no business in a homework answer: they reach into other code's frames, objects or imports
_MODULES = frozenset({"gc", "inspect", "ctypes", "linecache", "builtins", "importlib", "traceback", "faulthandler", "ptrace"})
_NAMES = frozenset({"get_ipython", "__builtins__", "__import__"})
_ATTRIBUTES = frozenset({"sys.modules", "sys.settrace", "sys.setprofile", "sys._getframe", "sys.excepthook", "sys.meta_path"})
_WORDS = re.compile(r"NBGRADER|HIDDEN TESTS|cellrunner|/proc/self|gradebook\.db")
_LONGEST = 100_000  # characters; a longer cell is worth a look without being parsed, which would take the whole class's time
_KEPT = 1_024  # texts
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)  # names in them are theirs
_OURS = frozenset({"hw_lib", "checks", "results", "recorder"})  # names the notebook gives to our library


def notes(written: Iterable[tuple[str, nb.Cell, str]], given: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """One sentence for every cell that somebody should read.

    Args:
        written: cells with the student's text in them, each with what a person calls it, and the text it had before.
        given: what `given_names` finds: an answer that puts something else in its place is judged with it.

    Returns:
        "look at cell d_dropout: it sets checks.value, …", in the order of the cells.
    """
    found = []
    for name, cell, before in written:
        if cell["cell_type"] != "code":
            continue
        if len(cell["source"]) > _LONGEST:
            found.append(f"look at {name}: it holds {len(cell['source']):,} characters")
        elif reasons := sorted(_said(cell["source"], given) - _said(before, given)):
            found.append(f"look at {name}: it {', '.join(reasons[:4])}")
    return tuple(found)


def given_names(source: nb.Notebook) -> frozenset[str]:
    """The functions and classes that the author's given cells define: helpers, which answers may use and not replace.

    What they are made of (`yours`, `small_data`) is not looked for: students call things of their own by such names.
    """
    given = (cell["source"] for cell in source["cells"] if cell["cell_type"] == "code" and not nb.is_solution(cell))
    return frozenset(name for text in given for name in _definitions(text) if not name.startswith("_"))


@lru_cache(_KEPT)
def _definitions(source: str) -> tuple[str, ...]:
    tree = nb.tree({"source": source})
    return tuple(node.name for node in tree.body if isinstance(node, _DEFINITIONS)) if tree else ()


@lru_cache(_KEPT)
def _said(source: str, given: frozenset[str]) -> frozenset[str]:
    """What is to be said of a text; most are the author's, and the same for a whole class."""
    return frozenset(_reasons({"source": source}, given))


def _reasons(cell: nb.Cell, given: frozenset[str]) -> Iterator[str]:
    yield from (f"mentions {word}" for word in _WORDS.findall(cell["source"]))
    tree = nb.tree(cell)
    yield from (f"replaces the given {name}" for name in sorted(_replaced(tree.body if tree else []) & given))
    for node in ast.walk(tree) if tree else ():
        yield from _of_node(node)
        if isinstance(node, ast.FunctionDef) and "backward" in node.name:
            yield from _measured(node)


def _measured(backward: ast.FunctionDef) -> Iterator[str]:
    """What a backward pass calls of the forward one: finite differences of it pass every test of a gradient."""
    names = {node.id for node in ast.walk(backward) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    yield from (f"uses {name} in {backward.name}, as one measures slopes" for name in sorted(names) if "forward" in name)


def _replaced(body: Iterable[ast.stmt]) -> set[str]:
    """The names that statements bind outside of functions, in whatever way, and those whose attributes or entries they set."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif not isinstance(node, _SCOPES):
            names |= _changed(node)
            waiting += ast.iter_child_nodes(node)
    return names


def _changed(node: ast.AST) -> set[str]:
    """What `helper.attribute = …`, `setattr(helper, …)` and `globals()["helper"] = …` change."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
        return {node.value.id}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
        return {node.args[0].id} if isinstance(node.args[0], ast.Name) else set()
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Constant):
        looked_up = isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        return {str(node.slice.value)} if looked_up else set()
    return set()


def _of_node(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"imports {alias.name}" for alias in node.names if alias.name.split(".")[0] in _MODULES)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _MODULES:
        yield f"imports {node.module}"
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield f"uses {node.id}"
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = f"{node.value.id}.{node.attr}"
        if name in _ATTRIBUTES:
            yield f"uses {name}"
        if isinstance(node.ctx, ast.Store | ast.Del) and node.value.id in _OURS:
            yield f"sets {name}"
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in ("checks", "hw_lib"):
        yield f"replaces {node.id}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr") and node.args:
        target = node.args[0].id if isinstance(node.args[0], ast.Name) else ""
        yield from (f"sets attributes of {name}" for name in _OURS if name == target)
