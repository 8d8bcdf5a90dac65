"""Which way to start a process this machine allows, found out by starting one."""

from __future__ import annotations

from functools import cache

from grading.sandbox import bubblewrap, landlock
from grading.sandbox.bare import Bare
from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.landlock import Landlock
from grading.sandbox.spec import Launcher, SandboxError
from grading.sandbox.warm import Warm


@cache
def isolating() -> Bubblewrap | Landlock:
    """The best sandbox that this machine has, cold.

    Raises:
        SandboxError: there is none; with what to do about it.
    """
    try:
        bubblewrap.check()
    except SandboxError:
        bubblewrap.program()  # one that is not installed is a reason to install it, not to be content with less
        if not landlock.available():
            raise
        return Landlock()
    return Bubblewrap()


def check() -> str:
    """Find out which sandbox this machine can have, and prove it.

    Returns:
        What to warn of, or an empty text.

    Raises:
        SandboxError: there is none; with what to do about it.
    """
    return landlock.WARNING if isinstance(isolating(), Landlock) else ""


def launcher(*, sandbox: bool, warm: Warm | None = None) -> Launcher:
    """How submissions are started here.

    Args:
        sandbox: False starts them without isolation.
        warm: forks them from warm processes, where this machine's sandbox is one that can; None starts each from nothing.

    Raises:
        SandboxError: there is no sandbox and one was asked for.
    """
    if not sandbox:
        return Bare()
    best = isolating()
    return warm if warm is not None and isinstance(best, Bubblewrap) else best
