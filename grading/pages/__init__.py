"""Scorecards -> what people read: tables for the terminal, feedback pages, CSV files, the leaderboard."""

from grading.pages.export import aside_lines, write_aside, write_csv
from grading.pages.feedback import write_pages
from grading.pages.leaderboard import entries, leaderboard_table
from grading.pages.report import class_table, rows, student_table

__all__ = [
    "aside_lines",
    "class_table",
    "entries",
    "leaderboard_table",
    "rows",
    "student_table",
    "write_aside",
    "write_csv",
    "write_pages",
]
