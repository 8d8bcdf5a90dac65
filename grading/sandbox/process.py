"""A process as whoever talks to it sees it, and what every way to start one needs: Python, environment, descriptors."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from grading.sandbox.machine import INTERPRETER

PYTHON = (str(INTERPRETER), "-s", "-P", "-B")  # not -I: that would ignore PYTHONHASHSEED, and sets would print in any order

# Programs that look for a network make do with what is here: without it pip tries for nine seconds, uv for eleven, npm for minutes.
_NO_NETWORK = {
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_OFFLINE": "1",
    "CONDA_OFFLINE": "true",
    "NPM_CONFIG_OFFLINE": "true",
    "GIT_TERMINAL_PROMPT": "0",
    "HF_HUB_OFFLINE": "1",
}


class Process(Protocol):
    """A process that was started, with everything that it starts itself."""

    pid: int  # of the process on this machine that all others of the sandbox descend from
    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    lost: bool  # it ended because something of ours did

    def wait(self, timeout: float) -> int | None:
        """Its exit status, negative for a signal; None when it is still there after `timeout` seconds."""

    def end(self) -> None:
        """Kill it and everything it started, and come back when they are gone."""


class Subprocess:
    """A process of our own, started from nothing; what it starts is in its process group or ends with it."""

    def __init__(self, command: Sequence[str], work: Path, variables: dict[str, str], descriptors: Sequence[int]) -> None:
        """Start it in the folder `work`, with these descriptors beside its three pipes to us."""
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=work, env=variables, start_new_session=True, pass_fds=descriptors
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self.pid, self.lost = self._process.pid, False
        self.stdin, self.stdout, self.stderr = self._process.stdin, self._process.stdout, self._process.stderr

    def wait(self, timeout: float) -> int | None:
        """Its exit status; None when it is still there."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Kill its process group, and with bubblewrap everything else."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def passed_on(link: int) -> tuple[int, ...]:
    """The descriptors that a new process gets for its link to another one: none for -1."""
    return () if link < 0 else (link,)


@contextmanager
def readable(data: bytes) -> Iterator[int]:
    """A descriptor that a new process can read `data` from, once."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


LITTLE_MEMORY = "HW_LITTLE_MEMORY"  # set where there is none to spare: in a platform's container
# glibc hands large arrays back to the system as soon as they are free, and the next training step fetches them again, page by page:
# half of what a convolution of PyTorch's costs. Up to half a gigabyte of what is free stays with the process.
_KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(256 << 20), "MALLOC_TRIM_THRESHOLD_": str(512 << 20)}


def environment(home: str, scratch: str) -> dict[str, str]:
    """Everything a submission sees of the environment: the same on every machine, nothing of ours."""
    return {
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "PATH": f"{INTERPRETER.parent}:/usr/local/bin:/usr/bin:/bin",
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
        **({} if os.environ.get(LITTLE_MEMORY) else _KEPT_MEMORY),
        **_NO_NETWORK,
    }
