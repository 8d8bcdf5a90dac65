"""A grading that is killed at random moments and run again ends as an undisturbed one, and nothing of it is left."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook

from grading import gradebook
from grading.collect import collection
from grading.course import Course
from grading.release import handout
from grading.settings import Assignment

from .conftest import PERFECT, HandIn

pytestmark = [pytest.mark.slow, pytest.mark.kernel]

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

    def run(self, seconds: float | None) -> tuple[int, list[psutil.Process]]:
        """Run it, for that long at most; returns its exit status and what it had started."""
        command = [sys.executable, "-m", "grading.cli", "--course", str(self.course.root / "course.toml"), "grade", "mini"]
        with (self.temporary.parent / "log").open("wb") as log:
            environment = {**os.environ, "TMPDIR": str(self.temporary)}
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            return process.wait(seconds), []
        except subprocess.TimeoutExpired:
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            return process.wait(), family

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


@pytest.mark.parametrize("seed", [SEED])
def test_sigkill_at_random_moments(seed: int, course: Course, assignment: Assignment, hand_in: HandIn, tmp_path: Path) -> None:
    """Twenty times: killed, run again, the same gradebook; no process, temp folder or half-written file stays."""
    for name in ("ada", "bob", "cyd"):
        folder = hand_in(name, PERFECT, c_count=f"import time; time.sleep(0.2); seen = [1, {len(name)}, {ord(name[0]) % 4}]")
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)
    grader = Grader(course, tmp_path / "tmp")
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


def test_what_people_gave_survives_a_kill(course: Course, assignment: Assignment, hand_in: HandIn, tmp_path: Path) -> None:
    """Points given by hand are there after a regrade that was killed while it wrote, and after the one that followed."""
    folder = hand_in("ada", PERFECT)
    handout.release(course, assignment)
    collection.collect(folder, course, assignment)
    grader = Grader(course, tmp_path / "tmp")
    assert grader.run(None)[0] == 0
    with Gradebook(course.db) as book:
        grade = book.find_grade("b_answer", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    database = Path(course.db.removeprefix("sqlite:///")).read_bytes()
    graded = tables(course.db)
    started = time.monotonic()
    assert grader.run(None)[0] == 0
    whole = time.monotonic() - started
    for part in (0.5, 0.8, 0.95):
        grader.forget(database)
        grader.run(part * whole)
        assert grader.run(None)[0] == 0
        assert tables(course.db) == graded
