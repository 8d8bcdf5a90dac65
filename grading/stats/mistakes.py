"""What cost points, counted: one misconception however many checks it shows in, with the sentence that students read.

Tests name the kind of mistake in the sentence that helps (`fix` of `hw_lib.errors`), so that sentence tells one from another;
numbers in it do not, for hidden inputs differ. Where a test says no such sentence, what it found is the name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from grading import display, quotes
from grading.figures import Example, Mistake, Open
from grading.marks import Mark, Scorecard, Verdict
from grading.stats import estimates

_NUMBER = re.compile(r"(?<![A-Za-z_\d])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_RAISED = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit)\b")
_EXAMPLES = 2

Key = tuple[str, str]  # kind, and what tells one from another


def mistakes(cards: Sequence[Scorecard]) -> tuple[Mistake, ...]:
    """What cost points, what most students did first; what tests name before other reasons of the same count."""
    found: defaultdict[Key, list[tuple[str, Mark]]] = defaultdict(list)
    decided: defaultdict[str, set[str]] = defaultdict(set)  # grade id -> students
    for card in cards:
        for mark in card.marks:
            if mark.by_hand:
                continue
            if mark.points is not None and not mark.undecided:
                decided[mark.grade_id].add(card.student)
                if mark.verdict in (Verdict.FAILED, Verdict.PARTIAL):
                    found[_key(mark)].append((card.student, mark))
    made = [_mistake(key, marks, decided) for key, marks in found.items()]
    return tuple(sorted(made, key=lambda one: (-one.students, one.kind != "named", one.said)))


def _key(mark: Mark) -> Key:
    if not mark.answered:
        return "empty", mark.part
    said = quotes.whole(mark.what)
    if mark.cause or _RAISED.match(said) or said.startswith("cell "):
        return "stopped", _plain(mark.cause or said or mark.reason)
    return "named", _plain(mark.fix or said or mark.reason)


def _plain(text: str) -> str:
    """A sentence without what differs from student to student."""
    return " ".join(_NUMBER.sub("#", quotes.whole(text)).split())


def _mistake(key: Key, marks: Sequence[tuple[str, Mark]], decided: dict[str, set[str]]) -> Mistake:
    kind, _ = key
    students = {student for student, _ in marks}
    shown = {mark.grade_id for _, mark in marks}
    cells = tuple(cell for cell in decided if cell in shown)  # in the author's order
    asked = set().union(*(decided[cell] for cell in cells))
    share = estimates.share(np.array([student in students for student in sorted(asked)], dtype=float))
    return Mistake(
        kind=kind,
        said=_said(kind, [mark for _, mark in marks]),
        cells=cells,
        students=len(students),
        share=share,
        points=sum(mark.max_points - (mark.points or 0.0) for _, mark in marks),
        examples=() if kind == "empty" else tuple(_examples(mark for _, mark in marks)),
    )


def _said(kind: str, marks: Sequence[Mark]) -> str:
    """The sentence as most students read it."""
    if kind == "empty":
        return f"part ({marks[0].part}) was not answered"
    texts = (
        mark.cause or mark.what or mark.reason if kind == "stopped" else mark.fix or mark.what or mark.reason for mark in marks
    )
    ((said, _),) = Counter(display.line(quotes.shown(text), chars=300) for text in texts).most_common(1)
    return said or "a check of this cell does not hold"


def _examples(marks: Iterable[Mark]) -> list[Example]:
    """The first ones that differ in what came out."""
    found: dict[str, Example] = {}
    for mark in marks:
        what, expected, got = (
            display.block(quotes.whole(text), chars=300, lines=6) for text in (mark.what, mark.expected, mark.got)
        )
        if (what or got) and (got or what) not in found:
            found[got or what] = Example(mark.grade_id, what, expected, got)
        if len(found) == _EXAMPLES:
            break
    return list(found.values())


def waiting(cards: Iterable[Scorecard]) -> tuple[Open, ...]:
    """What waits for a person, by reason, the most points first; written answers stand as one line for each question."""
    found: defaultdict[str, list[tuple[str, Mark]]] = defaultdict(list)
    for card in cards:
        for mark in card.marks:
            if mark.undecided or mark.waits:
                found[_why(mark)].append((card.student, mark))
    made = [
        Open(
            why,
            tuple(dict.fromkeys(mark.grade_id for _, mark in marks)),
            tuple(dict.fromkeys(student for student, _ in marks)),
            sum(mark.max_points for _, mark in marks),
        )
        for why, marks in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.points, one.why)))


def _why(mark: Mark) -> str:
    if mark.waits and not mark.undecided and mark.reason == "a person grades this":
        return f"({mark.part}) {mark.grade_id}: a written answer, not read yet"
    return display.line(_NUMBER.sub("#", mark.cause or mark.reason or "a person has to look"), chars=200)
