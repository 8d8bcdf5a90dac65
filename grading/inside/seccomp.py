"""The system calls that a submission may not make, as a filter program for the kernel. Knows nothing of sandboxes.

A new user namespace would make its owner root in there: free to mount memory without bounds, and near to most holes that kernels
have had. Anonymous files, and the kernel's shared segments, queues and sets of semaphores, are memory that no limit counts. Nothing
a notebook needs is on the list: Python's own semaphores and shared memory are others.
"""

from __future__ import annotations

import errno
import struct

_CLONE_NEWUSER = 0x1000_0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24  # where the kernel puts them
_ALLOW, _KILL, _REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_X32 = 0x4000_0000  # x86's third set of numbers for the same calls
_SOCKET_TYPE, _DATAGRAM = 0xF, 2

# machine -> the kernel's name for it, clone, clone3, and what is refused: unshare, setns, memfd_create, memfd_secret, shmget,
# semget, msgget, mq_open, io_uring_setup, bpf, userfaultfd, perf_event_open, add_key, request_key, keyctl
_CALLS = {
    "x86_64": (0xC000_003E, 56, 435, (272, 308, 319, 447, 29, 64, 68, 240, 425, 321, 323, 298, 248, 249, 250)),
    "aarch64": (0xC000_00B7, 220, 435, (97, 268, 279, 447, 194, 190, 186, 180, 425, 280, 282, 241, 217, 218, 219)),
}
_SOCKET_CALLS = {"x86_64": (41, 53), "aarch64": (198, 199)}  # socket, socketpair


def program(machine: str, sockets: bool = True) -> bytes:
    """The filter for one machine, as `bwrap --seccomp` and prctl read it.

    Args:
        machine: as platform.machine() names it.
        sockets: False refuses every socket but a connected pair, where there is no network namespace: a socket of the user's
            own desktop or service manager would be a way out.

    Raises:
        KeyError: nobody has looked up the numbers of this machine's system calls.
    """
    kernel_name, clone, clone3, refused = _CALLS[machine]
    steps = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, kernel_name), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for number in refused if sockets else (*refused, _SOCKET_CALLS[machine][0]):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE | errno.EPERM)]
    if not sockets:  # a datagram socket of a pair could still write to any address
        steps += [(_EQUAL, 0, 5, _SOCKET_CALLS[machine][1]), (_LOAD, 0, 0, _SECOND_ARGUMENT), (_AND, 0, 0, _SOCKET_TYPE)]
        steps += [(_EQUAL, 0, 1, _DATAGRAM), (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    # clone3 hides its flags from filters; the C library falls back to clone where the kernel does not know it
    steps += [(_EQUAL, 0, 1, clone3), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)]
    steps += [(_EQUAL, 0, 3, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 0, 1, _CLONE_NEWUSER)]
    steps += [(_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
