"""Written answers, question by question -> points, items and comments in nbgrader's gradebook. Comes in: what `hw grade` left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grading.course import Course
from grading.mark.desk import Desk
from grading.mark.explained import explained
from grading.mark.items import RubricError, problems
from grading.mark.pile import MarkError
from grading.settings import Assignment

__all__ = ["Desk", "MarkError", "RubricError", "desk", "explained", "problems", "serve"]


def desk(course: Course, assignments: Sequence[Assignment]) -> Desk:
    """Lay out the written answers of some assignments; see `Desk`."""
    return Desk(course, assignments, course.read_twice)


def serve(desk: Desk, *, port: int, browser: bool) -> Iterator[str]:
    """Start the pages on this machine and stay until they are stopped; yields their address when they are there."""
    from grading.mark.web import app  # the web server takes a second to import

    yield from app.serve(desk, port=port, browser=browser)
