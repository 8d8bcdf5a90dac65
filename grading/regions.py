"""Takes solutions and hidden tests out of text. Pure text: reads and writes no file.

The markers are nbgrader's, so the same regions mean the same to the stock tools:

    ### BEGIN SOLUTION ... ### END SOLUTION            replaced by a stub
    ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS    removed
    ### BEGIN MARK SCHEME ... ### END MARK SCHEME      removed, from task cells
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grading.records import GradingError

SOLUTION = "SOLUTION"
HIDDEN_TESTS = "HIDDEN TESTS"
MARK_SCHEME = "MARK SCHEME"
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)


class StripError(GradingError):
    """A marker without its partner, or one inside another."""


@dataclass(frozen=True)
class Stripped:
    """A text without its regions.

    Attributes:
        text: what is left.
        removed: the lines that were taken out, markers not included.
        regions: how many regions there were.
    """

    text: str
    removed: tuple[str, ...]
    regions: int


def strip_regions(text: str, kind: str, stub: Iterable[str] = (), where: str = "text") -> Stripped:
    """Replace every region of one kind by a stub, indented as its first marker is.

    Args:
        text: a cell's source or a module.
        kind: SOLUTION or HIDDEN_TESTS.
        stub: the lines that stand in for a region.
        where: what the text is, for the error message.

    Returns:
        The text left, the lines taken out and how many regions they were.

    Raises:
        StripError: a region is nested in another, never closed, or closed twice.
    """
    stub = tuple(stub)
    kept: list[str] = []
    removed: list[str] = []
    opened = 0  # line number of the open marker
    regions = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if f"BEGIN {kind}" in line:
            if opened:
                raise _unbalanced(where, number, kind, f"a second BEGIN after line {opened}")
            opened = number
            regions += 1
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + stub_line for stub_line in stub]
        elif f"END {kind}" in line:
            if not opened:
                raise _unbalanced(where, number, kind, "an END without a BEGIN")
            opened = 0
        elif opened:
            removed.append(line)
        else:
            kept.append(line)
    if opened:
        raise _unbalanced(where, opened, kind, "a BEGIN that is never closed")
    return Stripped("\n".join(kept), tuple(removed), regions)


def strip_module(text: str, file: str, exercise: str) -> Stripped:
    """The student build of a module: each solution region raises, and says where it is an exercise."""
    stub = (f'raise NotImplementedError("you write this one yourself, in {exercise}")',)
    return strip_regions(text, SOLUTION, stub, file)


def not_shown(removed: Iterable[str], text: str) -> tuple[str, ...]:
    """The hidden lines that the visible part of the same cell does not show as well (a loop's body, say, tested twice)."""
    shown = " ".join(normalized(line) for line in text.split("\n"))
    return tuple(line for line in removed if normalized(line).rstrip(",") not in shown)


def normalized(line: str) -> str:
    """A line without indentation, comment and repeated spaces."""
    return re.sub(r"\s+", " ", re.sub(r"\s#\s.*$", "", line)).strip()


def _unbalanced(where: str, line: int, kind: str, got: str) -> StripError:
    return StripError(
        f"{where}, line {line}: the {kind.lower()} markers do not pair up",
        expected=f"### BEGIN {kind} … ### END {kind}, not nested",
        got=got,
        fix="add or remove the marker; nothing was released",
    )
