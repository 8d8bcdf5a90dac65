"""Limits -> an isolated process that runs cells; a check of what this machine can stop.

`launcher` chooses how processes are started here, a `Sandbox` says what one may see and use, a `CellProcess` runs its cells.
"""

from grading.sandbox.cell_process import GRACE_S, CellProcess
from grading.sandbox.choose import check, launcher
from grading.sandbox.doctor import described, examine, is_safe, tools
from grading.sandbox.fonts import font_list
from grading.sandbox.packages import folders, shadows
from grading.sandbox.spec import Launcher, Sandbox, SandboxError
from grading.sandbox.warm import Warm

__all__ = [
    "GRACE_S",
    "CellProcess",
    "Launcher",
    "Sandbox",
    "SandboxError",
    "Warm",
    "check",
    "described",
    "examine",
    "folders",
    "font_list",
    "is_safe",
    "launcher",
    "shadows",
    "tools",
]
