"""Runs tests again as somebody else: an ordinary user, or root with the few rights that a container gives.

The interpreter may lie in a home folder that nobody else can enter; bubblewrap shows it to them at its own place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.grading import apart

ROOT = Path(__file__).parents[2]
_SETPRIV = [
    "setpriv",
    "--clear-groups",
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--bounding-set=-all",
]
_CONTAINER = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "SETPCAP", "SYS_CHROOT")


def ordinary_user() -> list[str]:
    """What to put before a command to run it as a user without rights, whom no other run of the tests becomes."""
    _need_root()
    number = apart.user()
    return [*_view(), "--cap-add", "ALL", *_SETPRIV, f"--reuid={number}", f"--regid={number}"]


def container_root() -> list[str]:
    """What to put before a command to run it as root without the right to make namespaces."""
    _need_root()
    return [*_view(), "--cap-drop", "ALL", *(word for name in _CONTAINER for word in ("--cap-add", f"CAP_{name}"))]


def run_tests(prefix: list[str], file: str, chosen: str = "", limit_s: float = 300) -> str:
    """Run tests of a file below this folder; returns what went wrong, or an empty text."""
    scratch = Path(tempfile.mkdtemp(prefix="hw-user-"))
    home = scratch / "home"  # not the temp folder itself, where anybody puts anything meanwhile
    home.mkdir()
    for folder in (scratch, home):
        folder.chmod(0o777)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    command = [*prefix, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(Path(__file__).parent / file)]
    command += ["--basetemp", f"{scratch}/base", *(["-k", chosen] if chosen else [])]
    try:
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=limit_s)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if done.returncode == 0 and " passed" in done.stdout and " skipped" not in done.stdout:
        return ""
    return done.stdout[-4000:] + done.stderr[-1000:] or "nothing was run"


def _need_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else; every other test here already runs as an ordinary user")
    for program in ("setpriv", "bwrap"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program}")


def _view() -> list[str]:
    """The machine as it is, but with the interpreter's closed folders open."""
    command = ["bwrap", "--dev-bind", "/", "/", "--chdir", str(ROOT)]
    roots = sorted({Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), ROOT})
    closed = {parent for root in roots for parent in root.parents if not parent.stat().st_mode & 0o001}
    for folder in sorted(closed, key=lambda path: len(path.parts)):
        command += ["--perms", "0755", "--tmpfs", str(folder)]
    for root in roots:
        if any(parent in closed for parent in root.parents):
            for folder in reversed(root.parents):
                if any(parent in closed for parent in folder.parents):
                    command += ["--perms", "0755", "--dir", str(folder)]
            command += ["--ro-bind", str(root), str(root)]
    return command
