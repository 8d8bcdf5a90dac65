"""What may cross between a student's process and the trusted tests: plain data, arrays, tensors, and handles to everything else.

A message is JSON and the raw bytes of its arrays; nothing is ever unpickled, and what is built from a message has exactly the
types named here. Knows nothing of what messages mean.

    4 bytes: length of the JSON    8 bytes: length of the arrays    the JSON    the arrays, one after the other
"""

from __future__ import annotations

import contextlib
import decimal
import json
import math
import numbers
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

MOST_JSON, MOST_BYTES, MOST_DEPTH = 20_000_000, 200_000_000, 40
_PIECE = 1 << 16  # what a process without memory still has room for
_HEADER = struct.Struct(">IQ")
_PLAIN = (type(None), bool, int, float, str)
_KINDS = "biufcU"  # of NumPy types: numbers, truth values and text
_CONTAINERS = (list, tuple, set, frozenset, dict, np.ndarray)  # a subclass of them may have names for what is in it
# what reading a message that is none may raise; a SyntaxError comes of NumPy's types with commas
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, OverflowError, MemoryError, SyntaxError)

Wrap = Callable[[Any], list[Any]]
Unwrap = Callable[[list[Any]], Any]


class WireError(Exception):
    """What came is not a message, or is not allowed in one."""


class NoRoomError(MemoryError):
    """There is no memory for the arrays of a message; the line is at the next one.

    Attributes:
        text: the JSON of the message.
    """

    def __init__(self, text: bytes) -> None:
        """What could be read of it."""
        super().__init__("no memory is left for what the test says")
        self.text = text


class Writer:
    """Turns one message into bytes."""

    def __init__(self, wrap: Wrap, stripped: Callable[[Any], None] = lambda _: None, *, layouts: bool = True) -> None:
        """Write messages of one kind.

        Args:
            wrap: makes a tagged list of whatever is not plain data, or refuses it.
            stripped: hears of what loses its class.
            layouts: whether a tensor arrives laid out as it is; otherwise messages with equal numbers are equal.
        """
        self._wrap = wrap
        self._stripped = stripped
        self._layouts = layouts
        self._arrays: list[bytes | memoryview] = []
        self._size = 0

    def pack(self, message: dict[str, Any]) -> bytes:
        """The whole message; each of its values is encoded."""
        text = json.dumps({key: self.encode(value) for key, value in message.items()}).encode()
        if len(text) > MOST_JSON or self._size > MOST_BYTES:
            raise WireError(f"{len(text) + self._size:,} bytes are too much for one message")
        packed = b"".join([_HEADER.pack(len(text), self._size), text, *self._arrays])
        self._arrays.clear()  # they are somebody's, who may want to resize them
        return packed

    def encode(self, value: Any, depth: int = 0) -> Any:
        """One value as JSON has it. Subclasses are sent as what they are a subclass of: NumPy and PyTorch return such."""
        if depth > MOST_DEPTH:
            raise WireError("it is nested too deeply")
        if type(value) in _PLAIN:
            return value
        if isinstance(value, _CONTAINERS) and type(value) not in _CONTAINERS:
            self._stripped(value)
        if isinstance(value, np.generic | np.ndarray):
            return self._array(value)
        if isinstance(value, np.dtype):
            return ["dtype", value.str]
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._tensor(value)
        if torch is not None and isinstance(value, torch.dtype):
            return ["torch.dtype", str(value).removeprefix("torch.")]
        for kind in (bool, int, float, str):
            if isinstance(value, kind):
                return kind(value)
        if isinstance(value, list | tuple | set | frozenset):
            name = next(kind.__name__ for kind in (list, tuple, set, frozenset) if isinstance(value, kind))
            return [name, *(self.encode(entry, depth + 1) for entry in value)]
        if isinstance(value, dict):
            pairs = [[self.encode(key, depth + 1), self.encode(entry, depth + 1)] for key, entry in value.items()]
            return ["dict", *pairs]
        if isinstance(value, complex):
            return ["complex", value.real, value.imag]
        if isinstance(value, bytes | bytearray):
            return ["bytes", *self._append(bytes(value))]
        if type(value) in (range, slice):
            return [type(value).__name__, *(self.encode(part) for part in (value.start, value.stop, value.step))]
        if isinstance(value, numbers.Real | decimal.Decimal):  # a Fraction
            return float(value)
        return self._wrap(value)

    def _array(self, value: Any) -> list[Any]:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # of Fractions, say
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                array = array.astype(np.float64)
        if array.dtype.kind not in _KINDS or array.dtype.itemsize > 4096:
            return self._wrap(value)
        array = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        tag = "scalar" if isinstance(value, np.generic) else "array"
        return [tag, array.dtype.str, list(np.shape(value)), *self._append(array.reshape(-1).view(np.uint8).data)]

    def _tensor(self, value: Any) -> list[Any]:
        try:
            array = value.detach().cpu().numpy()
        except (TypeError, RuntimeError):  # a type or a layout that NumPy does not have
            return self._wrap(value)
        order = axes_in_memory(array) if self._layouts else list(range(array.ndim))
        return ["tensor", *self._array(array.transpose(order))[1:], bool(value.requires_grad), order]

    def _append(self, data: bytes | memoryview) -> tuple[int, int]:
        start = self._size
        self._arrays.append(data)
        self._size += len(data)
        return start, len(data)


