"""Fork servers: processes that have imported what notebooks need, and fork a sandboxed process for every submission.

Starting Python and importing torch is most of what a submission costs; a fork costs a hundredth of it. A fork server stays under
bubblewrap and sees neither submissions nor tests; each of its children locks itself up before it reads a byte of either.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.call_filter import call_filter
from grading.sandbox.fork_server import ForkServer, unusable
from grading.sandbox.process import Process
from grading.sandbox.spec import Sandbox

ALWAYS = ("json", "numpy", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
_MOST_SERVERS = 4  # for students and for tests of this assignment, and of the one before


class Warm:
    """The fork servers of this process, for any number of threads. Leaving the context ends them and all their children."""

    isolates = True

    def __init__(self) -> None:
        """No server yet: each is started when a sandbox first needs it."""
        self._servers: OrderedDict[tuple[object, ...], ForkServer] = OrderedDict()
        self._guard = threading.Lock()

    def __enter__(self) -> Warm:
        """The servers; one is started when it is first needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every server, and with it every child."""
        self.close()

    def close(self) -> None:
        """End every server, and with it every child."""
        with self._guard:
            while self._servers:
                self._servers.popitem()[1].close()

    def first_request(self, sandbox: Sandbox) -> dict[str, Any]:
        """As `Launcher.first_request`: inside, everything lies where bubblewrap puts it."""
        return Bubblewrap().first_request(sandbox)

    def start(self, sandbox: Sandbox, work: Path, link: int) -> Process:
        """As `Launcher.start`, by a fork.

        Raises:
            SandboxError: no server could be started, or it could not fork. Never a process without a sandbox.
        """
        filter_program = call_filter()
        try:
            return self._server(sandbox).fork(sandbox, link, filter_program)
        except (OSError, EOFError):  # the server died since; once more with a new one
            self._forget(sandbox)
        try:
            return self._server(sandbox).fork(sandbox, link, filter_program)
        except (OSError, EOFError) as error:
            raise unusable(f"the fork server died twice: {error}") from error

    def prepare(self, sandbox: Sandbox) -> None:
        """Begin to warm the server of a sandbox that will be needed; others can get warm at the same time."""
        self._server(sandbox)

    def pids(self) -> list[int]:
        """The servers' processes on this machine."""
        with self._guard:
            return [server.pid for server in self._servers.values()]

    def _server(self, sandbox: Sandbox) -> ForkServer:
        key = _key(sandbox)
        with self._guard:
            if key not in self._servers or self._servers[key].closed:
                self._servers[key] = ForkServer(sandbox, tuple(dict.fromkeys((*ALWAYS, *sandbox.preload))))
                if len(self._servers) > _MOST_SERVERS:
                    self._retire()
            self._servers.move_to_end(key)
            return self._servers[key]

    def _retire(self) -> None:
        """End the server that was not asked for the longest and has no child left."""
        for key, server in list(self._servers.items())[:-1]:
            if not server.busy():
                self._servers.pop(key).close()
                return

    def _forget(self, sandbox: Sandbox) -> None:
        with self._guard:
            server = self._servers.pop(_key(sandbox), None)
        if server is not None:
            server.close()


def _key(sandbox: Sandbox) -> tuple[object, ...]:
    """Sandboxes with the same key have the same fork server."""
    return sandbox.program, sandbox.library, sandbox.fonts, sandbox.hidden, sandbox.preload
