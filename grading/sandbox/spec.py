"""What a process in a sandbox may see and use; how it is started is its launcher's business. Knows nothing of notebooks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from grading.records import GradingError
from grading.sandbox.process import Process
from grading.settings import Limits

_FIRST_UID = 61_184  # systemd's range for passing users: no person and no service has these
_UIDS = 4_000


class SandboxError(GradingError):
    """There is no sandbox to be had on this machine; never a reason to go on without one."""


class Launcher(Protocol):
    """One way to start a process: bare, under bubblewrap, forked from a warm process under bubblewrap, behind Landlock."""

    isolates: bool  # False only for the bare one

    def first_request(self, sandbox: Sandbox) -> dict[str, Any]:
        """What the process has to know before it runs a cell: `limits`, `uid`, `paths` to import from, `mpl_cache`."""

    def start(self, sandbox: Sandbox, work: Path, link: int) -> Process:
        """Start the process that runs cells.

        Args:
            sandbox: what it may see and use.
            work: a folder of this run alone; the student's home where there are no namespaces, else only a place to start in.
            link: one end of the socket between a student's process and the trusted tests, a descriptor to pass on; -1 for none.
        """


@dataclass(frozen=True)
class Sandbox:
    """What a process may see and use.

    Attributes:
        launcher: how it is started.
        library: the folder that holds the hw_lib that is visible: the stripped one, or for trusted tests the whole one.
        fonts: matplotlib's font list, made once, so that not every submission makes it again.
        limits: what it may use.
        hidden: folders that must not be visible even if a system folder contains them.
        worker_id: a small number, different for sandboxes that run at the same time.
        program: the file of grading/inside that runs in there: cellrunner for a student's cells, testrunner for trusted tests.
        preload: modules that a fork server imports before it forks; a process that starts from nothing imports none early.
        files: what lies in its home when it starts, relative name -> content.
        draw: figures that a cell shows are drawn; without it a dot stands in their place.
    """

    launcher: Launcher = field(compare=False)
    library: Path
    fonts: Path
    limits: Limits
    hidden: tuple[Path, ...] = ()
    worker_id: int = 0
    program: str = "cellrunner"
    preload: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    draw: bool = True

    def uid(self) -> int:
        """Whom the process becomes when we are root; 0 when we are not, or where nothing is isolated."""
        return _FIRST_UID + self.worker_id % _UIDS if self.launcher.isolates and os.geteuid() == 0 else 0

    def size(self) -> int:
        """Bytes that each of its folders may hold."""
        return self.limits.work_mb * 1_000_000

    def first_request(self) -> dict[str, Any]:
        """What the process has to know before it runs a cell, beside the files."""
        return {**self.launcher.first_request(self), "draw": self.draw}

    def start(self, work: Path, link: int = -1) -> Process:
        """Start it; as `Launcher.start`.

        Raises:
            SandboxError: it cannot be started, or its files are more than its folder may hold.
        """
        size = sum(len(data) for data in self.files.values())
        if size > self.size():
            raise SandboxError(
                "the submission does not fit into its folder",
                expected=f"at most {self.size():,} bytes",
                got=f"{size:,} bytes in {len(self.files)} files",
                fix="raise work_mb in course.toml, or ask for a smaller submission",
            )
        return self.launcher.start(self, work, link)

    def limit_table(self) -> dict[str, Any]:
        """The limits by name, as the process inside sets them."""
        return asdict(self.limits)
