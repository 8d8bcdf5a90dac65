"""What the environment tells this library: is this a grading run, should progress stay silent, and where does it go?

Knows nothing of notebooks, files or torch.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import TextIO

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # glibc's numbers of these options, malloc.h


def grading() -> bool:
    """True while a grader executes the notebook (nbgrader and `hw grade` both set this variable)."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def quiet() -> bool:
    """True when progress bars and notices must not appear, so that two executions give the same outputs."""
    return bool(os.environ.get("NBGRADER_EXECUTION") or os.environ.get("HW_LIB_QUIET"))


def keep_memory() -> None:
    """Let this process keep up to half a gigabyte of what it has freed, where the C library is glibc; elsewhere this does nothing.

    Without it every large array goes back to the system when it is freed, and comes back page by page in the next step of a
    training: measured on convolutions, 15 to 50 % of the time.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another C library
        set_option = ctypes.CDLL(None).mallopt
        set_option(_MMAP_THRESHOLD, 256 << 20)
        set_option(_TRIM_THRESHOLD, 512 << 20)


def bar_stream() -> TextIO:
    """Where a progress bar goes: in a notebook to the ordinary output, because Jupyter paints the other one red, like an error."""
    # a library may load ipykernel without being in a notebook; in one, its application runs
    kernel = sys.modules.get("ipykernel.kernelapp")
    return sys.stdout if kernel is not None and kernel.IPKernelApp.initialized() else sys.stderr
