"""A rubric while people read: the author's, until somebody changes it in the page. Every version stays in the gradebook."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from grading.mark import decisions, items, tables
from grading.mark.decisions import OvertakenError
from grading.mark.items import Item, Rubric, RubricError
from grading.mark.question import Question


@dataclass(frozen=True)
class Version:
    """A rubric as somebody left it; version 0 is the author's."""

    number: int
    made_by: str
    made_at: float
    rubric: Rubric


def versions(connection: Any, question: Question) -> list[Version]:
    """Every version, the newest first."""
    table = tables.rubrics
    rows = connection.execute(select(table).where(*tables.of(table, question)).order_by(table.c.version.desc())).mappings()
    found = []
    for row in rows:
        rubric = replace(question.rubric, items=tuple(Item(*item) for item in json.loads(row["items"])))
        found.append(Version(row["version"], row["made_by"], row["made_at"], rubric))
    return [*found, Version(0, "the author", 0.0, question.rubric)]


def change(connection: Any, question: Question, changed: Sequence[tuple[str, float, str]], seen: int, made_by: str) -> int:
    """Make a new version and rescore every answer that was decided by items. Returns how many got other points.

    Args:
        connection: the transaction.
        question: whose rubric.
        changed: name, points and text of each item; an empty name for a new one.
        seen: the version that the person changed.
        made_by: who.

    Raises:
        OvertakenError: somebody else changed it meanwhile.
        RubricError: items without a text or points, or that do not add up.
        DecisionError: an answer would have more points than it is worth.
    """
    before = versions(connection, question)
    if before[0].number != seen:
        raise OvertakenError(
            "the rubric was changed meanwhile",
            expected=f"version {seen}, which you saw",
            got=f"version {before[0].number} by {before[0].made_by}",
            fix="load the page again and make your change once more",
        )
    rubric = replace(question.rubric, items=_named(changed, before))
    items.check(rubric, question.cell)
    row = {"version": seen + 1, "made_by": made_by, "made_at": time.time()}
    said = json.dumps([[item.name, item.points, item.text] for item in rubric.items])
    connection.execute(insert(tables.rubrics), [{**tables.named(question), **row, "items": said}])
    return decisions.rescore(connection, question, rubric, made_by)


def _named(changed: Sequence[tuple[str, float, str]], before: Sequence[Version]) -> tuple[Item, ...]:
    """The items with names; a name that once was an item's is never given to another one."""
    used = {item.name for version in before for item in version.rubric.items}
    found = []
    for name, points, text in changed:
        if not text.strip() or not math.isfinite(points) or points == 0:
            raise RubricError(
                "an item says what it is for and gives or takes points",
                expected="a text, and points other than 0",
                got=f"{points:g}: {text.strip() or 'no text'}",
                fix="complete it, or leave the line out",
            )
        if name not in used:
            name = next(str(number) for number in range(1, 1_000) if str(number) not in used)
            used.add(name)
        found.append(Item(name, points, " ".join(text.split())))
    return tuple(found)
