"""One fork server and its children, as the process that holds them sees them: descriptors, requests, ends. Linux only.

A server is forked from a trunk under bubblewrap; it and each child are the first process of a process namespace: killing it ends
everything in there.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import signal
import socket
import threading
import time
from pathlib import Path
from typing import IO, Any

from grading.sandbox.bubblewrap import HOME, TEMPORARY
from grading.sandbox.spec import Sandbox, SandboxError
from grading.sandbox.trunk import Trunk

_MOST_FILES = 50_000  # in each folder of a submission; a name costs memory, too
_WARM_S, _FORK_S, _END_S = 120.0, 30.0, 10.0


class ForkServer:
    """A warm process with one hw_lib that forks one process for every submission, seen from outside.

    Attributes:
        pid: its number on this machine; 0 until it is warm.
        closed: it is of no use any more: it was ended, or did not start.
    """

    def __init__(self, trunk: Trunk, program: str, modules: tuple[str, ...], library: bytes) -> None:
        """Ask the trunk for it; arguments as there. It gets warm by itself; whoever forks first waits for that."""
        self._guard = threading.Lock()
        self._warm = self.closed = False
        self.pid, self._handle = 0, -1
        self._children: list[ForkedProcess] = []
        self.trunk = trunk
        self._control = trunk.branch(program, modules, library)

    def fork(self, sandbox: Sandbox, link: int, filter_program: bytes) -> ForkedProcess:
        """A child for one submission.

        Raises:
            SandboxError: it did not start, or could not fork.
            OSError, EOFError: it is dead.
        """
        request = {
            "uid": sandbox.uid(),
            "size": sandbox.size(),
            "files": _MOST_FILES,
            "folders": list(TEMPORARY),
            "home": HOME,
            "filter": base64.b64encode(filter_program).decode(),
        }
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
            requests, events, errors, status = (_pipe(ours, theirs, ours_writes=number == 0) for number in range(4))
            sent = [pipe[1] for pipe in (requests, events, errors, status)] + ([link] if link >= 0 else [])
            with self._guard:
                self._wait_until_warm()
                self._send(request, sent, _FORK_S)
                answer, descriptors = self._receive()
            if not answer.get("started"):
                raise unusable(str(answer.get("error")))
            child = ForkedProcess(descriptors[0], requests[0], events[0], errors[0], status[0])
            ours.pop_all()
        with self._guard:
            self._children = [other for other in self._children if not other.over()] + [child]
        return child

    def busy(self) -> bool:
        """Whether a child of it is still there."""
        return any(not child.over() for child in self._children)

    def close(self) -> None:
        """End it, and with it every child; one that is not warm yet ends when it finds its line closed."""
        self.closed = True
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            _readable(self._handle, _END_S)
            os.close(self._handle)
            self._handle = -1
        for child in self._children:
            child.wait(_END_S)
        self._control.close()

    def _wait_until_warm(self) -> None:
        if self._warm:
            return
        self._control.settimeout(_WARM_S)
        try:
            answer, handles = self._receive()
            if not answer.get("born"):
                raise EOFError(answer.get("error"))
            (self._handle,) = handles
            self.pid = _pid(self._handle)
            answer, _ = self._receive()
            if not answer.get("ready"):
                raise EOFError(answer.get("error"))
        except (OSError, EOFError) as error:
            said = self.trunk.said()
            self.close()
            raise unusable(f"the fork server did not start ({error}): {said or 'it said nothing'}") from error
        self._warm = True

    def _send(self, message: dict[str, Any], descriptors: list[int], limit_s: float) -> None:
        """Ask something; the answer has to come within that time, too."""
        self._control.settimeout(limit_s)
        socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        data, received, _, _ = socket.recv_fds(self._control, 65_536, 2)
        for descriptor in received:
            os.set_inheritable(descriptor, False)
        if not data:
            raise EOFError("it closed the connection")
        return json.loads(data), received


class ForkedProcess:
    """A child of a fork server: the first process of a process namespace, with which everything in there ends."""

    def __init__(self, handle: int, requests: int, events: int, errors: int, status: int) -> None:
        """`handle` is a descriptor of the process, the others are our ends of its lines."""
        self._handle, self._status_line = handle, status
        self._over: int | None = None
        self.lost = False
        self._guard = threading.Lock()  # a flood of output is ended by the thread that reads it
        self.pid = _pid(handle)
        self.stdin: IO[bytes] = os.fdopen(requests, "wb")
        self.stdout: IO[bytes] = os.fdopen(events, "rb")
        self.stderr: IO[bytes] = os.fdopen(errors, "rb")

    def over(self) -> bool:
        """Whether it has ended."""
        return self.wait(0) is not None

    def wait(self, timeout: float) -> int | None:
        """Its exit status; None when it is still there."""
        with self._guard:
            if self._over is None and _readable(self._handle, timeout):
                said = os.read(self._status_line, 20) if _readable(self._status_line, _END_S) else b""
                self.lost = not said  # its server died, and it with it
                self._over = int(said) if said else -signal.SIGKILL
                os.close(self._status_line)
                os.close(self._handle)
            return self._over

    def end(self) -> None:
        """Kill it, and wait until the kernel has ended everything in its namespace."""
        with self._guard:
            if self._over is None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        if self._over is None:
            deadline = time.monotonic() + _END_S
            while self.wait(1.0) is None and time.monotonic() < deadline:
                pass


def _pid(handle: int) -> int:
    """The number that this machine knows a process by."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name == "Pid":
            return int(value)
    raise SandboxError("the kernel does not tell whose descriptor this is")


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack, ours_writes: bool) -> tuple[int, int]:
    """Our end and their end of a new pipe, each to be closed with its stack."""
    reader, writer = os.pipe()
    mine, other = (writer, reader) if ours_writes else (reader, writer)
    ours.callback(os.close, mine)
    theirs.callback(os.close, other)
    return mine, other


def _readable(descriptor: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(0, int(seconds * 1000))))


def unusable(why: str) -> SandboxError:
    """The error for a server that is of no use."""
    return SandboxError(
        "no warm process can be had, so nothing was run",
        expected="a fork server under bubblewrap that starts a process per submission",
        got=why[-800:],
        fix="try once more; if it stays, `hw doctor` says what this machine can do",
    )
