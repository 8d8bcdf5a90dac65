"""An exception that was told over the line, made again. Both ends use it; neither runs anything of the other's for it."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

MOST_CLASSES = 40  # above an exception


def _identifier(name: str) -> str:
    return name if name.isidentifier() else "Exception"


def error_of(told: Any, words: Callable[[str], str] = str, named: Callable[[str], str] = _identifier) -> Exception:
    """The built-in exception of that name with that message, or one of that name that is caught as what it is a subclass of.

    Args:
        told: [name, message, traceback, names of its classes], as far as they are there; nobody vouches for it.
        words: what becomes of its message.
        named: the name of its class as it is shown.
    """
    name, message = (str(part)[:20_000] for part in told[:2]) if type(told) is list and len(told) >= 2 else ("Exception", str(told))
    message = words(message)
    for above in [name, *(told[3][:MOST_CLASSES] if len(told) > 3 and type(told[3]) is list else [])]:
        kind = getattr(builtins, above, None) if type(above) is str else None
        if isinstance(kind, type) and issubclass(kind, Exception) and kind not in (Exception, StopIteration, StopAsyncIteration):
            try:
                return kind(message) if above == name else type(named(name), (kind,), {})(message)
            except TypeError:  # UnicodeDecodeError and its like want more than a message
                pass
    return Exception.__new__(type(named(name), (Exception,), {}), message)
