"""Restored submissions -> what is alike: answers of a class, answers that are the library's, records that students share.

Reads text, runs nothing. Everything found is a question to a person and never costs a point.
"""

from grading.similar.answers import Given, Handed, handed_in
from grading.similar.classes import compare, resemblances
from grading.similar.evidence import same_evidence
from grading.similar.library import Library

__all__ = ["Given", "Handed", "Library", "compare", "handed_in", "resemblances", "same_evidence"]
