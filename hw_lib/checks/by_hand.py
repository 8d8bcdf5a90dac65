"""Whether an answer keeps to the tools that its task allows, as far as its text says.

The text is read, never run. Followed are imports and their other names, the student's own functions, classes and variables, and the
files beside the notebook. What an answer computes while it runs (`getattr` with a name put together from pieces, `eval`,
`globals()`) cannot be seen this way, and other code that does the same thing cannot either: such an answer is for a person.
"""

from __future__ import annotations

import ast
import builtins
import fnmatch
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hw_lib import dotted
from hw_lib.errors import CheckFailed

_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_MOST = 300  # names to follow; a notebook has fewer, and a text that has no end must not hang a cell
_LONGEST = 100_000  # characters of a cell or file that are read


@dataclass(frozen=True)
class Texts:
    """What a student wrote.

    Attributes:
        cells: the code cells that stand before the test, in the order in which they ran.
        files: the Python files beside the notebook, relative path -> text.
    """

    cells: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class _Module:
    """One text: a notebook's cells together, or a file.

    Attributes:
        names: what its imports bind.
        bound: name -> the statement that last gave it a value, and those that later changed something in it.
    """

    names: dict[str, str] = field(default_factory=dict)
    bound: dict[str, list[ast.stmt]] = field(default_factory=dict)


def written_by_hand(
    name: str, answer: Any, *, without: Sequence[str] = (), only: Sequence[str] | None = None, fix: str = "write this part yourself"
) -> None:
    """Check that an answer does not lean on what its task forbids.

    In a student's notebook the cells are those that ran so far; while grading, the text of the submission.

    Args:
        name: what the answer is called in the notebook; everything that it uses is followed from there.
        answer: the function or class itself.
        without: patterns of dotted names that it may not use, large and small letters alike: "torch.*dropout*".
        only: the packages that it may use besides Python's own; every other one is forbidden. None allows all.
        fix: what the student is to do instead.

    Raises:
        CheckFailed: it uses one of them; the message says where.
    """
    brought = getattr(answer, "remote_texts", None)  # a grader's proxy brings the text of the submission
    texts = Texts(tuple(brought["cells"]), brought["files"]) if brought else _here(sys._getframe(1).f_globals)
    for used, line in uses(name, texts):
        if any(fnmatch.fnmatchcase(used.lower(), pattern.lower()) for pattern in without) or not _allowed(used, only):
            raise CheckFailed(
                f"{name} uses {used}, which this task does not allow",
                expected=f"{' and '.join(only)} only, and Python itself" if only else f"an answer without {', '.join(without)}",
                got=line,
                fix=fix,
            )


def uses(name: str, texts: Texts) -> Iterator[tuple[str, str]]:
    """Every dotted name of a library that an answer reaches, each with the line that says so.

    Args:
        name: where to begin.
        texts: what the student wrote.
    """
    files = {_module_name(path): text for path, text in texts.files.items()}
    read: dict[str, _Module] = {"": _module(texts.cells)}
    todo, seen = [("", name)], set[tuple[str, str]]()
    while todo and len(seen) < _MOST:
        where, word = todo.pop()
        if (where, word) in seen:
            continue
        seen.add((where, word))
        module = read[where]
        for used, line, own in _reached(module, word):
            if own:
                todo.append((where, used))
            elif (file := _file_of(used, files)) is None:
                yield used, line
            else:
                if file not in read:
                    read[file] = _module([files[file]])
                rest = used[len(file) + 1 :].partition(".")[0]
                todo += [(file, rest)] if rest else [(file, each) for each in read[file].bound]


def _allowed(used: str, only: Sequence[str] | None) -> bool:
    top = used.partition(".")[0]
    return only is None or top in only or top in sys.stdlib_module_names


def _here(names: dict[str, Any]) -> Texts:
    """The cells that this notebook ran, as IPython keeps them, and the files beside it; nothing where there are none."""
    ran = names.get("In")
    cells = tuple(text for text in ran if isinstance(text, str)) if isinstance(ran, list) else ()
    paths = sorted(path for path in Path().rglob("*.py") if not path.is_relative_to("hw_lib")) if cells else []
    return Texts(cells, {path.as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in paths[:_MOST]})


def _module(texts: Sequence[str]) -> _Module:
    """Read texts as one module, a later one on top of the earlier ones. What does not parse is passed over: it did not run."""
    module = _Module()
    for text in texts:
        try:
            statements = list(_outside(ast.parse(_MAGIC.sub("pass", text[:_LONGEST])).body))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in statements:
            imported = dotted.imports([statement])
            for word in imported:
                module.bound.pop(word, None)
            module.names |= imported
            for word, changed in _words(statement):
                if changed and word in module.bound:
                    module.bound[word].append(statement)
                elif not changed:
                    module.bound[word] = [statement]
                    module.names.pop(word, None)
    return module


def _outside(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the text does, those in `if`, `for`, `with` and `try` included."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _outside(getattr(statement, part, []))
            for handler in getattr(statement, "handlers", []):
                yield from _outside(handler.body)


def _words(statement: ast.stmt) -> Iterator[tuple[str, bool]]:
    """The names that a statement gives a value to, and True for those in which it only changes something."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name, False
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, False
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            inner: ast.expr = node
            while isinstance(inner, ast.Attribute | ast.Subscript):
                inner = inner.value
            if isinstance(inner, ast.Name):
                yield inner.id, True


def _reached(module: _Module, word: str) -> Iterator[tuple[str, str, bool]]:
    """What a name of a module leads to: dotted names of libraries with the line, and the module's own names (True)."""
    if word in module.names:
        yield module.names[word], f"{word} is {module.names[word]}", False
        return
    for statement in module.bound.get(word, ()):
        for used, node in dotted.used(statement, module.names):
            yield used, ast.unparse(node)[:200], False
        yield from ((free, "", True) for free in dotted.free(statement) if free not in module.names)
    if word not in module.bound and not hasattr(builtins, word):
        stars = (said for name, said in module.names.items() if name.startswith("*"))
        yield from ((f"{star}.{word}", f"from {star} import *", False) for star in stars)


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _file_of(used: str, files: dict[str, str]) -> str | None:
    """The file beside the notebook that a dotted name lies in, or None."""
    parts = used.split(".")
    return next((name for n in range(len(parts), 0, -1) if (name := ".".join(parts[:n])) in files), None)
