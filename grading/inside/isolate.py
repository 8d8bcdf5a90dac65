"""A forked process locks itself up, by system calls alone: namespaces, folders, user, rights, filter. Knows nothing of grading.

Only for what the trunk and a fork server fork, inside bubblewrap: what is here takes a system that is read-only already and makes
it one process's own. In order, because every step needs what the next one gives away:

    fork_apart(...)    the child is the first process of a new process namespace, and in new ones of every other kind
    settle_in(...)     in the child: mounts are private from here on
    lock_up(...)       folders, network, user, rights, filter
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct
from typing import Any

from grading import inside

NEW_MOUNTS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PIDS, NEW_NETWORK = (
    0x0002_0000,
    0x0400_0000,
    0x0800_0000,
    0x1000_0000,
    0x2000_0000,
    0x4000_0000,
)
NO_SUID, NO_DEVICES, _NO_EXEC, _RECURSIVE, _PRIVATE = 2, 4, 8, 16384, 1 << 18
_READ_ONLY, _AGAIN, _THIS_MOUNT = 1, 32, 4096
_SET_DUMPABLE, _SET_SECCOMP, _BOUNDING_DROP, _SET_SUBREAPER, _NO_NEW_PRIVS, _AMBIENT = 4, 22, 24, 36, 38, 47
_SECCOMP_FILTER, _AMBIENT_CLEAR_ALL = 2, 4
_CAPABILITY_VERSION = 0x2008_0522
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1

_OPEN_TREE, _MOVE_MOUNT, _HERE = 428, 429, -100  # the same on every machine
_CLONE_TREE, _TREE_BELOW, _EMPTY_PATH = 1, 0x8000, 4
_CLONE = {"x86_64": 56, "aarch64": 220}

_libc = ctypes.CDLL(None, use_errno=True)
_holding = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock during the call


def fork_apart(as_root: bool) -> int:
    """Fork a process into namespaces of its own; returns its number, or 0 in it, as os.fork does.

    Own mounts, processes, network, messages and host name; an ordinary user also needs users of their own for that. Only for a
    process with one thread: the C library does not hear of this fork.
    """
    if not os.path.isdir(inside.MOUNTED):  # noqa: PTH112
        raise PermissionError("isolate works inside bubblewrap only: outside, a slip would cover the machine's own folders")
    flags = NEW_MOUNTS | NEW_PIDS | NEW_NETWORK | NEW_IPC | NEW_UTS | (0 if as_root else NEW_USER)
    python = ctypes.pythonapi  # what os.fork does around the same system call
    python.PyOS_BeforeFork()
    process = int(_holding.syscall(_CLONE[platform.machine()], flags | signal.SIGCHLD, 0, 0, 0, 0))
    if process == 0:
        python.PyOS_AfterFork_Child()
    else:
        number = ctypes.get_errno()
        python.PyOS_AfterFork_Parent()
        if process < 0:
            raise OSError(number, f"no namespaces: {os.strerror(number)}")
    return process


def settle_in(as_root: bool, user: int, group: int) -> None:
    """The first thing in the new process: nothing that is mounted from here on can be seen outside; the user keeps its number."""
    _call("mount", b"none", b"/", None, _RECURSIVE | _PRIVATE, None)
    if not as_root:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")


def lock_up(folders: list[str], size: int, files: int, uid: int, filter_program: bytes) -> None:
    """Give this process its own folders and take everything else away from it.

    Args:
        folders: each becomes an empty file system of its own, in memory.
        size: bytes that each may hold.
        files: and how many files.
        uid: whom to become; 0 stays who it is, which must not be root.
        filter_program: the system calls it may make from here on.
    """
    mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | _NO_EXEC)
    mount("devpts", "/dev/pts", "devpts", NO_SUID | _NO_EXEC, "newinstance,ptmxmode=0666,mode=620")
    for folder in folders:
        kept = {place: _lift(place) for place in mounts_below(folder)}  # Python itself may live there
        mount("tmpfs", folder, "tmpfs", NO_SUID | NO_DEVICES, f"mode=1777,size={size},nr_inodes={files}")
        for place, tree in kept.items():
            _put_back(tree, place)
    socket.sethostname("sandbox")
    raise_loopback()
    drop_bounding_set()
    become(uid)
    drop_capabilities()
    filter_calls(filter_program)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system that the kernel makes."""
    _call("mount", source.encode(), target.encode(), kind.encode(), flags, options.encode() or None, what=f"mount {kind} {target}")