class Reader:
    """Builds the values of one message, of exact types, from bytes that nobody vouches for."""

    def __init__(self, unwrap: Unwrap, restore: Callable[[Any], Any] = lambda value: value) -> None:
        """`unwrap` makes something of a tagged list that is not plain data, or refuses it; `restore` may exchange a container."""
        self._unwrap = unwrap
        self._restore = restore
        self._bytes = memoryview(b"")

    def unpack(self, text: bytes, data: bytes | bytearray) -> dict[str, Any]:
        """The message.

        Raises:
            WireError: it is not one.
        """
        self._bytes = memoryview(data)
        try:
            message = json.loads(text)
            if type(message) is not dict:
                raise WireError("it is not an object")
            return {key: self.decode(value) for key, value in message.items()}
        except WireError:
            raise
        except _UNREADABLE as error:
            raise WireError(f"{type(error).__name__}: {error}") from error
        finally:
            self._bytes = memoryview(b"")

    def decode(self, value: Any, depth: int = 0) -> Any:
        """One value."""
        if type(value) in _PLAIN:
            return value
        if type(value) is not list or not value or type(value[0]) is not str or depth > MOST_DEPTH:
            raise WireError("a value has no type")
        tag, *rest = value
        if tag in ("list", "tuple", "set", "frozenset"):
            entries = [self.decode(entry, depth + 1) for entry in rest]
            return self._restore({"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[tag](entries))
        if tag == "dict":
            return self._restore({self.decode(key, depth + 1): self.decode(entry, depth + 1) for key, entry in rest})
        if tag in ("array", "scalar"):
            array = self._array(*rest)
            return self._restore(array) if tag == "array" else array[()]
        if tag == "tensor":
            return _tensor(self._array(*rest[:4]), *rest[4:])
        if tag == "bytes":
            return bytes(self._slice(*rest))
        if tag == "complex":
            real, imaginary = rest
            return complex(real, imaginary)
        if tag in ("range", "slice"):
            return {"range": range, "slice": slice}[tag](*(self.decode(part) for part in rest))
        if tag == "dtype":
            return _dtype(rest[0])
        if tag == "torch.dtype":
            return _torch_dtype(rest[0])
        return self._unwrap(value)

    def _array(self, name: str, shape: list[int], start: int, size: int) -> np.ndarray[Any, Any]:
        dtype = _dtype(name)
        if len(shape) > 32 or not all(type(length) is int and length >= 0 for length in shape):
            raise WireError(f"{shape} is not a shape")
        if math.prod(shape) * dtype.itemsize != size:
            raise WireError("an array has another size than its shape says")
        return np.frombuffer(self._slice(start, size), dtype).reshape(shape).copy()

    def _slice(self, start: int, size: int) -> memoryview:
        if type(start) is not int or type(size) is not int or not 0 <= start <= start + size <= len(self._bytes):
            raise WireError("an array lies outside of its message")
        return self._bytes[start : start + size]


def _dtype(name: Any) -> np.dtype[Any]:
    dtype = np.dtype(name) if type(name) is str else None
    if dtype is None or dtype.kind not in _KINDS or dtype.hasobject:
        raise WireError(f"{name!r} is not a type of numbers")
    return dtype


def _torch_dtype(name: Any) -> Any:
    import torch

    found = getattr(torch, name, None) if type(name) is str else None
    if not isinstance(found, torch.dtype):
        raise WireError(f"{name!r} is not a type of tensors")
    return found


def axes_in_memory(array: np.ndarray[Any, Any]) -> list[int]:
    """The axes of a tensor as memory has them, from the slowest to the fastest; as they are counted, where that leaves gaps.

    PyTorch shows them: `view` works or not, and networks take half the time for images whose channels come last.
    """
    counted = list(range(array.ndim))
    order = sorted(counted, key=lambda axis: -array.strides[axis])
    return order if not array.flags.c_contiguous and array.transpose(order).flags.c_contiguous else counted


def _tensor(array: np.ndarray[Any, Any], requires_grad: bool, order: list[int]) -> Any:
    """A tensor whose axes lie in memory in this order, from an array that has them so."""
    import torch

    if not all(type(axis) is int for axis in order) or sorted(order) != list(range(array.ndim)):
        raise WireError(f"{order} is no order of {array.ndim} axes")
    tensor = torch.from_numpy(array.transpose([order.index(axis) for axis in range(array.ndim)]))  # permuted here it is no view
    return tensor.requires_grad_() if requires_grad and tensor.is_floating_point() else tensor


def receive(line: socket.socket, limit_s: float | None = None) -> tuple[bytes, bytearray]:
    """The two parts of the next message.

    Args:
        line: where it comes from.
        limit_s: seconds for the whole message, however many pieces it comes in; None waits as long as it takes.

    Raises:
        WireError: it is larger than any message may be, or the line is closed.
        TimeoutError: it is not there in time.
        NoRoomError: it has no place in this process's memory.
    """
    deadline = None if limit_s is None else time.monotonic() + limit_s
    length, size = _HEADER.unpack(_read(line, _HEADER.size, deadline))
    if length > MOST_JSON or size > MOST_BYTES:
        raise WireError(f"a message of {length + size:,} bytes")
    text = bytes(_read(line, length, deadline))
    try:
        return text, _read(line, size, deadline)
    except MemoryError:
        raise NoRoomError(text) from None


def _read(line: socket.socket, size: int, deadline: float | None) -> bytearray:
    """So many bytes; where memory has no room for them they are read all the same, and gone."""
    try:
        data = bytearray(size)
    except MemoryError:
        rest = size
        while rest:
            rest -= _fill(line, memoryview(bytearray(min(rest, _PIECE))), deadline)
        raise
    got = 0
    while got < size:
        got += _fill(line, memoryview(data)[got : got + (1 << 20)], deadline)
    return data


def _fill(line: socket.socket, room: memoryview, deadline: float | None) -> int:
    """Read what is there, at most as much as there is room for; returns how much that was."""
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
    count = line.recv_into(room)
    if not count:
        raise WireError("the line is closed")
    return count
