"""Points stock nbgrader (the formgrader, generate_assignment, autograde …) at this course. Everything comes from course.toml."""

from pathlib import Path

from grading import gradebook

gradebook.configure(get_config(), Path(__file__).parent)  # noqa: F821  nbgrader puts it there
