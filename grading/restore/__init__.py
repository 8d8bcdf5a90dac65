"""A submitted notebook -> one in which everything the student may not change is the author's again."""

from grading.restore.merge import restore

__all__ = ["restore"]
