"""Which executions run, where, and what they are kept under."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import gradebook, pipeline
from grading import notebook as nb
from grading.collect import collection
from grading.course import Course
from grading.execute import cache, fingerprint, job, worker
from grading.execute.job import Kit
from grading.execute.pool import Shard
from grading.execute.worker import Place
from grading.progress import Step
from grading.records import Assignment, CellRun, CellStatus, Execution, Restored, Submission, Verdict
from grading.release import handout
from tests.grading.conftest import MINI, PERFECT, HandIn, answered, cell

ADA = Restored("mini", "ada", "mini", "mini/restore/ada/mini.ipynb")


@pytest.fixture
def kit(course: Course, assignment: Assignment, blank: nb.Notebook) -> Kit:
    """The tiny homework's, with a student build of one file."""
    return make(course, assignment, blank)


def make(course: Course, assignment: Assignment, blank: nb.Notebook, source: nb.Notebook = MINI) -> Kit:
    """A kit of these parts."""
    build = course.build / "mini" / "student_build"
    (build / "hw_lib").mkdir(parents=True, exist_ok=True)
    if not (build / "hw_lib" / "__init__.py").exists():
        (build / "hw_lib" / "__init__.py").write_text("")
    return job.make_kit(assignment, "mini", source, blank, build, course.root, isolated=True)


def submitted(course: Course, blank: nb.Notebook, **files: str) -> Submission:
    """Ada's work in the build folder."""
    folder = course.build / "mini" / "collect" / "ada"
    folder.mkdir(parents=True, exist_ok=True)
    restored = course.build / ADA.path
    restored.parent.mkdir(parents=True, exist_ok=True)
    restored.write_text(nb.dump(blank))
    for name, text in files.items():
        (folder / name).write_text(text)
    return Submission("mini", "ada", "mini/collect/ada", {}, tuple(files))


# ---- what a key depends on ----


def test_the_key_of_the_same_is_the_same(course: Course, assignment: Assignment, blank: nb.Notebook, kit: Kit) -> None:
    """Prose of the author, titles and points tables change nothing that runs, and so no key."""
    prose = copy.deepcopy(MINI)
    prose["cells"][0]["source"] = "# Other words"
    retitled = replace(assignment, title="Another title", points={"a": 2.0})
    assert make(course, retitled, blank, prose).key == kit.key
    sub = submitted(course, blank, record="1")
    assert job.make_job(kit, ADA, sub, course.build).key == job.make_job(kit, ADA, sub, course.build).key


