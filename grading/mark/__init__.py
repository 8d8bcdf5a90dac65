"""Written answers, question by question -> points, items and comments in nbgrader's gradebook. Comes in: what `hw grade` left."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from grading import display, gradebook
from grading.course import Course
from grading.mark import csv_files, tables
from grading.mark.desk import Desk
from grading.mark.explained import explained
from grading.mark.items import RubricError, problems
from grading.mark.pile import MarkError
from grading.mark.remarks import Cell
from grading.mark.requests import Request, RequestError, answer, ask, requests
from grading.settings import Assignment

__all__ = [
    "Cell",
    "Desk",
    "MarkError",
    "Request",
    "RequestError",
    "RubricError",
    "adopt",
    "answer",
    "ask",
    "desk",
    "explained",
    "problems",
    "requests",
    "run",
]


def desk(course: Course, assignments: Sequence[Assignment]) -> Desk:
    """Lay out the written answers of some assignments; see `Desk`."""
    return Desk(course, assignments, course.read_twice)


def run(desk: Desk, options: argparse.Namespace) -> Iterator[str]:
    """What `hw mark` does, as it was typed; yields what to say of it.

    Without --to-csv, --from-csv and --rubric it starts the pages on this machine and stays until they are stopped.
    """
    if options.to_csv:
        yield f"{csv_files.write(desk, options.to_csv)} answers, under names that say nothing, in {display.path(options.to_csv)}"
    if options.from_csv:
        yield f"{csv_files.read(desk, options.from_csv)} proposals; they count when somebody takes them"
    if options.rubric:
        for question, rubric in desk.changed_rubrics():
            items = " ".join(f"{item.points:g}: {item.text.rstrip('.')}." for item in rubric.items)
            yield f"{question.path}\n**Rubric ({rubric.max_points:g} points).** {items} {rubric.remarks}".rstrip()
    if not (options.to_csv or options.from_csv or options.rubric):
        from grading.mark.web import app  # the web server takes a second to import

        said = f"{len(desk.questions)} questions, {sum(row.reading.waiting for row in desk.rows())} answers wait"
        for address in app.serve(desk, port=options.port, browser=not options.no_browser):
            yield f"{said}; {address}  (Ctrl-C ends it; nothing is lost)"


def adopt(url: str, old: str, new: str) -> None:
    """Give an assignment that was renamed the decisions that people made under its old name."""
    if gradebook.exists(url):
        with gradebook.changing(url) as connection:
            if tables.there(connection):
                tables.adopt(connection, old, new)
