"""The list of the class in a page of staff: one row per student, who needs a look first, with the parts' symbols and every flag."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from grading import display
from grading.marks import Scorecard
from grading.pages.report import Row, reason, rows

_LOOKS = ("?", "⚑", "")
Links = Callable[[str], tuple[tuple[str, str], ...]]  # student -> (name, address) of their pages


@dataclass(frozen=True)
class Listed:
    """One student.

    Attributes:
        look: ?, ⚑ or nothing.
        links: their pages, by name.
        symbols: a symbol for each part.
        total: everything decided so far.
        flags: what to look at in the code.
        said: the first thing to know.
        late: how late, and what part of the points counts; empty for work that is on time.
        days_late: the same to sort by; None where nobody knows.
    """

    student: str
    look: str
    links: tuple[tuple[str, str], ...]
    symbols: tuple[str, ...]
    automatic: float
    bonus: float
    hand: float
    waiting: float
    unjudged: int
    total: float
    flags: tuple[str, ...]
    said: str
    late: str = ""
    days_late: int | None = 0


@dataclass(frozen=True)
class ClassList:
    """Everybody, what there is to earn, and the means of those who are judged."""

    parts: tuple[str, ...]
    rows: tuple[Listed, ...]
    possible: float
    bonus_possible: float
    hand_possible: float
    mean: float | None
    mean_bonus: float | None

    @property
    def late(self) -> bool:
        """Whether there is anything to say of anybody's lateness."""
        return any(row.late for row in self.rows)

    @property
    def needs_look(self) -> int:
        """How many students a person should look at."""
        return sum(bool(row.look) for row in self.rows)


def class_list(cards: Iterable[Scorecard], links: Links) -> ClassList:
    """The class, who needs a look first.

    Args:
        cards: the class.
        links: where a student's pages are, if they were written.
    """
    found = sorted(rows(cards), key=lambda row: (_LOOKS.index(row.look), row.student))
    judged = [row.totals for row in found if not row.totals.unjudged]
    most = [row.totals for row in found]
    return ClassList(
        parts=tuple(display.line(name, chars=30) for name in (found[0].parts if found else ())),
        rows=tuple(_listed(row, links) for row in found),
        possible=max((totals.possible for totals in most), default=0.0),
        bonus_possible=max((totals.bonus_possible for totals in most), default=0.0),
        hand_possible=max((totals.by_hand_possible for totals in most), default=0.0),
        mean=sum(totals.earned for totals in judged) / len(judged) if judged else None,
        mean_bonus=sum(totals.bonus for totals in judged) / len(judged) if judged else None,
    )


def _listed(row: Row, links: Links) -> Listed:
    totals, lateness = row.totals, row.card.lateness
    return Listed(
        student=row.student,
        look=row.look,
        links=links(row.card.student),
        symbols=tuple(result.symbol for result in row.parts.values()),
        automatic=totals.earned,
        bonus=totals.bonus,
        hand=totals.given,
        waiting=totals.waiting,
        unjudged=totals.unjudged,
        total=sum(mark.points or 0.0 for mark in row.card.marks),
        flags=tuple(display.line(flag) for flag in row.card.flags[:5]),
        said=reason(replace(row.card, flags=())),  # the flags stand above it
        late=row.late,
        days_late=lateness.days if lateness and lateness.moment else None if lateness else 0,
    )
