"""What a trusted test holds in place of a student's functions and objects: proxies that ask the student's process.

Everything that arrives is a plain value of an exact type, or a handle that can only be called, have its declared attributes read,
or be handed back. A function receives copies of its arguments; dict arguments are filled with what the function left in them.
Functions and objects of the test's own are lent (`inside.lending`): while a call is answered, the student's function may call them.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from grading.inside import kinds, wire
from grading.inside.generator import SharedGenerator
from grading.inside.lending import Lending
from grading.inside.quoted import KNOWN, named, quoted
from grading.inside.raised import error_of

MOST_ENTRIES = 2_000  # that a test reads from a student's generator, which may have no end
_SENDABLE = ("numpy", "torch", "builtins")  # packages whose classes and functions a test may hand to a student's function


class BadReply(Exception):  # noqa: N818  its name is what staff read
    """The student's process sent something that is not an answer."""


class CellTimeout(Exception):  # noqa: N818  the score knows this name
    """A student's function ran too long."""


class Link:
    """The line to the student's process, for one test."""

    def __init__(self, line: socket.socket, classes: Mapping[str, list[str]], limit_s: float, words: Collection[str] = ()) -> None:
        """Speak on `line`; `classes` names the classes whose objects have attributes, and which; `limit_s` is for one call.

        `words` are those of the test: a name of an exception among them is the author's.

        A call that hangs is interrupted, and told, over there first: an answer may take a little longer.
        """
        self._line, self._classes, self._limit_s, self._patience_s = line, classes, limit_s, limit_s + 0.5
        self._known = {*KNOWN, *words}
        self._number = 0
        self._dead = ""
        self._lending, self._generator = Lending(), SharedGenerator()
        self.size = 0  # bytes of the last answer
        self.changed_inputs = False  # whether any call changed what it was given

    def ask(self, do: str, **question: Any) -> dict[str, Any]:
        """One question and its answer.

        Raises:
            BadReply: no answer came; the line is dead from then on, because a late answer could pass for another one.
            Exception: what the student's function raised, as the built-in exception of that name.
        """
        if self._dead:
            raise BadReply(self._dead)
        self._number += 1
        number = self._number
        message = self._packed({"do": do, "number": number, **question})
        answer = self._told(message, number)
        if "error" in answer:
            raised: Any = _error(answer["error"], self._limit_s, self._known)
            raised.of_the_students = True  # no fault of the test, whatever it is called
            raise raised
        return answer

    def _told(self, message: bytes, number: int) -> dict[str, Any]:
        """Send a question and wait for its answer; meanwhile serve what the student's function calls of the test's."""
        deadline = time.monotonic() + self._patience_s
        while True:
            self._dead = "the student's process does not answer any more"  # until the answer is here: a time-out can come anywhere
            try:
                self._line.settimeout(self._patience_s)
                self._line.sendall(message)
                parts = wire.receive(self._line, max(0.0, deadline - time.monotonic()))
                self.size = sum(map(len, parts))
                answer = wire.Reader(self._unwrap).unpack(*parts)
                if answer.get("gone"):
                    raise wire.WireError("the function ended the process it ran in")
                self._generator.learn(answer)
                self._lending.forget(answer.get("forgotten"))
                if "callback" not in answer and answer.get("number") != number:
                    raise wire.WireError("it answers another question")
            except TimeoutError:
                raise CellTimeout(f"the call ran longer than {self._limit_s:g} seconds") from None
            except (wire.WireError, OSError, ValueError, TypeError) as error:
                raise BadReply(f"the student's process sent no proper answer: {error}") from None
            self._dead = ""
            if "callback" not in answer:
                return answer
            message = self._served(answer)

    def _served(self, call: dict[str, Any]) -> bytes:
        """What a function that was lent says to the student's function that calls it."""
        try:
            value, dicts = self._lending.call(call["callback"], call.get("args"), call.get("kwargs"))
            return self._packed({"returned": value, "dicts": dicts})
        except (BadReply, CellTimeout):
            raise
        except wire.WireError as error:
            self._dead = f"the student's process sent no proper question: {error}"
            raise BadReply(self._dead) from None
        except Exception as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            return self._packed({"raised": [type(error).__name__, str(error), "", kinds]})

    def _packed(self, message: dict[str, Any]) -> bytes:
        """One message, with the news of the generator."""
        writer = wire.Writer(lambda value: self._wrap(value, writer))
        return writer.pack({**message, **self._generator.news()})

    def _wrap(self, value: Any, writer: wire.Writer) -> list[Any]:
        """What of a test's may go to the student: handles that came from there, what both sides can import, what is lent."""
        if isinstance(value, Opaque):
            return ["handle", value._number]
        if isinstance(value, _OverThere):
            return ["name", value.function.__module__, value.function.__qualname__]
        module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if type(module) is str and type(name) is str and module.partition(".")[0] in _SENDABLE and "<" not in name:
            return ["name", module, name]
        lent = self._lending.wrap(value, writer.encode)
        if lent is None:
            raise TypeError(f"a {type(value).__name__} cannot be sent to the student's process: use plain data, arrays and tensors")
        return lent

    def value(self, do: str, **question: Any) -> Any:
        """The value of an answer."""
        return self.ask(do, **question).get("value")

    def goodbye(self) -> None:
        """Let the student's copy end. On a dead line nobody listens, and the next copy must not hear it."""
        if self._dead:
            return
        message = self._packed({"do": "bye", "number": 0})
        self._line.settimeout(1.0)
        with contextlib.suppress(OSError):
            self._line.sendall(message)

    def drain(self) -> None:
        """Forget what an earlier copy left on the line."""
        self._line.settimeout(0.0)
        with contextlib.suppress(OSError):
            while self._line.recv(1 << 20):
                pass

    def _unwrap(self, value: list[Any]) -> Any:
        if value[0] == "lent":
            return self._lending.unwrap(value)
        if value[0] != "handle" or len(value) != 4 or type(value[1]) is not int:
            raise wire.WireError("a value of no known type")
        _, number, kind, name = value
        if kind == "object" and name in self._classes:
            return RemoteObject(self, number, name, frozenset(self._classes[name]))
        return RemoteFunction(self, number) if kind == "function" else Opaque(self, number, name)


