"""A cluster on one machine: a dozen sample cases on three Dask workers, one of which is killed in the middle. All come back.

    python -m benchmarks.fleet_demo        # a minute or two; `make fleet-demo` is the same

Then the same dozen is graded without a cluster, and the results are compared, everything but the seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from grading import course as courses
from grading import files, pipeline
from grading.collect import collection
from grading.course import Course
from grading.execute import cache
from grading.progress import Step
from grading.records import Execution
from grading.release import handout
from grading.settings import Assignment

ROOT = Path(__file__).parents[1]
CASES = (
    *("perfect", "blank", "right-by-formula", "right-with-own-cells", "forgot-scaling", "keep-probability"),
    *("one-part-wrong", "syntax-error", "exception", "os-exit", "no-record", "reference-import"),
)


class LocalCluster:
    """A Dask scheduler and workers as processes of their own, talking on this machine only."""

    def __init__(self, folder: Path, workers: int, *, nanny: bool = False, setup: Path | None = None) -> None:
        """Start them.

        Args:
            folder: for their files; gone when the caller removes it.
            workers: how many, each with one thread.
            nanny: whether a worker that dies is started again.
            setup: a Python file that every worker runs first.
        """
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._held = ExitStack()
        here = ["--host", "127.0.0.1"]
        self._start("scheduler", [*here, "--port", "0", "--scheduler-file", str(self._file), "--no-dashboard", "--no-show"])
        self._wait_for_file()
        options = [*here, "--scheduler-file", str(self._file), "--nthreads", "1", "--no-dashboard"]
        options += ["--nanny" if nanny else "--no-nanny"]
        options += ["--preload", str(setup)] if setup else []
        self.workers = [self._start(f"worker-{number}", options) for number in range(workers)]

    def __enter__(self) -> LocalCluster:
        """The cluster."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all of it."""
        self._held.close()

    @property
    def address(self) -> str:
        """What `hw grade --scheduler` is given."""
        import json

        return str(json.loads(self._file.read_text())["address"])

    def _start(self, name: str, options: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + name.split("-")[0], *options]
        log = self._held.enter_context((self._folder / f"{name}.log").open("wb"))
        environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, env=environment, start_new_session=True)
        self._held.callback(_end, process)
        return process

    def _wait_for_file(self) -> None:
        for _ in range(600):
            if self._file.is_file() and self._file.read_text().endswith("}"):
                return
            time.sleep(0.1)
        raise RuntimeError((self._folder / "scheduler.log").read_text())


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop; a nanny needs the chance to stop its worker."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def executions(course: Course, assignment: Assignment, students: Sequence[str]) -> list[Execution]:
    """What was kept of every student, without the seconds, which no two runs share."""
    found = []
    for student in students:
        for notebook in assignment.notebooks:
            _, done = cache.read(course.workspace(assignment).execution(student, notebook))
            if done is None:
                continue
            cells = tuple(replace(cell, seconds=0.0) for cell in done.cells)
            found.append(replace(done, cells=cells, seconds=0.0))
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="hw-fleet-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def main() -> int:
    """Show it; returns 1 when anything is missing or different."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args()
    with _folder() as folder:
        original = courses.load(ROOT / "course.toml")
        course = replace(original, build=folder / "cluster", db=f"sqlite:///{folder}/cluster/gradebook.db")
        alone = replace(original, build=folder / "alone", db=f"sqlite:///{folder}/alone/gradebook.db")
        assignment = course.assignments["dropout"]
        for case in CASES:
            shutil.copytree(ROOT / "tests" / "submissions" / "dropout" / case, folder / "class" / case)
        for each in (course, alone):
            handout.release(each, assignment)
            collection.collect(folder / "class", each, assignment)
        with LocalCluster(folder, options.workers) as cluster:
            victim = cluster.workers[0]

            def say(progress: Step) -> None:
                print(f"{progress.done:3}/{progress.total} {progress.student}", flush=True)
                if progress.done == progress.total // 3 and victim.poll() is None:
                    print(f"--- killing worker 1 of {options.workers} (SIGKILL) ---", flush=True)
                    victim.kill()

            started = time.monotonic()
            cards = pipeline.grade(course, assignment, scheduler=cluster.address, progress=say)
            print(f"{len(cards)} of {len(CASES)} submissions graded in {time.monotonic() - started:.0f} s; worker 1 is dead")
        print("the same dozen without a cluster …", flush=True)
        same = pipeline.grade(alone, assignment) == cards
        different = [
            f"{here.student} {cell.cell_id} ({one.status} {one.error_message[:60]!r}, {cell.status} {cell.error_message[:60]!r})"
            for there, here in zip(executions(course, assignment, CASES), executions(alone, assignment, CASES), strict=True)
            for one, cell in zip(there.cells, here.cells, strict=True)
            if one != cell
        ]
        print(f"scorecards are {'the same' if same else 'DIFFERENT'}; cells that differ: {', '.join(different) or 'none'}")
    files.remove()
    return 0 if len(cards) == len(CASES) and same and not different else 1


if __name__ == "__main__":
    sys.exit(main())
