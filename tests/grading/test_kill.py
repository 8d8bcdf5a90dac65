"""A grading that is killed, before any of its writes or at any other moment, and run again ends as an undisturbed one.

Before each write: in forked children, without sandboxes, in `make test`. `hw grade` itself, its sandboxes and what they leave: once
in the middle of a cell, and in `make test-long` at twenty random moments.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbgrader.api import Gradebook

from grading import gradebook, pipeline
from grading.collect import collection
from grading.course import Course
from grading.release import handout
from grading.settings import Assignment

from .conftest import PERFECT, HandIn
from .killed import COMMIT, FILE

ROOT = Path(__file__).parents[2]
MOMENTS = 20
# new moments every time; the number is in the name of the test, and HW_KILL_SEED=… repeats them
# (processes of one run of the suite have to draw the same)
RUN = int(os.environ.get("PYTEST_XDIST_TESTRUNUID", "0"), 16) or time.time_ns()
SEED = int(os.environ.get("HW_KILL_SEED", str(RUN % 1_000_000)))
_RANDOM_ID = re.compile(r"[0-9a-f]{32}")


class Grader:
    """`hw grade` of the tiny course, with a temp folder of its own."""

    def __init__(self, course: Course, temporary: Path) -> None:
        """`temporary` is made."""
        temporary.mkdir()
        self.course, self.temporary = course, temporary

    def start(self, *command: str, **lines: Any) -> subprocess.Popen[str]:
        """A process with this temp folder; what it says in error goes to a log beside it."""
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        with (self.temporary.parent / "log").open("w") as log:
            return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stderr=log, text=True, **lines)

    def begin(self) -> subprocess.Popen[str]:
        """Start `hw grade`."""
        return self.start(
            "grading.cli", "--course", str(self.course.root / "course.toml"), "grade", "mini", stdout=subprocess.DEVNULL
        )

    def kill(self, process: subprocess.Popen[str]) -> list[psutil.Process]:
        """End it at once; returns what it had started."""
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return family

    def run(self, seconds: float | None) -> tuple[int, list[psutil.Process]]:
        """Run it, for that long at most; returns its exit status and what it had started."""
        process = self.begin()
        try:
            return process.wait(seconds), []
        except subprocess.TimeoutExpired:
            family = self.kill(process)
            return process.returncode, family

    def forget(self, database: bytes) -> None:
        """Back to the moment before the first grading; `database` is what people had written by then."""
        for name in ("execute", "score"):
            shutil.rmtree(self.course.build / "mini" / name, ignore_errors=True)
        shutil.rmtree(self.course.build / "autograded", ignore_errors=True)
        path = Path(self.course.db.removeprefix("sqlite:///"))
        if database:
            path.write_bytes(database)
        else:
            path.unlink(missing_ok=True)

    def stray(self) -> list[Path]:
        """Half-written files; a moment of a millisecond makes one now and then, and it goes ten minutes later."""
        return [path for path in self.course.build.rglob(".*") if path.is_file()]


def tables(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every table without time stamps and random ids, sorted."""
    found = {}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as line:
        names = [row[0] for row in line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            rows = line.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in rows.description]
            keep = [index for index, column in enumerate(columns) if "timestamp" not in column]
            plain = [tuple("id" if _RANDOM_ID.fullmatch(str(row[index])) else row[index] for index in keep) for row in rows]
            found[name] = sorted(plain, key=repr)
    return found


def gone(family: list[psutil.Process]) -> bool:
    """Whether all of them have ended, or do so within seconds."""
    return not psutil.wait_procs(family, timeout=15)[1]


