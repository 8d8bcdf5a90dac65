"""Grades one class of attackers beside an honest student and a blank hand-in, and keeps what is needed to see what they did.

Refuses to start where there is no sandbox: what attacks never runs outside of one, not even as a control.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grading import notebook as nb
from grading import pipeline, sandbox
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard
from grading.pages import export, feedback
from grading.release import handout
from grading.settings import RunOptions
from grading.source import read_source, student_notebook
from tests.redteam import assignment
from tests.redteam.attack import Attack, with_answers
from tests.redteam.watch import files, survivors

NEIGHBOUR, BLANK = "an honest neighbour", "nobody wrote here"


@dataclass(frozen=True)
class Seen:
    """What became of one attack."""

    attack: Attack
    course: Course
    card: Scorecard
    page: str
    executed: nb.Notebook

    def outputs(self, *, of_tests: bool) -> str:
        """Everything that the cells said, as JSON text: the graded test cells, or all the others."""
        cells = [cell for cell in self.executed["cells"] if cell["cell_type"] == "code" and nb.is_grade(cell) is of_tests]
        return json.dumps([cell.get("outputs") for cell in cells], ensure_ascii=False)

    def points(self) -> dict[str, float]:
        """What was earned without a person, by grade id."""
        return {mark.grade_id: mark.points or 0.0 for mark in self.card.marks if not mark.by_hand}


@dataclass
class Aftermath:
    """A class that was graded, and what the machine looked like before and afterwards."""

    course: Course
    cards: dict[str, Scorecard]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    alive: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    bystander_lives: bool = False

    def seen(self, attack: Attack) -> Seen:
        """One attack's part of it."""
        course, name = self.course, attack.filed_as
        page = course.build / assignment.NAME / "feedback" / name / f"{assignment.NAME}.html"
        executed = course.build / "autograded" / name / assignment.NAME / f"{assignment.NAME}.ipynb"
        return Seen(attack, course, self.cards[name], page.read_text(), json.loads(executed.read_text()))


def refuse_without_sandbox() -> None:
    """End the tests here, unless attacks can be kept in."""
    try:
        sandbox.check()
    except sandbox.SandboxError as problem:
        pytest.fail(f"the red team does not start without a sandbox\n{problem}", pytrace=False)


def grade_quietly(
    top: Path, write: Callable[[Path, nb.Notebook], None] = lambda _folder, _blank: None, together: Sequence[str] = ()
) -> Aftermath:
    """Grade the neighbour, the blank hand-in and whatever `write` puts beside them; tests named in `together` the unsafe way."""
    refuse_without_sandbox()
    for folder in (top, top.parent):
        folder.chmod(0o711)  # behind Landlock another user reads the list of fonts where it lies
    course = assignment.make_course(top / "course", together)
    task = course.assignments[assignment.NAME]
    blank = student_notebook(read_source(course, task, assignment.NAME), assignment.NAME)[0]
    folder = top / "class"
    _hand_in(folder / NEIGHBOUR, with_answers(blank, assignment.PERFECT), top)
    _hand_in(folder / BLANK, blank, None)
    write(folder, blank)
    handout.release(course, task)
    collection.collect(folder, course, task)
    cards = pipeline.grade(course, task, RunOptions(jobs=2))
    setting = feedback.setting(course, task)
    for card in cards:
        feedback.write_page(card, course.workspace(task), setting)
    feedback.write_pages(cards, task, course.workspace(task), setting)
    export.write_csv(cards, course.workspace(task))
    return Aftermath(course, {card.student: card for card in cards})


def let_loose(top: Path, attacks: Mapping[str, Attack], together: Sequence[str] = ()) -> Aftermath:
    """Grade all attackers in one class, and look at everything around it before and afterwards."""
    refuse_without_sandbox()
    bait = top / "bait"
    bait.mkdir()
    bait.chmod(0o777)
    (bait / "precious.txt").write_text("every grade there ever was\n")
    (bait / "precious.txt").chmod(0o666)
    before: dict[str, str] = {}

    def write(folder: Path, blank: nb.Notebook) -> None:
        for attack in attacks.values():
            attack.write(folder, blank, places)
        before.update(files(top, leave_out=top / "course" / "build"))

    with listeners() as (calls, port, name), bystander() as process:
        places = {
            "BUILD": str(top / "course" / "build"),
            "COURSE": str(top / "course"),
            "CLASS": str(top / "class"),
            "BAIT": str(bait),
            "PORT": str(port),
            "SOCKET": name,
        }
        aftermath = grade_quietly(top, write, together)
        aftermath.bystander_lives = process.poll() is None
    aftermath.before, aftermath.after = before, files(top, leave_out=aftermath.course.build)
    aftermath.alive, aftermath.calls = survivors(top), calls
    return aftermath


def _hand_in(home: Path, notebook: nb.Notebook, record_from: Path | None) -> None:
    home.mkdir(parents=True)
    (home / f"{assignment.NAME}.ipynb").write_text(nb.dump(notebook))
    if record_from is not None:
        (home / f"{assignment.NAME}.results.json").write_bytes(assignment.honest_record(record_from))
        (record_from / f"{assignment.NAME}.results.json").unlink()


@contextlib.contextmanager
def listeners() -> Iterator[tuple[list[str], int, str]]:
    """Two sockets that wait for a call from inside: what called, the port, the name in the abstract namespace."""
    calls: list[str] = []
    name = f"hw-redteam-{secrets.token_hex(8)}"
    ours = [socket.socket(socket.AF_INET), socket.socket(socket.AF_UNIX)]
    ours[0].bind(("127.0.0.1", 0))
    ours[1].bind("\0" + name)

    def wait(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = line.accept()
                caller.close()
                calls.append(line.family.name)

    threads = [threading.Thread(target=wait, args=(line,), daemon=True) for line in ours]
    for line, thread in zip(ours, threads, strict=True):
        line.listen()
        thread.start()
    try:
        yield calls, ours[0].getsockname()[1], name
    finally:
        for line, thread in zip(ours, threads, strict=True):
            line.shutdown(socket.SHUT_RDWR)
            line.close()
            thread.join(timeout=5)


@contextlib.contextmanager
def bystander() -> Iterator[subprocess.Popen[Any]]:
    """A process that has nothing to do with any of it, and should live on."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    try:
        yield process
    finally:
        process.kill()
        process.wait()
