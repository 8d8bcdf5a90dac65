"""What a process inside does before it runs a line of anybody's: user, files, limits, the pipes to the supervisor."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sys
from typing import IO, Any

from grading.inside import undrawn

MB = 1_000_000


def set_limits(limits: dict[str, Any]) -> None:
    """Bound this process and everything it starts, before a line of the student's runs."""
    for name, soft, hard in (
        ("RLIMIT_DATA", limits["memory_mb"] * MB, limits["memory_mb"] * MB),
        ("RLIMIT_CPU", limits["cpu_s"], limits["cpu_s"] + 5),
        ("RLIMIT_NPROC", limits.get("processes"), limits.get("processes")),
        ("RLIMIT_NOFILE", limits["open_files"], limits["open_files"]),
        ("RLIMIT_FSIZE", limits["file_mb"] * MB, limits["file_mb"] * MB),
        ("RLIMIT_CORE", 0, 0),
    ):
        if soft is None or hard is None or (sys.platform == "darwin" and name == "RLIMIT_DATA"):
            continue  # without a sandbox the count of processes is the whole login session's; macOS does not know RLIMIT_DATA
        resource.setrlimit(getattr(resource, name), (soft, hard))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an OSError, not a dead kernel


def become(uid: int | None) -> None:
    """Give up root for good. Without this the limit on processes would not bind."""
    if uid and os.getuid() != uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def take_pipes() -> tuple[IO[bytes], int]:
    """The supervisor's requests, and a descriptor for events; standard input and output lead nowhere from now on."""
    requests, events = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, events


def settle(requests: IO[bytes]) -> dict[str, Any]:
    """Read the first request and do what it says: become nobody, take the submission's files, set the limits. Returns it."""
    first: dict[str, Any] = json.loads(requests.readline())
    become(first.get("uid"))
    take_files(requests, first.get("files", []))
    if first.get("mpl_cache"):
        with contextlib.suppress(OSError):  # without it matplotlib looks for fonts itself
            shutil.copytree(first["mpl_cache"], os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    set_limits(first["limits"])
    undrawn.set_drawing(first.get("draw", True))
    return first


def take_files(requests: IO[bytes], files: list[list[Any]]) -> None:
    """Write the files that follow the first request, each a name and a size, into the folder this process is in."""
    for name, size in files:
        path = pathlib.PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(f"a submission has no file {name!r}")
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:  # noqa: PTH123
            while size:
                piece = requests.read(min(size, MB))
                if not piece:
                    raise EOFError(f"{name} ends too early")
                size -= file.write(piece)


def forget_our_modules() -> None:
    """Let a test cell import our library from its read-only folder again, whatever earlier cells did to the one in memory."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "hw_lib"]:
        del sys.modules[name]


def reseed(number: int) -> None:
    """Let random numbers that nobody seeds follow from one number: what a test says is then the same in every execution."""
    random.seed(number)
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number % 2**32)
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.default_generator.manual_seed(number)
