"""Folders, zips and downloads of platforms -> one submission per student, under names that stay."""

from grading.collect.collection import Collected, CollectError, collect, submissions

__all__ = ["CollectError", "Collected", "collect", "submissions"]
