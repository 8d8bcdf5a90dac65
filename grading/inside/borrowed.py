"""In a student's process: what stands for functions, caches and objects that a trusted test has lent. Knows nothing of the line."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable
from typing import Any

Call = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Borrowed:
    """A handle to something of the test's: to be handed back, for example a cache."""

    def __init__(self, number: int, name: str, forgotten: list[list[int]]) -> None:
        """Handle `number`; `forgotten` is told when nobody holds it any more."""
        self._number, self._name, self._forgotten = number, name, forgotten
        self._came = 0  # how often it was sent

    def __repr__(self) -> str:
        """No more than that it is there."""
        return f"<{self._name or 'something'} of the test's>"

    def __del__(self) -> None:
        """Nobody here can hand it back any more."""
        with contextlib.suppress(AttributeError):  # while the process ends
            self._forgotten.append([self._number, self._came])


class BorrowedFunction(Borrowed):
    """A function of the test's."""

    def __init__(self, number: int, name: str, forgotten: list[list[int]], call: Call) -> None:
        """Calls go through `call`."""
        super().__init__(number, name, forgotten)
        self.__name__ = name
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with copies of the arguments; dict arguments come back changed."""
        return self._call(self._number, args, kwargs)


class BorrowedObject(Borrowed):
    """An object of the test's: its attributes as they were when it was last sent, and whatever is set here."""


class Shelf:
    """Everything that is borrowed at the moment."""

    def __init__(self, call: Call) -> None:
        """Calls of borrowed functions go through `call`."""
        self._call = call
        self._here: weakref.WeakValueDictionary[int, Borrowed] = weakref.WeakValueDictionary()
        self._forgotten: list[list[int]] = []

    def take(self, value: list[Any], decode: Callable[[Any], Any]) -> Borrowed:
        """What a message's tagged list stands for."""
        _, number, kind, name, *shown = value
        item = self._here.get(number)
        if item is None:
            if kind == "function":
                item = BorrowedFunction(number, name, self._forgotten, self._call)
            else:
                item = (BorrowedObject if kind == "object" else Borrowed)(number, name, self._forgotten)
            self._here[number] = item
        item._came += 1
        for attributes in shown:
            vars(item).update({key: decode(entry) for key, entry in attributes.items()})
        return item

    def forgotten(self) -> list[list[int]]:
        """What nobody holds any more since this was asked last."""
        told = self._forgotten[:]
        del self._forgotten[: len(told)]
        return told
