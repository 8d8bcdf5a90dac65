"""A real Dask cluster on this machine: the same executions as without it, whichever workers die."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import KilledWorker

from benchmarks.fleet_demo import LocalCluster, executions
from grading import pipeline
from grading.collect import collection
from grading.course import Course
from grading.execute import dask_cluster, fingerprint
from grading.execute.worker import WorkerError
from grading.marks import Verdict
from grading.progress import Step
from grading.release import handout
from grading.settings import Assignment, RunOptions
from tests.grading.conftest import PERFECT, HandIn

pytestmark = [pytest.mark.slow, pytest.mark.kernel]

# every worker runs this first (Dask does so twice): one submission takes its worker with it
SETUP = """
import os, signal
from grading.execute import worker
if worker.Worker.run.__name__ == "run":
    honest = worker.Worker.run
    def deadly(self, job, shared):
        if job.restored.student == "killer":
            open(DEATHS, "a").write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return honest(self, job, shared)
    worker.Worker.run = deadly
"""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine workers come late."""
    monkeypatch.setattr(dask_cluster, "_CONNECT_S", 300)


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the killer leaves a mark each time that it takes a worker along."""
    return tmp_path_factory.mktemp("deaths") / "marks"


@pytest.fixture(scope="module")
def dask(deaths: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two workers that are started again when they die; shared, since a worker keeps nothing but what it would make again."""
    folder = tmp_path_factory.mktemp("dask")
    (folder / "setup.py").write_text(f"DEATHS = {str(deaths)!r}\n{SETUP}")
    with LocalCluster(folder, 2, nanny=True, setup=folder / "setup.py") as started:
        yield started


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[LocalCluster]:
    """Two workers that stay dead."""
    folder = tmp_path / "dask"
    folder.mkdir()
    with LocalCluster(folder, 2) as started:
        yield started


def ready(course: Course, assignment: Assignment, folder: Path, name: str) -> Course:
    """The same class, released and collected into a build folder of its own."""
    own = replace(course, build=course.root / name, db=f"sqlite:///{course.root}/{name}/gradebook.db")
    handout.release(own, assignment)
    collection.collect(folder, own, assignment)
    return own


