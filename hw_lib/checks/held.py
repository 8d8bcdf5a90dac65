"""How many numbers a network holds, wherever it keeps them: in parameters and buffers, in attributes, in closures, in globals.

What a network reads from a file when it is called is not found. torch is imported when it is used.
"""

from __future__ import annotations

import functools
import gc
import pickle
import sys
import types
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np

MOST_OBJECTS = 300_000  # that are looked at; whatever is beyond them is too much, too
_PLAIN = (bool, int, float, complex, np.generic)
_WORD = 4  # bytes that could hold one number, in a text, in packed bytes or in one very large whole number
_LONG = 1000  # bytes; what is shorter is a setting or a name
_PICKLED = 8  # bytes of a number in a pickled network, at most
_STRUCTURE = 100_000  # bytes of a pickled network that are names and settings of its layers


def numbers(net: Any) -> int:
    """Count every number that a network can reach.

    A tensor that is used twice counts once, equal tensors of their own count each, and a view counts as what it is a view of.
    The running averages of batchnorm count too. A network whose pickle is larger than these numbers holds what the pickle holds.

    Args:
        net: a network, or what stands for a student's in another process.

    Returns:
        How many numbers; short texts and single numbers among its settings are left out.
    """
    apply = getattr(net, "remote_apply", None)
    return int(apply(_counted)) if apply is not None else _counted(net)


def _counted(net: Any) -> int:
    total, seen, storages = 0, set[int](), set[int]()
    kept: list[Any] = []  # so that no object's id is given to another one
    waiting: list[Any] = [net]
    while waiting and len(seen) < MOST_OBJECTS:
        value = waiting.pop()
        if id(value) in seen or value is None:
            continue
        seen.add(id(value))
        kept.append(value)
        where, size = _size(value)
        if where not in storages:
            storages.add(where)
            total += size
        waiting += _inside(value)
    total = total if not waiting else max(total, 10 * MOST_OBJECTS)
    return max(total, (_pickled(net) - _STRUCTURE) // _PICKLED)


def _pickled(net: Any) -> int:
    """How large the pickled network is, in bytes; 0 when it cannot be pickled, a lambda among its parts for example."""
    counter = _Counter()
    try:
        pickle.dump(net, counter, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # whatever a student's own way to be pickled raises
        return 0
    return counter.bytes


class _Counter:
    """A file that keeps nothing and knows how much was written."""

    bytes = 0

    def write(self, data: Any) -> int:
        """Count instead of writing."""
        size = memoryview(data).nbytes
        self.bytes += size
        return size


def _size(value: Any) -> tuple[int, int]:
    """What a value holds itself: where the memory lies, and how many numbers are in it."""
    import torch

    if isinstance(value, torch.Tensor):
        try:
            storage = value.untyped_storage()
            return storage.data_ptr() or id(value), storage.nbytes() // max(value.element_size(), 1)
        except (RuntimeError, NotImplementedError, ValueError):  # a lazy layer's, before its first call
            return id(value), 0
    if isinstance(value, np.ndarray):
        base = value
        while isinstance(base.base, np.ndarray):
            base = base.base
        return base.__array_interface__["data"][0], max(base.size, base.nbytes // 8)  # an entry may be a long text
    if isinstance(value, list | tuple | set | frozenset):
        return id(value), _loose(value)
    if isinstance(value, dict):
        return id(value), _loose(value.values())
    if isinstance(value, type | types.ModuleType | types.FunctionType):
        return id(value), 0
    long = sys.getsizeof(value, 0)
    return id(value), max(long // _WORD if long > _LONG else 0, _loose(gc.get_referents(value)))


def _loose(values: Collection[Any]) -> int:
    """Numbers that lie in a container one by one; a few of them are settings."""
    count = sum(isinstance(value, _PLAIN) for value in values)
    return count if count > 100 else 0


def _inside(value: Any) -> Iterable[Any]:
    """What a value leads to. Libraries are not searched: a network's own parts lie in its objects, and in the notebook."""
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, types.FunctionType):
        return list(_of_function(value))
    if isinstance(value, types.MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, staticmethod | classmethod):
        return [value.__func__]
    if isinstance(value, property):
        return [value.fget, value.fset]
    if isinstance(value, type):
        return [*vars(value).values(), *value.__bases__] if _written(value.__module__) else []
    if isinstance(value, types.ModuleType):
        return list(vars(value).values()) if _written(value.__name__) else []
    if isinstance(value, np.ndarray) and value.dtype.hasobject:  # the garbage collector does not look into it
        return list(value.flat)
    return [type(value), getattr(value, "__dict__", None), *gc.get_referents(value)]


def _of_function(function: types.FunctionType) -> Iterator[Any]:
    """What a function's code mentions, encloses and defaults to."""
    if not _written(function.__module__):
        return
    yield from (function.__defaults__, function.__kwdefaults__, function.__dict__)
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it has no value yet
            continue
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        yield from (function.__globals__[name] for name in code.co_names if name in function.__globals__)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                codes.append(constant)
            else:
                yield constant


def _written(module: str | None) -> bool:
    """Whether a module is the notebook, or a file of the student's: nothing that is installed."""
    if module == "__main__":
        return True
    path = getattr(sys.modules.get(module or ""), "__file__", None) or ""
    installed = "site-packages" in path or path.startswith((sys.prefix, sys.base_prefix))
    return bool(path) and not installed and str(module).partition(".")[0] != "hw_lib"
