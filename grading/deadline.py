"""Until when work is on time, and what later work is worth. Pure: reads no clock and knows no platform.

The whole rule:

1. Work is on time up to `due`, that second included. A student with an extension has that date in the place of `due`.
2. Later, each day that has begun counts: one second late is one day, 24 hours are one day, 24 hours and a second are two.
3. Each takes the part `penalty` off what was earned, in every kind of points; nothing goes below 0.
4. More than `late_days` late earns nothing. Without `late_days` any work is taken.
5. Where nobody knows when it was handed in, nothing is taken off, and staff and student are told so.

What was earned stays as it is; what counts is shown beside it.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

_DAY_S = 24 * 60 * 60

Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # with an offset: the same instant for everybody


@dataclass(frozen=True)
class HandedIn:
    """When something was handed in, as the platform says it.

    Attributes:
        moment: as in 2026-12-01T21:26:33+01:00; without an offset where the platform writes none, empty where it says nothing.
        by: who says it, "Gradescope"; empty for a folder or a zip, which nobody says anything of.
        late: the platform itself marks it as late.
    """

    moment: str = ""
    by: str = ""
    late: bool = False


NOT_SAID = HandedIn()


@dataclass(frozen=True)
class Deadline:
    """What an assignment's `deadline` in course.toml says.

    Attributes:
        due: until when work is on time.
        late_days: how many days late it is taken at most; None for any number.
        penalty: which part of the points each late day takes.
        extensions: student, as `hw report` names them -> until when this one's work is on time.
        handed_in: student -> when, where staff looked it up; it counts in the place of what the download says.
        timezone: of platforms that write local times, "Europe/Berlin"; empty if the course does not say.
    """

    due: Moment
    late_days: Annotated[int, msgspec.Meta(ge=0)] | None = None
    penalty: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    extensions: dict[str, Moment] = field(default_factory=dict)
    handed_in: dict[str, Moment] = field(default_factory=dict)
    timezone: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; `ValueError` says what."""
        early = sorted(name for name, until in self.extensions.items() if until < self.due)
        if early:
            raise ValueError(f"the extension of {', '.join(early)} ends before the assignment is due")
        if self.timezone:
            try:
                ZoneInfo(self.timezone)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"no time zone is called {self.timezone!r}; write one as in Europe/Berlin") from None

    def strangers(self, students: Collection[str]) -> list[str]:
        """Extensions and times for nobody of the class: a name that was mistyped."""
        return sorted((self.extensions.keys() | self.handed_in.keys()) - set(students))


@dataclass(frozen=True)
class Lateness:
    """What the rule says of one student's work.

    Attributes:
        due: until when it was on time, an extension included.
        extended: whether that is an extension.
        moment: when it was handed in, in the same zone; None where nobody knows.
        days: how many days late, begun ones included.
        factor: what part of the points counts.
        doubt: why nobody knows when, for staff.
    """

    due: datetime
    extended: bool = False
    moment: datetime | None = None
    days: int = 0
    factor: float = 1.0
    doubt: str = ""

    @property
    def refused(self) -> bool:
        """Whether it came too late to count."""
        return self.days > 0 and self.factor == 0


def judge(deadline: Deadline, student: str, handed_in: HandedIn) -> Lateness:
    """Apply the rule to one student's work."""
    due = deadline.extensions.get(student, deadline.due)
    extended = student in deadline.extensions
    looked_up = deadline.handed_in.get(student)
    moment, doubt = (looked_up, "") if looked_up else _moment(handed_in, deadline.timezone)
    if moment is None:
        return Lateness(due, extended, doubt=doubt)
    days = days_late(moment, due)
    return Lateness(due, extended, moment.astimezone(due.tzinfo), days, _factor(deadline, days))


def days_late(moment: datetime, due: datetime) -> int:
    """How many days have begun since a deadline; fractions of a second do not count."""
    late_s = math.floor((moment - due.replace(microsecond=0)).total_seconds())
    return max(0, -(-late_s // _DAY_S))


def _factor(deadline: Deadline, days: int) -> float:
    if deadline.late_days is not None and days > deadline.late_days:
        return 0.0
    return max(0.0, round(1 - deadline.penalty * days, 9))


def _moment(handed_in: HandedIn, timezone: str) -> tuple[datetime | None, str]:
    """The instant, or why nobody knows it."""
    mark = ", but marks the work as late" if handed_in.late else ""
    if not handed_in.moment:
        return None, f"{handed_in.by}'s download does not say when{mark}" if handed_in.by else "nothing says when it was handed in"
    try:
        moment = datetime.fromisoformat(handed_in.moment)
    except ValueError:
        return None, f"{handed_in.by} says {handed_in.moment}, which is no time that can be read"
    if moment.tzinfo is not None:
        return moment, ""
    if not timezone:
        return None, f"{handed_in.by}'s times name no zone, and `deadline` in course.toml has no `timezone`"
    return moment.replace(tzinfo=ZoneInfo(timezone)), ""  # of an hour that a clock shows twice, the first: it is the earlier one
