"""`hw new`: a course to begin with, written into an empty folder. What it writes lies in `course/`, but for the class of three."""

from grading.starter.write import StarterError, write

__all__ = ["StarterError", "write"]
