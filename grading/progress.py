"""Progress on the terminal, or in a log: how much is done and how long the rest will take. Knows nothing of grading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console  # importing it takes longer than `hw --help` has


@dataclass(frozen=True)
class Step:
    """One notebook is done.

    Attributes:
        cached: it was not run again, because nothing changed.
    """

    done: int
    total: int
    student: str
    cached: bool


def counted(progress: Callable[[Step], None], same: Sequence[str], each: int, more: int) -> Callable[[Step], None]:
    """Report the notebooks of students for whom nothing changed; returns what counts the rest on from there.

    Args:
        progress: told of every notebook.
        same: these students.
        each: how many notebooks each of them has.
        more: how many notebooks there are besides.
    """
    there = len(same) * each
    for number, student in enumerate((student for student in same for _ in range(each)), start=1):
        progress(Step(number, there + more, student, cached=True))
    return lambda step: progress(replace(step, done=there + step.done, total=there + more))


@contextmanager
def bar(console: Console, title: str) -> Iterator[Callable[[Step], None]]:
    """A progress bar with an estimate; says who was last. In a log it is a line now and then."""
    if not console.is_terminal:
        yield _Log(console, title).line
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"))
    ahead = (TimeRemainingColumn(), TextColumn("{task.fields[last]}", markup=False))
    with Bar(*columns, *ahead, console=console, speed_estimate_period=300) as progress:
        task = progress.add_task(title, total=None, last="")
        yield lambda done: progress.update(task, completed=done.done, total=done.total, last=done.student)


class _Log:
    """Progress where there is no terminal: how many, and how long it will take, when there is news and half a minute went by."""

    EVERY_S = 30.0

    def __init__(self, console: Console, title: str) -> None:
        self._console, self._title, self._ran = console, title, 0
        self._started = self._said = time.monotonic()

    def line(self, done: Step) -> None:
        """Note that one more is done."""
        self._ran += not done.cached
        now = time.monotonic()
        if now - self._said < self.EVERY_S or not self._ran:
            return
        self._said = now
        left = (now - self._started) / self._ran * (done.total - done.done)
        self._console.print(f"{self._title} {done.done}/{done.total}, about {left / 60:.0f} min left", markup=False)


@contextmanager
def spinner(console: Console, title: str) -> Iterator[None]:
    """A sign of life, for what takes seconds."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with Bar(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True) as progress:
        progress.add_task(title, total=None)
        yield
