"""Which executions run, where, and what they are kept under."""

from __future__ import annotations

import copy
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import gradebook, pipeline
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.execute import cache, fingerprint, job, worker
from grading.execute.job import SharedInputs
from grading.execute.pool import execute_all
from grading.execute.worker import Worker, WorkerError
from grading.marks import Verdict
from grading.progress import Step
from grading.records import CellRun, CellStatus, Execution, Restored, Submission
from grading.release import handout
from grading.sandbox import warm as warm_sandbox
from grading.sandbox.fork_server import ForkServer
from grading.sandbox.trunk import Trunk
from grading.sandbox.warm import Warm
from grading.settings import Assignment, RunOptions, Shard
from grading.source import Source
from grading.workspace import Workspace
from tests.grading.conftest import MINI, PERFECT, HandIn, answered, cell

ADA = Restored("mini", "ada", "mini")
OPTIONS = RunOptions()


@pytest.fixture
def shared(course: Course, assignment: Assignment, blank: nb.Notebook) -> SharedInputs:
    """The tiny homework's, with a student build of one file."""
    return make(course, assignment, blank)


def make(
    course: Course, assignment: Assignment, blank: nb.Notebook, source: nb.Notebook = MINI, options: RunOptions = OPTIONS
) -> SharedInputs:
    """The shared inputs of these parts."""
    build = course.build / "mini" / "student_build"
    (build / "hw_lib").mkdir(parents=True, exist_ok=True)
    if not (build / "hw_lib" / "__init__.py").exists():
        (build / "hw_lib" / "__init__.py").write_text("")
    return job.make_shared(assignment, Source("mini", source, blank), build, course.root, options)


def work(course: Course) -> Workspace:
    """The build folder."""
    return Workspace(course.build, "mini")


def submitted(course: Course, blank: nb.Notebook, **files: str) -> Submission:
    """Ada's work in the build folder."""
    folder = course.build / "mini" / "collect" / "ada"
    folder.mkdir(parents=True, exist_ok=True)
    restored = course.build / "mini" / "restore" / "ada" / "mini.ipynb"
    restored.parent.mkdir(parents=True, exist_ok=True)
    restored.write_text(nb.dump(blank))
    for name, text in files.items():
        (folder / name).write_text(text)
    return Submission("mini", "ada", {}, tuple(files))


# ---- what a key depends on ----


def test_the_key_of_the_same_is_the_same(course: Course, assignment: Assignment, blank: nb.Notebook, shared: SharedInputs) -> None:
    """Prose of the author and titles change nothing that runs, and so no key."""
    prose = copy.deepcopy(MINI)
    prose["cells"][0]["source"] = "# Other words"
    retitled = replace(assignment, title="Another title")
    assert make(course, retitled, blank, prose).key == shared.key
    sub = submitted(course, blank, record="1")
    assert job.make_job(shared, ADA, sub, work(course)).key == job.make_job(shared, ADA, sub, work(course)).key


@pytest.mark.parametrize("what", ["test", "released", "limits", "objects", "student build", "library", "software", "sandbox"])
def test_the_key_of_shared_inputs(
    what: str, course: Course, assignment: Assignment, blank: nb.Notebook, shared: SharedInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that an execution depends on changes the key."""
    source, build = copy.deepcopy(MINI), course.build / "mini" / "student_build"
    if what == "test":
        source["cells"][3]["source"] += "\n1"
    elif what == "released":
        blank = answered(blank, {"a_double_test": "checks.value('double(1)', double(1), 3)"})
    elif what == "limits":
        assignment = replace(assignment, limits=replace(assignment.limits, cell_s=3))
    elif what == "objects":
        assignment = replace(assignment, exposed_attributes={"Net": ("w",)})
    elif what == "student build":
        (build / "hw_lib" / "__init__.py").write_text("x = 1")
    elif what == "library":
        (course.root / "hw_lib" / "errors.py").write_text("x = 1")
    elif what == "software":
        monkeypatch.setattr(fingerprint, "software", lambda: "newer")
    if what == "sandbox":
        changed = make(course, assignment, blank, source, RunOptions(sandbox=False))
    else:
        changed = make(course, assignment, blank, source)
    assert changed.key != shared.key


def test_the_key_of_a_job(course: Course, blank: nb.Notebook, shared: SharedInputs) -> None:
    """The notebook, every file beside it and its name, and the shared inputs."""
    first = job.make_job(shared, ADA, submitted(course, blank, record="1"), work(course))
    assert first.files == {"record": b"1"}
    keys = {
        first.key,
        job.make_job(shared, ADA, submitted(course, blank, record="2"), work(course)).key,
        job.make_job(shared, ADA, submitted(course, blank, recore="2"), work(course)).key,
        job.make_job(shared, ADA, submitted(course, answered(blank, PERFECT), recore="2"), work(course)).key,
        job.make_job(replace(shared, key="other"), ADA, submitted(course, blank, record="1"), work(course)).key,
    }
    assert len(keys) == 5


# ---- the cache ----


def test_stored_and_found_again(tmp_path: Path) -> None:
    """Under its key and no other; what we could not finish is not stored, and a damaged file is as none."""
    done = Execution("mini", "ada", "mini", (CellRun("a", CellStatus.DONE, value=1.0),))
    path = tmp_path / "ada.mini.json"
    assert cache.load(path, "key") is None
    cache.store(path, "key", replace(done, fault="the sandbox broke"))
    cache.store(path, "key", replace(done, cells=(*done.cells, CellRun("t", CellStatus.LOST))))
    assert cache.load(path, "key") is None
    cache.store(path, "key", done)
    assert cache.load(path, "key") == done
    assert cache.load(path, "other") is None
    path.write_bytes(path.read_bytes()[:-20])
    assert cache.load(path, "key") is None


# ---- workers ----


def test_a_fault_of_ours_is_said_and_not_raised(
    course: Course, blank: nb.Notebook, shared: SharedInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks on our side, the student goes to a person and nobody else notices."""

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker, "execute", broken)
    made = job.make_job(shared, ADA, submitted(course, blank, record="1"), work(course))
    with Worker(course.build / "cache") as here:
        done = here.run(made, shared)
        assert (done.student, done.cells, done.fault) == ("ada", (), "OSError: [Errno 28] No space left on device")
        assert "other versions" in here.run(made, replace(shared, software="older")).fault


