"""What the verbs for a whole class say, line by line, and in which order they ask the rooms. `cli` prints it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path

from grading import display, pages, pipeline, sandbox
from grading import stats as room
from grading.course import Course
from grading.settings import Assignment


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
    page, *files = pages.write_stats(found, cards, title, folder, lambda student: _links(course, assignments, student, folder))
    return [*pages.stats_lines(found), f"stats      {display.path(page)}  (and {len(files)} CSV files beside it)"]


def _titles(course: Course, assignment: Assignment) -> dict[str, str]:
    """What the author calls parts and cells; a part also under the name that it has in a homework with another of its name."""
    asked = pages.asked(course, assignment)
    named = {f"{notebook} {part}": title for part, title in asked.parts.items() for notebook in assignment.notebooks}
    return {**asked.cells, **asked.parts, **named}


def _links(course: Course, assignments: Sequence[Assignment], student: str, folder: Path) -> tuple[tuple[str, str], ...]:
    """The student's pages that were written, as addresses from a folder."""
    found = []
    for assignment in assignments:
        work = course.workspace(assignment)
        if work.feedback_page(student).is_file():
            found.append((assignment.name, f"{relpath(work.feedback, folder)}/{pages.link(student, assignment.name)}"))
    return tuple(found)


def doctor() -> tuple[list[tuple[str, str]], bool]:
    """What this machine stops: lines, each with its style, and whether everything is stopped where grading happens."""
    reports = sandbox.examine()
    lines: list[tuple[str, str]] = []
    for report in reports:
        lines += [("", ""), (f"{report.kind}{'  (grading here uses this one)' if report.used else ''}", "bold")]
        if report.problem:
            lines.append((f"  not here: {report.problem}", ""))
        for finding in report.findings:
            lines.append((f"  {'✓ cannot' if finding.stopped else '✗ CAN'} {finding.what}: {finding.detail}", ""))
    tools = [(f"{name:24} {state}", "") for name, state in sandbox.tools()]
    findings = [finding for report in reports if report.used for finding in report.findings]
    sound = bool(findings) and all(finding.stopped for finding in findings)
    return [*lines, ("", ""), *tools, ("", ""), (sandbox.summary(reports), "")], sound
