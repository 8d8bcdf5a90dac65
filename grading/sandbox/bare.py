"""No sandbox: the same programs with the rights of whoever grades, for an author's own notebook or at the staff's explicit wish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grading import inside
from grading.sandbox.process import PYTHON, Subprocess, environment, passed_on
from grading.sandbox.spec import Sandbox


class Bare:
    """Starts a process without isolation."""

    isolates = False

    def first_request(self, sandbox: Sandbox) -> dict[str, Any]:
        """As `Launcher.first_request`. Processes are not counted: the kernel would count the whole login session's."""
        limits = sandbox.limit_table()
        del limits["processes"]
        return {"limits": limits, "uid": 0, "paths": [str(sandbox.library)], "mpl_cache": str(sandbox.fonts)}

    def start(self, sandbox: Sandbox, work: Path, link: int) -> Subprocess:
        """As `Launcher.start`; `work` is its home."""
        command = [*PYTHON, str(inside.FOLDER / f"{sandbox.program}.py"), str(link)]
        return Subprocess(command, work, environment(str(work), str(work)), passed_on(link))
