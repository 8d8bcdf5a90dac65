"""Which functions of a notebook a measurement runs, and a digest of each: so that a record knows the answers it came from.

Comments and blanks do not count. What cannot be read (a builtin, a function without a source) is passed over: this explains and
reminds, it proves nothing. Knows nothing of records.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import inspect
import io
import textwrap
import tokenize
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

NOTEBOOK = "__main__"  # the module that a notebook's functions belong to
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_MOST = 200  # functions; a notebook has fewer, and an object graph that has no end must not hang a cell


def used(function: Any) -> dict[str, str]:
    """The notebook's own functions that a call can reach, by name, each with a digest of what it says.

    Followed are the names that a function mentions, what it encloses, functions in lists, dicts, partials and dataclasses, and
    the methods of the notebook's classes and of their objects.

    Args:
        function: what is measured.

    Returns:
        Qualified name -> twelve hexadecimal digits. Empty for a function of a library.
    """
    found: dict[str, str] = {}
    seen: dict[int, Any] = {}  # with the object, so that no later one gets its id
    todo = [function]
    while todo and len(seen) < 50 * _MOST and len(found) < _MOST:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen[id(value)] = value
        if type(value) is FunctionType and value.__module__ == NOTEBOOK and (said := _said(value)):
            found[value.__qualname__] = hashlib.sha256(said.encode()).hexdigest()[:12]
        with contextlib.suppress(Exception):  # an object that lies about itself leads nowhere
            todo += _reached(value)
    return dict(sorted(found.items()))


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The functions that say something else than before, are new or are gone; none where one side is not known."""
    if not before or not now:
        return []
    return [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]


def _said(function: FunctionType) -> str:
    """A function's source without comments and blanks; an empty text where there is none."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        return "".join(token.string for token in tokens if token.type not in _SKIPPED)
    except (OSError, TypeError, SyntaxError, tokenize.TokenError):  # typed into a console, made by exec, or a part of an expression
        return ""


def _reached(value: Any) -> Iterator[Any]:
    """What a value leads to. Only the exact types of the standard library are opened: nothing of a student's runs here."""
    kind = type(value)
    if kind is FunctionType:
        if value.__module__ == NOTEBOOK:
            yield from (value.__globals__[name] for name in _names(value.__code__) if name in value.__globals__)
            yield from (cell.cell_contents for cell in value.__closure__ or () if _filled(cell))
            yield from value.__defaults__ or ()
    elif kind in (staticmethod, classmethod):
        yield value.__func__
    elif kind is property:
        yield from (value.fget, value.fset)
    elif kind is functools.partial:
        yield from (value.func, *value.args, *value.keywords.values())
    elif kind in (list, tuple, set, frozenset):
        yield from value
    elif kind is dict:
        yield from value.values()
    elif isinstance(value, type):
        if value.__module__ == NOTEBOOK:
            yield from (*vars(value).values(), *value.__bases__)
    elif inspect.ismethod(value):
        yield from (value.__func__, value.__self__)
    elif kind.__module__ == NOTEBOOK:
        yield from (kind, getattr(value, "__dict__", {}))
    elif dataclasses.is_dataclass(value):
        yield from vars(value).values()


def _names(code: CodeType) -> Iterator[str]:
    """Every name that the code mentions, in the functions inside it too."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _filled(cell: Any) -> bool:
    """Whether a closure's cell has a value yet."""
    try:
        return bool(cell.cell_contents is not None)
    except ValueError:
        return False
