"""The student's end of the socket to the trusted tests: looks names up, calls functions, and sends back plain data or handles.

Runs in a copy of the student's process that was made when the test cell's turn came, and that ends with the test. It is the
student's process: nothing it says is believed, it only has to be right.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import json
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grading.inside import kinds, wire
from grading.inside.borrowed import Borrowed, Shelf
from grading.inside.generator import SharedGenerator
from grading.inside.raised import error_of
from grading.inside.shell import CellTimeout, message


class Answers:
    """Answers one test's questions about one namespace."""

    def __init__(self, line: socket.socket, names: dict[str, Any], classes: Mapping[str, list[str]], limit_s: float) -> None:
        """Answer on `line`; objects of `classes` are passed as handles with attributes, one call may take `limit_s`."""
        self._line, self._names, self._classes, self._limit_s = line, names, classes, limit_s
        self._kept: list[Any] = []
        self._shelf, self._generator = Shelf(self._ask_back), SharedGenerator()
        self._stripped: dict[bytes, Any] = {}  # what went out as a plain container and may come back, by its content
        self._actions: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "define": self._define,
            "get": self._get,
            "call": self._call,
            "attribute": self._attribute,
            "set": self._set,
            "vjp": self._vjp,
            "iterate": self._iterate,
            "take": self._take,
            "give": self._give,
            "next": self._next,
        }

    def serve(self) -> None:
        """Answer until the test says goodbye."""
        while True:
            try:
                question = self._received()
            except wire.NoRoomError as error:  # the student's functions hold all of it: the test hears that, as from a function
                told = ["MemoryError", str(error), "", [kind.__name__ for kind in MemoryError.__mro__]]
                self._line.sendall(self._packed({"number": json.loads(error.text)["number"], "error": told}))
                continue
            if question["do"] == "bye":
                return
            self._line.sendall(self._answer(question))

    def _received(self) -> dict[str, Any]:
        """The next message of the test's."""
        reader = wire.Reader(lambda value: self._unwrap(value, reader), self._restore)
        text, data = wire.receive(self._line)
        try:
            message = reader.unpack(text, data)
        except wire.WireError as error:
            if isinstance(error.__cause__, MemoryError):  # it came, but what it says has no place beside it
                raise wire.NoRoomError(text) from None
            raise
        self._generator.learn(message)
        return message

    def _packed(self, message: dict[str, Any], stripped: Callable[[Any], None] = lambda _: None) -> bytes:
        """One message, with what else the test has to know."""
        forgotten = self._shelf.forgotten()
        news = {"forgotten": forgotten} if forgotten else {}
        return wire.Writer(self._wrap, stripped).pack({**message, **self._generator.news(), **news})

    def _answer(self, question: dict[str, Any]) -> bytes:
        """Whatever happens, an answer."""
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), _alarm(self._limit_s):
                answer = self._actions[question["do"]](question)
                return self._packed({"number": question["number"], **answer}, self._remember)
        except BaseException as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            told = [type(error).__name__, message(error), "".join(traceback.format_exception(error))[-4000:], kinds]
            return self._packed({"number": question["number"], "error": told})

    def _ask_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the test's; it may call functions of the student's before it returns."""
        self._line.sendall(self._packed({"callback": number, "args": list(args), "kwargs": kwargs}, self._remember))
        while True:
            told = self._received()
            if "do" not in told:
                break
            self._line.sendall(self._answer(told))
        if "raised" in told:
            raise error_of(told["raised"])
        given = [*args, *kwargs.values()]
        for place, content in told["dicts"]:
            given[place].clear()
            given[place].update(content)
        return told["returned"]

    def _define(self, question: dict[str, Any]) -> dict[str, Any]:
        """Run the author's statements again, so that their names mean what the author wrote, with our library as it is on disk."""
        for name in [name for name in sys.modules if name.partition(".")[0] == "hw_lib"]:
            del sys.modules[name]
        for statement in question["statements"]:
            exec(statement, self._names)
        return {"value": None}

    def _get(self, question: dict[str, Any]) -> dict[str, Any]:
        name = question["name"]
        return {"value": self._names[name]} if name in self._names else {"missing": True}

    def _call(self, question: dict[str, Any]) -> dict[str, Any]:
        """Call; say which array arguments were changed in place, and send dict arguments back, which are changed on purpose."""
        given = [*question["args"], *question["kwargs"].values()]
        before = [_content(value) for value in given]
        value = question["target"](*question["args"], **question["kwargs"])
        changed = any(map(_changed, given, before))
        dicts = [[place, entry] for place, entry in enumerate(given) if isinstance(entry, dict)]
        return {"value": value, "changed": changed, "dicts": dicts}

    def _attribute(self, question: dict[str, Any]) -> dict[str, Any]:
        return {"value": getattr(question["target"], question["name"])}

    def _set(self, question: dict[str, Any]) -> dict[str, Any]:
        setattr(question["target"], question["name"], question["value"])
        return {"value": None}

    def _take(self, question: dict[str, Any]) -> dict[str, Any]:
        """Take a name away, as the test did on its side."""
        self._names.pop(question["name"], None)
        return {"value": None}

    def _give(self, question: dict[str, Any]) -> dict[str, Any]:
        """Give a name that was taken away its value back."""
        self._names[question["name"]] = question["value"]
        return {"value": None}

    def _vjp(self, question: dict[str, Any]) -> dict[str, Any]:
        """A call and its gradient, as tensors: (out, dx) for an upstream gradient dout."""
        import torch

        x = torch.tensor(question["x"], requires_grad=True)
        out = question["target"](x)
        out.backward(torch.tensor(question["dout"]))
        if x.grad is None:
            raise RuntimeError("backward() left no gradient in the input")
        return {"value": (out.detach().numpy(), x.grad.numpy())}

    def _iterate(self, question: dict[str, Any]) -> dict[str, Any]:
        return {"value": self._keep(iter(question["target"]))}

    def _next(self, question: dict[str, Any]) -> dict[str, Any]:
        for entry in self._kept[question["iterator"]]:
            return {"value": entry}
        return {"over": True}

    def _remember(self, value: Any) -> None:
        """A namedtuple goes out as a tuple; when that tuple comes back, the function that gets it looks for the names."""
        self._stripped[_fingerprint(value)] = value

    def _restore(self, value: Any) -> Any:
        """The student's own object for the plain container that was sent for it, unless one of the two has changed since."""
        own = self._stripped.get(_fingerprint(value)) if self._stripped else None
        return value if own is None or _fingerprint(own) != _fingerprint(value) else own

    def _keep(self, value: Any) -> int:
        self._kept.append(value)
        return len(self._kept) - 1

    def _wrap(self, value: Any) -> list[Any]:
        """A handle: what is not plain data stays here."""
        if isinstance(value, Borrowed):
            return ["lent", value._number]
        number = self._keep(value)
        for kind in type(value).__mro__:
            if kind.__name__ in self._classes:
                return ["handle", number, "object", kind.__name__]
        return ["handle", number, "function" if callable(value) else "opaque", kinds.of(value)]

    def _unwrap(self, value: list[Any], reader: wire.Reader) -> Any:
        if value[0] == "lent":
            return self._shelf.take(value, reader.decode)
        if value[0] == "handle":
            return self._kept[value[1]]
        if value[0] == "name":  # something importable, from the trusted side
            found: Any = importlib.import_module(value[1])
            for part in value[2].split("."):
                found = getattr(found, part)
            return found
        raise wire.WireError(f"{value[0]!r} is no type of value")


