"""What a submission costs: ours beside stock nbgrader and a cold `jupyter execute`, in one run, for every homework.

    python -m benchmarks.grading                 # 24 submissions, about two hours, most of it the others'
    python -m benchmarks.grading --n 4 --cold 1  # a quick look
    python -m benchmarks.grading --rounds 3 --others 6 --only dropout
    python -m benchmarks.grading --only dropout affine

CPU seconds are of whole commands and everything they started. Ours is `hw grade`: restore, sandbox, the student's cells, trusted
tests in a process of their own, scores, gradebook. `nbgrader autograde` is one command for the class; `jupyter execute` is one
command per notebook and grades nothing. One thread everywhere. Every submission is the right answer, in a folder of its own.
"""

from __future__ import annotations

import argparse
import compileall
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
# what each figure should reach, and whether more is better; where a homework has another target its name is in the key
TARGETS = {
    "nbgrader ÷ ours": (3.0, True),
    "nbgrader ÷ ours, affine": (8.0, True),
    "overhead, CPU s": (0.5, False),
    "speed-up": (1.8, True),
    "a further one": (60.0, False),
}
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
for _ in range(4):
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


def figures(case: Case, n: int, others: int, cold_n: int) -> dict[str, float]:
    """Everything that is measured of one notebook, once, one after the other."""
    print(f"{case.name}: ours, one worker, two workers …", file=sys.stderr, flush=True)
    one, two = ours(case, n, 1), ours(case, n, 2)
    print(f"{case.name}: bare cells, nbgrader autograde, jupyter execute …", file=sys.stderr, flush=True)
    alone, theirs, kernel = bare(case), stock(case, others), cold(case, cold_n)
    print(f"{case.name}: memory …", file=sys.stderr, flush=True)
    small, large = memory(case, min(n, 4), 1), memory(case, min(n, 4), 2)
    each, stock_each = one.cpu_s / n, theirs.cpu_s / others
    found = {
        "ours, CPU s": each,
        "nbgrader autograde": stock_each,
        "jupyter execute": kernel.cpu_s,
        "bare cells": alone,
        "nbgrader ÷ ours": stock_each / each,
        "jupyter ÷ ours": kernel.cpu_s / each,
        "overhead, CPU s": each - alone,
        "1 worker, wall s": one.wall_s,
        "2 workers, wall s": two.wall_s,
        "speed-up": one.wall_s / two.wall_s,
        "PSS 1 worker, MB": small,
        "a further one": large - small,
    }
    print(f"{case.name}: {found}", file=sys.stderr, flush=True)
    return found


def row(case: Case, rounds: list[dict[str, float]]) -> list[str]:
    """The median of every figure, in brackets the lowest and the highest; behind it its target, and whether the median meets it."""
    return [case.name, *(_said(case, name, [found[name] for found in rounds]) for name in rounds[0])]


def _said(case: Case, name: str, values: list[float]) -> str:
    middle, digits = statistics.median(values), 0 if "MB" in name or "further" in name else 2
    between = f" ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else ""
    target, at_least = TARGETS.get(f"{name}, {case.name}", TARGETS.get(name, (0.0, True)))
    met = middle >= target if at_least else middle <= target
    wanted = f" {'≥' if at_least else '≤'} {target:g}: {'met' if met else 'missed'}" if target else ""
    return f"{middle:.{digits}f}{between}{wanted}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=24, help="submissions")
    parser.add_argument("--others", type=int, help="of them graded by nbgrader, whose commands have no fixed start to speak of")
    parser.add_argument("--cold", type=int, default=5, help="runs of jupyter execute")
    parser.add_argument("--rounds", type=int, default=1, help="times that everything is measured")
    parser.add_argument("--only", nargs="+", choices=HOMEWORKS, default=HOMEWORKS)
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "grading", quiet=1)  # as after anybody's first command
    print(f"{options.n} submissions per class, {options.rounds} rounds. {circumstances()}\n")
    with cases(options.only) as chosen:
        for case in chosen:
            others = options.others or options.n
            rounds = [figures(case, options.n, others, options.cold) for _ in range(options.rounds)]
            if case is chosen[0]:
                print("| " + " | ".join(["notebook", *rounds[0]]) + " |\n|" + "---|" * (1 + len(rounds[0])))
            print("| " + " | ".join(row(case, rounds)) + " |", flush=True)


if __name__ == "__main__":
    main()
