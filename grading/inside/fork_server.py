"""The fork server: has one hw_lib, and forks a process for every submission. Sees neither submissions nor tests.

Forked from the trunk (`trunk.py`), the first process of its own namespaces: everything it forks ends with it. It ends when the
supervisor closes its end of the line. Each message is JSON and the descriptors that come with it:

    <- {"born": true} + a descriptor of this process
    <- {"ready": true, "missing": [...]}      or      {"error": "..."}
    -> {"uid": ..., "size": ..., "files": ..., "folders": [...], "home": ..., "filter": ...} + stdin, stdout, stderr, status[, link]
    <- {"started": true} + a descriptor of the process      or      {"error": "..."}

The exit status of a process is written to `status` as text when it has ended, and everything it started with it.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import importlib
import os
import signal
import socket
import sys
import traceback
import zipfile
from collections.abc import Callable
from typing import Any

from grading.inside import isolate, preload
from grading.inside import shell as shells
from grading.inside.control import Message, attend, receive, send

_FAILED = 71
_ROOM = 1 << 30  # bytes that an hw_lib may take


class InChild(BaseException):
    """Raised in a new process that is to run cells: the way out of everything that the parent was doing."""

    def __init__(self, link: int) -> None:
        """`link` is the descriptor of its line to the trusted tests, or -1."""
        super().__init__(link)
        self.link = link


def main(
    control: socket.socket, request: Message, library: int, warm: tuple[shells.Channel, Any], *, as_root: bool
) -> Callable[[], None] | None:
    """Take one hw_lib in, then fork on request until the supervisor goes away. In a child, returns what it has to run.

    Args:
        control: the line to the supervisor.
        request: what the trunk was asked for: the `program` that children run, `modules` to import, the `place` of the library.
        library: a descriptor of a zip file.
        warm: a channel that is not open, and the shell that will run cells.
        as_root: children have to become somebody else.
    """
    path = sys.path[:]
    try:
        send(control, {"born": True}, [os.pidfd_open(os.getpid())])
        program = importlib.import_module(f"grading.inside.{request['program']}")
        sys.path[:] = path  # programs put our folder there, as the trunk did
        missing = _take_in(request["place"], library, request["modules"], warm[0])
    except OSError as error:  # the supervisor is gone, or there is no room
        with contextlib.suppress(OSError):
            send(control, {"error": str(error)})
        return None
    problem = preload.unfit()
    if problem:
        send(control, {"error": problem})
        return None
    preload.keep()
    send(control, {"ready": True, "missing": missing})
    try:
        ForkServer(control, as_root=as_root).serve()
    except InChild as born:
        sys.argv = [sys.argv[0].replace("trunk", request["program"]), str(born.link)]
        preload.refresh()
        return functools.partial(program.main, born.link, warm)
    return None


def _take_in(place: str, library: int, modules: list[str], channel: shells.Channel) -> list[str]:
    """Put an hw_lib where everybody here will find it, import it, and let nobody write there any more."""
    isolate.mount("tmpfs", place, "tmpfs", isolate.NO_SUID | isolate.NO_DEVICES, f"mode=0755,size={_ROOM}")
    mask = os.umask(0o022)
    try:
        with os.fdopen(library, "rb") as file, zipfile.ZipFile(file) as packed:
            packed.extractall(place)
        missing = preload.take_in(modules, place, channel)
    finally:
        os.umask(mask)
    isolate.make_read_only(place)
    return missing


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
        attend(self._control, self._status, self._reap, self._answer)

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
        problem = preload.unfit()
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
        isolate.close_others({0, 1, 2, *descriptors[4:]})  # what is the parent's and other children's
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


def _say_why() -> None:
    with contextlib.suppress(OSError):
        os.write(2, traceback.format_exc().encode())
