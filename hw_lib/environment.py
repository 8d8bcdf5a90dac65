"""What the environment variables tell this library: is this a grading run, and should progress stay silent?

Knows nothing of notebooks, files or torch.
"""

from __future__ import annotations

import os


def grading() -> bool:
    """True while a grader executes the notebook (nbgrader and `hw grade` both set this variable)."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def quiet() -> bool:
    """True when progress bars and notices must not appear, so that two executions give the same outputs."""
    return bool(os.environ.get("NBGRADER_EXECUTION") or os.environ.get("HW_LIB_QUIET"))