def test_workers_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is gone left its folder of hw_lib, and often its address, to the next; what was half written is not used."""
    packed = {"hw_lib/__init__.py": b"", "hw_lib/fast/conv.py": b"x = 1"}
    folders = [Worker()._library(packed) for _ in range(10)]
    assert len(set(folders)) == 10
    assert (folders[-1] / "hw_lib" / "fast" / "conv.py").read_bytes() == b"x = 1"

    here = Worker()
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        here._library(packed)
    assert (here._library(packed) / "hw_lib" / "fast" / "conv.py").read_bytes() == b"x = 1"


@pytest.mark.kernel
def test_a_file_outside_of_the_submission_is_refused(course: Course, blank: nb.Notebook, shared: SharedInputs) -> None:
    """Whatever a record says that a student handed in, nothing is written beside the student's own folder."""
    made = job.make_job(shared, ADA, submitted(course, blank, record="1"), work(course))
    with Worker(course.build / "cache") as here:
        assert "a submission has no file '../../x'" in here.run(replace(made, files={"../../x": b""}), shared).fault


# ---- the whole line ----


def two_notebooks(course: Course) -> Course:
    """The tiny homework with a second notebook."""
    text = (course.root / "course.toml").read_text().replace('notebooks = ["mini"]', 'notebooks = ["mini", "more"]')
    (course.root / "course.toml").write_text(text)
    more = {
        **MINI,
        "cells": [
            cell("code", "d_more", "### BEGIN SOLUTION\nmore = 1\n### END SOLUTION", solution=True),
            cell("code", "d_more_test", "float(more == 1)", grade=True, locked=True, points=1),
        ],
    }
    (course.root / "notebooks" / "mini" / "more.ipynb").write_text(nb.dump(more))
    return courses.load(course.root / "course.toml")


@pytest.mark.kernel
def test_a_changed_hidden_test_runs_its_own_notebook_again(course: Course, hand_in: HandIn) -> None:
    """Two notebooks, one hidden test changes: its notebook runs again, for those who handed it in; the other one does not."""
    hand_in("ada", PERFECT)
    folder = hand_in("bob", PERFECT)
    course = two_notebooks(course)
    assignment = course.assignments["mini"]
    handout.release(course, assignment)
    (folder / "ada" / "more.ipynb").write_bytes((course.build / "mini" / "release" / "more.ipynb").read_bytes())
    collection.collect(folder, course, assignment)
    ran: list[tuple[str, bool]] = []
    pipeline.grade(course, assignment, progress=lambda done: ran.append((done.student, done.cached)))
    assert sorted(ran) == [("ada", False), ("ada", False), ("bob", False)]
    with gradebook.opened(course.db) as book:
        book.find_grade("b_answer", "mini", "mini", "ada").manual_score = 0.5
        book.db.commit()
    path = course.root / "notebooks" / "mini" / "more.ipynb"
    path.write_text(path.read_text().replace("more == 1", "more == 2"))
    ran.clear()
    handout.release(course, assignment)
    pipeline.grade(course, assignment, progress=lambda done: ran.append((done.student, done.cached)))
    assert sorted(ran) == [("ada", False), ("ada", True), ("bob", True)]
    rows = {(row["student"], row["cell"]): row for row in gradebook.dump(course.db, "mini")}
    assert rows["ada", "b_answer"]["manual_score"] == 0.5


