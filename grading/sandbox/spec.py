"""Limits -> an isolated process. Knows the kinds of sandbox, users and files; knows nothing of notebooks.

Inside: no network, its own processes, a system that is read-only, and folders of bounded size that vanish with it. There are two
kinds: namespaces (by bubblewrap, cold or from a warm parent), and, where the machine refuses those, Landlock.
"""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from grading import inside
from grading.inside import seccomp
from grading.records import Limits
from grading.sandbox import bubblewrap, landlock
from grading.sandbox.bubblewrap import HOME, MPL_CACHE, STUDENT_BUILD, SandboxError

__all__ = ["LANDLOCK", "NAMESPACES", "Sandbox", "SandboxError", "Started", "Starter", "best", "check", "environment"]

PYTHON = (sys.executable, "-s", "-P", "-B")  # not -I: that would ignore PYTHONHASHSEED, and sets would print in any order
NAMESPACES, LANDLOCK = "namespaces", "landlock"
_FIRST_UID = 61_184  # systemd's range for passing users: no person and no service has these
_UIDS = 4_000
_best = ""  # what `check` found


class Started(Protocol):
    """A process in a sandbox, as whoever talks to it sees it."""

    pid: int  # of the process on this machine that all others of the sandbox descend from
    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    lost: bool  # it ended because something of ours did

    def wait(self, timeout: float) -> int | None:
        """Its exit status, negative for a signal; None when it is still there after `timeout` seconds."""

    def end(self) -> None:
        """Kill it and everything it started, and come back when they are gone."""


class Starter(Protocol):
    """Whoever can start a sandbox faster than it starts itself: warm parents."""

    def start(self, sandbox: Sandbox, work: Path, link: int) -> Started:
        """As `Sandbox.start`."""


@dataclass(frozen=True)
class Sandbox:
    """What a submission may see and use.

    Attributes:
        submission: the folder whose files are copied to the student's home inside.
        library: the folder that holds the hw_lib that is visible: the stripped one, or for trusted tests the whole one.
        mpl_cache: matplotlib's font list, made once, so that not every submission makes it again.
        limits: what it may use.
        isolated: False runs the same process bare, at the staff's explicit wish.
        hidden: folders that must not be visible even if a system folder contains them.
        slot: a small number, different for sandboxes that run at the same time.
        program: the file of grading/inside that runs in there: cellrunner for a student's cells, testrunner for trusted tests.
        warm: who starts it; None starts it cold.
        wall: NAMESPACES or LANDLOCK; empty for the best that this machine has.
    """

    submission: Path
    library: Path
    mpl_cache: Path
    limits: Limits
    isolated: bool
    hidden: tuple[Path, ...]
    slot: int = 0
    program: str = "cellrunner"
    warm: Starter | None = field(default=None, compare=False, repr=False)
    wall: str = ""

    def kind(self) -> str:
        """How it is isolated: as asked for, or the best that this machine has."""
        return self.wall or best()

    def uid(self) -> int:
        """Whom the process becomes when we are root; 0 when we are not."""
        return _FIRST_UID + self.slot % _UIDS if self.isolated and os.geteuid() == 0 else 0

    def size(self) -> int:
        """Bytes that each of its folders may hold."""
        return self.limits.work_mb * 1_000_000

    def files(self) -> dict[str, bytes]:
        """What was submitted, by relative name: plain files only.

        Raises:
            SandboxError: it is more than its folder may hold.
        """
        found = [path for path in sorted(self.submission.rglob("*")) if path.is_file() and not path.is_symlink()]
        size = sum(path.stat().st_size for path in found)
        if size > self.size():
            raise SandboxError(
                "the submission does not fit into its folder",
                expected=f"at most {self.size():,} bytes",
                got=f"{size:,} bytes in {len(found)} files",
                fix="raise work_mb in course.toml, or ask for a smaller submission",
            )
        return {path.relative_to(self.submission).as_posix(): path.read_bytes() for path in found}

    def first_request(self) -> dict[str, object]:
        """What the process inside has to know before it runs a cell, beside the files."""
        limits = {name: getattr(self.limits, name) for name in vars(self.limits)}
        if self.isolated and self.kind() == NAMESPACES:
            return {"limits": limits, "uid": self.uid(), "paths": [STUDENT_BUILD], "mpl_cache": MPL_CACHE}
        if not self.isolated:
            del limits["processes"]
        elif not self.uid():  # the kernel counts all processes of the user
            limits["processes"] += landlock.tasks_of_user()
        return {"limits": limits, "uid": 0, "paths": [str(self.library)], "mpl_cache": str(self.mpl_cache)}

    def start(self, work: Path, link: int = -1) -> Started:
        """Start the process that runs cells.

        Args:
            work: a folder of this run alone; the student's home when there is no isolation, else only a place to start in.
            link: one end of the line between a student's process and the trusted tests, a descriptor to pass on; -1 for none.
        """
        given = () if link < 0 else (link,)
        if not self.isolated:
            command = [*PYTHON, str(inside.FOLDER / f"{self.program}.py"), str(link)]
            return Cold(command, work, environment(str(work), str(work)), given)
        if self.kind() == LANDLOCK:
            return self._start_walled(work, given)
        if self.warm is not None:
            return self.warm.start(self, work, link)
        with _readable(call_filter()) as filter_fd:
            variables = environment(HOME, "/tmp")
            command = bubblewrap.command(self.library, self.mpl_cache, self.hidden, self.size(), variables)
            command += ["--seccomp", str(filter_fd), *PYTHON, f"{inside.MOUNTED}/{self.program}.py", str(link)]
            return Cold(command, work, variables, (filter_fd, *given))

    def _start_walled(self, work: Path, given: tuple[int, ...]) -> Started:
        mark, uid = landlock.new_mark(), self.uid()
        if uid:
            _need_open_interpreter()
            landlock.make_passable(work, uid)
        calls = call_filter(sockets=False)
        config = landlock.config(self.program, uid, work, self.library, self.mpl_cache, self.hidden, calls)
        with _readable(config) as told:
            command = [*PYTHON, str(inside.FOLDER / "landlock_main.py"), str(given[0] if given else -1), str(told)]
            variables = {**environment(str(work), str(work)), landlock.MARK: mark}
            return landlock.Walled(Cold(command, work, variables, (told, *given)), mark, uid)


