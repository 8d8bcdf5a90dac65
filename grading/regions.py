"""Takes solutions and hidden tests out of text. Pure text: reads and writes no file.

The markers are nbgrader's, so the same regions mean the same to the stock tools:

    ### BEGIN SOLUTION ... ### END SOLUTION            replaced by a stub
    ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS    removed
    ### BEGIN MARK SCHEME ... ### END MARK SCHEME      removed, from task cells
"""

from __future__ import annotations

import contextlib
import io
import re
import tokenize
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
        blocks: each region's first line in the whole text, counted from 1, and its lines.
    """

    text: str
    removed: tuple[str, ...]
    regions: int
    blocks: tuple[tuple[int, tuple[str, ...]], ...] = ()


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
    blocks: list[tuple[int, list[str]]] = []
    opened = 0  # line number of the open marker
    for number, line in enumerate(text.split("\n"), start=1):
        if f"BEGIN {kind}" in line:
            if opened:
                raise _unbalanced(where, number, kind, f"a second BEGIN after line {opened}")
            opened = number
            blocks.append((number + 1, []))
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + stub_line for stub_line in stub]
        elif f"END {kind}" in line:
            if not opened:
                raise _unbalanced(where, number, kind, "an END without a BEGIN")
            opened = 0
        elif opened:
            blocks[-1][1].append(line)
        else:
            kept.append(line)
    if opened:
        raise _unbalanced(where, opened, kind, "a BEGIN that is never closed")
    removed = tuple(line for _, lines in blocks for line in lines)
    return Stripped("\n".join(kept), removed, len(blocks), tuple((first, tuple(lines)) for first, lines in blocks))


def strip_module(text: str, file: str, exercise: str) -> Stripped:
    """The student build of a module: each solution region raises, and says where it is an exercise."""
    stub = (f'raise NotImplementedError("you write this one yourself, in {exercise}")',)
    return strip_regions(text, SOLUTION, stub, file)


def not_shown(removed: Iterable[str], text: str) -> tuple[str, ...]:
    """The hidden lines that the visible part of the same cell does not run as well (a loop's body, say, tested twice).

    What stands there in a comment or inside a text does not count: nobody needs it there but a reader.
    """
    aside = _aside(text)
    kept, inside = text.split("\n"), [normalized(token.string) for token in aside if token.type == tokenize.STRING]
    for token in reversed(aside):
        (first, left), (last, right) = token.start, token.end
        if token.type == tokenize.COMMENT:
            kept[first - 1 : last] = [kept[first - 1][:left] + kept[last - 1][right:]]
    shown = " ".join(normalized(line) for line in kept)
    return tuple(line for line in removed if not _is_run(normalized(line).rstrip(","), shown, inside))


def _is_run(line: str, shown: str, inside: Iterable[str]) -> bool:
    for text in inside:
        shown = shown.replace(text, "") if line in text and line != text else shown
    return line in shown


def _aside(text: str) -> list[tokenize.TokenInfo]:
    """The comments and texts of code, as far as it can be read."""
    found = []
    with contextlib.suppress(tokenize.TokenError, SyntaxError):  # magic commands, or no Python at all
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                found.append(token)
    return found


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
