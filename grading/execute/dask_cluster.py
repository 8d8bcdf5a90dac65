"""Executions on a Dask cluster. The only importer of distributed; imported only when a scheduler is named.

Shared inputs are the result of a task, so Dask brings them to each worker once and makes them again should every copy die. A
worker that is killed costs nothing: its submissions are tried elsewhere. One under which two workers died while others ran beside
it may have shared them with the one that kills: it is tried once more alone, when all others are done, and then goes to a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from distributed import Client, KilledWorker, Scheduler, as_completed

from grading.execute.job import Job, Result, SharedInputs, Task, failed
from grading.execute.worker import Worker, WorkerError, raise_if_broken
from grading.records import Execution

TRIES = 2
_CONNECT_S = 30

_workers: list[Worker] = []  # this process's one, for as long as it lives


def run(todo: Sequence[Task], scheduler: str) -> Iterator[Result]:
    """Run tasks on the workers of a scheduler, in no particular order.

    No more are under way than there are threads: when a worker dies, Dask suspects everything it was given.

    Raises:
        WorkerError: the scheduler does not answer, has no workers, or has one that cannot run a submission.
    """
    with _connected(scheduler) as client:
        client.run_on_scheduler(_allow, failures=TRIES - 1)
        shared = {task.shared.key: task.shared for task in todo}
        placed = {key: client.submit(_same, inputs, key=f"hw-shared-{key}") for key, inputs in shared.items()}
        _smoke_test(client, placed[todo[0].shared.key])
        yield from _spread(client, todo, placed)


def _connected(scheduler: str) -> Client:
    try:
        client = Client(scheduler, timeout=_CONNECT_S, set_as_default=False)
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise WorkerError(
            "the cluster cannot be used; nothing was graded",
            expected=f"a Dask scheduler with workers at {scheduler}",
            got=f"{type(error).__name__}: {error}",
            fix="start `dask scheduler` and `dask worker`, see docs/fleet.md",
        ) from None
    return client


def _allow(dask_scheduler: Scheduler, failures: int) -> None:
    """Runs on the scheduler: how many workers may die under a task before it is given up, less one."""
    dask_scheduler.allowed_failures = failures


def _smoke_test(client: Client, shared: Any) -> None:
    """One harmless cell on every worker, before a whole class goes to a person for a fault of one of them."""
    where: dict[Any, str] = {_key("smoke-test"): address for address in client.scheduler_info(n_workers=-1)["workers"]}
    tests = [client.submit(_test_here, shared, workers=[place], allow_other_workers=True, key=key) for key, place in where.items()]
    for test in tests:
        raise_if_broken(test.result(), f"the worker {where[test.key]}")


def _spread(client: Client, todo: Sequence[Task], placed: dict[str, Any]) -> Iterator[Result]:
    """Run all of them together, and then alone whatever was lost beside others."""
    lost: list[Task] = []
    yield from _together(client, todo, placed, lost)
    if not lost:
        return
    client.run_on_scheduler(_allow, failures=0)  # alone, one dead worker is proof enough
    try:
        for task in lost:
            yield _alone(client, task, placed)
    finally:
        client.run_on_scheduler(_allow, failures=TRIES - 1)


def _together(client: Client, todo: Sequence[Task], placed: dict[str, Any], lost: list[Task]) -> Iterator[Result]:
    """Keep every thread of the cluster busy, workers that come later included; `lost` is given what others may have taken along."""
    waiting = iter(todo)
    running: dict[Any, tuple[Task, str]] = {}
    beside: set[Any] = set()  # what was not alone all the time
    arriving = as_completed(loop=client.loop)
    while True:
        while len(running) < max(1, sum(client.nthreads().values())) and (task := next(waiting, None)) is not None:
            future, key = _submitted(client, task, placed)
            running[future.key] = task, key
            beside.update(running if len(running) > 1 else ())
            arriving.add(future)
        if not running:
            return
        future = next(arriving)
        task, key = running.pop(future.key)
        try:
            execution = _outcome(future, task)
        except KilledWorker:
            execution = failed(task, f"{TRIES} workers of the cluster died while they ran it")
            if future.key in beside:
                lost.append(task)
                continue
        finally:
            future.release()
        yield task, key, execution


def _alone(client: Client, task: Task, placed: dict[str, Any]) -> Result:
    """Once more, with nothing of this grading beside it."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except TimeoutError:
        return task, "", failed(task, "no worker of the cluster is left")
    future, key = _submitted(client, task, placed)
    try:
        return task, key, _outcome(future, task)
    except KilledWorker:
        return task, key, failed(task, f"{TRIES} workers of the cluster died while they ran it, and one more that ran nothing else")
    finally:
        future.release()


def _submitted(client: Client, task: Task, placed: dict[str, Any]) -> tuple[Any, str]:
    """A task on its way, and the key of its execution."""
    job = task.job()
    return client.submit(_run, job, placed[task.shared.key], key=_key(task.restored.student)), job.key


def _outcome(future: Any, task: Task) -> Execution:
    """What came of it.

    Raises:
        KilledWorker: the workers that ran it died.
    """
    try:
        execution: Execution = future.result()
    except KilledWorker:
        raise
    except Exception as error:  # the cluster's own fault: this student goes to a person, the others go on
        return failed(task, f"{type(error).__name__}: {error}")
    return execution


def _key(what: str) -> str:
    """A name that no other task has, of this grading or of somebody else's."""
    return f"hw-{what}-{uuid.uuid4().hex}"


# ---- what runs on a worker ----


def _same(shared: SharedInputs) -> SharedInputs:
    return shared


def _run(job: Job, shared: SharedInputs) -> Execution:
    return _worker().run(job, shared)


def _test_here(shared: SharedInputs) -> str:
    return _worker().smoke_test(shared)


def _worker() -> Worker:
    if not _workers:
        _workers.append(Worker())
    return _workers[0]
