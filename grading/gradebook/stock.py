"""Points stock nbgrader (the formgrader, generate_assignment, autograde …) at a course. Everything comes from course.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grading import course as courses
from grading.gradebook import rubric
from grading.settings import Limits


def configure(config: Any, folder: Path) -> None:
    """Fill the configuration of a course's nbgrader_config.py.

    Args:
        config: what `get_config()` gives there.
        folder: the folder of course.toml.

    Raises:
        CourseError: course.toml is missing, or says something that cannot be.
    """
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor, TagRemovePreprocessor  # half a second that grading does not need
    from nbgrader.preprocessors import GetGrades

    course = courses.load(folder)
    limits = next((assignment.limits for assignment in course.assignments.values()), Limits())
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = "default_course"
    config.CourseDirectory.source_directory = str(course.notebooks.relative_to(course.root))
    config.CourseDirectory.release_directory = "build/nbgrader/release"
    config.CourseDirectory.submitted_directory = "build/nbgrader/submitted"
    config.CourseDirectory.autograded_directory = "build/autograded"
    config.CourseDirectory.feedback_directory = "build/nbgrader/feedback"
    config.CourseDirectory.solution_directory = "build/nbgrader/solution"
    config.Exchange.root = "build/nbgrader/exchange"  # not used; its default is a folder that nobody may write
    config.CourseDirectory.db_url = course.db
    config.Execute.timeout = int(limits.wall_s)
    config.Execute.shutdown_kernel = "immediate"  # a graceful end costs 2 s of waiting per notebook and gains nothing
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    # our own pages are the feedback (`hw feedback`); whoever makes stock nbgrader's gives no rubric away
    config.GenerateFeedback.preprocessors = [GetGrades, TagRemovePreprocessor, CSSHTMLHeaderPreprocessor]
    config.GenerateFeedback.HTMLExporter.TagRemovePreprocessor.remove_cell_tags = {rubric.TAG}