@pytest.mark.kernel
def test_notebooks_of_one_assignment_share_their_fork_servers(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two notebooks with other imports: one trunk, one server for students and one for tests; they have what both import."""
    folder = hand_in("ada", PERFECT)
    course = two_notebooks(course)
    source = course.root / "notebooks" / "mini" / "more.ipynb"
    source.write_text(source.read_text().replace("more = 1", "import zlib\\nmore = 1"))
    assignment = course.assignments["mini"]
    handout.release(course, assignment)
    (folder / "ada" / "more.ipynb").write_bytes((course.build / "mini" / "release" / "more.ipynb").read_bytes())
    collection.collect(folder, course, assignment)
    started: list[tuple[str, Trunk, tuple[str, ...]]] = []
    trunks: list[tuple[str, ...]] = []
    monkeypatch.setattr(worker, "Warm", Warm)  # servers of its own, so that each is seen to start
    monkeypatch.setattr(warm_sandbox, "Trunk", lambda box, names: trunks.append(names) or Trunk(box, names))
    monkeypatch.setattr(
        warm_sandbox,
        "ForkServer",
        lambda trunk, program, names, library: (
            started.append((program, trunk, names)) or ForkServer(trunk, program, names, library)
        ),
    )
    pipeline.grade(course, assignment)
    assert sorted(program for program, _, _ in started) == ["cellrunner", "testrunner"]
    assert len({id(trunk) for _, trunk, _ in started}) == 1 == len(trunks)
    assert "zlib" in trunks[0] and not any(name.startswith("hw_lib") for name in trunks[0])
    assert all("hw_lib.checks" in names for _, _, names in started)


@pytest.mark.kernel
def test_shards_are_gathered(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Three shards run everybody once and write no gradebook; then `hw grade` runs nobody and writes it."""
    names = ["ada", "bob", "cyd", "dan"]
    for name in names:
        folder = hand_in(name, PERFECT)
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)
    shares: list[list[str]] = []
    for number in (1, 2, 3):
        ran: list[Step] = []
        assert pipeline.run_shard(course, assignment, RunOptions(jobs=2, shard=Shard(number, 3)), ran.append) == len(ran)
        shares.append(sorted(done.student for done in ran if not done.cached))
    assert shares == [["ada", "dan"], ["bob"], ["cyd"]]
    assert not Path(course.db.removeprefix("sqlite:///")).exists()
    assert not (course.build / "mini" / "score").exists()
    again: list[Step] = []
    cards = pipeline.grade(course, assignment, progress=again.append)
    assert [(done.student, done.cached) for done in again] == [(name, True) for name in names]
    assert [card.marks[0].verdict for card in cards] == [Verdict.PASSED] * 4
    assert len(gradebook.dump(course.db, "mini")) == 12


@pytest.mark.kernel
def test_warm_and_cold_are_the_same(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """An execution depends on nothing but its key: forked or started from nothing, the cells say the same."""
    hand_in("ada", PERFECT)
    folder = hand_in("bob", PERFECT, a_double="def double(x):\n    print(x)\n    return x * x")
    found = []
    for warm in (True, False):
        own = replace(course, build=course.root / f"build-{warm}", db=f"sqlite:///{course.root}/{warm}.db")
        handout.release(own, assignment)
        collection.collect(folder, own, assignment)
        pipeline.grade(own, assignment, RunOptions(warm=warm))
        runs = [cache.read(own.workspace(assignment).execution(name, "mini"))[1] for name in ("ada", "bob")]
        found.append([[replace(run, seconds=0.0) for run in done.cells] for done in runs if done])
    assert found[0] == found[1] and len(found[0]) == 2


def test_a_cluster_without_dask(
    monkeypatch: pytest.MonkeyPatch, course: Course, assignment: Assignment, blank: nb.Notebook, shared: SharedInputs
) -> None:
    """Staff who grade on one machine have no Dask; whoever names a scheduler is told what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "grading.execute.dask_cluster", raising=False)
    monkeypatch.delattr("grading.execute.dask_cluster", raising=False)
    options = RunOptions(scheduler="tcp://127.0.0.1:1")
    with pytest.raises(WorkerError, match=r"the cluster cannot be used[\s\S]*make install-dev"):
        execute_all([(submitted(course, blank), ADA)], {"mini": shared}, work(course), options, lambda _: None)
