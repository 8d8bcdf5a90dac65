"""Grading on the platform itself: `hw bundle` packs a course, and `python -m grading.autograding` grades one hand-in there.

There it goes through the same stages as `hw grade`, on a class of the one submission. Whatever goes wrong on our side leaves no
score (the platform then shows an error to staff), never a 0. What is printed there, only staff can read.
"""

from __future__ import annotations

import shutil
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from grading import autograder, collect, console, display, files, pages, regions, sandbox, stages
from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.deadline import judge
from grading.marks import Scorecard, Verdict
from grading.records import GradingError, Submission
from grading.settings import Assignment, RunOptions
from grading.source import read_all

_TOP = Path("/autograder")  # where the platform puts everything


class AutograderError(GradingError):
    """Nothing could be judged: staff have to look, and the student gets no score."""


# ---- at home ----


def bundle(course: Course, assignments: Sequence[Assignment], name: str, minutes: int) -> list[str]:
    """Pack an assignment or a homework for Gradescope; what to say of it.

    Raises:
        BundleError: it was not released, or the packages of this machine are not known.
    """
    target = course.workspace(assignments[0]).autograder(name)
    autograder.pack(course, assignments, target, minutes)
    checks, by_hand, bonus = _points(course, assignments)
    most = max(assignment.limits.memory_mb for assignment in assignments)
    return [
        f"bundle     {display.path(target)}  (hidden tests and the course's secret are in it: for staff and the platform only)",
        "there      Programming Assignment, Configure Autograder: upload it; base image Ubuntu 22.04 or newer",
        f"           autograder points {checks} ({bonus} more are a bonus, {by_hand} wait for a reader), timeout {minutes} minutes",
        f"           memory: a submission may use {most:,} MB here; docs/tas.md says what is enough there",
    ]


def _points(course: Course, assignments: Sequence[Assignment]) -> tuple[str, str, str]:
    """What the automatic checks of required parts are worth, what people read, and what comes on top."""
    found = {"checks": 0.0, "by hand": 0.0, "bonus": 0.0}
    for assignment in assignments:
        for cell in (cell for source in read_all(course, assignment) for cell in source.notebook["cells"] if nb.is_grade(cell)):
            kind = "bonus" if nb.part(cell) in assignment.optional else "by hand" if nb.is_by_hand(cell) else "checks"
            found[kind] += float(nb.meta(cell)["points"])
    return tuple(map(display.number, found.values()))  # type: ignore[return-value]  # three, as there are kinds


# ---- there ----


@dataclass(frozen=True)
class _Class:
    """The one submission, collected for an assignment: once for each member of a group."""

    course: Course
    assignment: Assignment
    members: tuple[Submission, ...]

    @property
    def first(self) -> Submission:
        """Whose work is graded: that of all."""
        return self.members[0]