class Cold:
    """A process of our own, started from nothing; what it starts is in its process group or ends with it."""

    def __init__(self, command: list[str], work: Path, variables: dict[str, str], descriptors: tuple[int, ...]) -> None:
        """Start it in the folder `work`, with these descriptors beside its three lines to us."""
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=work, env=variables, start_new_session=True, pass_fds=descriptors
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self.pid, self.lost = self._process.pid, False
        self.stdin, self.stdout, self.stderr = self._process.stdin, self._process.stdout, self._process.stderr

    def wait(self, timeout: float) -> int | None:
        """Its exit status; None when it is still there."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Kill its process group, and with bubblewrap everything else."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def _need_open_interpreter() -> None:
    """Without namespaces Python stays where it is, and the user that runs submissions must be able to go there."""
    for root in bubblewrap.python_roots():
        for folder in root.parents:
            if not folder.stat().st_mode & 0o001:
                raise SandboxError(
                    "the user that runs submissions cannot reach Python",
                    expected=f"folders that everybody may pass, down to {root}",
                    got=f"{folder} is closed",
                    fix="install Python and the packages elsewhere (/usr/local, /opt), or grade as an ordinary user",
                )


def call_filter(sockets: bool = True) -> bytes:
    """The filter of system calls for this machine.

    Raises:
        SandboxError: there is none.
    """
    try:
        return seccomp.program(platform.machine(), sockets)
    except KeyError:
        raise SandboxError(
            "there is no filter of system calls for this machine",
            expected="x86_64 or aarch64",
            got=platform.machine(),
            fix="grade on such a machine, or accept the risk with --no-sandbox",
        ) from None


@contextmanager
def _readable(data: bytes) -> Iterator[int]:
    """A descriptor that a new process can read `data` from, once."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


def best() -> str:
    """The best kind of sandbox that this machine has, found out once.

    Raises:
        SandboxError: there is none.
    """
    if not _best:
        check()
    return _best


def check() -> str:
    """Find out which sandbox this machine can have, and prove it.

    Returns:
        What to warn of, or an empty text.

    Raises:
        SandboxError: there is none; with what to do about it.
    """
    global _best
    try:
        bubblewrap.check()
    except SandboxError:
        bubblewrap.program()  # one that is not installed is a reason to install it, not to be content with less
        if not landlock.available():
            raise
        _best = LANDLOCK
        return landlock.WARNING
    _best = NAMESPACES
    return ""


def environment(home: str, scratch: str) -> dict[str, str]:
    """Everything a submission sees of the environment: the same on every machine, nothing of ours."""
    return {
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": scratch,
        "MPLCONFIGDIR": f"{scratch}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": f"{scratch}/ipython",
        "NBGRADER_EXECUTION": "autograde",  # what stock nbgrader sets: records are read, nothing is trained again
        "HW_LIB_QUIET": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
