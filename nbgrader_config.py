"""Points stock nbgrader (the formgrader, generate_assignment, autograde …) at this course. Everything comes from course.toml."""

from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor, TagRemovePreprocessor
from nbgrader.preprocessors import GetGrades

from grading import course
from grading.gradebook import rubric

_course = course.load(Path(__file__).with_name("course.toml"))
_limits = next(iter(_course.assignments.values())).limits

c = get_config()  # noqa: F821  nbgrader puts it there
c.CourseDirectory.root = str(_course.root)
c.CourseDirectory.course_id = "default_course"
c.CourseDirectory.source_directory = str(_course.notebooks.relative_to(_course.root))
c.CourseDirectory.release_directory = "build/nbgrader/release"
c.CourseDirectory.submitted_directory = "build/nbgrader/submitted"
c.CourseDirectory.autograded_directory = "build/autograded"
c.CourseDirectory.feedback_directory = "build/nbgrader/feedback"
c.CourseDirectory.solution_directory = "build/nbgrader/solution"
c.Exchange.root = "build/nbgrader/exchange"  # not used; its default is a folder that nobody may write
c.CourseDirectory.db_url = _course.db
c.Execute.timeout = int(_limits.wall_s)
c.Execute.shutdown_kernel = "immediate"  # a graceful end costs 2 s of waiting per notebook and gains nothing
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
# our own pages are the feedback (`hw feedback`); whoever makes stock nbgrader's gives no rubric away
c.GenerateFeedback.preprocessors = [GetGrades, TagRemovePreprocessor, CSSHTMLHeaderPreprocessor]
c.GenerateFeedback.HTMLExporter.TagRemovePreprocessor.remove_cell_tags = {rubric.TAG}
