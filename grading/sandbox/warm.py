"""Fork servers: processes that have imported what notebooks need, and fork a sandboxed process for every submission.

Starting Python and importing torch is most of what a submission costs; a fork costs a hundredth of it. What is imported lies in a
trunk; a fork server is a fork of it that has one hw_lib in addition, the students' or the tests'. Both stay under bubblewrap and
see neither submissions nor tests; each child locks itself up before it reads a byte of either.
"""

from __future__ import annotations

import io
import threading
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.call_filter import call_filter
from grading.sandbox.fork_server import ForkServer, unusable
from grading.sandbox.process import Process
from grading.sandbox.spec import Sandbox
from grading.sandbox.trunk import Trunk

ALWAYS = ("json", "numpy.random")
_MOST_SERVERS = 4  # for students and for tests of this assignment, and of the one before


class Warm:
    """The fork servers of this process, for any number of threads. Leaving the context ends them and all their children."""

    isolates = True

    def __init__(self) -> None:
        """No server yet: each is started when a sandbox first needs it."""
        self._servers: OrderedDict[tuple[object, ...], ForkServer] = OrderedDict()
        self._trunks: dict[tuple[object, ...], Trunk] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Warm:
        """The servers; one is started when it is first needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every server, and with it every child."""
        self.close()

    def close(self) -> None:
        """End every trunk, every server and every child."""
        with self._guard:
            for trunk in self._trunks.values():
                trunk.close()
            for server in self._servers.values():
                server.close()
            self._trunks.clear()
            self._servers.clear()

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
            raise unusable(f"the fork server did not start, or died, twice: {error}") from error

    def prepare(self, sandbox: Sandbox) -> None:
        """Begin to warm the server of a sandbox that will be needed; others can get warm at the same time."""
        self._server(sandbox)

    def pids(self) -> list[int]:
        """The servers' processes on this machine, of those that are warm."""
        with self._guard:
            return [server.pid for server in self._servers.values() if server.pid]

    def trunks(self) -> list[int]:
        """The trunks' processes on this machine."""
        with self._guard:
            return [trunk.pid for trunk in self._trunks.values()]

    def _server(self, sandbox: Sandbox) -> ForkServer:
        key = _key(sandbox)
        with self._guard:
            if key not in self._servers or self._servers[key].closed:
                self._servers[key] = self._branch(sandbox)
                if len(self._servers) > _MOST_SERVERS:
                    self._retire()
            self._servers.move_to_end(key)
            return self._servers[key]

    def _branch(self, sandbox: Sandbox) -> ForkServer:
        """A new server, of a trunk that others may have, too."""
        modules = tuple(dict.fromkeys((*ALWAYS, *sandbox.preload)))
        theirs = {path.name.removesuffix(".py") for path in sandbox.library.iterdir()}
        of_the_library = tuple(name for name in modules if name.partition(".")[0] in theirs)
        everybodys = tuple(name for name in modules if name not in of_the_library)
        key = sandbox.fonts, sandbox.hidden, everybodys
        if key in self._trunks and not self._trunks[key].alive():
            self._trunks.pop(key).close()
        if key not in self._trunks:
            self._trunks[key] = Trunk(sandbox, everybodys)
        return ForkServer(self._trunks[key], sandbox.program, of_the_library, _packed(sandbox.library))

    def _retire(self) -> None:
        """End the server that was not asked for the longest and has no child left, and its trunk if that has no other."""
        for key, server in list(self._servers.items())[:-1]:
            if not server.busy():
                self._servers.pop(key).close()
                break
        used = [server.trunk for server in self._servers.values()]
        for place, trunk in list(self._trunks.items()):
            if trunk not in used:
                self._trunks.pop(place).close()

    def _forget(self, sandbox: Sandbox) -> None:
        with self._guard:
            server = self._servers.pop(_key(sandbox), None)
        if server is not None:
            server.close()


def _key(sandbox: Sandbox) -> tuple[object, ...]:
    """Sandboxes with the same key have the same fork server."""
    return sandbox.program, sandbox.library, sandbox.fonts, sandbox.hidden, sandbox.preload


def _packed(folder: Path) -> bytes:
    """The files of a library, as a zip file that is not compressed."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", strict_timestamps=False) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                packed.write(path, path.relative_to(folder))
    return whole.getvalue()
