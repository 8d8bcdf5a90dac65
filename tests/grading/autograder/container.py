"""A stand-in for the platform's container: its folders, root with Docker's capabilities, Docker's refusals, memory and processor.

Written from Docker's documentation of its default seccomp profile and from the platform's specification; not the thing itself. The
interpreter and the packages are this machine's, shown read-only; a real `setup.sh` would have installed the same versions.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import secrets
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_CAPABILITIES = (  # what Docker leaves to root
    *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP"),
    *("NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
)
# x86-64: mount, umount2, pivot_root, setns, unshare, keyctl and its two friends, bpf, perf_event_open, userfaultfd, open_tree,
# move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, io_uring's three
_REFUSED = (165, 166, 155, 308, 272, 248, 249, 250, 321, 298, 323, 428, 429, 430, 431, 432, 433, 442, 425, 426, 427)
_CLONE, _CLONE3, _NAMESPACES = 56, 435, 0x7E02_0000
_MEMORY = Path("/sys/fs/cgroup/memory")
_CPU = Path("/sys/fs/cgroup/cpu")
METADATA = {
    "id": 123456,
    "created_at": "2026-11-20T14:22:32.365935-08:00",
    "assignment": {"due_date": "2026-11-21T23:00:00.000000-08:00", "title": "Homework", "total_points": "31.0"},
    "submission_method": "upload",
    "users": [{"email": "ada@uni.edu", "id": 1, "name": "Ada Lovelace"}],
    "previous_submissions": [],
}


@dataclass
class Run:
    """One hand-in, graded.

    Attributes:
        results: results.json; empty if it is none.
        said: what was printed.
        seconds: on the clock.
        peak_mb: the most memory, the grader's and page cache included; None where it is not measured.
    """

    status: int
    results: dict[str, Any]
    said: str
    seconds: float
    peak_mb: float | None = None

    def scores(self) -> dict[str, float]:
        """The score of each test that has one."""
        return {test["name"]: test["score"] for test in self.results["tests"] if "score" in test}


@dataclass
class Container:
    """The folders of one machine, with the zip unpacked in them; each `grade` starts from the same.

    Attributes:
        memory_mb, processors: the platform's defaults; None for no limit.
        packages: the virtual environment that stands in for what `setup.sh` installs.
    """

    archive: Path
    folder: Path
    memory_mb: int | None = 768
    processors: float | None = 0.5
    packages: Path = Path(sys.prefix)
    ready: bool = field(default=False)

    def grade(self, submission: Path, metadata: Mapping[str, Any] = METADATA, limit_s: float = 600) -> Run:
        """Run `run_autograder` on what was handed in."""
        self.unpack()
        for name in ("submission", "results"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(submission, self.folder / "submission", symlinks=True)
        (self.folder / "results").mkdir()
        (self.folder / "submission_metadata.json").write_text(json.dumps(metadata))
        with _limited(self.memory_mb, self.processors) as (enter, group), _profile() as profile:
            started = time.monotonic()
            command = [*self._view(group), "--seccomp", str(profile), "/autograder/run_autograder"]
            done = subprocess.run(
                command, pass_fds=(profile,), capture_output=True, text=True, timeout=limit_s, check=False, preexec_fn=enter
            )
            seconds, peak = time.monotonic() - started, _peak(group)
        path = self.folder / "results" / "results.json"
        found = json.loads(path.read_text()) if path.is_file() else {}
        return Run(done.returncode, found, done.stdout + done.stderr, seconds, peak)

    def unpack(self) -> None:
        """As the platform does it when it builds the image."""
        if self.ready:
            return
        with zipfile.ZipFile(self.archive) as packed:
            packed.extractall(self.folder / "source")
        script = self.folder / "run_autograder"
        shutil.copy(self.folder / "source" / "run_autograder", script)
        script.chmod(0o755)
        self.ready = True

    def _view(self, group: Path | None) -> list[str]:
        """The machine as the container sees it."""
        made = ["bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts", "--die-with-parent", "--new-session"]
        made += ["--clearenv", "--setenv", "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        made += ["--setenv", "HOME", "/root", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
        for name in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc"):
            path = Path(name)
            if path.is_symlink():
                made += ["--symlink", str(path.readlink()), name]
            elif path.is_dir():
                made += ["--ro-bind", name, name]
        base = Path(sys.base_prefix).resolve()
        if not base.is_relative_to("/usr"):
            for parent in reversed(base.parents[:-1]):
                made += ["--perms", "0755", "--dir", str(parent)]
            made += ["--ro-bind", str(base), str(base)]
        made += ["--perms", "0755", "--dir", "/opt", "--ro-bind", str(self.packages), "/opt/hw"]
        made += ["--ro-bind", "/sys", "/sys"]
        if group is not None:
            made += [
                "--ro-bind",
                str(_MEMORY / group),
                "/sys/fs/cgroup/memory",
                "--ro-bind",
                str(_CPU / group),
                "/sys/fs/cgroup/cpu",
            ]
        made += ["--bind", str(self.folder), "/autograder", "--chdir", "/autograder", "--cap-drop", "ALL"]
        return [*made, *(word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}"))]


def needs() -> None:
    """Skip where there can be no such container."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or os.geteuid() != 0 or not shutil.which("bwrap"):
        pytest.skip("the stand-in for the container needs root, bubblewrap, and an x86-64 Linux")


