"""What a process of the test suite has for itself on this machine, where another run of the same tests may be going on.

The kernel counts processes by user, and names of abstract sockets and words on command lines are the whole machine's: with fixed
ones two runs at the same time (two worktrees, two terminals) find each other's and fail. Linux only, as the sandbox is.
"""

from __future__ import annotations

import functools
import secrets
import socket

_MOST = 40  # runs at the same time
_FIRST_SLOT, _SLOTS = 2_000, 50  # gradings take the lowest numbers
_FIRST_USER = 61_000  # up to here nobody has these, and 61,184 is the first that a submission becomes


def slot(number: int) -> int:
    """A worker number that no other run has; each file has tens of its own, below fifty."""
    assert 0 <= number < _SLOTS
    return _FIRST_SLOT + _SLOTS * _claimed() + number


def user() -> int:
    """The number of a user without rights that no other run becomes."""
    return _FIRST_USER + _claimed()


def seconds(whole: int) -> str:
    """Some seconds, as `sleep` takes them, and a word by which nobody else's process is found."""
    return f"{whole}.{secrets.randbelow(10**9):09d}"


def socket_name() -> str:
    """The name of an abstract socket, without the zero in front."""
    return f"hw-lib-test-{secrets.token_hex(8)}"


@functools.cache
def _claimed() -> int:
    """The lowest number that no other process of tests holds; this one holds it until it ends."""
    for number in range(_MOST):
        held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            held.bind(f"\0hw-lib.tests.{number}")
        except OSError:
            held.close()
        else:
            held.detach()  # the kernel gives the name back when this process ends
            return number
    raise OSError(f"{_MOST} runs of these tests are going on")
