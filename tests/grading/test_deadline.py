"""The rule of the deadline at its edges: to the second, in any zone, with extensions, and where nobody knows the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import course as courses
from grading.course import CourseError
from grading.deadline import NOT_SAID, Deadline, HandedIn, Lateness, days_late, judge
from tests.grading.conftest import COURSE

CET = timezone(timedelta(hours=1))
DUE = datetime(2026, 12, 1, 23, 59, 59, tzinfo=CET)
RULE = Deadline(DUE, late_days=3, penalty=0.1, extensions={"eve": DUE + timedelta(days=7)}, timezone="Europe/Berlin")

ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SECONDS = st.integers(-40 * 86_400, 40 * 86_400)


def at(seconds: float, zone: timezone = CET) -> HandedIn:
    """Handed in so many seconds after the deadline."""
    return HandedIn((DUE + timedelta(seconds=seconds)).astimezone(zone).isoformat(), "Gradescope")


@pytest.mark.parametrize(
    ("seconds", "days", "factor"),
    [
        (-1, 0, 1.0),
        (0, 0, 1.0),
        (0.999, 0, 1.0),
        (1, 1, 0.9),
        (86_400, 1, 0.9),
        (86_401, 2, 0.8),
        (3 * 86_400, 3, 0.7),
        (3 * 86_400 + 1, 4, 0.0),
    ],
)
def test_the_edges(seconds: float, days: int, factor: float) -> None:
    """The deadline's own second is on time, one second later is a day, and a day ends with its own last second."""
    found = judge(RULE, "ada", at(seconds))
    assert (found.days, found.doubt, found.extended) == (days, "", False)
    assert found.factor == pytest.approx(factor)
    assert found.refused is (factor == 0)


def test_no_late_day_is_not_any_number_of_them() -> None:
    """`late_days = 0`: a second late is too late. Left out: never is."""
    assert judge(replace(RULE, late_days=0), "ada", at(1)).refused
    assert judge(replace(RULE, late_days=0), "ada", at(0)).factor == 1
    assert judge(replace(RULE, late_days=None), "ada", at(5 * 86_400)).factor == pytest.approx(0.5)


@given(SECONDS, ZONES, ZONES)
def test_the_zone_of_a_clock_changes_nothing(seconds: int, zone: timezone, other: timezone) -> None:
    """The same instant is judged the same, whatever clock the platform and the course write."""
    elsewhere = replace(RULE, due=RULE.due.astimezone(other), extensions={})
    one, two = judge(replace(RULE, extensions={}), "ada", at(seconds)), judge(elsewhere, "ada", at(seconds, zone))
    assert (one.days, one.factor, one.due, one.moment) == (two.days, two.factor, two.due, two.moment)


@given(SECONDS, SECONDS)
def test_later_is_never_better(one: int, two: int) -> None:
    """Who hands in earlier has no less, and nobody has less than nothing or more than all."""
    early, late = judge(RULE, "ada", at(min(one, two))), judge(RULE, "ada", at(max(one, two)))
    assert 0.0 <= late.factor <= early.factor <= 1.0
    assert 0 <= early.days <= late.days


@given(SECONDS)
def test_days_are_those_that_have_begun(seconds: int) -> None:
    """So many days after the deadline the work was there, and not one day less."""
    days = days_late(DUE + timedelta(seconds=seconds), DUE)
    assert (days == 0) == (seconds <= 0)
    assert seconds <= days * 86_400
    assert days == 0 or seconds > (days - 1) * 86_400


@given(SECONDS)
def test_an_extension_moves_the_whole_rule(seconds: int) -> None:
    """A week more is the same rule a week later, for this student and nobody else."""
    week = 7 * 86_400
    moved, usual = judge(RULE, "eve", at(seconds + week)), judge(RULE, "ada", at(seconds))
    assert (moved.days, moved.factor) == (usual.days, usual.factor)
    assert (moved.extended, usual.extended) == (True, False)
    assert moved.due - usual.due == timedelta(days=7)


@given(st.integers(0, 50), st.floats(0, 1), st.none() | st.integers(0, 50))
def test_what_each_day_costs(days: int, penalty: float, late_days: int | None) -> None:
    """The part named for each day, none of it below nothing; nothing after the last day that is taken."""
    found = judge(Deadline(DUE, late_days, penalty), "ada", at(days * 86_400))
    taken = late_days is None or days <= late_days
    assert found.factor == pytest.approx(max(0.0, 1 - days * penalty) if taken else 0.0, abs=1e-8)