def test_the_same_bit_for_bit(dask: LocalCluster, course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Right, wrong, deadly, printing: on two workers everything comes out as on this machine, but the seconds."""
    hand_in("ada", PERFECT)
    hand_in("bob", PERFECT, a_double="def double(x):\n    print('hm', x)\n    return x * x")
    hand_in("cyd", PERFECT, c_count="import os; os._exit(3)")
    folder = hand_in("dan", {})
    here, there = (ready(course, assignment, folder, name) for name in ("here", "there"))
    names = ("ada", "bob", "cyd", "dan")
    cards = pipeline.grade(here, assignment)
    assert pipeline.grade(there, assignment, RunOptions(scheduler=dask.address)) == cards
    found = executions(there, assignment, names)
    assert found == executions(here, assignment, names)
    assert [len(one.cells) for one in found] == [5] * 4
    for name in names:
        shown = f"autograded/{name}/mini/mini.ipynb"
        assert (here.build / shown).read_bytes() == (there.build / shown).read_bytes()


def test_a_dead_worker_costs_nothing(mortal: LocalCluster, course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """One worker of two is killed, and not started again, while it runs a submission: all come back."""
    for number in range(8):
        folder = hand_in(f"student-{number}", PERFECT, c_count=f"import time; time.sleep(0.7); seen = [1, {number}]")
    own = ready(course, assignment, folder, "there")
    killed: list[int] = []

    def kill_one(progress: Step) -> None:
        if progress.done == 2:
            mortal.workers[0].kill()
            killed.append(progress.done)

    cards = pipeline.grade(own, assignment, RunOptions(scheduler=mortal.address), kill_one)
    assert killed == [2]
    assert [(card.student, card.marks[0].points) for card in cards] == [(f"student-{number}", 2.0) for number in range(8)]
    assert [card.marks[2].verdict for card in cards] == [Verdict.PARTIAL] * 8


def test_a_killer_goes_to_a_person(
    dask: LocalCluster, deaths: Path, course: Course, assignment: Assignment, hand_in: HandIn
) -> None:
    """A submission that kills its workers is tried twice and once more alone, is nobody's zero, and the others are graded."""
    for name in ("ada", "bob", "cyd", "dan"):
        hand_in(name, PERFECT)
    own = ready(course, assignment, hand_in("killer", PERFECT), "there")
    deaths.unlink(missing_ok=True)
    cards = {card.student: card for card in pipeline.grade(own, assignment, RunOptions(scheduler=dask.address))}
    assert {name: cards[name].totals.earned for name in ("ada", "bob", "cyd", "dan")} == dict.fromkeys(
        ("ada", "bob", "cyd", "dan"), 2.0
    )
    marks = {mark.grade_id: mark for mark in cards["killer"].marks}
    assert marks["a_double_test"].verdict is Verdict.UNJUDGED
    assert "2 workers of the cluster died" in marks["a_double_test"].reason
    assert len(deaths.read_text(encoding="utf-8")) == dask_cluster.TRIES + 1


class Cluster:
    """Stands for a scheduler with three threads, on which the killer takes along whoever runs beside it."""

    loop = None

    def __init__(self) -> None:
        """Nobody has run yet."""
        self.under_way: list[Future] = []
        self.runs: list[tuple[str, int]] = []  # student, and how many ran already

    def nthreads(self) -> dict[str, int]:
        """Three workers of one thread each."""
        return {"a": 1, "b": 1, "c": 1}

    def run_on_scheduler(self, *_: object, **__: object) -> None:
        """How many workers may die is settled: all."""

    def wait_for_workers(self, *_: object, **__: object) -> None:
        """They are there."""

    def submit(self, _: object, job: Any, __: object, key: str) -> Future:
        """A task is under way until it is released."""
        self.runs.append((job.student, len(self.under_way)))
        self.under_way.append(Future(self, job.student, key))
        for one in self.under_way:
            one.beside |= {other.student for other in self.under_way}
        return self.under_way[-1]

    def add(self, _: Future) -> None:
        """For Dask's `as_completed`."""

    def __next__(self) -> Future:
        """Who waits for the longest."""
        return self.under_way[0]


class Future:
    """What the stand-in promises."""

    def __init__(self, cluster: Cluster, student: str, key: str) -> None:
        """`beside` is who shared the workers with it."""
        self.cluster, self.student, self.key = cluster, student, key
        self.beside: set[str] = set()

    def result(self) -> str:
        """An execution, unless the killer was there."""
        if "killer" in self.beside:
            raise KilledWorker(self.key, SimpleNamespace(address="a"), 1)
        return "executed"

    def release(self) -> None:
        """It is no longer under way."""
        self.cluster.under_way.remove(self)


def spread(students: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, object], list[tuple[str, int]]]:
    """What came of each student on the stand-in, and who was run beside how many."""
    cluster: Any = Cluster()
    monkeypatch.setattr(dask_cluster, "as_completed", lambda **_: cluster)
    monkeypatch.setattr(dask_cluster, "failed", lambda _, why: f"a person has to look: {why}")

    def task(student: str) -> Any:
        job = SimpleNamespace(student=student, key="key")
        return SimpleNamespace(restored=job, shared=SimpleNamespace(key="shared"), job=lambda: job)

    done = dask_cluster._spread(cluster, [task(student) for student in students], {"shared": None})
    return {each.restored.student: execution for each, _, execution in done}, cluster.runs


def test_who_was_lost_beside_a_killer_is_tried_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever shared the killer's workers is run once more alone and graded; the killer is, too, and then goes to a person."""
    names = ["ada", "bob", "killer", "cyd", "dan", "eve"]
    found, runs = spread(names, monkeypatch)
    assert {name: found[name] for name in names if name != "killer"} == dict.fromkeys(set(names) - {"killer"}, "executed")
    assert "2 workers of the cluster died while they ran it, and one more that ran nothing else" in str(found["killer"])
    again = runs[len(names) :]
    assert sorted(again) == [("ada", 0), ("bob", 0), ("cyd", 0), ("dan", 0), ("killer", 0)]


def test_who_was_lost_alone_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody beside it there is no doubt who kills."""
    found, runs = spread(["killer"], monkeypatch)
    assert runs == [("killer", 0)]
    assert found == {"killer": "a person has to look: 2 workers of the cluster died while they ran it"}


def test_a_worker_with_other_software(
    dask: LocalCluster, course: Course, assignment: Assignment, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results of other versions are not ours: the worker is named, and nothing is graded."""
    own = ready(course, assignment, hand_in("ada", PERFECT), "there")
    monkeypatch.setattr(fingerprint, "software", lambda: "another one")
    with pytest.raises(WorkerError, match=r"the worker tcp://127\.0\.0\.1:\d+ does not run a notebook[\s\S]*other versions"):
        pipeline.grade(own, assignment, RunOptions(scheduler=dask.address))
    assert not (own.build / "mini" / "score").exists()


def test_nobody_there(course: Course, assignment: Assignment, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that does not answer is one message."""
    monkeypatch.setattr(dask_cluster, "_CONNECT_S", 1)
    own = ready(course, assignment, hand_in("ada", PERFECT), "there")
    with pytest.raises(WorkerError, match="the cluster cannot be used; nothing was graded"):
        pipeline.grade(own, assignment, RunOptions(scheduler="tcp://127.0.0.1:1"))
