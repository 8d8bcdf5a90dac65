"""The fork server: imports once what notebooks need, then forks a process for every submission. Sees neither submissions nor tests.

Started under bubblewrap as `python -s -P fork_server.py CONTROL`, a socket to the supervisor; it ends when the supervisor
closes its end, and everything it forked ends with it, because it is the first process of its namespace. Each message is JSON and
the descriptors that come with it:

    -> {"program": "cellrunner", "modules": [...], "paths": [...], "mpl_cache": ..., "as_root": ...}    the first one
    <- {"ready": true, "missing": [...]}
    -> {"uid": ..., "size": ..., "files": ..., "folders": [...], "home": ..., "filter": ...} + stdin, stdout, stderr, status[, link]
    <- {"started": true} + a descriptor of the process      or      {"error": "..."}

The exit status of a process is written to `status` as text when it has ended, and everything it started with it.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import importlib
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import isolate, preload
from grading.inside import shell as shells

MOST = 65_536
_FAILED = 71

Message = dict[str, Any]


class InChild(BaseException):
    """Raised in a new process that is to run cells: the way out of everything that the parent was doing."""

    def __init__(self, link: int) -> None:
        """`link` is the descriptor of its line to the trusted tests, or -1."""
        super().__init__(link)
        self.link = link


def main(control: socket.socket) -> Callable[[], None] | None:
    """Warm up, then fork on request until the supervisor goes away. In a child, returns what it has to run."""
    first, _ = receive(control)
    variables, path = dict(os.environ), list(sys.path)
    channel, shell = shells.pair()
    with contextlib.suppress(OSError):  # without it matplotlib looks for fonts itself
        shutil.copytree(first["mpl_cache"], os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    program = importlib.import_module(f"grading.inside.{first['program']}")
    missing = preload.warm_up(first["modules"], first["paths"], channel, shell)
    sys.path[:] = path  # programs put our folder there, as this one did
    preload.restore(variables)
    problem = unfit()
    if problem:
        send(control, {"error": problem})
        return None
    preload.freeze()
    send(control, {"ready": True, "missing": missing})
    try:
        ForkServer(control, as_root=first["as_root"]).serve()
    except InChild as born:
        sys.argv = [sys.argv[0].replace("fork_server", first["program"]), str(born.link)]
        preload.refresh()
        return functools.partial(program.main, born.link, (channel, shell))
    return None


def unfit() -> str:
    """Why this process must not be forked, or an empty text."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads != 1:
        return f"the fork server has {threads} threads; a fork of it would hang"
    return "the fork server touched a GPU; a fork of it could not" if preload.used_gpu() else ""


class ForkServer:
    """The processes that were forked and are not over."""

    def __init__(self, control: socket.socket, *, as_root: bool) -> None:
        """Fork when `control` asks for it; `as_root` if children have to become somebody else."""
        self._control, self._as_root = control, as_root
        self._status: dict[int, tuple[int, int]] = {}  # descriptor of the process -> its id, where its status goes

    def serve(self) -> None:
        """Fork and bury until the supervisor closes the pipe.

        Raises:
            InChild: in every child.
        """
        while True:
            ready, _, _ = select.select([self._control.fileno(), *self._status], [], [])
            for descriptor in ready:
                if descriptor in self._status:
                    self._reap(descriptor)
                elif not self._answer():
                    return

    def _answer(self) -> bool:
        request, descriptors = receive(self._control)
        if not request:
            return False
        try:
            process, handle = self._fork(request, descriptors)
        except (OSError, RuntimeError) as error:
            send(self._control, {"error": f"no process could be forked: {error}"})
        else:
            self._status[handle] = process, os.dup(descriptors[3])
            send(self._control, {"started": True}, [handle])
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def _reap(self, handle: int) -> None:
        process, status = self._status.pop(handle)
        _, ended = os.waitpid(process, 0)
        with contextlib.suppress(OSError):  # nobody waits for it any more
            os.write(status, str(os.waitstatus_to_exitcode(ended)).encode())
        os.close(status)
        os.close(handle)

    def _fork(self, request: Message, descriptors: list[int]) -> tuple[int, int]:
        """Fork the first process of new namespaces; returns its number and a descriptor of it."""
        problem = unfit()
        if problem:
            raise RuntimeError(problem)
        user, group = os.getuid(), os.getgid()
        process = isolate.fork_apart(self._as_root)
        if process == 0:
            _first_process(request, descriptors, lambda: isolate.settle_in(self._as_root, user, group))
            self._control.detach()  # closed with the others: collected later, it would close whatever has its number by then
            raise InChild(descriptors[4] if len(descriptors) > 4 else -1)
        return process, os.pidfd_open(process)


def _first_process(request: Message, descriptors: list[int], settle_in: Callable[[], None]) -> None:
    """Locks itself up and forks the process that will run cells, with which everything in the namespace ends. Returns there."""
    try:
        for number, descriptor in enumerate(descriptors[:3]):
            os.dup2(descriptor, number)
        settle_in()
        os.setsid()
        _close_others({0, 1, 2, *descriptors[4:]})  # what is the parent's and other children's
        filter_program = base64.b64decode(request["filter"])
        isolate.lock_up(request["folders"], request["size"], request["files"], request["uid"], filter_program)
        os.chdir(request["home"])
        process = os.fork()
    except BaseException:
        _say_why()
        os._exit(_FAILED)
    if process:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # which the first process of a namespace does not get from inside
        os.closerange(0, 65_536)
        isolate.hide_memory()
        os._exit(_until_gone(process))


def _until_gone(process: int) -> int:
    """Bury orphans until this child ends; returns its exit status as shells count it."""
    while True:
        ended, status = os.wait()
        if ended == process:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _close_others(keep: set[int]) -> None:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in keep:
            with contextlib.suppress(OSError):
                os.close(int(name))


def _say_why() -> None:
    with contextlib.suppress(OSError):
        os.write(2, traceback.format_exc().encode())


def send(control: socket.socket, message: Message, descriptors: list[int] | None = None) -> None:
    """One message, with descriptors that the other side gets copies of."""
    socket.send_fds(control, [json.dumps(message).encode()], descriptors or [])


def receive(control: socket.socket) -> tuple[Message, list[int]]:
    """The next message and its descriptors; an empty one when the other side is gone."""
    data, descriptors, _, _ = socket.recv_fds(control, MOST, 8)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return (json.loads(data) if data else {}), descriptors


if __name__ == "__main__":
    run = main(socket.socket(fileno=int(sys.argv[1])))
    if run is not None:
        run()  # from here, so that a deep recursion goes as deep as in a program that was started by itself
