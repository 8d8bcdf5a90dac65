"""Scorecards -> nbgrader's database, and what its formgrader shows. The only importer of nbgrader."""

from grading.gradebook.database import GradebookError
from grading.gradebook.formgrader import write_notebooks
from grading.gradebook.grades import dump, opened, set_aside, with_manual_grades, write

__all__ = ["GradebookError", "dump", "opened", "set_aside", "with_manual_grades", "write", "write_notebooks"]