class _OverThere:
    """A function of a library that the student's process calls as its own, where others are lent."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        """Both sides can import it."""
        self.function = function


class Opaque:
    """Something of the student's that can only be handed back, for example a cache, or gone through, for example a generator."""

    __slots__ = ("_is", "_link", "_number")
    _link: Link
    _number: int
    _is: str

    def __init__(self, link: Link, number: int, kind: str = "") -> None:
        """What the student's process keeps under that number, and which kind of thing it says that it is."""
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_is", kinds.known(kind))

    def __getattr__(self, name: str) -> Any:
        """Nothing: attributes are the student's, and what they say may be anything."""
        raise AttributeError(kinds.refused(self._is, f"read .{name} of it"))

    def __len__(self) -> int:
        """Nothing, for the same reason."""
        raise TypeError(kinds.refused(self._is, "ask for its length"))

    def __bool__(self) -> bool:
        """It is there."""
        return True

    def __getitem__(self, place: Any) -> Any:
        """Nothing, for the same reason."""
        raise TypeError(kinds.refused(self._is, "look up an entry of it"))

    def __iter__(self) -> Iterator[Any]:
        """Its entries, each of them asked for when it is needed.

        Raises:
            BadReply: they are too many, or too large together.
            TypeError: it has none.
        """
        iterator, size = self._link.value("iterate", target=self), 0
        for _ in range(MOST_ENTRIES):
            answer = self._link.ask("next", iterator=iterator)
            if answer.get("over"):
                return
            size += self._link.size
            if size > wire.MOST_BYTES:
                raise BadReply(f"the entries of what was returned are more than {wire.MOST_BYTES:,} bytes")
            yield answer.get("value")
        raise BadReply(f"what was returned has {MOST_ENTRIES:,} entries or more")

    def __repr__(self) -> str:
        """No more than that it is there, and what kind of thing it is."""
        return f"<{self._is or type(self).__name__} of the student's>"


class RemoteFunction(Opaque):
    """A function or class of the student's."""

    __slots__ = ("__name__", "remote_changed_inputs", "remote_texts")
    remote_changed_inputs: bool
    remote_texts: dict[str, Any]

    def called(self, name: str, texts: dict[str, Any]) -> RemoteFunction:
        """Give it the name it has in the notebook, and what the student wrote: a test's library may look for both."""
        object.__setattr__(self, "__name__", name)
        object.__setattr__(self, "remote_texts", texts)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with copies of the arguments; dict arguments come back changed."""
        answer = self._link.ask("call", target=self, args=list(args), kwargs=kwargs)
        given = [*args, *kwargs.values()]
        for place, content in answer.get("dicts") or ():
            if type(given[place]) is dict and type(content) is dict:
                given[place].clear()
                given[place].update(content)
        object.__setattr__(self, "remote_changed_inputs", answer.get("changed") is True)
        self._link.changed_inputs |= self.remote_changed_inputs
        return answer.get("value")

    def remote_apply(self, function: Any) -> Any:
        """What a function of a library says of it, over there: for a test that has to see what is no plain data."""
        return self._link.value("call", target=_OverThere(function), args=[self], kwargs={})

    def remote_vjp(self, x: Any, dout: Any) -> Any:
        """Call it on a tensor made of x; returns (out, dx), because gradients do not cross processes."""
        return self._link.value("vjp", target=self, x=x, dout=dout)


class RemoteObject(RemoteFunction):
    """An object of a declared class: callable, and its declared attributes can be read and set."""

    __slots__ = ("_attributes", "_kind")

    def __init__(self, link: Link, number: int, kind: str, attributes: frozenset[str]) -> None:
        """What the student's process keeps under that number, of a class of that name."""
        super().__init__(link, number)
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_attributes", attributes)

    def __getattr__(self, name: str) -> Any:
        """Read a declared attribute."""
        if name not in self._attributes:
            raise AttributeError(
                f"{self._kind!r} has no attribute {name!r} for tests; the assignment declares {sorted(self._attributes)}"
            )
        return self._link.value("attribute", target=self, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a declared attribute."""
        if name not in self._attributes:
            raise AttributeError(f"{self._kind!r} has no attribute {name!r} for tests")
        self._link.value("set", target=self, name=name, value=value)


def _error(told: Any, limit_s: float, known: Collection[str]) -> Exception:
    """What the student's function raised; its words, and a name that is not known here, are the student's: they are marked.

    Running out of time has a name that the score knows.
    """
    if type(told) is list and told and told[0] == "CellTimeout":
        return CellTimeout(f"the call ran longer than {limit_s:g} seconds")
    return error_of(told, quoted, lambda name: named(name, known))
