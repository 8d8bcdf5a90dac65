"""Keeps PyTorch's compiler out of a process until somebody compiles. Changes nothing but time and memory.

Every optimizer imports the compiler at its first step, two seconds and 170 MB, to tell it what it must not compile; where nothing
is compiled that does nothing. Here `torch._dynamo` is asleep: it can be imported and told so. Whatever else anybody wants of it, as
`torch.compile` does, wakes it: the compiler is imported in its place, and PyTorch goes on as it would have.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_PARENT, _COMPILER = "torch", "torch._dynamo"
_REMEMBERED = "__dynamo_disable"  # where `torch._disable_dynamo` keeps what `disable` returned


def install() -> None:
    """Put the compiler to sleep, unless it was imported already. PyTorch itself need not be."""
    if _COMPILER not in sys.modules:
        sys.modules[_COMPILER] = _Asleep(_COMPILER)


class _Asleep(ModuleType):
    """Stands for the compiler until it is needed."""

    def __init__(self, name: str) -> None:
        """Nothing is imported here, and nothing looked for."""
        super().__init__(name)
        del self.__spec__  # found when it is asked for
        self._left_alone: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        """What it is told in every step of every optimizer; for anything else it wakes."""
        if sys.modules.get(_COMPILER) is self:
            if name in ("disable", "graph_break"):
                return self._disable if name == "disable" else _nothing
            if name == "__spec__":
                self.__spec__ = _found()
                return self.__spec__
            if name.startswith("__") and name not in ("__path__", "__all__"):  # of those who go through all modules
                raise AttributeError(name)
        return getattr(self._wake(), name)

    def __dir__(self) -> list[str]:
        """The compiler's names."""
        return dir(self._wake())

    def _disable(self, function: Callable[..., Any] | None = None, *arguments: Any, **more: Any) -> Any:
        """A function that is never compiled: while nothing is, itself. So `torch._disable_dynamo` asks for it, and remembers it."""
        if function is None or more != {"wrapping": False}:
            return self._wake().disable(function, *arguments, **more)
        self._left_alone.append(function)
        return function

    def _wake(self) -> Any:
        """The compiler, imported in this one's place, and asked again for what it was not asked for."""
        if sys.modules.get(_COMPILER) is self:
            for function in self._left_alone:
                if getattr(function, _REMEMBERED, None) is function:
                    delattr(function, _REMEMBERED)
            del sys.modules[_COMPILER]
            vars(sys.modules.get(_PARENT, self)).pop("_dynamo", None)
        return importlib.import_module(_COMPILER)


def _found() -> ModuleSpec | None:
    """Where the compiler would be imported from; None as long as PyTorch is not imported."""
    return PathFinder.find_spec(_COMPILER, getattr(sys.modules.get(_PARENT), "__path__", ()))


def _nothing(*_: Any) -> None:
    """What the compiler does when it is not compiling."""
