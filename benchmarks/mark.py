"""What reading costs: `hw mark` and nbgrader's formgrader on the same gradebook of a class of a thousand, in one run.

    python -m benchmarks.mark                       # 1,000 students, one question, about five minutes
    python -m benchmarks.mark --n 200 --answers 50  # a quick look

The class is made up, and this is the recipe. Every answer to one question is drawn, independently, from:

    32 %  right: four facts, each in one of several wordings, in an order of chance, some with a formula
    31 %  partly right: one to three of them
    12 %  wrong: other facts
     1 %  copied word for word from an answer before, half of them in another spelling (case, emphasis, spaces)
     6 %  one to three words, of 64, so that a third of them is there already ("no idea")
     6 %  in another language
     2 %  20 KB long
    10 %  blank

so that equal answers are as frequent as real ones: 36 % of those of one to three words, 1 % of paragraphs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.files import write_text
from grading.mark.desk import Desk
from tests.grading.conftest import COURSE, ROOT
from tests.grading.mark.conftest import SOURCE, write_class
from tests.grading.mark.server import Reader, Server, free_port

QUESTION = "mini/mini/b_answer"
TARGET_MS, TARGET_BYTES, TARGET_RESCORE_S = 100.0, 20_000, 5.0
FACTS = (
    (
        "adding a thing to itself is doubling it",
        "a thing added to itself is twice the thing",
        "to double is to add the same again",
    ),
    ("$x + x = 2x$", "x plus x is 2x", "by definition $2x = x + x$", r"because $\frac{2x}{x} = 2$"),
    ("so both calls give the same number", "therefore the outputs agree", "hence the two functions are equal"),
    ("and it holds for arrays entry by entry", "for arrays it holds for every entry", "the same is true elementwise"),
)
WRONG = (
    "doubling is squaring",
    "$x + x = x^2$",
    "it depends on the seed",
    "floats cannot be doubled",
    "small x give negative results",
)
SHORT = tuple(
    f"{first} {second}"
    for first in ("no", "it", "yes,", "2x", "same", "see", "by", "always")
    for second in ("idea", "doubles", "it does", "thing", "above", "definition", "because", "of x")
)
OTHER = (
    "Etwas zu sich selbst zu addieren heißt, es zu verdoppeln",
    "把一个数加到自己身上就是把它翻倍",
    "Sumar algo a sí mismo es duplicarlo",
    "किसी चीज़ को उसी में जोड़ना उसे दोगुना करना है",
)


def answers(n: int, seed: int = 0) -> dict[str, str]:
    """The class, by the recipe above."""
    draw = random.Random(seed)
    made: list[str] = []
    for _ in range(n):
        kind = draw.choices(
            ("right", "partly", "wrong", "copied", "short", "other", "long", "blank"), (32, 31, 12, 1, 6, 6, 2, 10)
        )[0]
        made.append(_answer(kind, made, draw))
    return {f"student-{at:04d}": text for at, text in enumerate(made)}


def _answer(kind: str, made: list[str], draw: random.Random) -> str:
    facts = [draw.choice(wordings) for wordings in FACTS]
    draw.shuffle(facts)
    detail = f"For example {draw.randrange(2, 99)} becomes {draw.randrange(2, 99) * 2}"
    if kind == "right":
        return ". ".join([*facts, detail]).capitalize() + "."
    if kind == "partly":
        return ". ".join([*facts[: draw.randint(1, 3)], *([detail] if draw.random() < 0.8 else [])]) + "."
    if kind == "wrong":
        return f"{draw.choice(WRONG)}. {detail}."
    if kind == "copied" and any(made):
        text = draw.choice([one for one in made if one])
        return f"**{text.split(' ', 1)[0]}**{text[len(text.split(' ', 1)[0]) :]}  \n" if draw.random() < 0.5 else text
    if kind == "short":
        return draw.choice(SHORT)
    if kind == "other":
        return f"{draw.choice(OTHER)} ({draw.randrange(100)})"
    return "\n\n".join(". ".join([*facts, detail]) for _ in range(110)) if kind == "long" else ""


def prepared(folder: Path, n: int) -> Course:
    """A course with that class, as `hw grade` leaves it."""
    write_text(folder / "course.toml", COURSE.replace("[course]", "[course]\nread_twice = 0"))  # every answer once
    write_text(folder / "notebooks" / "mini" / "mini.ipynb", nb.dump(SOURCE))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    course = courses.load(folder / "course.toml")
    write_class(course, answers(n))
    return course


def timed(action: Callable[[], object], into: list[float]) -> object:
    """Do it, and keep how many milliseconds it took."""
    start = time.perf_counter()
    result = action()
    into.append(1e3 * (time.perf_counter() - start))
    return result


def row(name: str, values: list[float], more: str = "") -> str:
    """A line of the table."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"| {name} | {len(values)} | {statistics.median(ordered):.0f} | {p95:.0f} | {more} |"