class Lives:
    """Gradings of the tiny course in forked children, see `killed.py`."""

    def __init__(self, grader: Grader) -> None:
        """Start the process that forks them."""
        toml = str(grader.course.root / "course.toml")
        self._process = grader.start("tests.grading.killed", toml, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def grade(self, kinds: Sequence[str] = (FILE, COMMIT), lives: int = -1) -> tuple[int, list[str]]:
        """Grade, and be killed before the write that comes after `lives` others; returns the exit status and what was written."""
        return self._ask(kinds=kinds, lives=lives)

    def warm_up(self) -> None:
        """Grade once in the process that forks, so that its children find everything compiled."""
        self._ask(warm=True)

    def _ask(self, **what: Any) -> tuple[int, list[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["ended"], answer["written"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture
def grader(course: Course, tmp_path: Path) -> Grader:
    """`hw grade` of the tiny course."""
    return Grader(course, tmp_path / "tmp")


@pytest.fixture
def lives(grader: Grader) -> Iterator[Lives]:
    """Gradings that are killed before a write."""
    made = Lives(grader)
    yield made
    made.close()


def collected(course: Course, assignment: Assignment, folder: Path) -> None:
    """Release the tiny homework and collect a class."""
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)


def grade_by_hand(course: Course) -> bytes:
    """A person gives half a point; returns the gradebook's file."""
    with Gradebook(course.db) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    return Path(course.db.removeprefix("sqlite:///")).read_bytes()


def spoil(course: Course) -> bytes:
    """Other points of the tests and another text of the cells, which the next grading has to put right; the gradebook's file."""
    path = Path(course.db.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as line, line:
        line.execute("UPDATE grade SET auto_score = 0.25 WHERE auto_score IS NOT NULL AND manual_score IS NULL")
        line.execute("UPDATE source_cell SET source = 'other words'")
    return path.read_bytes()


def check_every_moment(grader: Grader, lives: Lives, kinds: Sequence[str], database: bytes) -> list[str]:
    """Kill a grading before each of its writes and grade again: the same gradebook every time, nothing left. Returns the writes."""
    course = grader.course
    lives.warm_up()
    grader.forget(database)
    ended, written = lives.grade(kinds)
    assert ended == 0, (grader.temporary.parent / "log").read_text()
    undisturbed = tables(course.db)
    for number, what in enumerate(written):
        grader.forget(database)
        where = f"killed before write {number}, {what}"
        assert lives.grade(kinds, number) == (-signal.SIGKILL, []), where
        for path in grader.stray():
            os.utime(path, (time.time() - 3600,) * 2)
        assert lives.grade()[0] == 0, f"{where}: {(grader.temporary.parent / 'log').read_text()}"
        assert tables(course.db) == undisturbed, where
        assert list(grader.temporary.iterdir()) == [], where
        assert [path for path in grader.stray() if "mini" in path.parts] == [], where
    return list(written)


@pytest.mark.slow
def test_killed_before_every_write(course: Course, assignment: Assignment, hand_in: HandIn, grader: Grader, lives: Lives) -> None:
    """Before each file and each commit of a first grading: the next run gives the same gradebook and leaves nothing."""
    hand_in("ada", PERFECT)
    collected(course, assignment, hand_in("dora", PERFECT))
    written = check_every_moment(grader, lives, (FILE, COMMIT), b"")
    for what in ("/restore/", "/autograded/", "/execute/", "/score/", "gradebook.db", COMMIT):
        assert [line for line in written if what in line], f"no write of {what} among {written}"
    assert {row["auto_score"] for row in gradebook.dump(course.db, "mini")} == {1.0, 2.0, None}


@pytest.mark.slow
def test_what_people_gave_survives_a_kill(
    course: Course, assignment: Assignment, hand_in: HandIn, grader: Grader, lives: Lives
) -> None:
    """Points given by hand are there after a regrade that was killed before a commit, and after the one that followed."""
    collected(course, assignment, hand_in("ada", PERFECT))
    assert lives.grade()[0] == 0
    grade_by_hand(course)
    graded = tables(course.db)
    database = spoil(course)
    assert len(check_every_moment(grader, lives, (COMMIT,), database)) > 5
    assert tables(course.db) == graded


@pytest.mark.slow
@pytest.mark.kernel
def test_killed_in_a_cell(course: Course, assignment: Assignment, hand_in: HandIn, grader: Grader) -> None:
    """`hw grade` dies while a student's cell runs: no process and no temp folder of it stay, and the next run ends as any other."""
    hand_in("ada", PERFECT)
    wait = "import time\ntime.sleep(1)\n"
    collected(course, assignment, hand_in("bob", PERFECT, a_double=wait + PERFECT["a_double"], c_count=wait + "seen = [1, 2]"))
    process, kept = grader.begin(), course.build / "mini" / "execute" / "ada.mini.json"
    while not kept.exists() and process.poll() is None:
        time.sleep(0.01)
    family = grader.kill(process)
    assert process.returncode == -signal.SIGKILL
    assert family
    assert gone(family)
    assert grader.run(None)[0] == 0
    assert list(grader.temporary.iterdir()) == []
    after = tables(course.db)
    Path(course.db.removeprefix("sqlite:///")).unlink()
    pipeline.grade(course, assignment)  # nothing is run again
    assert tables(course.db) == after
    assert [row["auto_score"] for row in gradebook.dump(course.db, "mini")] == [2.0, None, 3.0, 2.0, None, 2.0]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.parametrize("seed", [SEED])
def test_sigkill_at_random_moments(
    seed: int, course: Course, assignment: Assignment, hand_in: HandIn, grader: Grader, tmp_path: Path
) -> None:
    """Twenty times: killed, run again, the same gradebook; no process, temp folder or half-written file stays."""
    for name in ("ada", "bob", "cyd"):
        folder = hand_in(name, PERFECT, c_count=f"import time; time.sleep(0.2); seen = [1, {len(name)}, {ord(name[0]) % 4}]")
    collected(course, assignment, folder)
    assert grader.run(None)[0] == 0
    grader.forget(b"")
    started = time.monotonic()
    assert grader.run(None)[0] == 0
    whole = time.monotonic() - started
    undisturbed, rows = tables(course.db), gradebook.dump(course.db, "mini")
    assert len(rows) == 9
    moments, killed = random.Random(seed), 0
    for number in range(MOMENTS):
        grader.forget(b"")
        moment = moments.uniform(0.1, 1.0) * whole
        status, family = grader.run(moment)
        killed += status == -signal.SIGKILL
        where = f"seed {seed}, moment {number}, after {moment:.2f} of {whole:.2f} s"
        assert gone(family), where
        for path in grader.stray():
            os.utime(path, (time.time() - 3600,) * 2)
        assert grader.run(None)[0] == 0, f"{where}: {(tmp_path / 'log').read_text()}"
        assert tables(course.db) == undisturbed, where
        assert gradebook.dump(course.db, "mini") == rows, where
        assert list(grader.temporary.iterdir()) == [], where
        assert [path for path in grader.stray() if "mini" in path.parts] == [], where
    assert killed >= MOMENTS // 2, "the test did not disturb what it wanted to disturb"


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.kernel
def test_what_people_gave_survives_sigkill(course: Course, assignment: Assignment, hand_in: HandIn, grader: Grader) -> None:
    """Points given by hand are there after an `hw grade` that was killed towards its end, and after the one that followed."""
    collected(course, assignment, hand_in("ada", PERFECT))
    assert grader.run(None)[0] == 0
    database = grade_by_hand(course)
    graded = tables(course.db)
    started = time.monotonic()
    assert grader.run(None)[0] == 0
    whole = time.monotonic() - started
    for part in (0.5, 0.8, 0.95):
        grader.forget(database)
        grader.run(part * whole)
        assert grader.run(None)[0] == 0
        assert tables(course.db) == graded
