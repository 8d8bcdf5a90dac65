"""Many executions: those that are kept are not repeated, the others run on this machine's cores or on a cluster.

Knows which submissions have to run and where their results lie; nothing of sandboxes or scores. Results go to disk as they
come, so a run that is killed has lost only what was under way. What failed through a fault of ours while others ran beside it (they
share a warm parent, and the machine's memory) is tried once more alone, before it goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grading.execute import cache
from grading.execute.job import Result, Task, failed
from grading.execute.worker import Place, refuse
from grading.progress import Step
from grading.records import Execution, Restored


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
        return fault or (cache.get(self.build, record) if record.path else None)


def execute_all(
    tasks: Sequence[Task],
    build: Path,
    crew: Crew,
    show: Callable[[Restored, Execution], None],
    progress: Callable[[Step], None],
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
        if cache.has(build, task.restored, task.job().key):
            done += 1
            progress(Step(done, len(tasks), task.restored.student, cached=True))
        else:
            todo.append(task)
    for task, key, execution in _run(todo, build, crew) if todo else ():
        if execution.fault:
            executions.faults[task.restored.student, task.restored.notebook] = execution
        show(task.restored, execution)
        cache.keep(build, task.restored, key, execution)
        done += 1
        progress(Step(done, len(tasks), task.restored.student, cached=False))
    return executions


def _run(todo: Sequence[Task], build: Path, crew: Crew) -> Iterator[Result]:
    if crew.scheduler:
        from grading.execute import dask_cluster

        return dask_cluster.run(todo, crew.scheduler)
    return _run_here(todo, build, crew.jobs)


def _run_here(todo: Sequence[Task], build: Path, jobs: int) -> Iterator[Result]:
    """Run tasks in threads, in no particular order, and then alone whatever a fault of ours cost beside others."""
    with Place(build / "cache" / "matplotlib") as place:
        refuse(place.prove(todo[0].kit), "this machine")
        pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="hw-execute")
        lost: list[Task] = []
        try:
            running = {pool.submit(_one, place, task): task for task in todo}
            for task, key, execution in _gathered(running):
                if execution.fault and min(jobs, len(todo)) > 1:
                    lost.append(task)
                else:
                    yield task, key, execution
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # at an interrupt nobody waits: what runs ends with this process
        for task in lost:
            yield _result(task, partial(_one, place, task))


def _one(place: Place, task: Task) -> tuple[str, Execution]:
    job = task.job()
    return job.key, place.run(job, task.kit)


def _gathered(running: dict[Future[tuple[str, Execution]], Task]) -> Iterator[Result]:
    for future in as_completed(list(running)):
        yield _result(running.pop(future), future.result)


def _result(task: Task, run: Callable[[], tuple[str, Execution]]) -> Result:
    try:
        key, execution = run()
    except OSError as error:  # its files cannot be read: a person has to look
        key, execution = "", failed(task, f"{type(error).__name__}: {error}")
    return task, key, execution
