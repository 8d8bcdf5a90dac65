"""A thousand submissions: how many an hour, how much memory all processes take together, and what is left behind.

    python -m benchmarks.soak              # 1,000 submissions: hours on a slow machine
    python -m benchmarks.soak --n 30       # one of each sample case, and a few twice

The class is the sample class over and over, each copy a student of its own. `hw grade` runs as staff run it, in a process of its
own with a temp folder of its own. Every copy must come out as the expected.json of its case says.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from grading import course as courses
from grading import pipeline
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard, Verdict
from grading.release import handout
from tests.submissions import recipes

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "dropout"


@dataclass(frozen=True)
class Soaked:
    """What came of it.

    Attributes:
        peak_bytes: the largest sum over all processes of the memory that each has for itself (PSS) at one moment.
        left: files and folders in the temp folder afterwards.
        alive: processes of it that were still there afterwards.
        wrong: students whose card is not what their case expects, and why.
    """

    submissions: int
    seconds: float
    cpu_s: float
    peak_bytes: int
    left: tuple[str, ...]
    alive: tuple[int, ...]
    wrong: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Nothing is wrong and nothing is left."""
        return not (self.left or self.alive or self.wrong)


def soak(number: int, jobs: int, folder: Path, *, quick: bool = False) -> Soaked:
    """Grade a class of that many.

    Args:
        number: submissions.
        jobs: at the same time.
        folder: an empty folder for the course.
        quick: without the cases that use up a time limit or the memory.
    """
    course = _course(folder)
    cases = sorted(recipes.CASES)
    cases = [case for case in cases if not (quick and case in ("infinite-loop", "memory-hog", "prints-200-mb"))]
    students = {f"{case}-{count:04d}": case for count, case in zip(range(number), itertools.cycle(cases), strict=False)}
    _hand_in(students, folder / "class")
    assignment = course.assignments[ASSIGNMENT]
    handout.release(course, assignment)
    collection.collect(folder / "class", course, assignment)
    temporary = folder / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "grading.cli", "--course", str(course.root / "course.toml")]
    command += ["grade", ASSIGNMENT, "--jobs", str(jobs)]
    started, used = time.monotonic(), os.times()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True)
    try:
        with _watch(process.pid) as watched:
            status = process.wait()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    seconds, now = time.monotonic() - started, os.times()
    if status:
        raise RuntimeError(f"hw grade ended with status {status}")
    cards = {card.student: card for card in pipeline.cards(course, assignment)}
    return Soaked(
        submissions=number,
        seconds=seconds,
        cpu_s=now.children_user + now.children_system - used.children_user - used.children_system,
        peak_bytes=max(watched.sums, default=0),
        left=tuple(path.name for path in temporary.iterdir()),
        alive=tuple(member.pid for member in watched.seen if member.is_running()),
        wrong=tuple(line for student, case in students.items() for line in differences(cards[student], _expected(case))),
    )


def differences(card: Scorecard, expected: dict[str, dict[str, dict[str, object]]]) -> Iterator[str]:
    """What is not as the author of the case says; what is not mentioned there has all its points."""
    cells = expected["cells"]
    for mark in card.marks:
        if mark.by_hand:
            continue
        want = cells.get(mark.grade_id, {"verdict": Verdict.PASSED, "points": mark.max_points, "says": ""})
        if (mark.verdict, mark.points) != (want["verdict"], want["points"]) or str(want["says"]) not in mark.reason:
            yield f"{card.student} {mark.grade_id}: {mark.verdict} {mark.points}, {mark.reason}"


def _course(folder: Path) -> Course:
    """This repository's course, with a folder of its own."""
    text = (ROOT / "course.toml").read_text(encoding="utf-8")
    root = folder / "course"
    root.mkdir()
    (root / "course.toml").write_text(re.sub(r"(?m)^db = .*$", 'db = "sqlite:///build/gradebook.db"', text), encoding="utf-8")
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("notebooks", "hw_lib"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", root)
    return courses.load(root / "course.toml")


def _hand_in(students: dict[str, str], folder: Path) -> None:
    for student, case in students.items():
        source = recipes.folder_of(case)
        shutil.copytree(source, folder / student, ignore=shutil.ignore_patterns("expected.json"))


def _expected(case: str) -> dict[str, dict[str, dict[str, object]]]:
    return dict(json.loads((recipes.folder_of(case) / "expected.json").read_text(encoding="utf-8")))


class _Watched:
    """Memory of a process and all its descendants, looked at every now and then."""

    EVERY_S = 1.0

    def __init__(self) -> None:
        self.sums: list[int] = []
        self.seen: set[psutil.Process] = set()

    def look(self, pid: int) -> None:
        """Add one sum."""
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.Error:
            return
        self.seen.update(family)
        self.seen = {member for member in self.seen if member.is_running()}
        self.sums.append(sum(_pss(member.pid) for member in family))


def _pss(pid: int) -> int:
    """A process's own memory and its share of what it shares; 0 if it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@contextmanager
def _watch(pid: int) -> Iterator[_Watched]:
    watched, over = _Watched(), threading.Event()

    def look() -> None:
        while not over.wait(watched.EVERY_S):
            watched.look(pid)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        over.set()
        thread.join()


def main(argv: Sequence[str] | None = None) -> int:
    """Run it and print the figures; returns 1 when anything is wrong or left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000, help="submissions (default: 1000)")
    parser.add_argument("--jobs", type=int, default=2, help="at the same time (default: 2)")
    options = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="hw-soak-"))
    try:
        done = soak(options.n, options.jobs, folder)
    finally:
        shutil.rmtree(folder)
    rate = done.submissions / done.seconds
    print(f"{done.submissions} submissions in {done.seconds / 60:.1f} min: {rate * 3600:.0f} an hour, {1 / rate:.2f} s each")
    print(f"processor time {done.cpu_s / done.submissions:.2f} s each (what was ended by force is not counted)")
    print(f"peak memory of all processes together {done.peak_bytes / 2**20:.0f} MiB (PSS)")
    print(f"temp files left: {len(done.left)} {' '.join(done.left)}")
    print(f"processes left: {len(done.alive)}")
    print(f"cards that are not as expected: {len(done.wrong)}")
    for line in done.wrong[:20]:
        print(f"  {line}")
    return 0 if done.good else 1


if __name__ == "__main__":
    sys.exit(main())
