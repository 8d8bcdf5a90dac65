"""Many executions: those that are kept are not repeated, the others run on this machine's cores or on a cluster.

Knows which submissions have to run and where their results lie; nothing of sandboxes or scores. Results go to disk as they
come, so a run that is killed has lost only what was under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from grading import kept
from grading.job import Progress, Result, Task, failed
from grading.place import Place, PlaceError, refuse
from grading.records import Execution, Restored
from hw_lib.errors import explain


@dataclass(frozen=True)
class Shard:
    """Every n-th submission, beginning with the i-th: 1/3, 2/3, 3/3 are a whole class."""

    number: int
    of: int


@dataclass(frozen=True)
class Crew:
    """Who runs the submissions, and how.

    Attributes:
        isolated: in a sandbox.
        warm: forked from a process that has imported everything.
        jobs: threads on this machine, each with a submission at a time.
        scheduler: the address of a Dask scheduler; empty for this machine.
    """

    isolated: bool = True
    warm: bool = True
    jobs: int = 1
    scheduler: str = ""


@dataclass
class Executions:
    """What happened, read from disk one by one: the figures of a thousand notebooks are not for memory."""

    build: Path
    faults: dict[tuple[str, str], Execution] = field(default_factory=dict)

    def of(self, record: Restored) -> Execution | None:
        """The execution of a notebook; None where there was nothing to run."""
        fault = self.faults.get((record.student, record.notebook))
        return fault or (kept.get(self.build, record) if record.path else None)


def execute_all(
    tasks: Sequence[Task],
    build: Path,
    crew: Crew,
    show: Callable[[Restored, Execution], None],
    progress: Callable[[Progress], None],
) -> Executions:
    """Run what has to be run and keep what has not changed.

    Args:
        tasks: every submission that has something to run.
        build: the build folder.
        crew: who runs them.
        show: called with every new execution before it is kept: after a crash in between it comes again.
        progress: called after every notebook.

    Raises:
        PlaceError: no worker can run a submission; nothing was run.
    """
    executions = Executions(build)
    todo: list[Task] = []
    done = 0
    for task in tasks:
        if kept.has(build, task.restored, task.job().key):
            done += 1
            progress(Progress(done, len(tasks), task.restored.student, kept=True))
        else:
            todo.append(task)
    for task, key, execution in _run(todo, build, crew) if todo else ():
        if execution.fault:
            executions.faults[task.restored.student, task.restored.notebook] = execution
        show(task.restored, execution)
        kept.keep(build, task.restored, key, execution)
        done += 1
        progress(Progress(done, len(tasks), task.restored.student, kept=False))
    return executions


def _run(todo: Sequence[Task], build: Path, crew: Crew) -> Iterator[Result]:
    if crew.scheduler:
        if find_spec("distributed") is None:
            raise PlaceError(
                explain(
                    "the cluster cannot be used; nothing was graded",
                    expected="the package `distributed`",
                    got="it is not installed: grading on one machine needs none of it",
                    fix="make install-dev, here and on every worker",
                )
            )
        from grading import cluster

        return cluster.run(todo, crew.scheduler)
    return _run_here(todo, build, crew.jobs)


def _run_here(todo: Sequence[Task], build: Path, jobs: int) -> Iterator[Result]:
    """Run tasks in threads, in no particular order."""
    with Place(build / "cache" / "matplotlib") as place:
        refuse(place.prove(todo[0].kit), "this machine")
        pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="hw-execute")
        try:
            running = {pool.submit(_one, place, task): task for task in todo}
            yield from _gathered(running)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # at an interrupt nobody waits: what runs ends with this process


def _one(place: Place, task: Task) -> tuple[str, Execution]:
    job = task.job()
    return job.key, place.run(job, task.kit)


def _gathered(running: dict[Future[tuple[str, Execution]], Task]) -> Iterator[Result]:
    for future in as_completed(list(running)):
        task = running.pop(future)
        try:
            key, execution = future.result()
        except OSError as error:  # its files cannot be read: a person has to look
            key, execution = "", failed(task, f"{type(error).__name__}: {error}")
        yield task, key, execution
