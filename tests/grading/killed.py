"""Gradings in forked children of one process, each killed just before a write that a test chose. Started by `test_kill.py`.

    python -m tests.grading.killed COURSE.TOML

reads how many writes of a kind a grading may live through ({"kinds": […], "lives": 7}) and answers what it wrote, in order, and
how it ended. What is imported is imported once, and no sandbox is started: every cell has the value that its student stands for.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from grading import course as courses
from grading import files, pipeline, sandbox
from grading import notebook as nb
from grading.execute import fingerprint, worker
from grading.execute.job import Job, SharedInputs
from grading.records import CellRun, CellStatus, Execution

FILE, COMMIT = "file", "commit"
_CHANGES = {"os.rename": FILE, "os.remove": FILE, "os.rmdir": FILE, "os.link": FILE}


def fake(_: worker.Worker, job: Job, shared: SharedInputs) -> Execution:
    """An execution without a sandbox; another student has other points."""
    record = job.restored
    cells = [cell for cell in nb.parse(job.notebook, record.notebook)["cells"] if cell["cell_type"] == "code"]
    points = 1.0 + len(record.student) % 2
    runs = tuple(CellRun(cell["id"], CellStatus.DONE, value=points if nb.is_test(cell) else None) for cell in cells)
    return Execution(record.assignment, record.student, record.notebook, runs)


class Life:
    """Counts what a grading writes, and ends it before a write too many."""

    def __init__(self, root: Path, kinds: Collection[str], lives: int) -> None:
        """`root` is where writes count; `lives` below zero is for ever."""
        self.root, self.kinds, self.lives = str(root), kinds, lives
        self.written: list[str] = []
        sys.addaudithook(self._watch)
        event.listen(Engine, "commit", lambda _: self._count(COMMIT, "the gradebook"))

    def _watch(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Python says what it is about to do; SQLite's own writes are not seen, and kept whole by its journal."""
        if name in _CHANGES:
            self._count(_CHANGES[name], f"{name} {arguments[0]}")
        elif name == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._count(FILE, f"open {arguments[0]}")

    def _count(self, kind: str, what: str) -> None:
        if kind not in self.kinds or (kind == FILE and self.root not in what):
            return
        if len(self.written) == self.lives:
            os.kill(os.getpid(), signal.SIGKILL)
        self.written.append(f"{kind}: {what}")


def grade(course: courses.Course, kinds: Collection[str], lives: int, answer: int) -> None:
    """What a child does; never returns."""
    life = Life(course.root, kinds, lives)
    status = 1
    try:
        pipeline.grade(course, course.assignments["mini"])
        files.remove()
        os.write(answer, json.dumps(life.written).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def main(path: str) -> None:
    """Fork a grading for every line that is read."""
    course = courses.load(Path(path))
    worker.Worker.run, worker.Worker.smoke_test = fake, lambda *_: ""  # type: ignore[method-assign]
    sandbox.check = lambda: ""
    fingerprint.software()  # once for all children
    for line in sys.stdin:
        asked = json.loads(line)
        if "warm" in asked:  # what SQLAlchemy learns by writing is learnt once for all children
            pipeline.grade(course, course.assignments["mini"])
            files.remove()
            print(json.dumps({"ended": 0, "written": []}), flush=True)  # noqa: T201
            continue
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            grade(course, asked["kinds"], asked["lives"], writer)
        os.close(writer)
        with os.fdopen(reader) as written:
            told = written.read()
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"ended": ended, "written": json.loads(told or "[]")}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
