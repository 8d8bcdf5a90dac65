"""What a regrade changes: every mark that is another one now, by student, by part and in total. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grading.marks import Mark, Scorecard, Verdict

Cell = tuple[str, str]  # notebook, grade id


@dataclass(frozen=True)
class Change:
    """One mark that is not what it was.

    Attributes:
        before, after: points as they count, what a person gave included; None while a person has to decide, or where there is none.
        why: what was said before of a mark that went up, what is said now of one that went down or waits.
        asked_again: a person graded it, and is asked to look once more.
        new_work: what the student wrote has changed too.
    """

    student: str
    part: str
    cell: str
    notebook: str
    before: float | None
    after: float | None
    max_points: float
    why: str = ""
    asked_again: bool = False
    new_work: bool = False

    @property
    def points(self) -> float:
        """How many points it is up, or down."""
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Sum:
    """A student's or a part's points before and after, and who moved which way."""

    name: str
    before: float
    after: float
    up: int = 0
    down: int = 0


@dataclass(frozen=True)
class ClassChanges:
    """What a regrade changes.

    Attributes:
        students: how many were graded before and are graded now.
        changes: in the order of students and cells.
        totals: of every student whose points or open marks change: everything decided, before and after.
        new: students who were not graded before.
        gone: students who are no longer in the class.
    """

    students: int
    changes: tuple[Change, ...] = ()
    totals: tuple[Sum, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Sum, ...]:
        """By part: the points of all changes, and how many students are up and down in it."""
        found: defaultdict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            found[change.part].append(change)
        return tuple(_sum(name, changes) for name, changes in found.items())

    @property
    def up(self) -> int:
        """How many students have more in total."""
        return sum(one.after > one.before for one in self.totals)

    @property
    def down(self) -> int:
        """How many have less."""
        return sum(one.after < one.before for one in self.totals)

    @property
    def asked_again(self) -> int:
        """How many answers a person is asked to look at once more."""
        return sum(change.asked_again for change in self.changes)

    def of(self, student: str) -> tuple[Change, ...]:
        """One student's changes."""
        return tuple(change for change in self.changes if change.student == student)


def _sum(name: str, changes: Sequence[Change]) -> Sum:
    moved: defaultdict[str, float] = defaultdict(float)
    for change in changes:
        moved[change.student] += change.points
    before, after = (sum(getattr(change, when) or 0.0 for change in changes) for when in ("before", "after"))
    return Sum(name, before, after, sum(by > 0 for by in moved.values()), sum(by < 0 for by in moved.values()))


@dataclass(frozen=True)
class Grading:
    """One grading of a class, as it counts.

    Attributes:
        raw: what the tests said, by student.
        shown: the same with what people decided.
    """

    raw: Mapping[str, Scorecard]
    shown: Mapping[str, Scorecard]


def changes(before: Grading, after: Grading, by_hand: Mapping[str, Iterable[Cell]]) -> ClassChanges:
    """Compare two gradings of a class.

    Args:
        before: the earlier one.
        after: the later one.
        by_hand: what people have graded, by student: they are asked again where tests or the answer say something else now.
    """
    both = sorted(set(before.raw) & set(after.raw))
    found: list[Change] = []
    totals: list[Sum] = []
    for student in both:
        mine = list(_of_student(student, before, after, set(by_hand.get(student, ()))))
        found += mine
        if mine:
            totals.append(Sum(student, _total(before.shown[student]), _total(after.shown[student])))
    new, gone = sorted(set(after.raw) - set(before.raw)), sorted(set(before.raw) - set(after.raw))
    return ClassChanges(len(both), tuple(found), tuple(totals), tuple(new), tuple(gone))


def _of_student(student: str, before: Grading, after: Grading, by_hand: set[Cell]) -> Iterable[Change]:
    old, new = _marks(before.shown[student]), _marks(after.shown[student])
    raw_old, raw_new = _marks(before.raw[student]), _marks(after.raw[student])
    for cell in dict.fromkeys([*new, *old]):
        was, now = old.get(cell), new.get(cell)
        again = cell in by_hand and _differs(raw_old.get(cell), raw_new.get(cell))
        points = was.points if was else None, now.points if now else None
        if (was is None) != (now is None) or points[0] != points[1] or again:
            yield _change(student, was, now, again=again)


def _differs(was: Mark | None, now: Mark | None) -> bool:
    """Whether the gradebook asks a person again: other points from the tests, or another answer."""
    return was is not None and now is not None and (was.points != now.points or was.answer != now.answer)


def _change(student: str, was: Mark | None, now: Mark | None, *, again: bool) -> Change:
    mark = now or was
    assert mark is not None
    up = was is not None and now is not None and now.points is not None and now.points > (was.points or 0.0)
    why = "no longer asked" if now is None else "was not asked before" if was is None else was.reason if up else now.reason
    if was is not None and now is not None and was.max_points != now.max_points:
        why = "; ".join(filter(None, [f"worth {now.max_points:g} points instead of {was.max_points:g}", why]))
    return Change(
        *(student, mark.part, mark.grade_id, mark.notebook),
        before=was.points if was else None,
        after=now.points if now else None,
        max_points=mark.max_points,
        why=why,
        asked_again=again,
        new_work=bool(was and now and was.answer != now.answer),
    )


def _marks(card: Scorecard) -> dict[Cell, Mark]:
    return {(mark.notebook, mark.grade_id): mark for mark in card.marks}


def _total(card: Scorecard) -> float:
    return sum(mark.points or 0.0 for mark in card.marks)


# ---- what may be changed ----


def better(before: Scorecard, after: Scorecard) -> Scorecard:
    """The later card with every mark that was better before as it was, so that nobody loses points by a regrade.

    A check that could not be judged now and was before keeps its points. The answer is the later one: who graded another is asked.
    """
    old = _marks(before)
    return replace(after, marks=tuple(_better(old.get((mark.notebook, mark.grade_id)), mark) for mark in after.marks))


def _better(was: Mark | None, now: Mark) -> Mark:
    if was is None or was.points is None or now.by_hand or was.verdict is Verdict.UNJUDGED:
        return now
    points = min(was.points, now.max_points)  # a cell that is worth less now
    if now.points is not None and now.points >= points:
        return now
    kept = "kept: it was better before the regrade"
    reason = was.reason if was.reason.endswith(kept) else "; ".join(filter(None, [was.reason, kept]))
    return replace(was, answer=now.answer, points=points, max_points=now.max_points, reason=reason)


def one_part(before: Scorecard, after: Scorecard, part: str) -> Scorecard:
    """The earlier card with the later marks of one part."""
    new = _marks(after)
    marks = tuple(new.get((mark.notebook, mark.grade_id), mark) if mark.part == part else mark for mark in before.marks)
    added = tuple(mark for cell, mark in new.items() if mark.part == part and cell not in _marks(before))
    return replace(before, marks=(*marks, *added))