def run(top: Path = _TOP) -> int:
    """Grade what was handed in, and write `results.json`; returns the exit status."""
    started = time.monotonic()
    try:
        with files.folder("autograder-") as room:
            said = autograder.handed_in(top / "submission_metadata.json")
            console.out.print(f"handed in  {said.moment or 'at an unknown time'} {said.doubt}", markup=False)
            for line in said.earlier:
                console.out.print(f"earlier    {line}", markup=False)
            if warning := sandbox.check():
                console.out.print(f"sandbox    {warning}", markup=False)
            autograder.as_download(top / "submission", said, room / "class")
            graded = [_grade(one) for one in _collected(top / "source", room)]
            together = [one.student for one in graded[0][0].members]
            found = pages.results([shown for _, shown in graded], together if len(together) > 1 else (), time.monotonic() - started)
            files.write_bytes(top / "results" / "results.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
            return 0
    except Exception as error:  # whatever it is, it is said, and nobody has a score for it
        console.out.print(f"NOT GRADED {error}", markup=False)
        if not isinstance(error, GradingError):
            console.out.print(traceback.format_exc(), markup=False)
        return 1


def _collected(source: Path, room: Path) -> list[_Class]:
    """The submission as each of the assignments has it, in a build folder of this run."""
    build = room / "build"
    shutil.copytree(source / "course" / "build", build)
    for folder in (room, build):
        folder.chmod(0o711)  # submissions run as another user, who may pass to the list of fonts and see nothing else
    (room / "class").chmod(0o700)
    (build / "cache").mkdir(exist_ok=True)  # `setup.sh` has put it there
    _open(build / "cache")
    course = replace(courses.load(source / "course"), build=build)
    pace = autograder.seconds_per_second()
    console.out.print(f"pace       {pace:.1f} seconds on the clock for one of the processor", markup=False)
    found = []
    for name in autograder.packed(source).assignments:
        assignment = course.assignments[name]
        assignment = replace(assignment, limits=autograder.fitted(assignment.limits, pace))
        collected = collect.collect(room / "class", course, assignment)
        for note in collected.notes:
            console.out.print(f"note       {note}", markup=False)
        (build / name).chmod(0o700)
        found.append(_Class(course, assignment, collected.submissions))
    return found


def _open(folder: Path) -> None:
    """Let others read a folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _grade(one: _Class) -> tuple[_Class, pages.Graded]:
    """Grade it once, for everybody who handed it in."""
    course, assignment, first = one.course, one.assignment, one.first
    before = autograder.killed()
    done = stages.run(course, assignment, RunOptions(jobs=1), lambda _: None, first.student)
    card = _with_lateness(one, stages.scored(course, assignment, done)[0])
    if autograder.killed() > before and (has := autograder.memory_mb()) < assignment.limits.memory_mb:
        card = _doubted(
            card, f"memory ran out: the container has {has:,.0f} MB, a submission may use {assignment.limits.memory_mb:,}"
        )
    _print(card, one)
    _refuse_nothing(card)
    work, board = course.workspace(assignment), assignment.leaderboard
    ranked = pages.entries(board, [card], [first], work) if board else []
    shown = pages.Graded(
        card=card,
        setting=pages.setting(course, assignment),
        hidden=hidden(course, assignment),
        written=pages.written_answers(card, work),
        board=board,
        ranked=ranked[0] if ranked else None,
    )
    return one, shown


def _doubted(card: Scorecard, why: str) -> Scorecard:
    """The card without a verdict on what was not passed: that may be our fault. What was passed stays."""
    doubted = (
        mark if mark.by_hand or mark.verdict is Verdict.PASSED else replace(mark, points=None, verdict=Verdict.UNJUDGED, reason=why)
        for mark in card.marks
    )
    return replace(card, marks=tuple(doubted))


def _with_lateness(one: _Class, card: Scorecard) -> Scorecard:
    """The card with the deadline's verdict: that of the member for whom most counts, because there is one score for all."""
    rule = one.assignment.deadline
    if rule is None:
        return card
    judged = [judge(rule, member.student, member.handed_in) for member in one.members]
    return replace(card, lateness=max(judged, key=lambda late: late.factor))


def hidden(course: Course, assignment: Assignment) -> set[str]:
    """Tests with a part that students do not have."""
    marker = f"### BEGIN {regions.HIDDEN_TESTS}"
    cells = [cell for source in read_all(course, assignment) for cell in source.notebook["cells"]]
    return {nb.grade_id(cell) for cell in cells if nb.is_test(cell) and marker in cell["source"]}


def _refuse_nothing(card: Scorecard) -> None:
    """Where no check at all could be judged although the notebook was opened, it is our fault, and a 0 would be wrong."""
    checks = [mark for mark in card.marks if not mark.by_hand]
    if checks and not card.unopened and all(mark.verdict is Verdict.UNJUDGED for mark in checks):
        raise AutograderError(
            "no check could be judged", got=checks[0].reason, fix="see above; then *Regrade* the submission there"
        )


def _print(card: Scorecard, one: _Class) -> None:
    """What staff read: every cell with its reason, flags, notes, lateness."""
    console.out.print(pages.student_table(card))
    for member in one.members[1:]:
        console.out.print(f"group      {display.line(member.student)}: the same work and the same score", markup=False)


if __name__ == "__main__":
    sys.exit(run())
