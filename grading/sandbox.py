"""Limits -> an isolated process. Knows bubblewrap, users and folders; knows nothing of notebooks.

Inside: no network, its own processes, a system that is read-only, and two folders of bounded size that vanish with it. Visible are
the interpreter, the installed packages and the student build of hw_lib. Not visible: the course, the gradebook, the sources,
other submissions, home folders, the environment, and hw_lib as staff have it.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grading import seccomp
from grading.records import GradingError, Limits
from hw_lib.errors import explain

HOME = "/home/student"
STUDENT_BUILD = "/student_build"
SUBMISSION = "/submission"
INSIDE = "/runner/grading/inside"  # our programs in there; /runner is where they import each other from
MPL_CACHE = "/runner/mpl"
_PYTHON = (sys.executable, "-s", "-P", "-B")  # not -I: that would ignore PYTHONHASHSEED, and sets would print in any order
_FIRST_UID = 61_184  # systemd's range for passing users: no person and no service has these
_UIDS = 4_000


class SandboxError(GradingError):
    """There is no sandbox to be had on this machine; never a reason to go on without one."""


@dataclass(frozen=True)
class Sandbox:
    """What a submission may see and use.

    Attributes:
        submission: the folder that is copied to the student's home inside.
        library: the folder that holds the hw_lib that is visible: the stripped one, or for trusted tests the whole one.
        mpl_cache: matplotlib's font list, made once, so that not every submission makes it again.
        limits: what it may use.
        isolated: False runs the same process bare, at the staff's explicit wish.
        hidden: folders that must not be visible even if a system folder contains them.
        slot: a small number, different for sandboxes that run at the same time.
        program: the file of grading/inside that runs in there: cellrunner for a student's cells, testrunner for trusted tests.
    """

    submission: Path
    library: Path
    mpl_cache: Path
    limits: Limits
    isolated: bool
    hidden: tuple[Path, ...]
    slot: int = 0
    program: str = "cellrunner"

    def uid(self) -> int:
        """Whom the process becomes when we are root; 0 when we are not."""
        return _FIRST_UID + self.slot % _UIDS if self.isolated and os.geteuid() == 0 else 0

    def first_request(self) -> dict[str, object]:
        """What the process inside has to know before it runs a cell."""
        limits = {name: getattr(self.limits, name) for name in vars(self.limits)}
        if self.isolated:
            return {
                "limits": limits,
                "uid": self.uid(),
                "paths": [STUDENT_BUILD],
                "copy": SUBMISSION,
                "mpl_cache": MPL_CACHE,
            }
        del limits["processes"]
        return {"limits": limits, "uid": 0, "paths": [str(self.library)], "mpl_cache": str(self.mpl_cache)}

    def start(self, work: Path, link: int = -1) -> subprocess.Popen[bytes]:
        """Start the process that runs cells.

        Args:
            work: a folder of this run alone; the student's home when there is no isolation, else only a place to start in.
            link: one end of the line between a student's process and the trusted tests, a descriptor to pass on; -1 for none.
        """
        if self.isolated:
            with _seccomp() as filter_fd:
                command = [*self._bubblewrap(), "--seccomp", str(filter_fd), *_PYTHON, f"{INSIDE}/{self.program}.py", str(link)]
                return _popen(command, work, _environment(HOME, "/tmp"), (filter_fd, *_given(link)))
        shutil.copytree(self.submission, work, dirs_exist_ok=True)
        command = [*_PYTHON, str(Path(__file__).parent / "inside" / f"{self.program}.py"), str(link)]
        return _popen(command, work, _environment(str(work), str(work)), _given(link))

    def _bubblewrap(self) -> list[str]:
        tmpfs = ["--perms", "1777", "--size", str(self.limits.work_mb * 1_000_000), "--tmpfs"]
        command = [
            _bwrap(),
            "--die-with-parent",
            "--new-session",
            "--clearenv",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
        ]
        command += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox", "--cap-drop", "ALL"]
        if os.geteuid() == 0:
            # only until the runner has given its folder away and become another user
            command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_CHOWN"]
        else:
            command += ["--unshare-user", "--disable-userns"]
        command += ["--proc", "/proc", "--dev", "/dev", *tmpfs, "/dev/shm", *tmpfs, "/tmp", *tmpfs, HOME]
        command += _system_binds()
        covered = [folder for folder in self.hidden if _inside(folder, _visible_roots())]
        for folder in sorted((*covered, *_python_roots()), key=lambda folder: len(folder.parts)):
            if folder in covered:  # outer folders first, or they would lie over the inner ones
                command += ["--tmpfs", str(folder)]
            else:
                command += [*_open_parents(folder), "--ro-bind", str(folder), str(folder)]
        for folder in _staff_packages():
            command += ["--tmpfs", str(folder)]
            covered.append(folder)
        command += ["--ro-bind", str(self.library), STUDENT_BUILD, "--ro-bind", str(self.submission), SUBMISSION]
        command += [*_open_parents(Path(INSIDE)), "--perms", "0755", "--dir", INSIDE]
        for path in (Path(__file__).with_name("__init__.py"), *sorted((Path(__file__).parent / "inside").glob("*.py"))):
            command += ["--ro-bind", str(path), f"/runner/{path.relative_to(Path(__file__).parents[1])}"]
        command += ["--ro-bind", str(self.mpl_cache), MPL_CACHE]
        for name, value in _environment(HOME, "/tmp").items():
            command += ["--setenv", name, value]
        for mounted in (*covered, "/dev", "/"):  # they have no size, so nobody may write there
            command += ["--remount-ro", str(mounted)]
        return [*command, "--chdir", HOME]


def _given(link: int) -> tuple[int, ...]:
    return () if link < 0 else (link,)


def _popen(command: list[str], work: Path, environment: dict[str, str], fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=work, env=environment, start_new_session=True, pass_fds=fds
    )


@contextmanager
def _seccomp() -> Iterator[int]:
    """The filter of system calls, behind a file descriptor that bubblewrap reads."""
    try:
        program = seccomp.program(platform.machine())
    except KeyError:
        raise SandboxError(
            explain(
                "there is no filter of system calls for this machine",
                expected="x86_64 or aarch64",
                got=platform.machine(),
                fix="grade on such a machine, or accept the risk with --no-sandbox",
            )
        ) from None
    reader, writer = os.pipe()
    try:
        os.write(writer, program)
        os.close(writer)
        yield reader
    finally:
        os.close(reader)


def check() -> None:
    """Prove that a sandbox can be had: start one, and see that it is one.

    Raises:
        SandboxError: with what to do about it.
    """
    program = _bwrap()
    command = [program, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    command += [sys.executable, "-I", "-c", "import os; print(os.getpid(), os.listdir('/sys/class/net'))"]
    if os.geteuid() != 0:
        command[1:1] = ["--unshare-user"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0 or int(done.stdout.split()[0]) > 10:
        raise SandboxError(
            explain(
                "this machine refuses to isolate a process",
                expected="bubblewrap starts a process of its own",
                got=(done.stderr or done.stdout).strip()[:300],
                fix="allow unprivileged user namespaces (on Ubuntu 24.04: an AppArmor profile for bwrap), or grade as root "
                "in a container that may unshare, or accept the risk with --no-sandbox",
            )
        )


def _bwrap() -> str:
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            explain(
                "bubblewrap is not installed, so there is no sandbox",
                expected="the program bwrap",
                got="none on PATH",
                fix="apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), or accept the risk "
                "with --no-sandbox; macOS has nothing of the kind",
            )
        )
    return program


def _environment(home: str, scratch: str) -> dict[str, str]:
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
    for name in (
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/alternatives",
        "/etc/fonts",
        "/etc/localtime",
    ):
        yield from ("--ro-bind-try", name, name)
    yield from ("--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu")  # OpenMP counts cores there


def _open_parents(path: Path) -> Iterator[str]:
    """Make the folders above a mount point passable: bubblewrap itself would make them for root alone."""
    for parent in reversed(path.parents[:-1]):
        if not _inside(parent, (Path("/usr"),)):  # a folder that is there already stays as it is
            yield from ("--perms", "0755", "--dir", str(parent))


def _visible_roots() -> tuple[Path, ...]:
    return (Path("/usr"), *_python_roots())


def _python_roots() -> tuple[Path, ...]:
    """The interpreter and its packages, where /usr does not hold them."""
    roots = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    return tuple(sorted(root for root in roots if not _inside(root, (Path("/usr"),)) or root == Path("/usr/local")))


def _staff_packages() -> Iterator[Path]:
    """Copies of hw_lib and grading among the installed packages, with the answers in them."""
    for scheme in ("purelib", "platlib"):
        for name in ("hw_lib", "grading"):
            folder = Path(sysconfig.get_path(scheme)) / name
            if folder.is_dir():
                yield folder


def _inside(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path == root or root in path.parents for root in roots)
