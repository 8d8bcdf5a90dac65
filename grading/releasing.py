"""One release from its sources to what appears: made, audited, and its tests tried before anything of it is there."""

from __future__ import annotations

from grading import display, execute, pages
from grading import release as handout
from grading.course import Course
from grading.records import GradingError
from grading.settings import Assignment


def release(course: Course, assignment: Assignment) -> tuple[handout.Release, list[str]]:
    """Make what students get, and try it: what `hw release` refuses is refused here, and by `hw check` too.

    Nothing appears before everything has passed.

    Returns:
        What was made, and the notebooks that were run for it.

    Raises:
        ReleaseError, SourceError: a source breaks a rule, or the hand-out would give something away.
        ParityError, FreePointsError: what `execute.check_tests` found. Notes of the error say what is left of earlier releases.
    """
    checked: list[str] = []
    try:
        made = handout.release(course, assignment, lambda build: checked.extend(execute.check_tests(course, assignment, build)))
    except GradingError as error:
        if isinstance(error, handout.LeakError):
            page = pages.write_leaks(error.leaks, assignment, course.workspace(assignment))
            error.add_note(f"  both sides of each: {display.path(page)}")
        for line in handout.standing(course, assignment, own=True):
            error.add_note(f"  {line}")
        raise
    return made, checked
