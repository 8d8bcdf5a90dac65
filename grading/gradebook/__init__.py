"""Scorecards -> nbgrader's database, and what its formgrader shows. The only importer of nbgrader."""

from grading.gradebook.book import opened
from grading.gradebook.database import GradebookError, exists
from grading.gradebook.formgrader import write_notebooks
from grading.gradebook.gone import adopt, unlisted
from grading.gradebook.grades import dump, set_aside, with_manual_grades, write
from grading.gradebook.hand import ask, changing, give, glance, hand_grades, looking, readings, rescore
from grading.gradebook.standing import standing
from grading.gradebook.stock import configure

__all__ = [
    "GradebookError",
    "adopt",
    "ask",
    "changing",
    "configure",
    "dump",
    "exists",
    "give",
    "glance",
    "hand_grades",
    "looking",
    "opened",
    "readings",
    "rescore",
    "set_aside",
    "standing",
    "unlisted",
    "with_manual_grades",
    "write",
    "write_notebooks",
]
