"""Scorecards -> nbgrader's database, and what its formgrader shows. The only importer of nbgrader."""

from grading.gradebook.database import GradebookError
from grading.gradebook.formgrader import write_notebooks
from grading.gradebook.grades import dump, opened, set_aside, with_manual_grades, write
from grading.gradebook.hand import ask, changing, give, hand_grades, looking, readings, rescore
from grading.gradebook.standing import standing
from grading.gradebook.stock import configure

__all__ = [
    "GradebookError",
    "ask",
    "changing",
    "configure",
    "dump",
    "give",
    "hand_grades",
    "looking",
    "opened",
    "readings",
    "rescore",
    "set_aside",
    "standing",
    "with_manual_grades",
    "write",
    "write_notebooks",
]