@pytest.mark.parametrize(
    ("handed_in", "doubt"),
    [
        (NOT_SAID, "nothing says when it was handed in"),
        (HandedIn("", "Moodle"), "Moodle's download does not say when"),
        (HandedIn("", "Canvas", late=True), "Canvas's download does not say when, but marks the work as late"),
        (HandedIn("soon", "Gradescope"), "Gradescope says soon, which is no time that can be read"),
        (HandedIn("2027-01-01T00:00:00", "Brightspace"), "Brightspace's times name no zone, and `deadline` in course.toml has no"),
    ],
)
def test_what_nobody_knows_is_said_and_costs_nothing(handed_in: HandedIn, doubt: str) -> None:
    """No time is guessed; the mark of a platform takes no point either."""
    found = judge(replace(RULE, timezone=""), "ada", handed_in)
    assert found.moment is None
    assert (found.days, found.factor) == (0, 1.0)
    assert found.doubt.startswith(doubt)


def test_local_times_are_those_of_the_zone_that_the_course_names() -> None:
    """With summer time where it is; of an hour that a clock shows twice, the earlier one."""
    summer = replace(RULE, due=datetime(2026, 9, 24, 19, 26, tzinfo=UTC), extensions={})
    assert judge(summer, "ada", HandedIn("2026-09-24T21:26:00", "Brightspace")).days == 0
    assert judge(summer, "ada", HandedIn("2026-09-24T21:27:00", "Brightspace")).days == 1
    assert judge(RULE, "ada", HandedIn("2026-12-01T23:59:00", "Brightspace")).days == 0
    twice = replace(RULE, due=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), extensions={})
    assert judge(twice, "ada", HandedIn("2026-10-25T02:30:00", "Brightspace")).days == 0


def test_the_moment_is_told_in_the_zone_of_the_deadline() -> None:
    """So that both can be compared by eye."""
    moment = judge(RULE, "ada", HandedIn("2026-12-01T22:59:59+00:00", "Gradescope")).moment
    assert moment is not None and (moment.isoformat(), moment.tzinfo) == ("2026-12-01T23:59:59+01:00", CET)


@given(SECONDS)
def test_what_staff_looked_up_counts(seconds: int) -> None:
    """In the place of what the download says, or does not say; for this student alone."""
    looked_up = replace(RULE, handed_in={"ada": DUE + timedelta(seconds=seconds)})
    for said in (HandedIn("", "Moodle"), at(5), NOT_SAID):
        assert judge(looked_up, "ada", said) == judge(RULE, "ada", at(seconds))
        assert judge(looked_up, "bo", said) == judge(RULE, "bo", said)


def test_extensions_for_nobody_are_found() -> None:
    """A mistyped name has no effect, so somebody has to be told."""
    assert RULE.strangers(["ada", "eve"]) == []
    assert RULE.strangers(["ada"]) == ["eve"]
    assert replace(RULE, handed_in={"bo": DUE}).strangers(["eve"]) == ["bo"]


def test_on_time_is_not_refused() -> None:
    """A factor of nothing without a late day does not come up."""
    assert not Lateness(DUE).refused


# ---- course.toml ----


def load(tmp_path: Path, said: str) -> Deadline | None:
    """The deadline of a course that says so."""
    (tmp_path / "course.toml").write_text(f"{COURSE}{said}\n")
    return courses.load(tmp_path / "course.toml").assignments["mini"].deadline


def test_a_deadline_is_read(tmp_path: Path) -> None:
    """Times with an offset, as TOML writes them."""
    said = """[assignments.mini.deadline]
due = 2026-12-01T23:59:59+01:00
late_days = 3
penalty = 0.1
timezone = "Europe/Berlin"
extensions = { eve = 2026-12-08T23:59:59+01:00 }"""
    assert load(tmp_path, said) == RULE
    assert load(tmp_path, "") is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("due = 2026-12-01T23:59:59", "a timezone component"),
        ("due = 2026-12-01", "datetime"),
        ('due = "soon"', "datetime"),
        ("due = 2026-12-01T23:59:59Z, penalty = 10", "<= 1"),
        ("due = 2026-12-01T23:59:59Z, penalty = -0.1", ">= 0"),
        ("due = 2026-12-01T23:59:59Z, late_days = -1", ">= 0"),
        ("due = 2026-12-01T23:59:59Z, late_day = 1", "did you mean 'late_days'"),
        ('due = 2026-12-01T23:59:59Z, timezone = "CETT"', "no time zone is called 'CETT'"),
        ("due = 2026-12-01T23:59:59Z, extensions = { eve = 2026-11-01T00:00:00Z }", "the extension of eve ends before"),
        ("due = 2026-12-01T23:59:59Z, extensions = { eve = 2026-12-11T00:00:00 }", "a timezone component"),
        ("penalty = 0.1", "due"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, said: str, why: str) -> None:
    """A time without a zone, a penalty in percent, a mistyped setting: nobody's points may depend on a guess."""
    with pytest.raises(CourseError) as caught:
        load(tmp_path, f"deadline = {{ {said} }}")
    assert why in str(caught.value)
