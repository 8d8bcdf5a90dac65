"""What a trusted test lends to a student's function: functions that the student's process calls back, and objects by attributes.

A layer of the author's that a student's function is given (`ops.affine_forward`) runs where the test runs; the student's process
holds a stand-in. What such a layer returns beside numbers (its cache) never leaves this side: a handle goes out and comes back.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grading.inside import wire

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial)
_OBJECTS = ("__main__", "hw_lib")  # packages whose objects are lent: the notebook's own and our library's
_PLAIN = (type(None), bool, int, float, str, np.ndarray, np.generic)


class Lent:
    """Something of this side's that the student's process holds a handle to, seen from a test: it can only be handed back."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        """Keep it."""
        self.value = value


class Lending:
    """Everything that is lent during one test, by number."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._lent: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # id of what is lent -> its number; it lives as long as it is lent
        self._out: dict[int, int] = {}  # number -> how often it was sent and has not come back as forgotten
        self._next = 0

    def wrap(self, value: Any, encode: Callable[[Any], Any]) -> list[Any] | None:
        """What the student's process is sent for a value of this side's; None for what is not lent."""
        if isinstance(value, Lent):
            return ["lent", self._number(value.value), "opaque", ""]
        if isinstance(value, _FUNCTIONS):
            return ["lent", self._number(value), "function", str(getattr(value, "__name__", "function"))]
        if type(value).__module__.partition(".")[0] not in _OBJECTS or not hasattr(value, "__dict__"):
            return None
        shown = {}
        for name, part in vars(value).items():
            try:
                shown[name] = encode(part)
            except TypeError:  # nothing that a student's function could use
                continue
        return ["lent", self._number(value), "object", type(value).__name__, shown]

    def unwrap(self, value: list[Any]) -> Lent:
        """What a handle of the student's stands for.

        Raises:
            WireError: nothing of that number is lent.
        """
        number = value[1] if len(value) > 1 else None
        if type(number) is not int or number not in self._lent:
            raise wire.WireError("it hands back what it never got")
        return Lent(self._lent[number])

    def forget(self, told: Any) -> None:
        """Let go of what the student's process says it does not hold any more: pairs of a number and how often it had come."""
        pairs: Iterable[Any] = told if type(told) is list else ()
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2 or pair[0] not in self._lent or type(pair[1]) is not int:
                raise wire.WireError("it forgets what it never got")
            number, times = pair
            self._out[number] -= max(times, 0)
            if self._out[number] <= 0:
                del self._numbers[id(self._lent.pop(number))], self._out[number]

    def call(self, number: Any, args: Any, kwargs: Any) -> tuple[Any, list[list[Any]]]:
        """Call a lent function for the student's process.

        Returns:
            What it returned, with everything but numbers lent, and its dict arguments as it left them, by their places.
        """
        function = self.unwrap(["lent", number]).value
        if not isinstance(function, _FUNCTIONS) or type(args) is not list or type(kwargs) is not dict:
            raise wire.WireError("it calls what is no function")
        given, named = _own(args), _own(kwargs)
        value = function(*given, **named)
        dicts = [[place, entry] for place, entry in enumerate([*given, *named.values()]) if isinstance(entry, dict)]
        return tuple(map(_part, value)) if isinstance(value, tuple) else _part(value), dicts

    def _number(self, value: Any) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._numbers[id(value)], self._lent[number], self._out[number] = number, value, 0
        self._out[number] += 1
        return number


def _part(value: Any) -> Any:
    """Numbers as they are, everything else as a handle."""
    return value if isinstance(value, _PLAIN) else Lent(value)


def _own(value: Any) -> Any:
    """Arguments that came back, with what was lent in the place of its handles."""
    if isinstance(value, Lent):
        return value.value
    if isinstance(value, list | tuple):
        return type(value)(map(_own, value))
    if isinstance(value, dict):
        return {key: _own(entry) for key, entry in value.items()}
    return value
