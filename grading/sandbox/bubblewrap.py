"""A process under bubblewrap, in namespaces of its own: what of this machine it sees, read-only.

Visible are the operating system, the interpreter, the installed packages, one hw_lib and our programs. Not visible: the course,
the gradebook, the sources, home folders, and hw_lib as staff have it among the packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grading import inside
from grading.sandbox.call_filter import call_filter
from grading.sandbox.machine import SYSTEM_FILES, python_roots, staff_packages
from grading.sandbox.process import PYTHON, Process, Subprocess, environment, passed_on, readable
from grading.sandbox.spec import Sandbox, SandboxError

HOME = "/home/student"
STUDENT_BUILD = "/student_build"
MPL_CACHE = f"{inside.RUNNER}/mpl"
TEMPORARY = ("/dev/shm", "/tmp", HOME)  # the folders that can be written to
_BECOME = ("CAP_SETUID", "CAP_SETGID")
_LOCK_UP = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SETPCAP")  # what a trunk's descendants give away again


class Bubblewrap:
    """Starts a process under bubblewrap, from nothing."""

    isolates = True

    def first_request(self, sandbox: Sandbox) -> dict[str, Any]:
        """As `Launcher.first_request`, with the paths that the sandbox shows."""
        return {"limits": sandbox.limit_table(), "uid": sandbox.uid(), "paths": [STUDENT_BUILD], "mpl_cache": MPL_CACHE}

    def start(self, sandbox: Sandbox, work: Path, link: int) -> Process:
        """As `Launcher.start`."""
        with readable(call_filter()) as filter_fd:
            variables = environment(HOME, "/tmp")
            words = command(sandbox.library, sandbox.fonts, sandbox.hidden, sandbox.size(), variables)
            words += ["--seccomp", str(filter_fd), *PYTHON, f"{inside.MOUNTED}/{sandbox.program}.py", str(link)]
            return Subprocess(words, work, variables, (filter_fd, *passed_on(link)))


def command(library: Path | None, fonts: Path, hidden: Sequence[Path], size: int, environment: dict[str, str]) -> list[str]:
    """Everything that stands before the program and its arguments.

    Args:
        library: the folder that holds the hw_lib that is visible; None for a trunk, whose fork servers bring their own, and lock up
            themselves what they fork.
        fonts: matplotlib's font list.
        hidden: folders that must not be visible even if a system folder contains them.
        size: bytes that each of the three folders may hold.
        environment: all of it.
    """
    tmpfs = ["--perms", "1777", "--size", str(size), "--tmpfs"]
    made = [program(), "--new-session", "--clearenv", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    made += ["--unshare-cgroup-try", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # only until the process inside has become another user
        made += [word for name in (*_BECOME, *(() if library else _LOCK_UP)) for word in ("--cap-add", name)]
    else:
        made += ["--unshare-user", "--disable-userns"] if library else ["--unshare-user"]
    # a trunk is the first process of its namespace, so that everything ends with it; it ends when its socket does, because
    # the other option would end it with the thread of ours that started it
    made += ["--die-with-parent"] if library else ["--as-pid-1"]
    made += ["--proc", "/proc", "--dev", "/dev"]
    for name in TEMPORARY:
        made += [*tmpfs, name]
    made += _system_binds()
    covered = [folder for folder in hidden if _is_below(folder, (Path("/usr"), *python_roots()))]
    for folder in sorted((*covered, *python_roots()), key=lambda folder: len(folder.parts)):
        if folder in covered:  # outer folders first, or they would lie over the inner ones
            made += ["--tmpfs", str(folder)]
        else:
            made += [*_open_parents(folder), "--ro-bind", str(folder), str(folder)]
    for folder in staff_packages():
        made += ["--tmpfs", str(folder)]
        covered.append(folder)
    made += ["--ro-bind", str(library), STUDENT_BUILD] if library else ["--perms", "0755", "--dir", STUDENT_BUILD]
    made += [*_open_parents(Path(inside.MOUNTED)), "--perms", "0755", "--dir", inside.MOUNTED]
    for path, place in inside.programs().items():
        made += ["--ro-bind", str(path), place]
    made += ["--ro-bind", str(fonts), MPL_CACHE]
    for name, value in environment.items():
        made += ["--setenv", name, value]
    for mounted in (*covered, "/dev", "/"):  # they have no size, so nobody may write there
        made += ["--remount-ro", str(mounted)]
    return [*made, "--chdir", HOME]


def check() -> None:
    """Prove that bubblewrap works here: start a process under it, and see that it is isolated.

    Raises:
        SandboxError: with what to do about it.
    """
    command = [program(), "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    command += [sys.executable, "-I", "-c", "import os; print(os.getpid(), os.listdir('/sys/class/net'))"]
    if os.geteuid() != 0:
        command[1:1] = ["--unshare-user"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0 or int(done.stdout.split()[0]) > 10:
        raise SandboxError(
            "this machine refuses to isolate a process",
            expected="bubblewrap starts a process of its own",
            got=(done.stderr or done.stdout).strip()[:300],
            fix="allow unprivileged user namespaces (on Ubuntu 24.04: an AppArmor profile for bwrap), or grade as root "
            "in a container that may unshare, or accept the risk with --no-sandbox",
        )


def program() -> str:
    """Where bubblewrap is.

    Raises:
        SandboxError: it is not installed.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxError(
            "bubblewrap is not installed, so there is no sandbox",
            expected="the program bwrap",
            got="none on PATH",
            fix="apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), or accept the risk "
            "with --no-sandbox; macOS has nothing of the kind",
        )
    return found


def _system_binds() -> Iterator[str]:
    """The operating system, read-only: programs, libraries, and of /etc only what they cannot do without."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    yield from _open_parents(Path("/etc/localtime"))
    yield from _open_parents(Path("/sys/devices/system/cpu"))
    for name in SYSTEM_FILES:
        yield from ("--ro-bind-try", name, name)


def _open_parents(path: Path) -> Iterator[str]:
    """Make the folders above a mount point passable: bubblewrap itself would make them for root alone."""
    for parent in reversed(path.parents[:-1]):
        if not parent.is_relative_to("/usr"):  # a folder that is there already stays as it is
            yield from ("--perms", "0755", "--dir", str(parent))


def _is_below(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(root) for root in roots)