def read_here(server: Server, count: int) -> Iterator[str]:
    """One person reads: the next answer, one choice, the next."""
    reader, found = Reader(server, "bench"), {"name": ""}
    process = psutil.Process(server.process.pid)
    next_ms: list[float] = []
    save_ms: list[float] = []
    sizes: list[float] = []
    found = reader.next(QUESTION)  # the first one makes the order of all
    before = sum(process.cpu_times()[:2])
    for _ in range(count):
        name = found["name"]
        start = time.perf_counter()
        reader.post(f"{found['here']}/save", {"items": ["1"], "stamp": found["stamp"]})
        save_ms.append(1e3 * (time.perf_counter() - start))
        start = time.perf_counter()
        found = reader.next(QUESTION, name)
        next_ms.append(1e3 * (time.perf_counter() - start))
        sizes.append(len(found["page"].encode()))
    cpu = 1e3 * (sum(process.cpu_times()[:2]) - before) / count
    p95 = sorted(sizes)[int(0.95 * len(sizes))]
    verdict = "met" if sorted(next_ms)[int(0.95 * count)] <= TARGET_MS and p95 <= TARGET_BYTES else "missed"
    yield row("hw mark: next", next_ms, f"{p95 / 1e3:.1f} KB; target p95 ≤ {TARGET_MS:.0f} ms, 20 KB: {verdict}")
    yield row("hw mark: save", save_ms, f"both together {cpu:.0f} ms of the server's processor time")


@contextmanager
def formgrader(root: Path) -> Iterator[str]:
    """nbgrader's formgrader on the same course; yields its address, with a token."""
    port = free_port()
    mine = {f"JUPYTER_{kind}_DIR": str(root / "formgrader" / kind.lower()) for kind in ("RUNTIME", "CONFIG", "DATA")}
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "server",
        "--no-browser",
        f"--port={port}",
        "--ServerApp.token=bench",
        "--allow-root",
    ]
    command += ["--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True", f"--ServerApp.root_dir={root}"]
    environment = {**os.environ, **mine, "PYTHONPATH": str(ROOT)}
    with (root / "formgrader.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("localhost", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://localhost:{port}/formgrader/submissions/{{}}?token=bench"
    finally:
        process.terminate()
        process.wait(30)


def read_there(course: Course, count: int) -> str:
    """The same person in the formgrader: the page of the next submission."""
    with Gradebook(course.db) as book:
        ids = [one.id for one in book.notebook_submissions("mini", "mini")][: count + 1]
    took: list[float] = []
    sizes: list[float] = []
    with formgrader(course.root) as address:
        for at, one in enumerate(ids):
            start = time.perf_counter()
            with urllib.request.urlopen(address.format(one), timeout=120) as answer:
                text = answer.read()
            if at:
                took.append(1e3 * (time.perf_counter() - start))
                sizes.append(len(text))
    assert b"Because adding" in text or b"b_answer" in text, text[:500]
    return row("formgrader: next", took, f"{statistics.median(sizes) / 1e3:.0f} KB, without its scripts and MathJax")


def three_people(server: Server, n: int) -> str:
    """Three people read the rest of the class together."""
    seen: list[str] = []

    def read(name: str) -> None:
        reader, found = Reader(server, name), {"name": ""}
        while found := reader.next(QUESTION, found.get("name", "")):
            status, said = reader.post(f"{found['here']}/save", {"items": ["1"], "stamp": found["stamp"]})
            assert status == 200, said
            seen.append(found["name"])

    people = [threading.Thread(target=read, args=(name,)) for name in ("tom", "uma", "vic")]
    start = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    twice = len(seen) - len({*seen})
    return f"three people at once: {len(seen)} decisions in {time.perf_counter() - start:.0f} s, {twice} answers graded twice"


def rescored(course: Course) -> str:
    """A rubric's item gets another weight."""
    desk = Desk(course, [course.assignments["mini"]], 0.0)
    lines = [("1", 0.5, "adding"), ("2", 1.0, "formula"), ("3", 0.5, "reason"), ("4", -0.5, "no sentence")]
    start = time.perf_counter()
    count = desk.change(desk.questions[QUESTION], "lead", lines, 0)
    took = time.perf_counter() - start
    verdict = "met" if took <= TARGET_RESCORE_S else "missed"
    return f"rescored {count} answers in {took:.2f} s (target: 1,000 in {TARGET_RESCORE_S:.0f} s: {verdict})"


def opened(course: Course, n: int) -> str:
    """How many answers somebody has to open."""
    desk = Desk(course, [course.assignments["mini"]], 0.0)
    waiting = desk.rows()[0].reading.waiting
    lines = desk.for_outside()
    pile = desk.pile(desk.questions[QUESTION])
    keys = {pile.written(desk.student(pile.question, line.answer)).key for line in lines}
    saved = 1 - len(keys) / waiting
    said = f"{n} students, {n - waiting} blank, {waiting} answers wait"
    return f"{said}; {len(keys)} have to be opened, {saved:.1%} fewer, because equal ones are one group"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=1000, help="students")
    parser.add_argument("--answers", type=int, default=200, help="how many one person reads, alone")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-mark-"))
    try:
        course = prepared(folder, options.n)
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"load {load}, {os.cpu_count()} processors, Python {sys.version.split()[0]}\n")
        print(opened(course, options.n), end="\n\n")
        print("| | answers | median ms | p95 ms | |\n|---|---|---|---|---|")
        server = Server(folder)
        try:
            for line in read_here(server, options.answers):
                print(line)
            print(read_there(course, max(10, options.answers // 10)), end="\n\n")
            print(three_people(server, options.n))
        finally:
            server.kill()
        print(rescored(course))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
