"""Where executions run: one process of one machine, with what its workers keep from one submission to the next.

The same on the machine of the gradebook and on a worker of a cluster; knows nothing of either.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grading import files
from grading import notebook as nb
from grading.execute import fingerprint, notebook_run, trusted_tests
from grading.execute.job import Job, Kit
from grading.files import write_bytes
from grading.records import Execution, GradingError
from grading.release.withhold import folders
from grading.sandbox import spec
from grading.sandbox.spec import Sandbox
from grading.sandbox.warm import Kernels, modules


class PlaceError(GradingError):
    """Nowhere to run a submission; nothing was run."""


@dataclass(frozen=True)
class _Unpacked:
    """A kit, as folders of this machine."""

    build: Path
    library: Path
    source: nb.Notebook
    released: nb.Notebook
    kernels: Kernels


class Place:
    """Runs jobs, from any number of threads. A context manager: leaving it frees what was kept between jobs."""

    def __init__(self, fonts: Path | None = None) -> None:
        """`fonts` is where matplotlib's list of fonts stays; without it the list is made anew for this process."""
        self._fonts = fonts
        self._kits: dict[str, _Unpacked] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Place:
        """The place."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the warm processes."""
        while self._kits:
            self._kits.popitem()[1].kernels.close()

    def run(self, job: Job, kit: Kit) -> Execution:
        """Execute one submission; what the grader itself does wrong is said in `fault`, never raised."""
        record = job.restored
        blank = Execution(record.assignment, record.student, record.notebook, isolated=kit.isolated)
        if kit.software != fingerprint.software():
            return replace(blank, fault="this worker has other versions of Python, of a package or of grading; install the same")
        try:
            with files.slot() as slot, files.folder("submission-") as folder:
                return self._execute(job, self._unpacked(kit), kit, slot, folder)
        except Exception as error:  # this student goes to a person, the others go on
            return replace(blank, fault=f"{type(error).__name__}: {error}")

    def prove(self, kit: Kit) -> str:
        """Run a harmless cell in the very sandbox of this kit; returns why that did not work, or an empty text."""
        if kit.software != fingerprint.software():
            return "other versions of Python, of a package or of grading than where the gradebook is"
        try:
            if kit.isolated:
                spec.check()
            with files.slot() as slot, files.folder("proof-") as folder:
                unpacked = self._unpacked(kit)
                return notebook_run.prove(self._student_box(kit, unpacked, folder, slot))
        except GradingError as error:
            return str(error)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def _execute(self, job: Job, unpacked: _Unpacked, kit: Kit, slot: int, folder: Path) -> Execution:
        submission, evidence = folder / "submission", folder / "evidence"
        _write(submission, job.files)
        _write(evidence, trusted_tests.evidence(job.files))
        student = self._student_box(kit, unpacked, submission, 2 * slot)
        tests = replace(self._box(kit, unpacked, unpacked.library, evidence, 2 * slot + 1), program="testrunner")
        trusted = trusted_tests.trusted(kit.assignment, unpacked.source, unpacked.released, tests)
        return notebook_run.execute(job.restored, nb.parse(job.notebook, job.restored.path), student, trusted)

    def _student_box(self, kit: Kit, unpacked: _Unpacked, submission: Path, slot: int) -> Sandbox:
        box = self._box(kit, unpacked, unpacked.build, submission, slot)
        return replace(box, hidden=(*box.hidden, *folders(kit.assignment.without.get(kit.notebook, ()))))

    def _box(self, kit: Kit, unpacked: _Unpacked, library: Path, submission: Path, slot: int) -> Sandbox:
        box = Sandbox(
            submission=submission,
            library=library,
            mpl_cache=self._font_list(),
            limits=kit.assignment.limits,
            isolated=kit.isolated,
            hidden=tuple(path for path in map(Path, kit.hidden) if path.is_dir()),
            slot=slot,
        )
        return unpacked.kernels.attach(box) if kit.warm else box

    def _unpacked(self, kit: Kit) -> _Unpacked:
        with self._guard:
            if kit.key not in self._kits:
                folder = files.root() / f"kit-{kit.key[:16]}-{id(self)}"
                for name, packed in (("build", kit.build), ("library", kit.library)):
                    _write(folder / name, packed)
                source, released = (nb.parse(text.encode(), kit.notebook) for text in (kit.source, kit.released))
                warm = Kernels(modules(source))
                self._kits[kit.key] = _Unpacked(folder / "build", folder / "library", source, released, warm)
            return self._kits[kit.key]

    def _font_list(self) -> Path:
        """Matplotlib's list of fonts, made once: in a fresh home every process would search for fonts again."""
        with self._guard:
            kept = self._fonts or files.root() / "fonts"
            if not any(kept.glob("*.json")):
                with files.folder("fonts-") as made:
                    environment = {**os.environ, "MPLCONFIGDIR": str(made)}
                    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=False)
                    kept.mkdir(parents=True, exist_ok=True)
                    for path in made.glob("*.json"):
                        write_bytes(kept / path.name, path.read_bytes())
            return kept


def refuse(problem: str, where: str) -> None:
    """Stop before a whole class goes to a person for a fault of ours."""
    if problem:
        raise PlaceError(
            f"{where} does not run a notebook; nothing was graded",
            expected="1 + 1 is 2 in the sandbox",
            got=problem,
            fix="mend it and run hw grade again: nothing is lost. Is the course in a folder that bubblewrap can mount?",
        )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Files and their folders, readable for whoever runs in the sandbox, and none of them outside of `folder`."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"{name!r} is outside of the submission")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o644)
    for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        made.chmod(0o755)
