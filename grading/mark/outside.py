"""Help from outside: answers go out under names that say nothing, proposals come in, and a person decides."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from grading.mark import decisions, growth, tables
from grading.mark.items import CLOSE
from grading.mark.pile import MarkError, Pile
from grading.mark.question import Question

COLUMNS = ("question", "answer", "items", "comment")
_MOST_SAID = 5


@dataclass(frozen=True)
class Line:
    """An answer that goes out.

    Attributes:
        rubric: its question's items, "name: points text", one a line.
    """

    question: str
    answer: str
    max_points: float
    rubric: str
    text: str


@dataclass(frozen=True)
class Proposal:
    """What somebody outside would choose."""

    made_by: str
    items: tuple[str, ...]
    comment: str


def lines(connection: Any, pile: Pile) -> list[Line]:
    """Every answer to a question that waits; who wrote it is not said."""
    question = pile.question
    rubric = growth.versions(connection, question)[0].rubric
    said = "\n".join(f"{item.name}: {item.points:+g} {item.text}" for item in rubric.items)
    waiting = [student for student, state in decisions.states(connection, question).items() if state.waits]
    names = sorted((pile.name(student), student) for student in waiting)
    return [Line(question.path, name, rubric.max_points, said, pile.written(student).text) for name, student in names]


def propose(connection: Any, piles: Mapping[str, Pile], found: Sequence[Mapping[str, str]], source: str) -> int:
    """Keep proposals, instead of earlier ones for the same answers.

    Args:
        connection: the transaction.
        piles: by question.
        found: a file's lines, by column.
        source: the file's name.

    Raises:
        MarkError: a question, an answer or an item that is not there; nothing is kept then.
    """
    wrong, rows = [], []
    for number, line in enumerate(found, 2):  # the first line names the columns
        try:
            rows.append(_row(connection, piles, line, source))
        except MarkError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        more = [f"… and {len(wrong) - _MOST_SAID} more"] if len(wrong) > _MOST_SAID else []
        raise MarkError(
            f"{len(wrong)} of {len(found)} proposals are for nothing that is here; none was taken",
            expected=f"the columns {', '.join(COLUMNS)}, as `hw mark --to-csv` writes question and answer",
            got="\n".join([*wrong[:_MOST_SAID], *more]),
            fix="mend the lines, or write the file anew with --to-csv",
        )
    for row in rows:
        connection.execute(delete(tables.proposals).where(*(tables.proposals.c[name] == row[name] for name in _KEY)))
    if rows:
        connection.execute(insert(tables.proposals), rows)
    return len(rows)


_KEY = ("assignment", "notebook", "cell", "student")


def proposal(connection: Any, question: Question, student: str) -> Proposal | None:
    """What is proposed for an answer."""
    table = tables.proposals
    row = connection.execute(select(table).where(*tables.of(table, question), table.c.student == student)).mappings().first()
    return None if row is None else Proposal(row["made_by"], tuple(json.loads(row["items"])), row["comment"])


def agreement(connection: Any, question: Question) -> tuple[int, int]:
    """How many proposals have the points that people gave, and for how many answers both are there."""
    table = tables.proposals
    rows = connection.execute(select(table.c.student, table.c["items"]).where(*tables.of(table, question))).all()
    found = decisions.states(connection, question, [row[0] for row in rows]) if rows else {}
    rubric = growth.versions(connection, question)[0].rubric
    both = [
        (found[row[0]].grade.given, rubric.points(json.loads(row[1]))) for row in rows if row[0] in found and found[row[0]].done
    ]
    return sum(given is not None and abs(given - points) < CLOSE for given, points in both), len(both)


def _row(connection: Any, piles: Mapping[str, Pile], line: Mapping[str, str], source: str) -> dict[str, Any]:
    missing = [name for name in COLUMNS[:3] if line.get(name) is None]
    if missing:
        raise MarkError("a column is missing", expected=", ".join(COLUMNS), got=f"no {', '.join(missing)}")
    pile = piles.get(line["question"])
    if pile is None:
        raise MarkError("there is no such question", got=line["question"][:80])
    student = pile.student(connection, line["answer"])
    known = {item.name for item in growth.versions(connection, pile.question)[0].rubric.items}
    chosen = [name for name in re.split(r"[\s,;]+", line["items"].strip()) if name]
    if unknown := sorted({*chosen} - known):
        raise MarkError("there is no such item", expected=", ".join(sorted(known)), got=", ".join(unknown)[:80])
    named = {**tables.named(pile.question), "student": student, "made_by": source, "made_at": time.time()}
    return {**named, "items": json.dumps(chosen), "comment": (line.get("comment") or "")[:4_000]}
