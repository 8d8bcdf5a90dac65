"""Scorecards -> what people read: tables, pages of students and of staff, figures, our CSV files and platforms' own."""

from grading.pages.answers import read as written_answers
from grading.pages.asked import asked
from grading.pages.autograder import Graded, results
from grading.pages.canvas import fill_canvas
from grading.pages.changes import change_lines, last_changes, write_changes
from grading.pages.class_table import View, class_table
from grading.pages.export import aside_lines, write_aside, write_csv
from grading.pages.feedback import link, setting, write_pages
from grading.pages.fill import Filled
from grading.pages.gradescope import fill_gradescope
from grading.pages.lateness import as_counted, late_lines
from grading.pages.leaderboard import entries, leaderboard_table
from grading.pages.leaks import write_leaks
from grading.pages.moodle import feedback_zip, fill_moodle
from grading.pages.published import told_on, write_published
from grading.pages.report import student_table
from grading.pages.sheet import PlatformError
from grading.pages.similar import evidence_lines, similar_lines, write_similar
from grading.pages.stats import stats_lines, write_stats

__all__ = [
    "Filled",
    "Graded",
    "PlatformError",
    "View",
    "as_counted",
    "aside_lines",
    "asked",
    "change_lines",
    "class_table",
    "entries",
    "evidence_lines",
    "feedback_zip",
    "fill_canvas",
    "fill_gradescope",
    "fill_moodle",
    "last_changes",
    "late_lines",
    "leaderboard_table",
    "link",
    "results",
    "setting",
    "similar_lines",
    "stats_lines",
    "student_table",
    "told_on",
    "write_aside",
    "write_changes",
    "write_csv",
    "write_leaks",
    "write_pages",
    "write_published",
    "write_similar",
    "write_stats",
    "written_answers",
]
