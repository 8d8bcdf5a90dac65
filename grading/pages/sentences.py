"""The sentences at the top of a student's page: how far it went, what most of it follows from, what a person will decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grading import display
from grading.marks import Mark, Verdict
from grading.pages.texts import Texts
from grading.pages.tones import is_skipped


def summary(marks: Iterable[Mark], texts: Texts) -> str:
    """How far the student came, in a sentence; an optional check that was left out counts neither way."""
    checks = [mark for mark in marks if not mark.by_hand and mark.verdict is not Verdict.UNJUDGED and not is_skipped(mark)]
    right = sum(mark.verdict is Verdict.PASSED for mark in checks)
    if not checks:
        return texts("nothing_checked")
    if right == len(checks):
        return texts("all_right")
    if not any(mark.points for mark in checks):
        return texts("none_right")
    return texts("some_right", right=right, all=len(checks))


def cause(what: str, marks: Sequence[Mark], texts: Texts) -> str:
    """The one thing to begin with, where several checks follow from it."""
    name = "cause_unjudged" if any(mark.verdict is Verdict.UNJUDGED for mark in marks) else "cause"
    return texts(name, count=len(marks), what=display.line(what, chars=400))


def unjudged(marks: Iterable[Mark], texts: Texts) -> str:
    """What a person has to decide; empty for nothing."""
    open_marks = [mark for mark in marks if mark.verdict is Verdict.UNJUDGED]
    if not open_marks:
        return ""
    name = "one_unjudged" if len(open_marks) == 1 else "many_unjudged"
    said = texts(name, count=len(open_marks), points=texts.points(sum(mark.max_points for mark in open_marks)))
    return said if all(mark.cause for mark in open_marks) else f"{said} {texts('not_your_fault')}"
