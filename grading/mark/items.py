"""An author's answer cell -> the answer, and its rubric as items that a grader switches on and off. Pure.

A rubric stands at the end of the cell, as a sentence for every item:

    **Rubric (2 points).** 1: the condition. 0.5: its reason. 0.5: the numbers. -0.5: no units. Only the numbers: 0.5 points.

What is worth points begins with the points and a colon; what follows an item's sentence is a remark for the graders. Items
that give points add up to what the cell is worth; an item that takes points away comes on top.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from grading import notebook as nb
from grading import regions
from grading.records import GradingError

_MARKER = re.compile(r"\*\*Rubric\b[^*]*\*\*\s*:?")
_ITEM = re.compile(r"(?:^|(?<=[.;:!?)*]\s))\s*(?P<points>[-\u2212+]?\d+(?:\.\d+)?)(?:\s+points?)?:\s+", re.MULTILINE)
_REMARK = re.compile(r"(?<=[.!?)])\s+(?=[\"“A-Z])")
_WHOLE = "all"  # the one item of a cell whose author wrote no rubric
CLOSE = 1e-6  # points are sums of decimals


class RubricError(GradingError):
    """A rubric that cannot be read, or whose items do not add up; the author mends it."""


@dataclass(frozen=True)
class Item:
    """One line of a rubric.

    Attributes:
        name: what decisions refer to; it stays when the text or the points change.
        points: what it gives; negative for what it takes away.
    """

    name: str
    points: float
    text: str


@dataclass(frozen=True)
class Rubric:
    """What a grader chooses from.

    Attributes:
        remarks: what the author says to graders beside the items.
        max_points: what the cell is worth.
    """

    items: tuple[Item, ...]
    remarks: str
    max_points: float

    def points(self, chosen: Collection[str], adjust: float = 0.0) -> float:
        """The sum of the items that are on, and what a person adds by hand; what takes away takes no more than there is."""
        return max(0.0, sum(item.points for item in self.items if item.name in chosen)) + adjust

    @property
    def full(self) -> tuple[str, ...]:
        """The items that give points."""
        return tuple(item.name for item in self.items if item.points > 0)


def answer(cell: nb.Cell) -> str:
    """The author's answer, without the rubric."""
    return _MARKER.split(_solution(cell), maxsplit=1)[0].strip()


def read(cell: nb.Cell, where: str = "") -> Rubric:
    """The rubric of an answer cell; a cell without one has one item that is worth everything.

    Args:
        cell: the author's cell.
        where: what to call it in a message.

    Raises:
        RubricError: there is a rubric without items, or the items do not add up to the cell's points.
    """
    where, worth = where or nb.grade_id(cell), nb.points(cell)
    pieces = _MARKER.split(_solution(cell), maxsplit=1)
    if len(pieces) == 1:
        return Rubric((Item(_WHOLE, worth, "right and complete"),) if worth else (), "", worth)
    items, remarks = _items(pieces[1])
    if not items:
        raise RubricError(
            f"the rubric of {where} has no items",
            expected="a sentence for each: `1: the condition. 0.5: the reason.`",
            got=pieces[1].strip()[:200] or "nothing",
            fix="begin what is worth points with the points and a colon",
        )
    rubric = Rubric(items, remarks, worth)
    check(rubric, where)
    return rubric


def check(rubric: Rubric, where: str) -> None:
    """Refuse a rubric with which nobody can have all points, or somebody more.

    Raises:
        RubricError: the items that give points do not add up to what the cell is worth.
    """
    total = sum(item.points for item in rubric.items if item.points > 0)
    if not math.isfinite(total) or abs(total - rubric.max_points) > CLOSE:
        said = " + ".join(f"{item.points:g}" for item in rubric.items if item.points > 0)
        raise RubricError(
            f"the rubric of {where} does not add up",
            expected=f"items that give {rubric.max_points:g} points together",
            got=f"{said or 'none'} = {total:g}",
            fix="give every item its points (`1: a first reason. 1: a second one.`), or change what the cell is worth",
        )


def problems(cells: Iterable[nb.Cell], notebook: str) -> list[str]:
    """What is wrong with the rubrics of a notebook, one message each."""
    found = []
    for cell in cells:
        if nb.is_by_hand(cell):
            try:
                read(cell, f"{notebook}, cell {nb.grade_id(cell)}")
            except RubricError as error:
                found.append(str(error))
    return found


def _solution(cell: nb.Cell) -> str:
    kind = regions.MARK_SCHEME if nb.is_task(cell) else regions.SOLUTION
    stripped = regions.strip_regions(cell["source"], kind, (), nb.grade_id(cell))
    if nb.is_task(cell):
        return "\n".join(stripped.removed)
    return "\n".join(stripped.removed) if stripped.regions else str(cell["source"])


def _items(text: str) -> tuple[tuple[Item, ...], str]:
    """The items in order, and the sentences that are none."""
    text = " ".join(text.split())
    starts = list(_ITEM.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)][: len(starts)]
    items, remarks = [], [text[: starts[0].start()]] if starts else [text]
    for count, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        said, *more = _REMARK.split(text[start.end() : end].strip(), maxsplit=1)
        items.append(Item(str(count), float(start["points"].replace("\u2212", "-")), said.rstrip(" .;")))
        remarks += more
    return tuple(items), " ".join(remark.strip() for remark in remarks if remark.strip())
