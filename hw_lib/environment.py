"""What the environment tells this library: is this a grading run, should progress stay silent, and where does it go?

Knows nothing of notebooks, files or torch.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO


def grading() -> bool:
    """True while a grader executes the notebook (nbgrader and `hw grade` both set this variable)."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def quiet() -> bool:
    """True when progress bars and notices must not appear, so that two executions give the same outputs."""
    return bool(os.environ.get("NBGRADER_EXECUTION") or os.environ.get("HW_LIB_QUIET"))


def bar_stream() -> TextIO:
    """Where a progress bar goes: in a notebook to the ordinary output, because Jupyter paints the other one red, like an error."""
    # a library may load ipykernel without being in a notebook; in one, its application runs
    kernel = sys.modules.get("ipykernel.kernelapp")
    return sys.stdout if kernel is not None and kernel.IPKernelApp.initialized() else sys.stderr
