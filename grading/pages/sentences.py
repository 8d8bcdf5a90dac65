"""The sentences at the top of a student's page: how far it went, what most of it follows from, what a person will decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grading import display
from grading.marks import Mark, Verdict


def summary(marks: Iterable[Mark]) -> str:
    """How far the student came, in a sentence."""
    checks = [mark for mark in marks if not mark.by_hand and mark.verdict is not Verdict.UNJUDGED]
    right = sum(mark.verdict is Verdict.PASSED for mark in checks)
    if not checks:
        return "There is nothing here yet that could be checked automatically."
    if right == len(checks):
        return "Everything that could be checked automatically is right. Well done!"
    if not any(mark.points for mark in checks):
        return "None of the automatic checks passed yet. Below, each part says what came out and where to start."
    return f"{right} of {len(checks)} automatic checks are right. Below, the others say what came out and what to look at."


def cause(what: str, marks: Sequence[Mark]) -> str:
    """The one thing to begin with, where several checks follow from it."""
    what = display.line(what, chars=400)
    if any(mark.verdict is Verdict.UNJUDGED for mark in marks):
        return f"{len(marks)} checks follow from one thing: {what}. A person will look at it."
    return f"{len(marks)} checks follow from one thing: {what}. Start there: the others may then be right by themselves."


def unjudged(marks: Iterable[Mark]) -> str:
    """What a person has to decide; empty for nothing."""
    open_marks = [mark for mark in marks if mark.verdict is Verdict.UNJUDGED]
    if not open_marks:
        return ""
    checks = "One check" if len(open_marks) == 1 else f"{len(open_marks)} checks"
    worth = points(sum(mark.max_points for mark in open_marks))
    fault = "" if all(mark.cause for mark in open_marks) else " That was not your fault;"
    return f"{checks} ({worth}) could not be finished{'.' if fault else ';'}{fault} a person will look and decide."


def points(value: float) -> str:
    """Points with their word."""
    return f"{display.number(value)} {'point' if value == 1 else 'points'}"
