"""Keeps PyTorch's compiler out of a process until somebody needs it. Changes nothing but time and memory.

Every optimizer imports the compiler at its first step, two seconds and 170 MB, to tell it what it must not compile; where nothing
is compiled that does nothing. Here `torch._dynamo` is asleep: it can be imported and told so. Whatever else anybody wants of it, as
`torch.compile` and torchvision do, wakes it: the compiler is imported in its place, and PyTorch goes on as it would have.
"""

from __future__ import annotations

import importlib
import sys
import time
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_PARENT, _COMPILER = "torch", "torch._dynamo"
_REMEMBERED = "__dynamo_disable"  # where `torch._disable_dynamo` keeps what `disable` returned
_WAKING = ("__path__", "__all__")  # the only names of Python's own that are asked for by who imports something of it


def install() -> None:
    """Put the compiler to sleep, unless it was imported already. PyTorch itself need not be."""
    if _COMPILER not in sys.modules:
        sys.modules[_COMPILER] = _Asleep(_COMPILER)
        sys.meta_path.insert(0, _ImportedMeanwhile())


class _Asleep(ModuleType):
    """Stands for the compiler until it is needed."""

    def __init__(self, name: str) -> None:
        """Nothing is imported here, and nothing looked for."""
        super().__init__(name)
        del self.__spec__  # found when it is asked for
        self._left_alone: list[Any] = []
        self._sleeps = [True]  # a list, because only one thread can take something out of it
        self.graph_break, self.disable = _nothing, self._disable  # what it is told in every step of every optimizer

    def __getattr__(self, name: str) -> Any:
        """For anything else it wakes."""
        if sys.modules.get(_COMPILER) is self:
            if name == "__spec__":
                return self._placed()
            of_all_modules = name.startswith("__") or sys.modules.get(_PARENT) is None  # pickle asks every module, for example
            if of_all_modules and name not in _WAKING:
                raise AttributeError(f"module {_COMPILER!r} has no attribute {name!r}")
        return getattr(self._wake(), name)

    def __dir__(self) -> list[str]:
        """The compiler's names."""
        return dir(self._wake())

    def _disable(self, *arguments: Any, **more: Any) -> Any:
        """A function that is never compiled: while nothing is, itself. So `torch._disable_dynamo` asks for it, and remembers it."""
        if not arguments or more != {"wrapping": False} or sys.modules.get(_COMPILER) is not self:
            return self._wake().disable(*arguments, **more)
        self._left_alone.append(arguments[0])
        return arguments[0]

    def _placed(self) -> ModuleSpec | None:
        """Where the compiler would be imported from, which every step asks; None as long as PyTorch is not imported."""
        torch: Any = sys.modules.get(_PARENT)
        spec = PathFinder.find_spec(_COMPILER, getattr(torch, "__path__", ()))
        if spec is not None:
            self.__spec__, torch._dynamo = spec, self
        return spec

    def _wake(self) -> Any:
        """The compiler, imported in this one's place, and asked again for what it was not asked for."""
        try:
            self._sleeps.pop()
        except IndexError:  # it is awake, or another thread wakes it
            while sys.modules.get(_COMPILER) is self:
                time.sleep(0.001)
        else:
            for function in self._left_alone:
                if getattr(function, _REMEMBERED, None) is function:
                    delattr(function, _REMEMBERED)
            getattr(sys.modules.get(_PARENT), "__dict__", {}).pop("_dynamo", None)
            if sys.modules.get(_COMPILER) is self:
                del sys.modules[_COMPILER]
        return importlib.import_module(_COMPILER)


class _ImportedMeanwhile(MetaPathFinder, Loader):
    """Finds what was imported after somebody had looked whether it was.

    Who imports a part of the compiler first looks whether it is there, which it is not, and then where the compiler is, which wakes
    it: so that part is imported. Python would import it once more, and PyTorch have two of it.
    """

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """That module; nothing where one is loaded again on purpose."""
        module = sys.modules.get(name) if name.startswith(f"{_COMPILER}.") and target is None else None
        return (
            None if module is None else ModuleSpec(name, self, loader_state=module.__spec__, is_package=hasattr(module, "__path__"))
        )

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The one that is there."""
        return sys.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run again; it keeps what says where it came from."""
        if module.__spec__ is not None and module.__spec__.loader is self:
            module.__spec__ = module.__spec__.loader_state


def _nothing(*_: Any, **__: Any) -> None:
    """What the compiler does when it is not compiling."""
