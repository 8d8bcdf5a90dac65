"""A process behind Landlock, for machines that refuse namespaces: what it may read and write, and the end of all it started.

Weaker than namespaces: it sees that files and processes exist, shares the machine's disk, and what it leaves running has to be
hunted. Whoever uses it says so (`WARNING`).
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from grading import inside
from grading.inside import landlock
from grading.sandbox.call_filter import call_filter
from grading.sandbox.machine import SYSTEM_FILES, python_roots, staff_packages
from grading.sandbox.process import PYTHON, Process, Subprocess, environment, passed_on, readable
from grading.sandbox.spec import Sandbox, SandboxError

WARNING = (
    "this machine refuses namespaces, so submissions run behind Landlock: no network, nothing of yours to read or write, "
    "but they see that files and processes exist, and the size of what they write is bounded per file only; "
    "`hw doctor` shows what this machine stops"
)
MARK = "HW_RUN"  # in the environment of everything a submission starts
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", *SYSTEM_FILES)
_PROC = ("cpuinfo", "meminfo", "stat", "version", "filesystems", "sys/kernel", "sys/vm")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_TERMINALS = ("/dev/ptmx", "/dev/pts")  # for `!command`; only where the user is not the one who sits at a terminal
_END_S = 10.0


def available() -> bool:
    """Whether this machine's kernel has it."""
    return sys.platform == "linux" and landlock.version() >= 1


def _config(program: str, uid: int, work: Path, library: Path, fonts: Path, hidden: Iterable[Path], calls: bytes) -> bytes:
    """What the process that locks itself up has to know.

    Args:
        program: the file of grading/inside that runs behind the wall.
        uid: whom to become; 0 stays who it is.
        work: the only folder that can be written to.
        library: the folder that holds the hw_lib that is visible.
        fonts: matplotlib's font list.
        hidden: folders that must not be readable even if a system folder contains them.
        calls: the filter of system calls.
    """
    excluded = [*hidden, *staff_packages()]
    roots = [*map(Path, _SYSTEM), *python_roots()]
    devices = [f"/dev/{name}" for name in _DEVICES]
    made: dict[str, Any] = {
        "program": program,
        "uid": uid,
        "readable": [str(path) for root in roots for path in allowed_paths(root, excluded)],
        "listable": [str(root) for root in roots if any(root in path.parents for path in excluded)],
        "writable": [str(work), *devices, *(_TERMINALS if uid else ())],
        "filter": base64.b64encode(calls).decode(),
    }
    made["readable"] += [str(library), str(fonts), *(f"/proc/{name}" for name in _PROC)]
    return json.dumps(made).encode()


def allowed_paths(root: Path, excluded: Sequence[Path]) -> Iterator[Path]:
    """The largest files and folders that together are all of `root` but the excluded ones: Landlock can only allow."""
    if root in excluded:
        return
    if not any(root in path.parents for path in excluded):
        yield root
        return
    for path in sorted(root.iterdir()):
        yield from allowed_paths(path, excluded)


def _make_passable(work: Path, uid: int) -> None:
    """Give a folder to the user who works in it, and let that user through the folders of ours above it."""
    os.chown(work, uid, uid)
    for parent in work.parents:
        status = parent.stat()
        if status.st_mode & 0o001 or status.st_uid != os.geteuid():
            return
        parent.chmod(status.st_mode | 0o011)


def _tasks_of_user() -> int:
    """Processes and threads that the user of this process has now."""
    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            count += process.num_threads() if process.uids().real == os.getuid() else 0
    return count


class Landlock:
    """Starts a process behind Landlock."""

    isolates = True

    def first_request(self, sandbox: Sandbox) -> dict[str, Any]:
        """As `Launcher.first_request`. An ordinary user's processes are counted together, so those that there are are added."""
        limits = sandbox.limit_table()
        if not sandbox.uid():
            limits["processes"] += _tasks_of_user()
        return {"limits": limits, "uid": 0, "paths": [str(sandbox.library)], "mpl_cache": str(sandbox.fonts)}

    def start(self, sandbox: Sandbox, work: Path, link: int) -> LandlockProcess:
        """As `Launcher.start`; `work` is its home."""
        mark, uid = secrets.token_hex(8), sandbox.uid()
        if uid:
            _need_open_interpreter()
            _make_passable(work, uid)
        calls = call_filter(sockets=False)
        config = _config(sandbox.program, uid, work, sandbox.library, sandbox.fonts, sandbox.hidden, calls)
        with readable(config) as config_fd:
            command = [*PYTHON, str(inside.FOLDER / "landlock_main.py"), str(link), str(config_fd)]
            variables = {**environment(str(work), str(work)), MARK: mark}
            return LandlockProcess(Subprocess(command, work, variables, (config_fd, *passed_on(link))), mark, uid)


class LandlockProcess:
    """A process behind Landlock, with everything it has started, as whoever talks to it sees it."""

    def __init__(self, process: Process, mark: str, uid: int) -> None:
        """`process` stays outside and adopts; the others have `mark` in their environment, and `uid` (or 0) for them alone."""
        self._process, self._mark, self._uid = process, mark, uid
        self.pid, self.lost = process.pid, False
        self.stdin, self.stdout, self.stderr = process.stdin, process.stdout, process.stderr

    def wait(self, timeout: float) -> int | None:
        """Its exit status; None when it is still there."""
        return self._process.wait(timeout)

    def end(self) -> None:
        """Kill its descendants, then itself, then whatever of its children hid elsewhere."""
        deadline = time.monotonic() + _END_S
        while (found := self._descendants()) and time.monotonic() < deadline:
            _kill(found)
        self._process.end()
        while (found := self._hidden()) and time.monotonic() < deadline:
            _kill(found)

    def _descendants(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self.pid).children(recursive=True)
            return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]
        return []

    def _hidden(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and self._is_ours(process):
                    found.append(process)
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        if self._uid:
            return process.uids().real == self._uid
        return process.uids().real == os.getuid() and process.environ().get(MARK) == self._mark


def _need_open_interpreter() -> None:
    """Without namespaces Python stays where it is, and the user that runs submissions must be able to go there."""
    for root in python_roots():
        for folder in root.parents:
            if not folder.stat().st_mode & 0o001:
                raise SandboxError(
                    "the user that runs submissions cannot reach Python",
                    expected=f"folders that everybody may pass, down to {root}",
                    got=f"{folder} is closed",
                    fix="install Python and the packages elsewhere (/usr/local, /opt), or grade as an ordinary user",
                )


def _kill(processes: list[psutil.Process]) -> None:
    """Stop all before killing any: one that runs could fork faster than they are killed."""
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
    time.sleep(0.01)
