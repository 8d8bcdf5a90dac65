"""The escape notebook of `hw doctor`: each function tries one thing that a submission must not be able to do. Harmless, on bait.

Its text is run inside a sandbox, cell by cell, with `SETTING` filled in; nothing here is ever called outside of one. Every function
returns whether it was stopped, and how.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["json"]  # the notebook answers in JSON

SETTING: dict[str, Any] = {}
Told = tuple[bool, str]
_MOST = 400  # processes, far above any limit
_ATTACH, _DETACH, _NEW_USERS, _ANY_CHILD = 16, 17, 0x1000_0000, 0x4000_0000


def tried(call: Callable[..., Any], *arguments: Any) -> Told:
    """Whether a call failed, and how."""
    try:
        call(*arguments)
    except MemoryError:
        return True, "MemoryError"
    except OSError as error:
        return True, error.strerror or type(error).__name__
    return False, "it worked"


def all_of(*tries: Told) -> Told:
    """Stopped if every one was."""
    through = [detail for stopped, detail in tries if not stopped]
    return not through, through[0] if through else tries[0][1]


def connect(family: int, address: Any) -> None:
    """Reach a server."""
    with socket.socket(family) as line:
        line.settimeout(2)
        line.connect(address)


def read(path: str) -> None:
    """Read a little of a file, or the names in a folder."""
    if Path(path).is_dir():
        list(Path(path).iterdir())
    else:
        with Path(path).open("rb") as file:
            file.read(1)


def network() -> Told:
    """A server on this machine, and an address reserved for documentation."""
    return all_of(tried(connect, socket.AF_INET, ("127.0.0.1", SETTING["port"])), tried(connect, socket.AF_INET, ("192.0.2.1", 80)))


def sockets() -> Told:
    """A local service, by an abstract name and by a file."""
    return all_of(tried(connect, socket.AF_UNIX, SETTING["local"]), tried(connect, socket.AF_UNIX, SETTING["service"]))


def names() -> Told:
    """Another process's folder in /proc."""
    path = Path(f"/proc/{SETTING['sleeper']}/cmdline")
    try:
        seen = b"sleep" in path.read_bytes()
    except OSError:
        seen = path.exists()
    return not seen, "their numbers are seen" if seen else "none is seen"


def signals() -> Told:
    """Signal 0, which only asks whether another one would arrive."""
    return all_of(tried(os.kill, SETTING["sleeper"], 0), tried(os.kill, SETTING["grader"], 0))


def ptrace() -> Told:
    """Attach to a process that sleeps, and let it go at once."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.ptrace(_ATTACH, SETTING["sleeper"], 0, 0) == 0:
        os.waitpid(SETTING["sleeper"], _ANY_CHILD)
        library.ptrace(_DETACH, SETTING["sleeper"], 0, 0)
        return False, "it attached"
    return True, os.strerror(ctypes.get_errno())


def environment() -> Told:
    """A variable of the grader's, in our own environment or in the grader's."""
    if SETTING["variable"] in os.environ:
        return False, "it is in the environment"
    try:
        found = SETTING["variable"] in Path(f"/proc/{SETTING['grader']}/environ").read_text(encoding="utf-8")
    except OSError as error:
        return True, error.strerror or type(error).__name__
    return not found, "it can be read" if found else "it is somebody else's"


def course() -> Told:
    """A gradebook, and the folder that it is in."""
    return all_of(tried(read, SETTING["secret"]), tried(read, str(Path(SETTING["secret"]).parent)))


def home() -> Told:
    """Whatever lies in the grader's home, but the way to the interpreter."""
    return all_of((True, "nothing can be read"), *(tried(read, path) for path in SETTING["home"]))


def system() -> Told:
    """A new file in folders of the system, of the interpreter and of the library."""
    tries = []
    for folder in SETTING["folders"]:
        path = Path(folder, f"hw-doctor-{SETTING['mark']}")
        tries.append(tried(path.touch))
        if not tries[-1][0]:
            path.unlink()
    return all_of(*tries)


def root() -> Told:
    """Who we are, and whether we can be root."""
    rights = Path("/proc/self/status").read_text(encoding="utf-8").split("CapEff:")[1].split()[0].strip("0")
    return (False, "it has rights of root") if 0 in os.getresuid() or rights else tried(os.setuid, 0)


def namespaces() -> Told:
    """A user namespace, in a child that ends at once."""
    child = os.fork()
    if child == 0:
        os._exit(0 if ctypes.CDLL(None).unshare(_NEW_USERS) == 0 else 1)
    stopped = os.waitpid(child, 0)[1] != 0
    return stopped, "refused" if stopped else "it worked"


def segments() -> Told:
    """Shared memory, a queue and semaphores of the kernel's, which no limit of ours counts; what is made is taken away again."""
    library = ctypes.CDLL(None, use_errno=True)
    calls = {"shmget": (1_000_000, 0o600), "msgget": (0o600,), "semget": (1, 0o600)}
    tries = []
    for name, arguments in calls.items():
        made = getattr(library, name)(0, *arguments)
        if made >= 0:
            remove = (made, 0, 0) if name != "semget" else (made, 0, 0, 0)
            getattr(library, name.replace("get", "ctl"))(*remove)
        tries.append((made < 0, os.strerror(ctypes.get_errno()) if made < 0 else f"{name} worked"))
    return all_of(*tries)


def memory() -> Told:
    """More than one process may have."""
    return tried(bytearray, SETTING["memory"] + 100_000_000)


def processes() -> Told:
    """Fork until it fails."""
    children: list[int] = []
    try:
        while len(children) < _MOST:
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    except OSError:
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return len(children) < _MOST, f"{len(children)} could be started"


def written(names: list[str], megabytes: int) -> None:
    """Write files of that size."""
    for name in names:
        with Path(name).open("wb", buffering=0) as file:
            for _ in range(megabytes):
                if file.write(bytes(1_000_000)) != 1_000_000:
                    raise OSError("a write was cut short")


def files() -> Told:
    """One file above the limit."""
    told = tried(written, ["large"], SETTING["file"] + 2)
    Path("large").unlink(missing_ok=True)
    return told


def disk() -> Told:
    """Many files below the limit."""
    names = [f"part-{number}" for number in range(8)]
    told = tried(written, names, SETTING["file"] - 1)
    for name in names:
        Path(name).unlink(missing_ok=True)
    return told


def daemons() -> Told:
    """Two processes in sessions of their own; whether they outlive us is seen from outside."""
    subprocess.Popen(["sleep", SETTING["mark"]], start_new_session=True, env={})
    subprocess.Popen(f"(setsid nohup sleep {SETTING['mark']} &) &", shell=True)
    time.sleep(0.3)
    return True, "started"
