"""What the deadline makes of a class, in words: for the table of staff, for the student's page, for the spreadsheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from grading import display
from grading.deadline import Deadline, Lateness
from grading.marks import Scorecard
from grading.pages.texts import Texts
from grading.settings import Assignment

COLUMNS = ("due", "handed_in", "days_late", "late_factor", "late_doubt", "total_counted")
_MOST_NAMES = 12


def shown(moment: datetime) -> str:
    """A time with its zone, as 2026-12-01 23:59:59 UTC+01:00."""
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z")


def symbol(late: Lateness | None) -> str:
    """In a column of the table: nothing for work that is on time."""
    if late is None or (late.moment and not late.days):
        return ""
    return f"{late.days} d, {late.factor:.0%}" if late.moment else "no time"


def counted(total: float | None, late: Lateness | None) -> float | None:
    """What counts of some points."""
    return total if total is None or late is None else total * late.factor


def as_counted(card: Scorecard) -> Scorecard:
    """The card with what counts of every mark: what a platform is told, and what adds up over the assignments of a homework."""
    late = card.lateness
    if late is None or late.factor == 1:
        return card
    marks = (mark if mark.points is None else replace(mark, points=mark.points * late.factor) for mark in card.marks)
    return replace(card, marks=tuple(marks))


def row(total: float | None, late: Lateness | None) -> list[object]:
    """The columns of the spreadsheet, in their order; the total as earned, or None while it is open."""
    if late is None:
        return [None] * len(COLUMNS)
    known = late.moment is not None
    when = late.moment.isoformat() if late.moment else None
    return [late.due.isoformat(), when, late.days if known else None, f"{late.factor:g}", late.doubt, counted(total, late)]


def late_lines(cards: Iterable[Scorecard], assignment: Assignment) -> list[str]:
    """What staff have to know below the table: the rule, how many are late, of whom nobody knows, extensions for nobody."""
    if assignment.deadline is None:
        return []
    judged = [(card, card.lateness) for card in cards if card.lateness is not None]
    late = [card.student for card, found in judged if found.days]
    lines = [f"due        {_rule(assignment.deadline)}: {len(late)} of {len(judged)} late"]
    doubts: dict[str, list[str]] = {}
    for card, found in judged:
        if found.moment is None:
            doubts.setdefault(found.doubt, []).append(card.student)
    for doubt, names in doubts.items():
        lines.append(f"no time    {doubt}; nothing is taken off: {_names(names)}")
    if strangers := assignment.deadline.strangers([card.student for card, _ in judged]):
        lines.append(f"deadline   names nobody of this class; is it spelled as in this table? {_names(strangers)}")
    return lines


def _rule(deadline: Deadline) -> str:
    taken = "" if deadline.late_days is None else f", taken up to {deadline.late_days} days late"
    cost = f", each late day costs {deadline.penalty:.0%} of the points" if deadline.penalty else ""
    return f"{shown(deadline.due)}{taken}{cost}"


def _names(names: Sequence[str]) -> str:
    return display.listed(names, most=_MOST_NAMES, chars=40)


def staff_line(card: Scorecard) -> str:
    """The same of one student; empty where there is no deadline."""
    late = card.lateness
    if late is None:
        return ""
    until = f"due {shown(late.due)}{' (an extension)' if late.extended else ''}"
    if late.moment is None:
        return f"{until}; {late.doubt}: nothing is taken off"
    days = "1 day" if late.days == 1 else f"{late.days} days"
    part = f", {days} late: {late.factor:.0%} of the points count" if late.days else ", on time"
    return f"{until}; handed in {shown(late.moment)}{part}"


def sentence(card: Scorecard, said: Texts) -> str:
    """What the student reads below the points; empty where there is no deadline, or nothing was handed in."""
    when, late = when_handed_in(card, said), card.lateness
    if not when or late is None or not late.days:
        return when
    total = sum(mark.points or 0.0 for mark in card.marks)
    part = {"earned": said.points(total), "counted": display.number(total * late.factor)}
    name = "late_nothing_counts" if late.refused else "late_costs" if late.factor < 1 else "late_is_free"
    return f"{when} {said(name, **part)}"


def when_handed_in(card: Scorecard, said: Texts) -> str:
    """The same without points: until when it was due, when it came, how late that is."""
    late = card.lateness
    if late is None or {mark.notebook for mark in card.marks} <= {*card.absent}:
        return ""
    due = said("extension_until" if late.extended else "due_at", when=shown(late.due))
    if late.moment is None:
        return f"{due} {said('time_unknown')}"
    handed = said("handed_in_at", when=shown(late.moment))
    if not late.days:
        return f"{due} {handed} {said('on_time')}"
    return f"{due} {handed} {said('one_day_late') if late.days == 1 else said('days_late', days=late.days)}"
