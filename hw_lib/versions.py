"""What a notebook's first cell says of this machine, beside what the course grades with. Imports no package itself."""

from __future__ import annotations

import platform
import re
from types import ModuleType

import hw_lib
from hw_lib import graded_with


def report(*packages: ModuleType) -> str:
    """Lines of versions: Python's, those of packages, and this library's.

    Where the course grades with another one, the line says so, and a last line says what that means. Only the first two numbers
    count: 2.3.1 and 2.3.4 are the same.

    Args:
        packages: what the notebook has imported, for example np.

    Returns:
        One line each, in columns.
    """
    here = {"python": platform.python_version(), **{package.__name__: str(package.__version__) for package in packages}}
    others = {name: said for name, said in graded_with.VERSIONS.items() if name in here and short(here[name]) != short(said)}
    lines = [f"{name:<8} {said}" + (f"   (graded with {others[name]})" if name in others else "") for name, said in here.items()]
    lines.append(f"{'hw_lib':<8} {hw_lib.__version__}")
    if others:
        lines.append("Other versions grade your work: what only yours have fails there. Plain Python and plain NumPy run in both.")
    return "\n".join(lines)


def short(version: str) -> str:
    """The first two numbers of a version: "2.14.0+cpu" is "2.14"."""
    return ".".join(re.findall(r"\d+", version)[:2])
