"""The filter of system calls for this machine; `inside.seccomp` writes it."""

from __future__ import annotations

import platform

from grading.inside import seccomp
from grading.sandbox.spec import SandboxError


def call_filter(sockets: bool = True) -> bytes:
    """The filter of system calls for this machine; without `sockets` it allows none but those it is born with.

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
