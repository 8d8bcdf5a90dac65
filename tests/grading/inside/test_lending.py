"""What a test lends to a student's function: called back while the call is answered, handed back, and let go of."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from grading.inside import answers, wire
from grading.inside.answers import Answers
from grading.inside.generator import SharedGenerator
from grading.inside.lending import Lending, Lent
from grading.inside.remote import Link
from hw_lib.ops import LayerOps


@contextmanager
def linked(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    """A test's link to a student's names, which another thread of this process answers for."""
    monkeypatch.setattr(answers, "_alarm", lambda _limit: contextmanager(lambda: (yield))())  # signals are for main threads
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=Answers(theirs, names, {}, 5.0).serve, daemon=True)
    thread.start()
    link = Link(ours, {}, 5.0)
    try:
        yield link
    finally:
        link.goodbye()
        thread.join(5)
        ours.close()
        theirs.close()


def function(link: Link, name: str) -> Callable[..., Any]:
    """A function of the student's, as a test has it."""
    found: Callable[..., Any] = link.value("get", name=name)
    return found


def test_a_lent_layer_is_called_where_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The student's function calls `ops`; the cache comes back as the very object, and dict arguments as the layer left them."""
    caches: list[Any] = []

    def affine_forward(x: Any, w: Any, b: Any) -> Any:
        caches.append(object())
        return x @ w + b, caches[-1]

    def batchnorm_forward(x: Any, gamma: Any, beta: Any, bn_param: dict[str, Any]) -> Any:
        bn_param["seen"] = len(x)
        return x, None

    def hidden(ops: Any, x: Any, w: Any, b: Any, bn_param: Any) -> Any:
        out, cache = ops.affine_forward(x, w, b)
        ops.batchnorm_forward(out, None, None, bn_param)
        return out, {"affine": cache}, bn_param["seen"]

    ops = LayerOps().using(affine_forward, batchnorm_forward)
    with linked({"hidden": hidden}, monkeypatch) as link:
        param: dict[str, Any] = {}
        out, cache, seen = function(link, "hidden")(ops, np.ones((2, 3)), np.ones((3, 4)), 1.0, param)
    assert out.tolist() == [[4.0] * 4] * 2
    assert isinstance(cache["affine"], Lent) and cache["affine"].value is caches[0]
    assert seen == param["seen"] == 2


def test_the_students_own_function_among_the_lent_ones_stays_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer of the student's that went through the test's `ops` is called where it is, and a lent one may call it."""
    names = {
        "relu_forward": lambda x: (np.maximum(x, 0), "mine"),
        "use": lambda ops, x: (ops.relu_forward(x)[1], ops.dropout_forward(x, {})[0]),
    }
    with linked(names, monkeypatch) as link:
        theirs = link.value("get", name="relu_forward").called("relu_forward", {})

        def dropout_forward(x: Any, dropout_param: Any) -> Any:
            return theirs(x)[0] + 1, None

        said, out = function(link, "use")(LayerOps().using(theirs, dropout_forward), np.array([-1.0, 2.0]))
    assert (said, out.tolist()) == ("mine", [1.0, 3.0])


def test_an_error_of_a_lent_function_is_the_students_to_catch(monkeypatch: pytest.MonkeyPatch) -> None:
    """It arrives as what it is a subclass of, and goes on to the test if nobody catches it."""

    def refuse(x: Any) -> Any:
        raise ValueError("too small")

    def catch(f: Any) -> str:
        try:
            f(1)
        except ValueError as error:
            return f"caught {error}"
        return ""

    with linked({"catch": catch, "pass_on": lambda f: f(1)}, monkeypatch) as link:
        assert function(link, "catch")(refuse) == "caught too small"
        with pytest.raises(ValueError, match="too small"):
            function(link, "pass_on")(refuse)


def test_the_generator_is_one_for_both() -> None:
    """What one end draws, the other has drawn; a state that is none is refused."""
    before = np.random.get_state()
    try:
        one, other = SharedGenerator(), SharedGenerator()
        assert one.news() == {}
        np.random.seed(3)
        news = one.news()
        expected = np.random.rand(2).tolist()
        other.learn(news)
        assert np.random.rand(2).tolist() == expected
        for bad in ([[1], 0, 0, 0.0], "x", [np.zeros(624), 10**9, 0, 0.0], [np.zeros(624), -1, 0, 0.0], []):
            with pytest.raises((ValueError, TypeError)):
                other.learn({"generator": bad})
    finally:
        np.random.set_state(before)


def test_a_forgotten_loan_is_let_go_of() -> None:
    """Caches of a long training must not pile up; what never was lent cannot be handed back, called or forgotten."""
    lending = Lending()
    sent = lending.wrap(Lent([1]), lambda value: value)
    assert sent is not None
    number = sent[1]
    lending.forget([[number, 1]])
    with pytest.raises(wire.WireError):
        lending.unwrap(["lent", number])
    with pytest.raises(wire.WireError):
        lending.forget([[number, 1]])
    for unknown in (["lent", 7], ["lent", "x"], ["lent"]):
        with pytest.raises(wire.WireError):
            lending.unwrap(unknown)
