"""Runs submissions, from any number of threads: one process of one machine, with what it keeps from one submission to the next.

The same on the machine of the gradebook and on a worker of a cluster; knows nothing of either.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grading import files, sandbox
from grading import notebook as nb
from grading.execute import fingerprint, trusted_tests
from grading.execute.job import Job, SharedInputs
from grading.execute.notebook_run import execute, smoke_test
from grading.records import Execution, GradingError
from grading.sandbox import Sandbox, Warm


class WorkerError(GradingError):
    """Nowhere to run a submission; nothing was run."""


@dataclass(frozen=True)
class _Unpacked:
    """Shared inputs, as folders of this machine."""

    build: Path
    library: Path
    source: nb.Notebook
    released: nb.Notebook


class Worker:
    """Runs jobs. A context manager: leaving it frees what was kept between jobs."""

    def __init__(self, fonts: Path | None = None) -> None:
        """`fonts` is where matplotlib's list of fonts stays; without it the list is made anew for this process."""
        self._fonts = fonts
        self._unpacked: dict[str, _Unpacked] = {}
        self._libraries: dict[str, Path] = {}  # by content: notebooks of one assignment have the same, and share their fork servers
        self._warm = Warm()
        self._guard = threading.Lock()

    def __enter__(self) -> Worker:
        """The worker."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes that submissions are forked from."""
        self._warm.close()

    def run(self, job: Job, shared: SharedInputs) -> Execution:
        """Execute one submission; what the grader itself does wrong is said in `fault`, never raised."""
        record = job.restored
        blank = Execution(record.assignment, record.student, record.notebook)
        if shared.software != fingerprint.software():
            return replace(blank, fault="this worker has other versions of Python, of a package or of grading; install the same")
        try:
            with files.worker_id() as number:
                return self._execute(job, shared, number)
        except Exception as error:  # this student goes to a person, the others go on
            return replace(blank, fault=f"{type(error).__name__}: {error}")

    def smoke_test(self, shared: SharedInputs) -> str:
        """Run a harmless cell in the very sandbox of these inputs; returns why that did not work, or an empty text."""
        if shared.software != fingerprint.software():
            return "other versions of Python, of a package or of grading than where the gradebook is"
        try:
            with files.worker_id() as number:
                unpacked = self._unpack(shared)
                box = self._student_box(shared, unpacked, {}, number)
                if box.launcher is self._warm:  # both parents get warm at the same time, each on a processor of its own
                    self._warm.prepare(box)
                    self._warm.prepare(self._test_box(shared, unpacked, {}, number))
                return smoke_test(box)
        except GradingError as error:
            return str(error)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def _execute(self, job: Job, shared: SharedInputs, number: int) -> Execution:
        unpacked = self._unpack(shared)
        student = self._student_box(shared, unpacked, job.files, 2 * number)
        evidence = {**trusted_tests.evidence(job.files), **shared.supplies.given}
        tests = self._test_box(shared, unpacked, evidence, 2 * number + 1)
        config = trusted_tests.config(shared.assignment, unpacked.source, unpacked.released, tests, shared.secret)
        return execute(job.restored, nb.parse(job.notebook, f"{shared.notebook}.ipynb"), student, config)

    def _student_box(self, shared: SharedInputs, unpacked: _Unpacked, own: Mapping[str, bytes], number: int) -> Sandbox:
        box = self._box(shared, unpacked.build, own, number)
        packages = sandbox.folders(shared.assignment.hidden_packages.get(shared.notebook, ()))
        return replace(box, hidden=(*box.hidden, *packages))

    def _test_box(self, shared: SharedInputs, unpacked: _Unpacked, evidence: Mapping[str, bytes], number: int) -> Sandbox:
        return replace(self._box(shared, unpacked.library, evidence, number), program="testrunner")

    def _box(self, shared: SharedInputs, library: Path, own: Mapping[str, bytes], number: int) -> Sandbox:
        return Sandbox(
            launcher=sandbox.launcher(sandbox=shared.sandbox, warm=self._warm if shared.warm else None),
            library=library,
            fonts=self._font_list(),
            limits=shared.assignment.limits,
            hidden=tuple(path for path in map(Path, shared.hidden) if path.is_dir()),
            worker_id=number,
            preload=shared.preload,
            files=own,
            draw=shared.draw,
        )

    def _font_list(self) -> Path:
        with self._guard:
            return sandbox.font_list(self._fonts or files.root() / "fonts")

    def _unpack(self, shared: SharedInputs) -> _Unpacked:
        with self._guard:
            if shared.key not in self._unpacked:
                build, library = self._library(shared.build), self._library(shared.library)
                source, released = (nb.parse(text.encode(), shared.notebook) for text in (shared.source, shared.released))
                self._unpacked[shared.key] = _Unpacked(build, library, source, released)
            return self._unpacked[shared.key]

    def _library(self, packed: Mapping[str, bytes]) -> Path:
        """The folder of an hw_lib, written once."""
        content = fingerprint.of_files(packed)
        if content not in self._libraries:
            fresh = Path(tempfile.mkdtemp(prefix="library-", dir=files.root()))  # a fresh name: it outlives this worker
            _write(fresh, packed)
            self._libraries[content] = fresh
        return self._libraries[content]


def raise_if_broken(problem: str, where: str) -> None:
    """Fail early if the sandbox is broken, instead of marking every submission UNJUDGED."""
    if problem:
        raise WorkerError(
            f"{where} does not run a notebook; nothing was graded",
            expected="1 + 1 is 2 in the sandbox",
            got=problem,
            fix="fix it and run hw grade again: nothing is lost. Is the course in a folder that bubblewrap can mount?",
        )


def _write(folder: Path, packed: Mapping[str, bytes]) -> None:
    """Files of hw_lib and their folders, readable for whoever runs in the sandbox."""
    for name, data in packed.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o644)
    for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        made.chmod(0o755)
