"""Scorecards -> what people read: tables for the terminal, feedback pages, CSV files, the leaderboard, what is alike in a class."""

from grading.pages.export import aside_lines, write_aside, write_csv
from grading.pages.feedback import setting, write_pages
from grading.pages.lateness import late_lines
from grading.pages.leaderboard import entries, leaderboard_table
from grading.pages.leaks import write_leaks
from grading.pages.report import class_table, rows, student_table
from grading.pages.similar import evidence_lines, similar_lines, write_similar

__all__ = [
    "aside_lines",
    "class_table",
    "entries",
    "evidence_lines",
    "late_lines",
    "leaderboard_table",
    "rows",
    "setting",
    "similar_lines",
    "student_table",
    "write_aside",
    "write_csv",
    "write_leaks",
    "write_pages",
    "write_similar",
]
