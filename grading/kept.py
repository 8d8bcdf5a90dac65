"""Executions that need not be repeated: each is kept under a hash of everything that went into it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from grading.course import Course
from grading.records import Assignment, Execution, Restored, Submission, load, save

_PACKAGES = ("ipython", "numpy", "torch", "matplotlib", "matplotlib-inline")


@dataclass(frozen=True)
class _Kept:
    """An execution and the hash of what went into it."""

    key: str
    execution: Execution


def environment_hash(course: Course, assignment: Assignment, isolated: bool) -> str:
    """Everything but the submission that an execution depends on."""
    digest = hashlib.sha256()
    digest.update(repr((assignment.limits, isolated, platform.python_version(), sys.platform, _versions())).encode())
    here = Path(__file__).parent
    build = course.build / assignment.name / "student_build"
    modules = [*sorted((here / "inside").glob("*.py")), *(here / f"{name}.py" for name in ("sandbox", "seccomp", "execute"))]
    for path in [*modules, *sorted(build.rglob("*.py"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            found.append((name, "absent"))
    return tuple(found)


def job_hash(base: str, record: Restored, submission: Submission, build: Path) -> str:
    """The hash of one submission's execution: its notebook, its files, and the environment's hash."""
    digest = hashlib.sha256(base.encode())
    digest.update((build / record.path).read_bytes())
    for name in submission.files:
        digest.update(name.encode() + b"\0" + (build / submission.folder / name).read_bytes())
    return digest.hexdigest()


def find(course: Course, record: Restored, key: str) -> Execution | None:
    """The execution that was kept under this hash, if there is one."""
    try:
        kept = load(_path(course, record), _Kept)
    except (OSError, msgspec.DecodeError):
        return None
    return kept.execution if kept.key == key else None


def keep(course: Course, record: Restored, key: str, execution: Execution) -> None:
    """Keep an execution, unless the grader was at fault: that one is to be tried again."""
    if not execution.fault:
        save(_path(course, record), _Kept(key, execution))


def _path(course: Course, record: Restored) -> Path:
    return course.build / record.assignment / "execute" / f"{record.student}.{record.notebook}.json"
