"""The trunk: imports once what is nobody's secret and slow to import, and forks a fork server for every hw_lib that is needed.

Students and trusted tests have different hw_libs, the tests' with the answers in it. What they have in common (torch, matplotlib,
IPython) is imported here, once; hw_lib is imported in a fork server, which no other one can look into. The trunk sees no hw_lib,
no submission and no test.

Started under bubblewrap as `python -s -P trunk.py CONTROL`, a socket to the supervisor; it ends when the supervisor closes its
end, and everything it forked ends with it, because it is the first process of its namespace. Its messages:

    -> {"modules": [...], "mpl_cache": ..., "as_root": ...}                       the first one
    -> {"program": ..., "modules": [...], "place": ...} + control, library        a fork server: its line, a zip file of its hw_lib

What goes wrong is said on the fork server's own line, as the fork server would.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import fork_server, isolate, preload
from grading.inside import shell as shells
from grading.inside.control import Message, attend, receive, send


class Branched(BaseException):
    """Raised in a new process that is to be a fork server: the way out of what the trunk was doing."""

    def __init__(self, request: Message, control: socket.socket, library: int) -> None:
        """`control` is its own line to the supervisor, `library` the descriptor of its hw_lib."""
        super().__init__(request)
        self.request, self.control, self.library = request, control, library


def main(control: socket.socket) -> Callable[[], None] | None:
    """Warm up, then fork on request until the supervisor goes away. In what runs cells, returns what it has to run."""
    first, _ = receive(control)
    warm = shells.pair()
    with contextlib.suppress(OSError):  # without it matplotlib looks for fonts itself
        shutil.copytree(first["mpl_cache"], os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    preload.warm_up(first["modules"], *warm)
    preload.freeze()
    try:
        Trunk(control, as_root=first["as_root"]).serve()
    except Branched as born:
        return fork_server.main(born.control, born.request, born.library, warm, as_root=first["as_root"])
    return None


class Trunk:
    """The fork servers that were forked and are not over."""

    def __init__(self, control: socket.socket, *, as_root: bool) -> None:
        """Fork when `control` asks for it; `as_root` if processes have to become somebody else later."""
        self._control, self._as_root = control, as_root
        self._branches: dict[int, int] = {}  # descriptor of a process -> its number

    def serve(self) -> None:
        """Fork and bury until the supervisor closes the line.

        Raises:
            Branched: in every fork server.
        """
        attend(self._control, self._branches, self._bury, self._answer)

    def _bury(self, handle: int) -> None:
        os.waitpid(self._branches.pop(handle), 0)
        os.close(handle)

    def _answer(self) -> bool:
        request, descriptors = receive(self._control)
        if not request:
            return False
        line, library = descriptors
        with socket.socket(fileno=line) as control:
            try:
                self._fork(request, control, library)
            except (OSError, RuntimeError) as error:
                with contextlib.suppress(OSError):
                    send(control, {"error": f"no fork server could be forked: {error}"})
        os.close(library)
        return True

    def _fork(self, request: Message, control: socket.socket, library: int) -> None:
        problem = preload.unfit()
        if problem:
            raise RuntimeError(problem)
        user, group = os.getuid(), os.getgid()
        process = isolate.fork_apart(self._as_root)
        if process == 0:
            raise Branched(request, self._settle(control, library, user, group), library)
        self._branches[os.pidfd_open(process)] = process

    def _settle(self, control: socket.socket, library: int, user: int, group: int) -> socket.socket:
        """In the new process: keep its own line, which is returned, and its library; nothing else of the trunk's stays open."""
        try:
            isolate.settle_in(self._as_root, user, group)
            isolate.close_others({0, 1, 2, control.fileno(), library})
            self._control.detach()  # closed with the others: collected later, it would close whatever has its number by then
            return socket.socket(fileno=control.detach())
        except BaseException:  # never back into the trunk's own loop
            traceback.print_exc()
            os._exit(1)


if __name__ == "__main__":
    run: Any = main(socket.socket(fileno=int(sys.argv[1])))
    if run is not None:
        run()  # from here, so that a deep recursion goes as deep as in a program that was started by itself
