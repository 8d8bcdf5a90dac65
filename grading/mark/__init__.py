"""Written answers, question by question -> points, items and comments in nbgrader's gradebook. Comes in: what `hw grade` left."""

from grading.mark.items import Item, Rubric, RubricError, problems

__all__ = ["Item", "Rubric", "RubricError", "problems"]