@contextlib.contextmanager
def made(archive: Path, **limits: Any) -> Iterator[Container]:
    """A container for a zip, below a folder that others may pass."""
    needs()
    with tempfile.TemporaryDirectory(prefix="hw-container-") as name:
        Path(name).chmod(0o755)
        top = Path(name) / "autograder"
        top.mkdir()
        yield Container(archive, top, **limits)


@contextlib.contextmanager
def _profile() -> Iterator[int]:
    """Docker's refusals that matter here, as a descriptor that bubblewrap reads."""
    load, equal, any_bit, answer, allow, refuse = 0x20, 0x15, 0x45, 0x06, 0x7FFF_0000, 0x0005_0000
    steps = [(load, 0, 0, 0)]
    for number in _REFUSED:
        steps += [(equal, 0, 1, number), (answer, 0, 0, refuse | errno.EPERM)]
    steps += [(equal, 0, 1, _CLONE3), (answer, 0, 0, refuse | errno.ENOSYS)]
    steps += [(equal, 0, 3, _CLONE), (load, 0, 0, 16), (any_bit, 0, 1, _NAMESPACES), (answer, 0, 0, refuse | errno.EPERM)]
    steps += [(answer, 0, 0, allow)]
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(struct.pack("=HBBI", *step) for step in steps))
        file.seek(0)
        yield file.fileno()


@contextlib.contextmanager
def _limited(memory_mb: int | None, processors: float | None) -> Iterator[tuple[Any, Path | None]]:
    """How a new process enters its limits, and the name of its group; without control groups of ours, the processor is free."""
    if memory_mb is None and processors is None:
        yield None, None
        return
    group = Path(f"hw-lib-test-{secrets.token_hex(4)}")
    folders = [_MEMORY / group, _CPU / group]
    try:
        for folder in folders:
            folder.mkdir()
    except OSError:
        for folder in folders:
            with contextlib.suppress(OSError):
                folder.rmdir()
        pytest.skip("there are no control groups (version 1) that this test may make")
    try:
        if memory_mb is not None:
            (_MEMORY / group / "memory.limit_in_bytes").write_text(str(memory_mb * 1024 * 1024))
        if processors is not None:
            (_CPU / group / "cpu.cfs_period_us").write_text("100000")
            (_CPU / group / "cpu.cfs_quota_us").write_text(str(round(processors * 100_000)))
        yield lambda: [(folder / "cgroup.procs").write_text(str(os.getpid())) for folder in folders], group
    finally:
        for folder in folders:
            _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(100):  # its last processes are just going
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _peak(group: Path | None) -> float | None:
    return int((_MEMORY / group / "memory.max_usage_in_bytes").read_text()) / 1024**2 if group else None
