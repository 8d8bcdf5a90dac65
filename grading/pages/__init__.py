"""Scorecards -> what people read: tables for the terminal, feedback pages, CSV files, the leaderboard, what is alike in a class."""

from grading.pages.class_table import View, class_table
from grading.pages.export import aside_lines, write_aside, write_csv
from grading.pages.feedback import setting, write_pages
from grading.pages.leaderboard import entries, leaderboard_table
from grading.pages.report import student_table
from grading.pages.similar import evidence_lines, similar_lines, write_similar

__all__ = [
    "View",
    "aside_lines",
    "class_table",
    "entries",
    "evidence_lines",
    "leaderboard_table",
    "setting",
    "similar_lines",
    "student_table",
    "write_aside",
    "write_csv",
    "write_pages",
    "write_similar",
]
