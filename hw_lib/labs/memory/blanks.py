"""Remembers what operations on meta tensors give, so that the second time costs microseconds.

PyTorch works many of these shapes out in Python, 5 to 10 ms for one batchnorm; a ResNet asks for the same few shapes again and
again. Knows nothing of traces.

Why what is remembered is right: a meta tensor has no numbers, so what comes out of an operation is told by its size, strides and
type, and these follow from those of the arguments, the other arguments and PyTorch's default type. All of them are the key under
which a call is remembered. It is remembered only

- if every tensor in it is on 'meta' (numbers, as in Adam's step counters on the CPU, must be computed), and
- if by the operation's schema nothing is changed and nothing shared, and each output indeed has memory of its own, all of it; or
  if by its schema it changes its first argument's numbers (there are none), and gives that argument back or nothing.

Views, operations with `out=`, those that change a tensor's shape, and those of other libraries are called every time.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

LIMIT = 4096  # calls that are remembered; ResNet-152 with one optimizer needs about 250
_SAME = object()  # the call gives back what it changed
_known: dict[Any, Any] = {}  # one for all runs: they ask for the same shapes


class Remembering(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's stubs lack its class hook
    """While this mode is on, operations on meta tensors are called as `call` does it."""

    def __init__(self) -> None:
        """A mode for `with`."""
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operation."""
        return call(func, args, kwargs or {})


def call(func: Any, args: Any, kwargs: Any) -> Any:
    """What func(*args, **kwargs) gives; `func` is an operation as `__torch_dispatch__` gets it."""
    in_place = _changes_its_first(func)
    if not in_place and not _makes_new(func):
        return func(*args, **kwargs)
    tensors: list[Tensor] = []
    key = (func, torch.get_default_dtype(), _look(args, tensors), _look(tuple(kwargs.items()), tensors))
    if not tensors or not all(map(_is_plain, tensors)):
        return func(*args, **kwargs)
    recipe = _known.get(key)
    if recipe is None:
        out = func(*args, **kwargs)
        recipe = _SAME if in_place else _recipe(out, {tensor.untyped_storage()._cdata for tensor in tensors})
        if recipe is not None and len(_known) < LIMIT:
            _known[key] = recipe
        return out
    if recipe is _SAME:
        return args[0] if func._schema.returns else None
    return _make(recipe)


@functools.cache
def _makes_new(func: Any) -> bool:
    """Whether an operation of PyTorch by its schema changes no argument and shares no memory with one."""
    schema = func._schema
    return func.namespace == "aten" and not any(value.alias_info for value in (*schema.arguments, *schema.returns))


@functools.cache
def _changes_its_first(func: Any) -> bool:
    """Whether an operation of PyTorch by its schema changes its first argument's numbers, and gives it back or nothing."""
    schema = func._schema
    if func.namespace != "aten" or not schema.name.endswith("_") or torch.Tag.inplace_view in func.tags or "resize" in schema.name:
        return False
    first, *others = schema.arguments
    if not first.alias_info or not first.alias_info.is_write or any(value.alias_info for value in others):
        return False
    return len(schema.returns) < 2 and all(value.alias_info for value in schema.returns)


def _look(value: Any, tensors: list[Tensor]) -> Any:
    """What of an argument can matter for the look of the outputs, as a part of the key; its tensors are added to `tensors`."""
    if isinstance(value, Tensor):
        tensors.append(value)
        return value.shape, value.stride() if value.layout is torch.strided else None, value.dtype
    if isinstance(value, list | tuple):
        return tuple([_look(entry, tensors) for entry in value])
    return type(value), value  # 1, 1.0 and True are equal, and give outputs of other types


def _is_plain(tensor: Tensor) -> bool:
    """Whether a tensor is told by its size, strides and type; complex ones can also be marked as conjugated."""
    return tensor.is_meta and tensor.layout is torch.strided and not tensor.dtype.is_complex


def _recipe(out: Any, taken: set[int]) -> Any:
    """How to make an output again: (size, strides, type) of a tensor, (list or tuple, its entries' recipes), or () for None.

    The recipe is None where that would not tell it all. `taken` has the storages of the arguments; those of outputs are added.
    """
    if out is None:
        return ()
    if isinstance(out, list | tuple):
        recipes = [_recipe(entry, taken) for entry in out]
        return None if None in recipes else (type(out), recipes)
    if not isinstance(out, Tensor) or not _is_plain(out):
        return None
    storage, recipe = out.untyped_storage(), (tuple(out.shape), out.stride(), out.dtype)
    if storage._cdata in taken or out.storage_offset() or storage.nbytes() != _make(recipe).untyped_storage().nbytes():
        return None
    taken.add(storage._cdata)
    return recipe


def _make(recipe: Any) -> Any:
    """The output that a recipe tells of."""
    if not recipe:
        return None
    if len(recipe) == 2:
        kind, recipes = recipe
        return kind(_make(entry) for entry in recipes)
    size, strides, dtype = recipe
    return torch.empty_strided(size, strides, dtype=dtype, device="meta")
