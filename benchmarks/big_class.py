"""A class of a thousand from the zip to the pages, without running anybody's code: seconds of processor time and memory by verb.

    python -m benchmarks.big_class                # 250, 500 and 1,000 students
    python -m benchmarks.big_class 100 200        # fewer

The class is the sample class of `dropout` over and over. Its executions are made once and kept under every copy's name, as they are
between two gradings of one class: what is measured is everything else. Each verb runs as staff run it, in a process of its own. It
needs a graded sample class in `build/` (`make`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "dropout"
SAMPLES = ROOT / "tests" / "submissions" / ASSIGNMENT
SIZES = (250, 500, 1000)
COURSE = ("notebooks", "hw_lib", "docs", "tests", "pyproject.toml", "README.md")


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def main(sizes: Sequence[int]) -> None:
    """Measure, and print a table for `benchmarks/README.md`."""
    found = {size: measure(size) for size in sizes}
    print(f"| verb | {' | '.join(f'{size:,}: CPU s, MiB' for size in sizes)} | CPU s per student, last / first |")
    print(f"|---|{'---|' * (len(sizes) + 1)}")
    for verb in found[sizes[0]]:
        costs = [found[size][verb] for size in sizes]
        each = (costs[-1].cpu_s / sizes[-1]) / (costs[0].cpu_s / sizes[0])
        print(f"| {verb} | {' | '.join(f'{cost.cpu_s:.1f}, {cost.peak_mib:.0f}' for cost in costs)} | {each:.2f} |")


def measure(size: int) -> dict[str, Cost]:
    """Every verb on a class of that size."""
    with tempfile.TemporaryDirectory(prefix="big-class-") as name:
        root = Path(name)
        cases = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
        class_of(size, cases, root / "class")
        course(root)
        canvas = gradebook(size, cases, root / "gradebook.csv")
        verbs: dict[str, Callable[[], Cost]] = {
            "collect": lambda: hw(root, "collect", ASSIGNMENT, str(root / "class")),
            "grade": lambda: hw(root, "grade", ASSIGNMENT),
            "grade again": lambda: hw(root, "grade", ASSIGNMENT),
            "grade --dry-run": lambda: hw(root, "grade", ASSIGNMENT, "--dry-run"),
            "report": lambda: hw(root, "report", ASSIGNMENT),
            "stats": lambda: hw(root, "stats", ASSIGNMENT),
            "export --canvas": lambda: hw(root, "export", ASSIGNMENT, "--canvas", str(canvas)),
            "feedback": lambda: hw(root, "feedback", ASSIGNMENT),
        }
        costs = {}
        for verb, run in verbs.items():
            costs[verb] = run()
            print(f"{size:5} {verb:16} {costs[verb].cpu_s:7.1f} CPU s {costs[verb].wall_s:7.1f} s", file=sys.stderr, flush=True)
            if verb == "collect":
                keep_executions(size, cases, root)
        return costs


def name_of(number: int, cases: Sequence[Path]) -> str:
    """A student's name: the case that they hand in, and a number."""
    return f"{cases[number % len(cases)].name}-{number:04d}"


def class_of(size: int, cases: Sequence[Path], folder: Path) -> None:
    """The folder that a platform would give."""
    for number in range(size):
        shutil.copytree(cases[number % len(cases)], folder / name_of(number, cases), ignore=shutil.ignore_patterns("expected.json"))


def course(root: Path) -> None:
    """The course beside an empty build folder, with what was released and nobody's grades."""
    for name in COURSE:
        (root / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "course.toml", root)
    built, build = ROOT / "build", root / "build"
    for name in ("release", "student_build", "graded_build"):
        shutil.copytree(built / ASSIGNMENT / name, build / ASSIGNMENT / name)
    shutil.copytree(built / "editions", build / "editions")
    shutil.copy(built / "secret", build)


def keep_executions(size: int, cases: Sequence[Path], root: Path) -> None:
    """The executions of the sample class under every copy's name: their keys do not depend on who handed in."""
    source, target = ROOT / "build" / ASSIGNMENT / "execute", root / "build" / ASSIGNMENT / "execute"
    target.mkdir()
    for number in range(size):
        for path in source.glob(f"{cases[number % len(cases)].name}.*.json"):
            shutil.copy(path, target / path.name.replace(cases[number % len(cases)].name, name_of(number, cases), 1))


def gradebook(size: int, cases: Sequence[Path], path: Path) -> Path:
    """Canvas's download: everybody by login."""
    rows = ["Student,ID,SIS Login ID,Section,Understanding Dropout (1)", "    Points Possible,,,,31"]
    rows += [f'"S, {number}",{number + 1},{name_of(number, cases)},A,' for number in range(size)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def hw(root: Path, *arguments: str) -> Cost:
    """Run `hw` in a process of its own, and its children with it."""
    started = time.monotonic()
    command = [sys.executable, "-m", "grading.cli", "--course", str(root / "course.toml"), *arguments]
    child = os.fork()
    if not child:
        os.chdir(root)
        with (root / "said.txt").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"hw {' '.join(arguments)} failed:\n{(root / 'said.txt').read_text()[-3000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
