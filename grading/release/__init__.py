"""Sources -> what students get, audited before it appears; executed solutions and web pages."""

from grading.release.handout import Release, bundle, release, standing
from grading.release.leak import LeakError, ReleaseError
from grading.release.solutions import SolutionError, solve

__all__ = ["LeakError", "Release", "ReleaseError", "SolutionError", "bundle", "release", "solve", "standing"]