def make_read_only(place: str) -> None:
    """Nobody writes below this mount from here on, neither this process nor what it forks."""
    _call("mount", None, place.encode(), None, _AGAIN | _THIS_MOUNT | _READ_ONLY | NO_SUID | NO_DEVICES, None, what=place)


def mounts_below(folder: str) -> list[str]:
    """Where something is mounted below a folder, the outermost places only."""
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:  # noqa: PTH123
        places = sorted(line.split()[4].encode().decode("unicode_escape") for line in lines)
    found: list[str] = []
    for place in places:
        if place.startswith(f"{folder}/") and not any(place.startswith(f"{outer}/") or place == outer for outer in found):
            found.append(place)
    return found


def _lift(place: str) -> int:
    """A descriptor of what is mounted at a place and below it, which stays when the place is covered."""
    return call_number(_OPEN_TREE, _HERE, place.encode(), _CLONE_TREE | os.O_CLOEXEC | _TREE_BELOW)


def _put_back(tree: int, place: str) -> None:
    os.makedirs(place, 0o755, exist_ok=True)  # noqa: PTH103
    call_number(_MOVE_MOUNT, tree, b"", _HERE, place.encode(), _EMPTY_PATH)
    os.close(tree)


def raise_loopback() -> None:
    """Let the process speak to itself over 127.0.0.1, as in a cold sandbox; there is no other interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        request = bytearray(struct.pack("16sH14x", b"lo", 0))
        fcntl.ioctl(line, _GET_FLAGS, request)
        struct.pack_into("H", request, 16, struct.unpack_from("H", request, 16)[0] | _UP)
        fcntl.ioctl(line, _SET_FLAGS, request)


def drop_bounding_set() -> None:
    """No program that is started later can give a capability back."""
    for number in range(64):
        if _libc.prctl(_BOUNDING_DROP, number, 0, 0, 0) != 0:
            return  # beyond the last one that this kernel knows, or not ours to drop: then no_new_privs stands before it


def become(uid: int) -> None:
    """Give up root for good."""
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if os.getuid() == 0:
        raise PermissionError("a submission never runs as root")


def drop_capabilities() -> None:
    """No capability is left, and none can come back."""
    _call("prctl", _AMBIENT, _AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    forbid_new_rights()


def forbid_new_rights() -> None:
    """No program that is started later gets more rights than this process has."""
    _call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)


def filter_calls(program: bytes) -> None:
    """Install a filter of system calls; what it refuses is refused to every child too."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    forbid_new_rights()
    _call("prctl", _SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


def adopt_orphans() -> None:
    """Whatever a child leaves behind becomes a child of this process."""
    _call("prctl", _SET_SUBREAPER, 1, 0, 0, 0)


def hide_memory() -> None:
    """Nobody who is not root may read or trace this process."""
    _call("prctl", _SET_DUMPABLE, 0, 0, 0, 0)


def show_memory() -> None:
    """Processes of the same user may look into this one: without this, a new user's process shows nobody how much memory it has."""
    _call("prctl", _SET_DUMPABLE, 1, 0, 0, 0)


def close_others(keep: set[int]) -> None:
    """Close every descriptor but these: the parent's, and those of its other children."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in keep:
            with contextlib.suppress(OSError):
                os.close(int(name))


def die_first() -> None:
    """Where memory runs out, the kernel ends this process and its children before any other."""
    with contextlib.suppress(OSError):
        _write("/proc/self/oom_score_adj", "1000")


def call_number(number: int, *arguments: Any) -> int:
    """A system call that the C library has no name for; returns its result."""
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}: {os.strerror(ctypes.get_errno())}")
    return result


def _call(name: str, *arguments: Any, what: str = "") -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what or name}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
