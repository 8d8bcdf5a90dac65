"""Sources -> what students get, audited before it appears; executed solutions and web pages."""

from grading.release.audit import ReleaseError
from grading.release.handout import Release, bundle, release
from grading.release.solutions import SolutionError, solve

__all__ = ["Release", "ReleaseError", "SolutionError", "bundle", "release", "solve"]
