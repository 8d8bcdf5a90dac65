"""Executions on a Dask cluster. The only importer of distributed; imported only when a scheduler is named.

A kit is the result of a task, so Dask brings it to each worker once and makes it again should every copy die. A worker that is
killed costs nothing: its submissions are tried elsewhere; one that kills its worker twice goes to a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from distributed import Client, KilledWorker, Scheduler, as_completed

from grading.execute.job import Job, Kit, Result, Task, failed
from grading.execute.worker import Place, PlaceError, refuse
from grading.records import Execution

TRIES = 2
_CONNECT_S = 30

_place: list[Place] = []  # this worker's, for as long as it lives


def run(todo: Sequence[Task], scheduler: str) -> Iterator[Result]:
    """Run tasks on the workers of a scheduler, in no particular order.

    No more are under way than there are threads: when a worker dies, Dask suspects everything it was given.

    Raises:
        PlaceError: the scheduler does not answer, has no workers, or has one that cannot run a submission.
    """
    with _connected(scheduler) as client:
        client.run_on_scheduler(_allow, failures=TRIES - 1)
        kits = {task.kit.key: task.kit for task in todo}
        placed = {key: client.submit(_same, kit, key=f"hw-kit-{key}") for key, kit in kits.items()}
        _prove(client, placed[todo[0].kit.key])
        yield from _spread(client, todo, placed)


def _connected(scheduler: str) -> Client:
    try:
        client = Client(scheduler, timeout=_CONNECT_S, set_as_default=False)
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise PlaceError(
            "the cluster cannot be used; nothing was graded",
            expected=f"a Dask scheduler with workers at {scheduler}",
            got=f"{type(error).__name__}: {error}",
            fix="start `dask scheduler` and `dask worker`, see docs/fleet.md",
        ) from None
    return client


def _allow(dask_scheduler: Scheduler, failures: int) -> None:
    """Runs on the scheduler: how many workers may die under a task before it is given up, less one."""
    dask_scheduler.allowed_failures = failures


def _prove(client: Client, kit: Any) -> None:
    """One harmless cell on every worker, before a whole class goes to a person for a fault of one of them."""
    where: dict[Any, str] = {_key("proof"): address for address in client.scheduler_info(n_workers=-1)["workers"]}
    proofs = [client.submit(_proof, kit, workers=[place], allow_other_workers=True, key=key) for key, place in where.items()]
    for proof in proofs:
        refuse(proof.result(), f"the worker {where[proof.key]}")


def _spread(client: Client, todo: Sequence[Task], kits: dict[str, Any]) -> Iterator[Result]:
    """Keep every thread of the cluster busy, workers that come later included."""
    waiting = iter(todo)
    running: dict[Any, tuple[Task, str]] = {}
    arriving = as_completed(loop=client.loop)
    while True:
        while len(running) < max(1, sum(client.nthreads().values())) and (task := next(waiting, None)) is not None:
            job = task.job()
            future = client.submit(_run, job, kits[task.kit.key], key=_key(task.restored.student))
            running[future.key] = task, job.key
            arriving.add(future)
        if not running:
            return
        future = next(arriving)
        task, key = running.pop(future.key)
        yield task, key, _outcome(future, task)
        future.release()


def _outcome(future: Any, task: Task) -> Execution:
    try:
        execution: Execution = future.result()
    except KilledWorker:
        return failed(task, f"{TRIES} workers of the cluster died while they ran it")
    except Exception as error:  # the cluster's own fault: this student goes to a person, the others go on
        return failed(task, f"{type(error).__name__}: {error}")
    return execution


def _key(what: str) -> str:
    """A name that no other task has, of this grading or of somebody else's."""
    return f"hw-{what}-{uuid.uuid4().hex}"


# ---- what runs on a worker ----


def _same(kit: Kit) -> Kit:
    return kit


def _run(job: Job, kit: Kit) -> Execution:
    return _here().run(job, kit)


def _proof(kit: Kit) -> str:
    return _here().prove(kit)


def _here() -> Place:
    if not _place:
        _place.append(Place())
    return _place[0]
