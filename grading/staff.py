"""What the verbs for a whole class say, line by line, and in which order they ask the rooms. `cli` prints it."""

from __future__ import annotations

import argparse
import getpass
import os
import shlex
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from os.path import relpath
from pathlib import Path

from rich.console import Console

from grading import display, mark, pages, pipeline
from grading import stats as room
from grading.changes import ClassChanges, Grading, changes
from grading.course import AbsentError, Course, CourseError, unknown
from grading.marks import Mark, Scorecard
from grading.settings import Assignment


def pager(out: Console, lines: int) -> AbstractContextManager[object]:
    """A terminal that cannot hold so many lines shows them page by page."""
    if not out.is_terminal or lines < out.height:
        return nullcontext()
    os.environ.setdefault("LESS", "-FRX")  # colours; what fits one page ends by itself, and what was shown stays
    return out.pager(styles=True)


def bundle(course: Course, homework: str) -> list[str]:
    """Put the hand-outs of a homework into one."""
    from grading import release  # it makes web pages, with what takes half a second to import

    made = display.path(release.bundle(course, homework))
    return [f"homework   {made}  ({', '.join(course.homeworks[homework])})"]


def what_next(name: str, student: str) -> list[str]:
    """What a TA may want to type after the table of an assignment."""
    hw = display.program()
    lines = [
        f"{hw} report {name} --student {shlex.quote(student)}    every cell of one student",
        "make lab           the student release in JupyterLab",
        f"{hw} mark {name}    read the written answers, question by question",
        f"{hw} collect {name} FOLDER-OR-ZIP && {hw} grade {name} && {hw} report {name}    your own class",
    ]
    return ["", "what to type next", *(f"  {line}" for line in lines)]


def changed(course: Course, assignment: Assignment, made: ClassChanges, *, dry_run: bool) -> list[str]:
    """What a regrade changes, kept unless it was only tried; nothing to say of a first grading."""
    if not made.students:
        return []
    first, *lines = pages.change_lines(made)
    said = [f"{'dry run ' if dry_run else 'regraded'}   {first}", *lines]
    path = None if dry_run else pages.write_changes(made, course.workspace(assignment), datetime.now())
    if path:
        said.append(f"changes    {display.path(path)}")
    if dry_run:
        said.append(f"nothing was written; without --dry-run `{display.program()} grade {assignment.name}` does it")
    return said


def told(course: Course, assignment: Assignment, day: str, student: str) -> list[str]:
    """What students were told until a day, and what is different now.

    Raises:
        PublishedError: the day cannot be read, or nothing was told until then.
        CourseError: nobody has that name.
    """
    found = pages.told_on(day, course.workspace(assignment))
    names = [card.student for card in found.cards]
    if student and student not in names:
        raise AbsentError(unknown("student", student, names))
    said = [f"told       {found.when} by hw {found.how}, {len(found.cards)} students"]
    wanted = [card for card in found.cards if student in ("", card.student)]
    if student:
        said += [f"  ({mark.part}) {mark.grade_id}  {points_of(mark)}  {mark.reason}".rstrip() for mark in wanted[0].marks]
        said.append(f"  together {display.number(sum(mark.points or 0.0 for mark in wanted[0].marks))}")
    then = {card.student: card for card in wanted}
    now = {card.student: card for card in pipeline.cards(course, assignment) if student in ("", card.student)}
    since = changes(Grading(then, then), Grading(now, now), {})
    first, *lines = pages.change_lines(since, most=len(names))
    return [*said, f"since then {first}", *lines]


def points_of(mark: Mark) -> str:
    """Points as they were told: "2 of 3", or that somebody has still to decide."""
    return f"{'open' if mark.points is None else display.number(mark.points)} of {display.number(mark.max_points)}"


def publish(course: Course, assignment: Assignment, cards: Iterable[Scorecard], how: str) -> None:
    """Keep what students are told."""
    pages.write_published(cards, how, course.workspace(assignment), datetime.now())


