"""Reads course.toml, the only configuration: assignments, what each release strips, points, limits.

Knows nothing of what the stages do with it.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from grading.records import Assignment, GradingError, Limits
from hw_lib.errors import explain

_COURSE_KEYS = ("name", "notebooks", "build", "db", "jobs")
_ASSIGNMENT_KEYS = ("title", "notebooks", "strip", "optional", "points", "limits", "sample", "audit_allow")
_LIMITS = tuple(field.name for field in fields(Limits))


class CourseError(GradingError):
    """course.toml is missing, or says something that cannot be."""


@dataclass(frozen=True)
class Course:
    """The configuration, with every path made absolute.

    Attributes:
        root: the folder of course.toml.
        notebooks: the sources, notebooks/<assignment>/<notebook>.ipynb.
        build: everything that is generated.
        db: URL of nbgrader's gradebook.
        jobs: submissions executed at the same time.
    """

    root: Path
    name: str
    notebooks: Path
    build: Path
    db: str
    jobs: int
    assignments: dict[str, Assignment]

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; an unknown one raises `CourseError` with the nearest known name."""
        if name not in self.assignments:
            raise CourseError(unknown("assignment", name, self.assignments))
        return self.assignments[name]

    def source(self, assignment: Assignment, notebook: str) -> Path:
        """Where the source notebook lies."""
        return self.notebooks / assignment.name / f"{notebook}.ipynb"


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The message for a name that does not exist, with a guess at what was meant."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"
    return explain(f"no {kind} is called {name!r}", expected=", ".join(known), got=name, fix=fix)


def find(start: Path) -> Path:
    """The course.toml of `start` or of the nearest folder above it."""
    for folder in (start, *start.parents):
        if (folder / "course.toml").is_file():
            return folder / "course.toml"
    raise CourseError(
        explain(
            "course.toml was not found",
            expected="a file course.toml here or in a folder above",
            got=str(start),
            fix="change to the course's folder, or name the file with --course",
        )
    )


def load(path: Path) -> Course:
    """Read and check course.toml."""
    root = path.resolve().parent
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(explain(f"{path} cannot be read", got=error, fix="mend the line that is named")) from error
    course = _table(data, "course", _COURSE_KEYS, path)
    limits = _table(data, "limits", _LIMITS, path)
    assignments = {name: _assignment(name, table, limits, path) for name, table in data.get("assignments", {}).items()}
    build = root / course.get("build", "build")
    return Course(
        root=root,
        name=course.get("name", root.name),
        notebooks=root / course.get("notebooks", "notebooks"),
        build=build,
        db=_absolute_sqlite(course.get("db", f"sqlite:///{build}/gradebook.db"), root),
        jobs=int(course.get("jobs", 1)),
        assignments=assignments,
    )


def _table(data: Mapping[str, Any], name: str, known: Iterable[str], path: Path) -> dict[str, Any]:
    table = dict(data.get(name, {}))
    for key in table:
        if key not in known:
            raise CourseError(f"{path.name}: [{name}] " + unknown("setting", key, known))
    return table


def _assignment(name: str, table: dict[str, Any], limits: dict[str, Any], path: Path) -> Assignment:
    for key in table:
        if key not in _ASSIGNMENT_KEYS:
            raise CourseError(f"{path.name}: [assignments.{name}] " + unknown("setting", key, _ASSIGNMENT_KEYS))
    own = _table(table, "limits", _LIMITS, path)
    missing = [key for key in _LIMITS if key not in limits and key not in own]
    if missing:
        raise CourseError(
            explain(
                f"{path.name}: a limit is missing",
                expected=f"[limits] with {', '.join(_LIMITS)}",
                got=f"no {', '.join(missing)}",
                fix="add it; docs/instructors.md says what is sensible",
            )
        )
    return Assignment(
        name=name,
        title=table.get("title", name),
        notebooks=tuple(table.get("notebooks", ())),
        strip=tuple(table.get("strip", ())),
        optional=tuple(table.get("optional", ())),
        points={part: float(points) for part, points in table.get("points", {}).items()},
        limits=Limits(**{**limits, **own}),
        sample=table.get("sample", ""),
        audit_allow=tuple(table.get("audit_allow", ())),
    )


def _absolute_sqlite(url: str, root: Path) -> str:
    """SQLite paths in course.toml are relative to it, not to wherever `hw` was called."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        return prefix + str(root / url.removeprefix(prefix))
    return url
