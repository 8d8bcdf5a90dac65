"""The trunk under bubblewrap, as the process that holds it sees it. Linux only; what it does is in `inside/trunk.py`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

from grading import inside
from grading.sandbox import bubblewrap
from grading.sandbox.bubblewrap import HOME, MPL_CACHE
from grading.sandbox.process import PYTHON, environment
from grading.sandbox.spec import Sandbox

_SEND_S = 120.0  # it reads nothing until it is warm, and little fits into a socket


class Trunk:
    """A process that has imported what notebooks import beside hw_lib, and forks fork servers.

    Attributes:
        pid: on this machine: the first process of its namespace; 0 if bubblewrap failed.
    """

    def __init__(self, sandbox: Sandbox, modules: Sequence[str]) -> None:
        """Start it. It gets warm by itself, and reads what it is asked for when it is."""
        variables = environment(HOME, "/tmp")
        command = bubblewrap.command(None, sandbox.fonts, sandbox.hidden, sandbox.size(), variables)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reader, writer = os.pipe()
        command += ["--info-fd", str(writer), *PYTHON, f"{inside.MOUNTED}/trunk.py", str(theirs.fileno())]
        with theirs, os.fdopen(reader) as info:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=variables,
                start_new_session=True,
                pass_fds=(theirs.fileno(), writer),
            )
            os.close(writer)
            told = info.read()
        self.pid = json.loads(told)["child-pid"] if told else 0
        self._handle = _descriptor(self.pid)
        self._control.settimeout(_SEND_S)
        with contextlib.suppress(OSError):  # where it did not start, whoever waits for a fork server finds out and says why
            self._send({"modules": list(modules), "mpl_cache": MPL_CACHE, "as_root": os.geteuid() == 0}, [])

    def branch(self, program: str, modules: Sequence[str], library: bytes) -> socket.socket:
        """Ask for a fork server; returns the line to it, which says so itself when there is none.

        Args:
            program: what its children run.
            modules: what it imports, in addition.
            library: a zip file of its hw_lib.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = {"program": program, "modules": list(modules), "place": bubblewrap.STUDENT_BUILD}
        with theirs, tempfile.TemporaryFile() as file, contextlib.suppress(OSError):  # a dead one: the line is closed, and says so
            file.write(library)
            file.seek(0)
            self._send(request, [theirs.fileno(), file.fileno()])
        return ours

    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._handle >= 0 and self._process.poll() is None

    def said(self) -> str:
        """The end of what it and its fork servers said where nobody listens: why one did not start."""
        if self._errors.closed:
            return ""
        text = os.pread(self._errors.fileno(), 1 << 20, 0).decode("utf-8", "replace").strip()
        return text[-500:]

    def close(self) -> None:
        """End it, and with it every fork server and every child."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = -1
        self._process.wait()
        self._control.close()
        self._errors.close()

    def _send(self, message: dict[str, Any], descriptors: list[int]) -> None:
        socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)


def _descriptor(pid: int) -> int:
    """A descriptor of a process that cannot come to mean another one; -1 for none, or one that is gone already."""
    try:
        return os.pidfd_open(pid) if pid else -1
    except ProcessLookupError:
        return -1
