"""What a submission costs: ours beside stock nbgrader and a cold `jupyter execute`, in one run, for every homework.

    python -m benchmarks.grading                 # 24 submissions, about an hour, most of it the others'
    python -m benchmarks.grading --n 4 --cold 1  # a quick look
    python -m benchmarks.grading --only dropout affine

CPU seconds are of whole commands and everything they started. Ours is `hw grade`: restore, sandbox, the student's cells, trusted
tests in a process of their own, scores, gradebook. `nbgrader autograde` is one command for the class; `jupyter execute` is one
command per notebook and grades nothing. One thread everywhere. Every submission is the right answer, in a folder of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil

from benchmarks.grading_cases import Case, cases
from benchmarks.layers import circumstances
from benchmarks.process_cost import ENVIRONMENT, ROOT, Cost, run, share
from grading import notebook as nb
from grading.collect import collection
from grading.marks import Scorecard, Verdict
from grading.records import load

HOMEWORKS = ["dropout", "affine", "bn_drop_cnn", "edge_detection", "gpu_memory", "written"]
TARGETS = {"nbgrader": 3, "nbgrader, NumPy only": 8, "overhead": 0.5, "workers": 1.8}
_RIGHT = (Verdict.PASSED, Verdict.BY_HAND)


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
    collection.collect(students, case.course, case.course.assignments[case.name])
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
    """`jupyter execute`, one command per submission."""
    costs = []
    for _ in range(n):
        with tempfile.TemporaryDirectory() as made:
            shutil.copytree(case.answer, made, dirs_exist_ok=True)
            files = [f"{name}.ipynb" for name in case.notebooks]
            costs.append(run([sys.executable, "-m", "jupyter", "execute", *files], Path(made)))
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
    """CPU seconds of nothing but the cells, each notebook in a process that ran it before: what no grader that draws can beat."""
    return sum(_bare(case, name) for name in case.notebooks)


def _bare(case: Case, name: str) -> float:
    notebook = nb.parse((case.answer / f"{name}.ipynb").read_bytes(), name)
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
            peak = max(peak, sum(map(share, psutil.Process().children(recursive=True))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        ours(case, n, jobs)
    finally:
        over.set()
        watcher.join()
    return peak / 1e6


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
        verdict(theirs.cpu_s / n / each, TARGETS["nbgrader, NumPy only" if case.name == "affine" else "nbgrader"], at_least=True),
        f"{kernel.cpu_s / each:.1f}",
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
    parser.add_argument("--only", nargs="+", choices=HOMEWORKS, default=HOMEWORKS)
    options = parser.parse_args()
    print(f"{options.n} submissions per class. {circumstances()}\n")
    print("| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS))
    with cases(options.only) as chosen:
        for case in chosen:
            print("| " + " | ".join(row(case, options.n, options.cold)) + " |", flush=True)


if __name__ == "__main__":
    main()
