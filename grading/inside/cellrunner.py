"""Runs a student's cells one at a time inside the sandbox and tells the supervisor what happened.

Started as `python -s -P cellrunner.py LINK`, LINK a descriptor of the socket to the trusted tests. The supervisor writes one
JSON line per request to standard input and reads one JSON line per event from standard output:

    -> {"limits": {...}, "uid": ..., "paths": [...]}     first line: limits to set, whom to become, where to import from
    <- {"event": "ready"}
    -> {"cell": "a_weights", "source": "..."}            the next cell, sent when the last one has ended
    <- {"event": "output", "output": {...nbformat...}}
    <- {"event": "end", "error_name": ..., "value": ...}
    -> {"snapshot": "a_weights_test"}                    keep a copy of this process as it is now, for that test
    <- {"event": "snapshot"}
    -> {"answer": "a_weights_test", "classes": {...}, "seed": 1}    let that copy answer the test on the line, until it says goodbye
    <- {"event": "answered"}

A cell that reaches its time limit is interrupted here (SIGALRM); the supervisor kills what cannot be interrupted. Copies
answer only after the last cell: nothing that a student's code learns from a hidden test can reach an output.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pathlib
import select
import signal
import socket
import sys
import time
import warnings
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import shell as shells
from grading.inside import start, wire
from grading.inside.answers import Answers

Warm = tuple[shells.Channel, Any]
_GRACE_S = 1.0
_QUIET_MS = 1_000  # so long nothing is said after the last of it
_ANSWERED = 86  # how a copy ends after goodbye; a function that calls os._exit(0) must not look like it


class Copies:
    """Copies of this process, each asleep until its test wants answers."""

    def __init__(self, line: socket.socket | None, names: dict[str, Any], limit_s: float) -> None:
        """Copies will answer on `line` about `names`; one call may take `limit_s`."""
        self._line, self._names, self._limit_s = line, names, limit_s
        self._asleep: dict[str, tuple[int, int]] = {}
        self._frozen = False

    def make(self, test: str) -> str:
        """Copy this process; returns why that did not work, or an empty text."""
        if not self._frozen:  # the collector writes beside every object that it looks at, and each copy would keep its own of that
            gc.freeze()
            self._frozen = True
        try:
            reader, writer = os.pipe()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about threads, which are the student's own
                process = os.fork()
        except OSError as error:
            return f"the process could not be copied: {error.strerror}"
        if process == 0:
            os.close(writer)
            self._sleep(reader)
        os.close(reader)
        self._asleep[test] = process, writer
        return ""

    def wake(self, request: dict[str, Any], limit_s: float) -> str:
        """Let a copy answer and wait for its end; one that does not end is killed."""
        test = request["answer"]
        if test not in self._asleep or self._line is None:
            return "there is no copy for this test"
        process, writer = self._asleep.pop(test)
        try:
            os.write(writer, json.dumps(request).encode() + b"\n")
            os.close(writer)
        except OSError:
            pass  # it is dead already
        deadline = time.monotonic() + limit_s + _GRACE_S
        while True:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended and os.WIFEXITED(status) and os.WEXITSTATUS(status) == _ANSWERED:
                return ""
            if ended or time.monotonic() > deadline:
                break
            _wait(process, deadline - time.monotonic())
        if not ended:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        with contextlib.suppress(OSError):  # the test is waiting; never block, and never change the line, which copies share
            self._line.send(wire.Writer(lambda _: []).pack({"gone": True}), socket.MSG_DONTWAIT)
        self._drain(self._line, time.monotonic() + limit_s)
        return ""

    def _drain(self, line: socket.socket, deadline: float) -> None:
        """What a copy did not read is not for the next one; the test may be in the middle of saying it, and slow at that."""
        poll = select.poll()
        poll.register(line, select.POLLIN)
        with contextlib.suppress(OSError):
            while poll.poll(_QUIET_MS) and line.recv(1 << 16, socket.MSG_DONTWAIT) and time.monotonic() < deadline:
                pass

    def _sleep(self, reader: int) -> None:
        """In the copy: wait, answer, end."""
        code = 1
        start.forget_our_modules()  # a test may ask one of their functions about an object
        try:
            told = os.fdopen(reader, "rb").readline()  # not to the end: later copies hold this pipe open too
            if told and self._line is not None:
                request = json.loads(told)
                start.reseed(request["seed"])
                Answers(self._line, self._names, request["classes"], self._limit_s).serve()
            code = _ANSWERED
        finally:
            os._exit(code)


def _wait(process: int, limit_s: float) -> None:
    """Wait for the end of a process, or for a moment where that is all that one can wait for."""
    try:
        handle = os.pidfd_open(process)
    except (AttributeError, OSError):  # another system, an older kernel, no descriptor left
        time.sleep(0.002)
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.poll(max(0.0, 1000 * limit_s))
    finally:
        os.close(handle)


def main(link: int, warm: Warm | None = None) -> None:
    """Set up, then run what comes until the supervisor closes the pipe.

    Args:
        link: the descriptor of the socket to the trusted tests; -1 for none.
        warm: a channel that is not open yet, and a shell that was made with it before this process was forked.
    """
    requests, events = start.take_pipes()
    first = start.settle(requests)
    limit_s = first["limits"]["cell_s"]
    channel, shell = warm or shells.pair()
    channel.open(events, int(first["limits"]["output_mb"] * shells.MB))
    sys.path[:1] = [*first["paths"], ""]  # only now: a file of the student's must not stand in for a module of the shell
    sys.stdout, sys.stderr = shells.Stream("stdout", channel), shells.Stream("stderr", channel)
    copies = Copies(socket.socket(fileno=link) if link >= 0 else None, shell.user_ns, limit_s)
    channel.send(event="ready")
    for line in requests:
        request = json.loads(line)
        if "snapshot" in request:
            channel.send(event="snapshot", problem=copies.make(request["snapshot"]))
        elif "answer" in request:
            channel.send(event="answered", problem=copies.wake(request, limit_s))
        else:
            if request.get("fresh"):
                start.forget_our_modules()
            shells.run_cell(shell, channel, request, limit_s)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else -1)
