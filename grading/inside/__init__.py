"""The programs that run inside a sandbox. They know the standard library, IPython, numpy and torch, and nothing else of grading.

This file is the one place that says where they lie, on this machine and in a sandbox. It is shown in there too: it may import
nothing but pathlib.
"""

from __future__ import annotations

import pathlib

RUNNER = "/runner"  # in a sandbox: the folder from which these programs import each other
MOUNTED = f"{RUNNER}/grading/inside"  # in a sandbox: where they lie
FOLDER = pathlib.Path(__file__).parent


def programs() -> dict[pathlib.Path, str]:
    """Every file that a sandbox has to show, and its path in there."""
    files = [FOLDER.parent / "__init__.py", *sorted(FOLDER.glob("*.py"))]
    return {path: f"{RUNNER}/{path.relative_to(FOLDER.parents[1]).as_posix()}" for path in files}