def requests(course: Course, assignment: Assignment, options: argparse.Namespace) -> list[str]:
    """Write down or answer what a student asks, as it was typed; without either, the list of everything that was asked.

    Raises:
        RequestError: no such cell, nothing said, nothing open.
    """
    by = options.by or getpass.getuser()
    if options.say or options.answer:
        cell = _cell(course, assignment, options.student, options.cell)
        write, text = (mark.ask, options.say) if options.say else (mark.answer, options.answer)
        write(course.db, cell, options.student, text, by)
    found = [one for one in mark.requests(course.db, assignment.name) if options.student in ("", one.student)]
    lines = [_request(one) for one in found]
    count = sum(one.is_open for one in found)
    return [*lines, f"requests   {count} open, {len(found) - count} decided"]


def _cell(course: Course, assignment: Assignment, student: str, name: str) -> mark.Cell:
    """The graded cell that a request is about."""
    cards = {card.student: card for card in pipeline.cards(course, assignment)}
    if student not in cards:
        raise CourseError(unknown("student", student, list(cards)))
    cells = {one.grade_id: one.notebook for one in cards[student].marks}
    if name not in cells:
        raise CourseError(unknown("cell", name, list(cells)))
    return mark.Cell(assignment.name, cells[name], name)


def _request(one: mark.Request) -> str:
    who = f"{display.line(one.student, chars=40)} {one.cell.cell}"
    said = f"{who}: {display.line(one.text)} ({display.line(one.made_by, chars=40)}, {_day(one.made_at)})"
    if one.is_open:
        return f"open       {said}"
    at = f", {_day(one.decided_at)}" if one.decided_at else ""
    return f"decided    {said}: {display.line(one.decision)} ({display.line(one.decided_by, chars=40)}{at})"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")


def below_table(course: Course, assignment: Assignment, student: str) -> list[str]:
    """What stands below the table of the class: what students ask, where everything lies, what to type next."""
    work = course.workspace(assignment)
    count = sum(one.is_open for one in mark.requests(course.db, assignment.name))
    asked = [f"requests   {count} open: {display.program()} requests {assignment.name}"] if count else []
    return [
        "",
        *asked,
        f"gradebook  {display.gradebook(course.db)}",
        f"feedback   {display.path(work.feedback_index)}",
        f"csv        {display.path(work.export / 'grades.csv')}",
        *what_next(assignment.name, student),
    ]


def stats(course: Course, assignments: Sequence[Assignment], name: str, sections: Path | None) -> list[str]:
    """Write the figures of an assignment or a homework; what to say of them.

    Args:
        course: where everything lies.
        assignments: of the homework, in its order.
        name: what was typed.
        sections: a CSV of the students' sections.

    Raises:
        PipelineError: one of them was not graded.
        SectionsError: the list does not fit the class.
    """
    classes = [pipeline.cards(course, assignment) for assignment in assignments]
    cards, folder = room.one_card_each(classes, name), course.workspace(assignments[0]).stats(name)
    students = [card.student for card in cards]
    groups: dict[str, dict[str, str]] = room.sections(sections, students) if sections else {}
    times = room.Times()
    titles: dict[str, str] = {}
    for assignment in assignments:
        work = course.workspace(assignment)
        room.times(work, assignment.notebooks, students, times)
        groups = {**room.platforms(work, students), **groups}
        titles |= _titles(course, assignment)
    found = room.figures(cards, titles, times, groups)
    title = assignments[0].title if len(assignments) == 1 else name
    last = pages.last_changes(course.workspace(assignments[0])) if len(assignments) == 1 else None
    links = partial(_links, course, assignments, folder)
    page, *files = pages.write_stats(found, cards, title, folder, links, last)
    return [*pages.stats_lines(found), f"stats      {display.path(page)}  (and {len(files)} CSV files beside it)"]


def _titles(course: Course, assignment: Assignment) -> dict[str, str]:
    """What the author calls parts and cells; a part also under the name that it has in a homework with another of its name."""
    asked = pages.asked(course, assignment)
    named = {f"{notebook} {part}": title for part, title in asked.parts.items() for notebook in assignment.notebooks}
    return {**asked.cells, **asked.parts, **named}


def _links(course: Course, assignments: Sequence[Assignment], folder: Path, student: str) -> tuple[tuple[str, str], ...]:
    """The student's pages that were written, as addresses from a folder."""
    found = []
    for assignment in assignments:
        work = course.workspace(assignment)
        if work.feedback_page(student).is_file():
            found.append((assignment.name, f"{relpath(work.feedback, folder)}/{pages.link(student, assignment.name)}"))
    return tuple(found)
