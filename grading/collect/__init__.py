"""Folders, zips and downloads of platforms -> one submission per student, under names that stay."""

from grading.collect.collection import Collected, CollectError, collect, submissions
from grading.collect.names import raw_names

__all__ = ["CollectError", "Collected", "collect", "raw_names", "submissions"]