@contextlib.contextmanager
def _alarm(limit_s: float) -> Any:
    """Interrupt a call that runs too long."""

    def on_alarm(_signal: int, _frame: object) -> None:
        raise CellTimeout(f"the call ran longer than {limit_s:g} seconds")

    started, before = time.monotonic(), signal.signal(signal.SIGALRM, on_alarm)
    left, again = signal.setitimer(signal.ITIMER_REAL, limit_s, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:  # of the call that this one was a part of
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - started), 0.001), again)


def _fingerprint(value: Any) -> bytes:
    """The same for a container and for the plain one that is sent for it; what goes as a handle is told by which object it is."""
    return hashlib.sha256(wire.Writer(lambda other: ["handle", id(other)], layouts=False).pack({"value": value})).digest()


def _content(value: Any) -> Any:
    """What a list, an array or a tensor holds, to see later whether it was changed: a digest or a copy. None of anything else."""
    if isinstance(value, list):
        return _fingerprint(value)
    array = _numbers(value)
    return None if array is None else np.array(array, order="K")  # laid out in the same way: that copies fastest


def _changed(value: Any, content: Any) -> bool:
    """Whether it holds other numbers than it did then, or the same in another order, bit by bit."""
    if not isinstance(content, np.ndarray):
        return bool(_content(value) != content)
    array = _numbers(value)
    if array is None:
        return True
    order = wire.axes_in_memory(content) if array.shape == content.shape else None
    return bool(_bytes(array, order) != _bytes(content, order))


def _bytes(array: np.ndarray[Any, Any], order: list[int] | None) -> bytes:
    """Its bytes, the axes in that order: where memory has them so, that is fast."""
    return (array if order is None else array.transpose(order)).tobytes()


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """The array that an array or a tensor is; None of anything else."""
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if callable(getattr(type(value), "detach", None)):  # of the class: a dictionary with attributes may raise anything
        array = np.asarray(value.detach())
        return None if array.dtype.hasobject else array  # somebody's own idea of a tensor
    return None
