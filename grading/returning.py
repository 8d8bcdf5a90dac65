"""Grades back to where students handed in: our CSV files, and those of Canvas, Moodle and Gradescope filled in."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from grading import collect, display, pages, pipeline, stats
from grading.course import Course
from grading.files import write_bytes, write_text
from grading.marks import Scorecard
from grading.settings import Assignment

_PLATFORMS = {"canvas": pages.fill_canvas, "moodle": pages.fill_moodle, "gradescope": pages.fill_gradescope}
_LARGEST = 20_000_000


def export(course: Course, assignments: Sequence[Assignment], name: str, options: argparse.Namespace) -> list[str]:
    """Write the CSV files of each assignment, and fill in the platform's file that was named; what to say of them.

    Raises:
        PipelineError: one of the assignments was not graded.
        PlatformError: the platform's file does not fit; it is as it was, and nothing of it was written.
    """
    classes = [pipeline.cards(course, assignment) for assignment in assignments]
    counted = [[pages.as_counted(card) for card in found] for found in classes]  # each assignment has a deadline of its own
    cards = {card.student: card for card in stats.one_card_each(counted, name)}
    titles = [name] if len(assignments) > 1 else [assignments[0].title, assignments[0].name]
    known = _known(course.workspace(assignments[0]).names, options.roster, cards)
    chosen = [(platform, path) for platform in _PLATFORMS if (path := getattr(options, platform))]
    filled = [(platform, path, _PLATFORMS[platform](path, cards, titles, options.column, known)) for platform, path in chosen]
    lines = [line for assignment, found in zip(assignments, classes, strict=True) for line in _ours(course, assignment, found)]
    for platform, path, made in filled:
        lines += _theirs(course, assignments, name, platform, path, made)
    return lines


def _ours(course: Course, assignment: Assignment, cards: Sequence[Scorecard]) -> list[str]:
    """Our own CSV files of an assignment."""
    work, aside = course.workspace(assignment), pipeline.set_aside(course, assignment)
    pages.write_published(cards, "export", work, datetime.now())
    return [f"exported   {display.path(path)}" for path in [*pages.write_csv(cards, work), *pages.write_aside(aside, work)]]


def _theirs(
    course: Course, assignments: Sequence[Assignment], name: str, platform: str, path: Path, made: pages.Filled
) -> list[str]:
    """A platform's file, and what goes with it."""
    work = course.workspace(assignments[0])
    target = work.platform_file(name, platform)
    write_text(target, made.text)
    lines = [*made.lines(), f"{platform:10} {display.path(target)}"]
    ready = (*made.changed, *made.same)
    found = {student: page for student in ready if (page := work.feedback_page(student)).is_file()}
    if platform == "moodle" and found and len(assignments) == 1:
        packed = target.with_name("moodle-feedback.zip")
        write_bytes(packed, pages.feedback_zip(made, path, found))
        lines.append(f"           {display.path(packed)}  ({len(found)} pages; upload the worksheet first)")
    return lines


def _known(names: Path, roster: Path | None, students: Iterable[str]) -> dict[str, list[str]]:
    """What else students are called: before their names were made safe, and in the list of the staff."""
    found = {student: list(raw) for student, raw in collect.raw_names(names).items()}
    rows = _roster(roster) if roster else []
    if roster and not {row["student"].strip() for row in rows} & set(students):
        got, fix = display.listed((row["student"] for row in rows), most=5), "students are called as in `hw report`"
        raise pages.PlatformError(f"{roster.name} names nobody of this class", got=got, fix=fix)
    for row in rows:
        more = [value.strip() for key, value in row.items() if key != "student" and value.strip()]
        found.setdefault(row["student"].strip(), []).extend(more)
    return found


def _roster(path: Path) -> list[dict[str, str]]:
    """A CSV with the column `student`, and others with what a platform calls them."""
    expected = "a CSV in UTF-8 with the columns student and id"
    try:
        text = path.read_bytes()[:_LARGEST].decode("utf-8-sig")
        rows = [
            {key: value or "" for key, value in row.items() if isinstance(key, str)} for row in csv.DictReader(io.StringIO(text))
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise pages.PlatformError(f"{path.name} cannot be read", expected=expected, got=error, fix="check the file") from None
    if not rows or "student" not in rows[0] or len(rows[0]) < 2:
        got = display.listed(rows[0]) if rows else "no row"
        raise pages.PlatformError(f"{path.name} is no list of students", expected=expected, got=got, fix="add what is missing")
    return rows
