"""A copy that dies leaves the line to the next one clean, and a message that finds no memory is read to its end."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time

import pytest

from grading.inside import cellrunner, wire
from grading.inside.cellrunner import Copies

pytestmark = pytest.mark.kernel


def test_what_a_slow_test_says_to_a_dead_copy_is_nobodys() -> None:
    """The test hears that it is gone, and the rest of its message, however slowly it comes, is not left for the next copy."""
    ours, theirs = socket.socketpair()

    def slowly() -> None:
        for _ in range(5):
            theirs.sendall(b"x" * 50_000)
            time.sleep(0.2)

    with ours, theirs:
        copies = Copies(ours, {}, 5.0)
        assert copies.make("t") == ""
        test = threading.Thread(target=slowly)
        test.start()
        assert copies.wake({"answer": "t"}, 5.0) == ""  # no seed, no classes: it dies of that
        test.join()
        assert not select.select([ours], [], [], 0.2)[0]
        assert wire.Reader(lambda _: None).unpack(*wire.receive(theirs, 5.0)) == {"gone": True}


def test_a_message_without_room_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words arrive, its arrays do not, and the next message begins where it should."""

    def small(size: int) -> bytearray:
        if size > 1 << 20:
            raise MemoryError
        return bytearray(size)

    large, small_one = (wire.Writer(lambda _: []).pack(said) for said in ({"number": 1, "x": bytes(3_000_000)}, {"number": 2}))
    monkeypatch.setattr(wire, "bytearray", small, raising=False)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=theirs.sendall, args=(large + small_one,))
        sender.start()
        with pytest.raises(wire.NoRoomError) as none_left:
            wire.receive(ours, 20.0)
        assert b'"number": 1' in none_left.value.text
        assert wire.receive(ours, 20.0) == (b'{"number": 2}', b"")
        sender.join()


def test_the_end_of_a_copy_is_noticed() -> None:
    """Waiting ends with the process, not with the time for it; and with the time where the process goes on."""
    process = os.fork()
    if process == 0:
        time.sleep(60)
        os._exit(0)
    began = time.monotonic()
    cellrunner._wait(process, 0.05)
    assert os.waitpid(process, os.WNOHANG) == (0, 0)  # it goes on
    os.kill(process, signal.SIGKILL)
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        cellrunner._wait(process, 60.0)
    assert time.monotonic() - began < 30


def test_without_a_descriptor_of_the_process_one_waits_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Older kernels and other systems have none: whoever waits looks again soon."""
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    began = time.monotonic()
    cellrunner._wait(os.getpid(), 60.0)
    assert time.monotonic() - began < 30
