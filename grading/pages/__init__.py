"""Scorecards -> what people read: tables for the terminal, feedback pages, CSV files, the leaderboard, what is alike in a class."""

from grading.pages.asked import asked
from grading.pages.changes import change_lines, last_changes, write_changes
from grading.pages.class_table import View, class_table
from grading.pages.export import aside_lines, write_aside, write_csv
from grading.pages.feedback import link, setting, write_pages
from grading.pages.leaderboard import entries, leaderboard_table
from grading.pages.published import told_on, write_published
from grading.pages.report import student_table
from grading.pages.similar import evidence_lines, similar_lines, write_similar
from grading.pages.stats import stats_lines, write_stats

__all__ = [
    "View",
    "aside_lines",
    "asked",
    "change_lines",
    "class_table",
    "entries",
    "evidence_lines",
    "last_changes",
    "leaderboard_table",
    "link",
    "setting",
    "similar_lines",
    "stats_lines",
    "student_table",
    "told_on",
    "write_aside",
    "write_changes",
    "write_csv",
    "write_pages",
    "write_published",
    "write_similar",
    "write_stats",
]
