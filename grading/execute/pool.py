"""Runs all submissions: cached ones are skipped, the rest run in parallel here or on Dask.

Results go to disk as they come, so a run that is killed has lost only what was under way. What failed through a fault of ours
while others ran beside it (they share a fork server, and the machine's memory) is tried once more alone, before it goes to a
person. Knows nothing of sandboxes or scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from grading.execute import cache
from grading.execute.job import Result, SharedInputs, Task, failed
from grading.execute.worker import Worker, WorkerError, raise_if_broken
from grading.progress import Step
from grading.records import Execution, Restored, Submission
from grading.settings import RunOptions
from grading.workspace import Workspace


@dataclass
class Executions:
    """What happened, read from disk one by one: the figures of a thousand notebooks are not for memory."""

    work: Workspace
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    unfinished: dict[tuple[str, str], Execution] = field(default_factory=dict)

    def of(self, record: Restored) -> Execution | None:
        """The execution of a notebook; None where there was nothing to run."""
        who = record.student, record.notebook
        if who in self.unfinished:
            return self.unfinished[who]
        return cache.load(self.work.execution(*who), self.keys[who]) if who in self.keys else None

    def to_try_again(self, student: str) -> bool:
        """Whether a fault of ours kept a notebook of this student from its end."""
        return any(who == student for who, _ in self.unfinished)


def execute_all(
    restored: Sequence[tuple[Submission, Restored]],
    shared: Mapping[str, SharedInputs],
    work: Workspace,
    options: RunOptions,
    progress: Callable[[Step], None],
) -> Executions:
    """Run what has to be run; what has not changed comes from the cache.

    Args:
        restored: every notebook that was handed in; those with a problem are passed over.
        shared: the shared inputs of each notebook by name.
        work: the build folder.
        options: who runs them.
        progress: called after every notebook.

    Raises:
        WorkerError: no worker can run a submission; nothing was run.
    """
    tasks = [Task(record, submission, shared[record.notebook], work) for submission, record in restored if not record.problem]
    executions = Executions(work)
    todo: list[Task] = []
    for task in tasks:
        key, stored = cache.read(_path(task))
        if stored is None or key not in task.job().serves:
            todo.append(task)
        else:
            executions.keys[_who(task)] = key
            progress(Step(len(executions.keys), len(tasks), task.restored.student, cached=True))
    for done, (task, key, execution) in enumerate(_run(todo, options) if todo else (), start=len(tasks) - len(todo) + 1):
        executions.keys[_who(task)] = key
        if execution.unfinished:
            executions.unfinished[_who(task)] = execution
        cache.store(_path(task), key, execution)
        progress(Step(done, len(tasks), task.restored.student, cached=False))
    return executions


def _who(task: Task) -> tuple[str, str]:
    return task.restored.student, task.restored.notebook


def _path(task: Task) -> Path:
    return task.work.execution(*_who(task))


def _run(todo: Sequence[Task], options: RunOptions) -> Iterator[Result]:
    if options.scheduler:
        results: Iterator[Result] = _dask_cluster().run(todo, options.scheduler)
        return results
    return _run_here(todo, options.jobs)


def _dask_cluster() -> Any:
    """Dask is installed with the developers' packages only: whoever grades on one machine does without."""
    try:
        from grading.execute import dask_cluster
    except ModuleNotFoundError as error:
        raise WorkerError(
            "the cluster cannot be used; nothing was graded",
            expected="Dask, on this machine and on the workers",
            got=str(error),
            fix="make install-dev, or pip install 'hw-lib[staff,fleet]'",
        ) from None
    return dask_cluster


def _run_here(todo: Sequence[Task], jobs: int) -> Iterator[Result]:
    """Run tasks in threads, in no particular order, and then alone whatever a fault of ours cost beside others."""
    with Worker(todo[0].work.fonts) as worker:
        raise_if_broken(worker.smoke_test(todo[0].shared), "this machine")
        pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="hw-execute")
        lost: list[Task] = []
        try:
            running = {pool.submit(_one, worker, task): task for task in todo}
            for task, key, execution in _gathered(running):
                if execution.unfinished and min(jobs, len(todo)) > 1:
                    lost.append(task)
                else:
                    yield task, key, execution
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # at an interrupt nobody waits: what runs ends with this process
        for task in lost:
            yield _result(task, partial(_one, worker, task))


def _one(worker: Worker, task: Task) -> tuple[str, Execution]:
    job = task.job()
    return job.key, worker.run(job, task.shared)


def _gathered(running: dict[Future[tuple[str, Execution]], Task]) -> Iterator[Result]:
    for future in as_completed(list(running)):
        yield _result(running.pop(future), future.result)


def _result(task: Task, run: Callable[[], tuple[str, Execution]]) -> Result:
    try:
        key, execution = run()
    except OSError as error:  # its files cannot be read: a person has to look
        key, execution = "", failed(task, f"{type(error).__name__}: {error}")
    return task, key, execution
