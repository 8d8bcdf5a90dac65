"""What a submission costs: ours beside stock nbgrader and a cold `jupyter execute`, in one run, on two notebooks.

    python -m benchmarks.grading                 # 24 submissions, about ten minutes, most of it the others'
    python -m benchmarks.grading --n 4 --cold 1  # a quick look

CPU seconds are of whole commands and everything they started. Ours is `hw grade`: restore, sandbox, the student's cells, trusted
tests in a process of their own, scores, gradebook. `nbgrader autograde` is one command for the class; `jupyter execute` is one
command per notebook and grades nothing. One thread everywhere. Every submission is the right answer, in a folder of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.layers import circumstances
from grading import collect, release
from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.records import Scorecard, Verdict, load

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "PYTHONPATH": str(ROOT),
    "NBGRADER_EXECUTION": "autograde",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
TARGETS = {"nbgrader": 10, "jupyter": 12, "overhead": 0.5, "workers": 1.7}
_RIGHT = (Verdict.PASSED, Verdict.BY_HAND)

MINI = """
[assignments.affine]
title = "An affine layer in NumPy"
notebooks = ["affine"]
strip = ["hw_lib/**/*.py"]
[assignments.affine.points]
a = 2
b = 2
"""
_CELLS = {
    "setup": "import numpy as np\nfrom hw_lib import checks",
    "a_forward": "def affine(x, w, b):\n    ### BEGIN SOLUTION\n    return x.reshape(len(x), -1) @ w + b\n    ### END SOLUTION",
    "a_forward_test": """x, w, b = np.arange(12.0).reshape(2, 3, 2), np.ones((6, 2)), np.array([1.0, -1.0])
checks.value("affine(x, w, b)", affine(x, w, b), np.array([[16.0, 14.0], [52.0, 50.0]]))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(0)
x, w, b = rng.standard_normal((5, 4)), rng.standard_normal((4, 3)), rng.standard_normal(3)
checks.value("affine(x, w, b)", affine(x, w, b), x @ w + b)
### END HIDDEN TESTS""",
    "b_backward": "def affine_backward(dout, x, w):\n    ### BEGIN SOLUTION\n    flat = x.reshape(len(x), -1)\n"
    "    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)\n    ### END SOLUTION",
    "b_backward_test": """dout, x, w = np.ones((2, 2)), np.arange(12.0).reshape(2, 6), np.ones((6, 2))
checks.value("db", affine_backward(dout, x, w)[2], np.array([2.0, 2.0]))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(1)
dout, x, w = rng.standard_normal((5, 3)), rng.standard_normal((5, 2, 2)), rng.standard_normal((4, 3))
dx, dw, db = affine_backward(dout, x, w)
checks.value("dx", dx, (dout @ w.T).reshape(5, 2, 2))
checks.value("dw", dw, x.reshape(5, 4).T @ dout)
### END HIDDEN TESTS""",
}


@dataclass(frozen=True)
class Cost:
    """What one command cost, everything it started included."""

    cpu_s: float
    wall_s: float


@dataclass(frozen=True)
class Case:
    """One notebook and its class."""

    name: str
    notebook: str
    course: Course
    answer: Path  # the folder of the right submission