@pytest.mark.parametrize("what", ["test", "released", "limits", "objects", "student build", "library", "software", "sandbox"])
def test_the_key_of_a_kit(
    what: str, course: Course, assignment: Assignment, blank: nb.Notebook, kit: Kit, monkeypatch: pytest.MonkeyPatch
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
        assignment = replace(assignment, objects={"Net": ("w",)})
    elif what == "student build":
        (build / "hw_lib" / "__init__.py").write_text("x = 1")
    elif what == "library":
        (course.root / "hw_lib" / "errors.py").write_text("x = 1")
    elif what == "software":
        monkeypatch.setattr(fingerprint, "software", lambda: "newer")
    if what == "sandbox":
        changed = job.make_kit(assignment, "mini", source, blank, build, course.root, isolated=False)
    else:
        changed = make(course, assignment, blank, source)
    assert changed.key != kit.key


def test_the_key_of_a_job(course: Course, blank: nb.Notebook, kit: Kit) -> None:
    """The notebook, every file beside it and its name, and the kit."""
    first = job.make_job(kit, ADA, submitted(course, blank, record="1"), course.build)
    assert first.files == {"record": b"1"}
    keys = {
        first.key,
        job.make_job(kit, ADA, submitted(course, blank, record="2"), course.build).key,
        job.make_job(kit, ADA, submitted(course, blank, recore="2"), course.build).key,
        job.make_job(kit, ADA, submitted(course, answered(blank, PERFECT), recore="2"), course.build).key,
        job.make_job(replace(kit, key="other"), ADA, submitted(course, blank, record="1"), course.build).key,
    }
    assert len(keys) == 5


# ---- what is kept ----


def test_kept_and_found_again(tmp_path: Path) -> None:
    """Under its key and no other; a fault of ours is not kept, and a damaged file is as none."""
    done = Execution("mini", "ada", "mini", (CellRun("a", CellStatus.DONE, value=1.0),))
    assert not cache.has(tmp_path, ADA, "key")
    cache.keep(tmp_path, ADA, "key", replace(done, fault="the sandbox broke"))
    assert not cache.has(tmp_path, ADA, "key")
    cache.keep(tmp_path, ADA, "key", done)
    assert cache.has(tmp_path, ADA, "key")
    assert not cache.has(tmp_path, ADA, "other")
    assert cache.get(tmp_path, ADA) == done
    file = tmp_path / "mini" / "execute" / "ada.mini.json"
    file.write_bytes(file.read_bytes()[:-20])
    assert not cache.has(tmp_path, ADA, "key")


# ---- places ----


def test_a_fault_of_ours_is_said_and_not_raised(
    course: Course, blank: nb.Notebook, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks on our side, the student goes to a person and nobody else notices."""

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker.execute, "execute", broken)
    made = job.make_job(kit, ADA, submitted(course, blank, record="1"), course.build)
    with Place(course.build / "cache") as here:
        done = here.run(made, kit)
        assert (done.student, done.cells, done.fault) == ("ada", (), "OSError: [Errno 28] No space left on device")
        assert "other versions" in here.run(made, replace(kit, software="older")).fault
        assert "outside of the submission" in here.run(replace(made, files={"../../x": b""}), kit).fault


@pytest.mark.parametrize(("jobs", "tries"), [(2, ["ada", "bob", "killer", "ada", "killer"]), (1, ["ada", "bob", "killer"])])
def test_what_was_lost_beside_others_is_tried_alone(
    course: Course, assignment: Assignment, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, jobs: int, tries: list[str]
) -> None:
    """Ada shared a warm parent with the killer: alone she is graded, he goes to a person. Who ran alone is not tried again."""
    hand_in("ada", PERFECT)
    hand_in("bob", PERFECT)
    folder = hand_in("killer", PERFECT)
    handout.release(course, assignment)
    collection.collect(folder, assignment, course.build)
    started: list[str] = []
    under_way: set[str] = set()

    def run(_: Place, asked: job.Job, kit: Kit) -> Execution:
        name = asked.restored.student
        again = name in started
        started.append(name)
        under_way.add(name)
        assert not again or under_way == {name}
        under_way.discard(name)
        lost = name == "killer" or (name == "ada" and jobs > 1 and not again)
        return Execution("mini", name, "mini", fault="the warm parent died" if lost else "")

    monkeypatch.setattr(worker.Place, "run", run)
    monkeypatch.setattr(worker.Place, "prove", lambda *_: "")
    cards = {card.student: card for card in pipeline.grade(course, assignment, jobs=jobs)}
    assert sorted(started) == sorted(tries)
    assert started[3:] == tries[3:]
    assert cards["killer"].marks[0].verdict is Verdict.UNJUDGED
    assert "the warm parent died" in cards["killer"].marks[0].reason
    assert "the warm parent died" not in cards["ada"].marks[0].reason


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
    assignment = course.assignment("mini")
    handout.release(course, assignment)
    (folder / "ada" / "more.ipynb").write_bytes((course.build / "mini" / "release" / "more.ipynb").read_bytes())
    collection.collect(folder, assignment, course.build)
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
def test_shards_are_gathered(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """Three shards run everybody once and write no gradebook; then `hw grade` runs nobody and writes it."""
    names = ["ada", "bob", "cyd", "dan"]
    for name in names:
        folder = hand_in(name, PERFECT)
    handout.release(course, assignment)
    collection.collect(folder, assignment, course.build)
    shares: list[list[str]] = []
    for number in (1, 2, 3):
        ran: list[Step] = []
        assert pipeline.grade_shard(course, assignment, Shard(number, 3), progress=ran.append) == len(ran)
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
        collection.collect(folder, assignment, own.build)
        pipeline.grade(own, assignment, warm=warm)
        runs = [cache.get(own.build, Restored("mini", name, "mini", "")).cells for name in ("ada", "bob")]
        found.append([[replace(run, seconds=0.0) for run in cells] for cells in runs])
    assert found[0] == found[1]
