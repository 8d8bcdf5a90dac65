"""Starts a program behind Landlock, where this machine refuses namespaces, and ends what it leaves behind.

Started as `python -s -P landlock_main.py LINK CONFIG`, CONFIG a descriptor to read one JSON object from. This process stays outside
of the wall and runs nobody's code: it adopts what the program's processes leave behind, so that it can be found and killed.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import pathlib
import signal
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import isolate, landlock

_FAILED = 71
_TRIES = 500


def lock_up(config: dict[str, Any]) -> None:
    """User, rights, rules, filter: in this order, because each needs what the next one takes."""
    isolate.die_first()
    isolate.drop_bounding_set()
    isolate.become(config["uid"])
    isolate.drop_capabilities()
    isolate.show_memory()
    own = "/proc/self"  # this process's, not its children's: a rule for theirs would be one for everybody's
    landlock.restrict([*config["readable"], own], config["writable"], config["listable"])
    isolate.filter_calls(base64.b64decode(config["filter"]))


def main(link: int, config: dict[str, Any]) -> Any:
    """Returns in the process that is to run the program, with its module; ends this one when that one has ended."""
    program = importlib.import_module(f"grading.inside.{config['program']}")  # our own files cannot be read behind the wall
    isolate.adopt_orphans()
    grader = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    process = os.fork()
    if process == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.setsid()
        lock_up(config)
        return program
    isolate.hide_memory()
    os.closerange(0, 65_536)
    code = _until_gone(process, grader)
    _kill_orphans()
    os._exit(code)


def _until_gone(process: int, grader: int) -> int:
    """Bury orphans until the program ends or the grader does; returns the program's exit status as shells count it."""
    while os.getppid() == grader:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == process:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if not ended:
            signal.sigtimedwait({signal.SIGCHLD}, 1.0)
    return _FAILED


def _kill_orphans() -> None:
    """Whatever is left has become a child of this process, or does when its own parent is killed."""
    for _ in range(_TRIES):
        left = _children()
        if not left:
            return
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def _children() -> list[int]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = pathlib.Path(f"/proc/{name}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.append(int(name))
    return found


if __name__ == "__main__":
    with open(int(sys.argv[2]), "rb") as told:  # noqa: PTH123
        settings = json.loads(told.read())
    try:
        chosen = main(int(sys.argv[1]), settings)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(_FAILED)
    sys.argv = [sys.argv[0].replace("landlock_main", settings["program"]), sys.argv[1]]
    chosen.main(int(sys.argv[1]))