def mini_notebook() -> nb.Notebook:
    """The author's NumPy-only notebook."""
    cells = []
    for name, source in _CELLS.items():
        test, solution = name.endswith("_test"), "SOLUTION" in source
        marks: dict[str, Any] = {"grade": test, "grade_id": name, "locked": not solution, "schema_version": 3, "solution": solution}
        marks |= {"task": False} | ({"points": 2} if test else {})
        cell = {"cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source}
        cells.append({**cell, "execution_count": None, "outputs": []})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@contextlib.contextmanager
def two_cases() -> Iterator[list[Case]]:
    """A course of two homeworks in a folder of its own, released."""
    with tempfile.TemporaryDirectory(prefix="hw-bench-") as made:
        root = Path(made)
        root.chmod(0o755)
        (root / "course.toml").write_text((ROOT / "course.toml").read_text() + MINI)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        shutil.copy(ROOT / "pyproject.toml", root)
        shutil.copytree(ROOT / "notebooks", root / "notebooks")
        shutil.copytree(ROOT / "hw_lib", root / "hw_lib", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "notebooks/affine").mkdir()
        (root / "notebooks/affine/affine.ipynb").write_text(nb.dump(mini_notebook()))
        course = courses.load(root / "course.toml")
        for name in ("dropout", "affine"):
            release.release(course, course.assignment(name))
        sample = root / "answers/dropout"
        shutil.copytree(ROOT / "tests/submissions/dropout/perfect", sample, ignore=shutil.ignore_patterns("expected.json"))
        answer = root / "answers/affine"
        answer.mkdir()
        _answer(root / "build/affine/release/affine.ipynb", answer / "affine.ipynb")
        yield [Case("dropout", "q_coding_dropout", course, sample), Case("affine", "affine", course, answer)]


def _answer(released: Path, path: Path) -> None:
    """The release with the author's solutions in it."""
    notebook = nb.parse(released.read_bytes(), released.name)
    plain = {name: "\n".join(line for line in text.split("\n") if "### " not in line) for name, text in _CELLS.items()}
    cells = [
        {**cell, "source": plain[cell["id"]] if not cell["id"].endswith("_test") else cell["source"]} for cell in notebook["cells"]
    ]
    path.write_text(nb.dump({**notebook, "cells": cells}))


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end; fails loudly."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said, Meter() as meter:
        process = subprocess.Popen([*meter.prefix, *command], cwd=folder, env=ENVIRONMENT, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read().decode()[-3000:]}")
        return Cost(meter.cpu_s() or usage.ru_utime + usage.ru_stime, wall)


class Meter:
    """Counts the CPU time of a command by a control group: a process that is killed is missing in what its parents are told."""

    def __init__(self) -> None:
        """Make a group, where this machine lets us."""
        self._folder, self._file, self._unit = Path(), "", 1.0
        for top, file, unit in (("/sys/fs/cgroup", "cpu.stat", 1e-6), ("/sys/fs/cgroup/cpuacct", "cpuacct.usage", 1e-9)):
            if Path(top, file).is_file() or (file == "cpu.stat" and Path(top, "cgroup.controllers").is_file()):
                made = Path(top, f"hw-bench-{os.getpid()}-{time.monotonic_ns()}")
                with contextlib.suppress(OSError):
                    made.mkdir()
                    self._folder, self._file, self._unit = made, file, unit
                    break
        self.prefix = ["sh", "-c", f'echo $$ > {self._folder}/cgroup.procs; exec "$@"', "sh"] if self._file else []

    def __enter__(self) -> Meter:
        """The meter, at zero."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the group; it is empty when everything has ended."""
        for _attempt in range(50 if self._file else 0):
            try:
                self._folder.rmdir()
                return
            except OSError:
                time.sleep(0.1)

    def cpu_s(self) -> float:
        """Seconds so far; 0 where there is no group."""
        if not self._file:
            return 0.0
        words = (self._folder / self._file).read_text().split()
        return int(words[words.index("usage_usec") + 1] if "usage_usec" in words else words[0]) * self._unit


# ---- the three ways ----


def ours(case: Case, n: int, jobs: int) -> Cost:
    """`hw grade` for a class that was never graded before."""
    build = case.course.build
    for name in ("collect", "restore", "execute", "score"):
        shutil.rmtree(build / case.name / name, ignore_errors=True)
    (build / "gradebook.db").unlink(missing_ok=True)
    students = case.course.root / "class"
    shutil.rmtree(students, ignore_errors=True)
    for number in range(n):
        shutil.copytree(case.answer, students / f"student-{number:02}")
    collect.collect(students, case.course.assignment(case.name), build)
    cost = run([sys.executable, "-m", "grading.cli", "grade", case.name, "--jobs", str(jobs)], case.course.root)
    cards = [load(path, Scorecard) for path in (build / case.name / "score").glob("*.json")]
    wrong = [(card.student, mark.grade_id, mark.verdict) for card in cards for mark in card.marks if mark.verdict not in _RIGHT]
    if len(cards) != n or wrong:
        raise SystemExit(f"{case.name}: {len(cards)} of {n} scored; not right: {wrong[:5]}")
    return cost


def stock(case: Case, n: int) -> Cost:
    """`nbgrader autograde`, one command for the class; generating the assignment is not counted."""
    root = case.course.root
    shutil.rmtree(root / "build/nbgrader/submitted", ignore_errors=True)
    shutil.rmtree(root / "build/autograded", ignore_errors=True)
    (root / "build/gradebook.db").unlink(missing_ok=True)
    for number in range(n):
        shutil.copytree(case.answer, root / f"build/nbgrader/submitted/student-{number:02}/{case.name}")
    run([sys.executable, "-m", "nbgrader", "generate_assignment", case.name, "--force"], root)
    return run([sys.executable, "-m", "nbgrader", "autograde", case.name], root)


def cold(case: Case, n: int) -> Cost:
    """`jupyter execute`, one command per notebook."""
    costs = []
    for _ in range(n):
        with tempfile.TemporaryDirectory() as made:
            shutil.copytree(case.answer, made, dirs_exist_ok=True)
            costs.append(run([sys.executable, "-m", "jupyter", "execute", f"{case.notebook}.ipynb"], Path(made)))
    return Cost(statistics.mean(cost.cpu_s for cost in costs), statistics.mean(cost.wall_s for cost in costs))


_BARE = """
import json, os, statistics, sys, time
sys.path.insert(0, sys.argv[2])
from grading.inside import shell as shells
channel, shell = shells.pair()
channel.open(os.open(os.devnull, os.O_WRONLY), 10**9)
sources = json.load(open(sys.argv[1]))
costs = []
for _ in range(6):
    before = time.process_time()
    for source in sources:
        shells.run_cell(shell, channel, {"source": source}, 600)
        assert shell.last_error is None, shell.last_error
    costs.append(time.process_time() - before)
sys.stdout.write(str(statistics.median(costs[1:])))
sys.stdout.flush()
os._exit(0)
"""


def bare(case: Case) -> float:
    """CPU seconds of nothing but the cells, in a process that has run them before: what no grader can go below."""
    notebook = nb.parse((case.answer / f"{case.notebook}.ipynb").read_bytes(), case.notebook)
    sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(case.answer, made, dirs_exist_ok=True)
        (Path(made) / "sources.json").write_text(json.dumps(sources))
        environment = {**ENVIRONMENT, "MPLBACKEND": "module://matplotlib_inline.backend_inline", "HW_LIB_QUIET": "1"}
        command = [sys.executable, "-c", _BARE, "sources.json", str(ROOT)]
        done = subprocess.run(command, cwd=made, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"the bare cells of {case.name} failed:\n{done.stderr[-2000:]}")
    return float(done.stdout.strip().split("\n")[-1])


# ---- memory ----


def memory(case: Case, n: int, jobs: int) -> float:
    """The most proportional memory (PSS) of all processes together while a class is graded, in MB."""
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, sum(map(_share, psutil.Process().children(recursive=True))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        ours(case, n, jobs)
    finally:
        over.set()
        watcher.join()
    return peak / 1e6


def _share(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.Error:
        return 0.0


# ---- the table ----


def verdict(value: float, target: float, *, at_least: bool) -> str:
    """The figure, its target, and whether it is met."""
    met = value >= target if at_least else value <= target
    return f"{value:.2f} ({'≥' if at_least else '≤'} {target:g}: {'met' if met else 'missed'})"


def row(case: Case, n: int, cold_n: int) -> list[str]:
    """All figures of one notebook."""
    print(f"{case.name}: ours, one worker …", file=sys.stderr, flush=True)
    one = ours(case, n, 1)
    print(f"{case.name}: ours, two workers …", file=sys.stderr, flush=True)
    two = ours(case, n, 2)
    print(f"{case.name}: bare cells, nbgrader autograde, jupyter execute …", file=sys.stderr, flush=True)
    alone, theirs, kernel = bare(case), stock(case, n), cold(case, cold_n)
    print(f"{case.name}: {one} {two} bare {alone:.2f} stock {theirs} cold {kernel}", file=sys.stderr, flush=True)
    print(f"{case.name}: memory …", file=sys.stderr, flush=True)
    small, large = memory(case, min(n, 8), 1), memory(case, min(n, 8), 2)
    each = one.cpu_s / n
    return [
        case.name,
        f"{each:.2f}",
        f"{theirs.cpu_s / n:.2f}",
        f"{kernel.cpu_s:.2f}",
        f"{alone:.2f}",
        verdict(theirs.cpu_s / n / each, TARGETS["nbgrader"], at_least=True),
        verdict(kernel.cpu_s / each, TARGETS["jupyter"], at_least=True),
        verdict(each - alone, TARGETS["overhead"], at_least=False),
        f"{one.wall_s:.1f} / {two.wall_s:.1f}",
        verdict(one.wall_s / two.wall_s, TARGETS["workers"], at_least=True),
        f"{small:.0f} / {large:.0f} (+{large - small:.0f})",
    ]


HEADINGS = [
    "notebook",
    "ours, CPU s",
    "nbgrader autograde",
    "jupyter execute",
    "bare cells",
    "nbgrader ÷ ours",
    "jupyter ÷ ours",
    "overhead, CPU s",
    "1 / 2 workers, wall s",
    "speed-up",
    "PSS 1 / 2 workers, MB",
]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=24, help="submissions")
    parser.add_argument("--cold", type=int, default=5, help="runs of jupyter execute")
    parser.add_argument("--only", choices=["dropout", "affine"])
    options = parser.parse_args()
    print(f"{options.n} submissions per class. {circumstances()}\n")
    print("| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS))
    with two_cases() as cases:
        for case in cases:
            if options.only in (None, case.name):
                print("| " + " | ".join(row(case, options.n, options.cold)) + " |", flush=True)


if __name__ == "__main__":
    main()
