"""Takes solutions and hidden tests out of text, and proves that none is left. Pure text: reads and writes no file.

The markers are nbgrader's, so the same regions mean the same to the stock tools:

    ### BEGIN SOLUTION ... ### END SOLUTION            replaced by a stub
    ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS    removed
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grading.records import GradingError

SOLUTION = "SOLUTION"
HIDDEN_TESTS = "HIDDEN TESTS"
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)

_TELLING_LENGTH = 12  # a shorter line ("return x", ")") says nothing about a solution
_TELLING_WORDS = 3  # nor does one with fewer words ("checks.holds(")
_LABEL = re.compile(r"""f?(["'])[^"']{0,30}\1,?""")  # nor a short string on a line of its own, an argument of a check
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


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


@dataclass(frozen=True)
class Leak:
    """A line of a release that should not be there."""

    file: str
    line: int
    text: str
    why: str

    def __str__(self) -> str:
        """One line, file and line number first, as compilers write it."""
        return f"{self.file}:{self.line}: {self.why}: {self.text.strip()[:120]}"


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


def telling(lines: Iterable[str], allowed: Iterable[str] = ()) -> frozenset[str]:
    """The removed lines that would give something away if they stood in a release.

    Short lines, imports and the lines that the author allowed in course.toml are left out.
    """
    allowed_lines = {_plain(line) for line in allowed}
    plain = {_plain(line) for line in lines}
    return frozenset(
        line
        for line in plain
        if len(line) >= _TELLING_LENGTH
        and not line.startswith(("import ", "from "))
        and len(re.findall(r"\w+", line)) >= _TELLING_WORDS
        and not _LABEL.fullmatch(line)
        and line not in allowed_lines
    )


def not_shown(removed: Iterable[str], text: str) -> tuple[str, ...]:
    """The hidden lines that the visible part of the same cell does not show as well (a loop's body, say, tested twice)."""
    shown = " ".join(_plain(line) for line in text.split("\n"))
    return tuple(line for line in removed if _plain(line).rstrip(",") not in shown)


def audit(files: Mapping[str, str], removed: Iterable[str]) -> list[Leak]:
    """Look for markers and removed lines in everything a student will get.

    Args:
        files: name -> text, for every text of the release. A notebook cell is a file of its own ("hw.ipynb[c_text]").
        removed: the telling lines that were taken out, as `telling` returns them.

    Returns:
        What was found, in the order of the files; empty when the release is clean.
    """
    secrets = tuple(_squeezed(secret) for secret in removed)
    leaks: list[Leak] = []
    for file, text in files.items():
        for number, line in enumerate(text.split("\n"), start=1):
            if any(marker in line for marker in _MARKERS):
                leaks.append(Leak(file, number, line, "a marker is left"))
                continue
            whole = _squeezed(line)  # comments too: a solution that is commented out is still there to read
            if any(secret in whole for secret in secrets):
                leaks.append(Leak(file, number, line, "a line of a solution or hidden test"))
    return leaks


def _squeezed(line: str) -> str:
    """A line as the audit compares it: without spaces and capitals."""
    return re.sub(r"\s+", "", line).casefold()


def _plain(line: str) -> str:
    """A line without indentation, comment and repeated spaces."""
    return re.sub(r"\s+", " ", re.sub(r"\s#\s.*$", "", line)).strip()


def _unbalanced(where: str, line: int, kind: str, got: str) -> StripError:
    return StripError(
        f"{where}, line {line}: the {kind.lower()} markers do not pair up",
        expected=f"### BEGIN {kind} … ### END {kind}, not nested",
        got=got,
        fix="add or remove the marker; nothing was released",
    )
