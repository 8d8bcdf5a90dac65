"""Reads course.toml, the only configuration: assignments, homeworks, what each release strips, points, limits.

Knows nothing of what the stages do with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from grading.course_file import AbsentError, CourseError, find, inside, read, refuse_paths, table_of, typed, unknown
from grading.deadline import Deadline
from grading.settings import Assignment, Leaderboard, Limits
from grading.workspace import Workspace
from hw_lib import errors

__all__ = ["AbsentError", "Course", "CourseError", "database", "each", "find", "load", "unknown"]

_TABLES = ("course", "limits", "assignments", "homeworks")
_ASSIGNMENT = tuple(field.name for field in fields(Assignment) if field.name != "name")
_LIMITS = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True)
class _Settings:
    """The table [course] as it stands in the file."""

    name: str = ""
    notebooks: str = "notebooks"
    build: str = "build"
    db: str = ""
    jobs: int = 1
    graded_with: dict[str, str] = field(default_factory=dict)
    upload: str = ""
    readme: str = ""
    read_twice: float = 0.05
    language: str = "en"
    colab: str = ""
    wheel: str = ""


@dataclass(frozen=True)
class Course:
    """The configuration, with every path made absolute.

    Attributes:
        root: the folder of course.toml.
        notebooks: the sources, notebooks/<assignment>/<notebook>.ipynb.
        build: everything that is generated.
        db: URL of nbgrader's gradebook.
        jobs: submissions executed at the same time.
        graded_with: versions that the course pins, "python" or a package's name -> version; see `versions`.
        upload: where students hand in: what a notebook says after "Upload this one file"; empty if the course does not say.
        readme: Markdown for students, which every hand-out has as README.html; None for none.
        read_twice: which part of the written answers two people read (`hw mark`).
        language: of the students' pages; a file of that name lies in `grading/pages/languages`.
        colab: where Colab opens a notebook, "{assignment}" and "{notebook}" in the place of names; empty for nowhere.
        wheel: where a notebook finds hw_lib that has none beside it, "{assignment}" in the place of the name; empty for nowhere.
        homeworks: notebooks that are handed out under one name, "assignment/notebook", in the order in which they are asked.
    """

    root: Path
    name: str
    notebooks: Path
    build: Path
    db: str
    jobs: int
    assignments: dict[str, Assignment]
    homeworks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    graded_with: dict[str, str] = field(default_factory=dict)
    upload: str = ""
    readme: Path | None = None
    read_twice: float = 0.05
    language: str = "en"
    colab: str = ""
    wheel: str = ""

    @property
    def library(self) -> Path:
        """The folder that holds the course's hw_lib: its own, or the one that is installed."""
        return self.root if (self.root / "hw_lib").is_dir() else Path(errors.__file__).parents[1]

    def named(self, name: str) -> tuple[Assignment, ...]:
        """The assignment of that name, or those of the homework of that name; `CourseError` with the nearest known name."""
        if name in self.homeworks:
            return tuple(self.assignments[part] for part in dict.fromkeys(map(_assignment_of, self.homeworks[name])))
        if name not in self.assignments:
            raise CourseError(unknown("assignment or homework", name, (*self.assignments, *self.homeworks)))
        return (self.assignments[name],)

    def only(self) -> str:
        """The one assignment of a course that has one.

        Raises:
            CourseError: it has several, or none.
        """
        if len(self.assignments) == 1:
            return next(iter(self.assignments))
        known = ", ".join((*self.assignments, *self.homeworks))
        got = f"{len(self.assignments)} assignments in course.toml"
        fix = f"name one of {known}" if known else "describe one in course.toml, for example as `hw new` does"
        raise CourseError("which assignment is meant was not said", expected="the name of an assignment", got=got, fix=fix)

    def workspace(self, assignment: Assignment) -> Workspace:
        """Where everything of an assignment lies in the build folder."""
        return Workspace(self.build, assignment.name)

    def all_notebooks(self) -> set[str]:
        """The notebooks of all assignments: students may hand in several assignments together."""
        return {name for assignment in self.assignments.values() for name in assignment.notebooks}

    def colab_url(self, assignment: Assignment, notebook: str) -> str:
        """Where Colab opens a notebook; empty if the course does not say."""
        return self.colab.replace("{assignment}", assignment.name).replace("{notebook}", notebook)

    def wheel_url(self, assignment: Assignment) -> str:
        """Where the hw_lib of an assignment lies; empty if the course does not say."""
        return self.wheel.replace("{assignment}", assignment.name)

    def source(self, assignment: Assignment, notebook: str) -> Path:
        """Where the source notebook lies."""
        return self.notebooks / assignment.name / f"{notebook}.ipynb"


def each(assignments: Iterable[Assignment], call: Callable[[Assignment], None]) -> list[str]:
    """Call for every assignment of a homework; one that lacks what was named is passed over. Returns a line for each of those.

    Raises:
        AbsentError: all of them lack it.
    """
    lacking: dict[str, AbsentError] = {}
    called = 0
    for assignment in assignments:
        try:
            call(assignment)
            called += 1
        except AbsentError as error:
            lacking[assignment.name] = error
    if lacking and not called:
        raise next(iter(lacking.values()))
    return [f"passed over {name}: {str(error).splitlines()[0]}" for name, error in lacking.items()]


def load(path: Path) -> Course:
    """Read and check course.toml; a folder stands for the one in it."""
    if path.is_dir():
        path = inside(path)
    root = path.resolve().parent
    data = read(path)
    for key in data:
        if key not in _TABLES:
            raise CourseError(f"{path.name}: " + unknown("table", key, _TABLES))
    course = typed(table_of(data, "course", [field.name for field in fields(_Settings)], path), _Settings, "course", path)
    if course.colab and not ("{notebook}" in course.colab and course.colab.startswith("https://")):
        expected = "https://… with {notebook}, and {assignment} if need be, where the names belong"
        raise CourseError(f"{path.name}: [course] colab is no address of a notebook", expected=expected, got=course.colab)
    if course.jobs < 1:
        raise CourseError(f"{path.name}: [course] jobs is {course.jobs}", expected="1 or more", fix="correct the value")
    if not 0 <= course.read_twice <= 1:
        fix = "0.05 is one of twenty answers"
        raise CourseError(f"{path.name}: [course] read_twice is {course.read_twice}", expected="a part of 1", fix=fix)
    limits = table_of(data, "limits", _LIMITS, path)
    tables = typed(data.get("assignments", {}), dict[str, dict[str, Any]], "assignments", path)
    build = root / course.build
    return Course(
        root=root,
        name=course.name or root.name,
        notebooks=root / course.notebooks,
        build=build,
        db=database(course.db or f"sqlite:///{build}/gradebook.db", root),
        jobs=course.jobs,
        assignments={name: _assignment(name, _stripped(table, root), limits, path) for name, table in tables.items()},
        homeworks=_homeworks(data.get("homeworks", {}), tables, path),
        graded_with=course.graded_with,
        upload=course.upload,
        readme=root / course.readme if course.readme else None,
        read_twice=course.read_twice,
        language=course.language,
        colab=course.colab,
        wheel=course.wheel,
    )


def _homeworks(table: Any, assignments: Mapping[str, Mapping[str, Any]], path: Path) -> dict[str, tuple[str, ...]]:
    """Each homework's notebooks, all of them known, under a name that no assignment has."""
    found = typed(table, dict[str, tuple[str, ...]], "homeworks", path)
    known = [f"{name}/{notebook}" for name, settings in assignments.items() for notebook in settings.get("notebooks", ())]
    for name, notebooks in found.items():
        where = f"{path.name}: [homeworks] {name}"
        if name in assignments:
            fix = "give the homework another name: verbs take either"
            raise CourseError(f"{path.name}: [homeworks] has the name of an assignment", got=name, fix=fix)
        for notebook in notebooks:
            if notebook not in known:
                raise CourseError(f"{where}: " + unknown("notebook", notebook, known))
        if len(set(notebooks)) < len(notebooks):
            raise CourseError(f"{where} names a notebook twice", got=", ".join(notebooks), fix="name each once")
        _refuse_parts(where, notebooks, known)
    return found


def _refuse_parts(where: str, notebooks: Collection[str], known: Iterable[str]) -> None:
    """A homework that leaves out a notebook of an assignment would still give it to students, and charge them for it."""
    asked = {_assignment_of(notebook) for notebook in notebooks}
    left_out = [notebook for notebook in known if _assignment_of(notebook) in asked and notebook not in notebooks]
    if left_out:
        raise CourseError(
            f"{where} has an assignment in part",
            expected="all notebooks of an assignment: it is released, collected and graded whole",
            got=f"no {', '.join(left_out)}",
            fix="add what is missing, or give what this homework does not ask an assignment of its own",
        )


def _assignment_of(notebook: str) -> str:
    """The assignment in "assignment/notebook"."""
    return notebook.partition("/")[0]


def _stripped(table: dict[str, Any], root: Path) -> dict[str, Any]:
    """A course without an hw_lib of its own has the installed one, and gives none of its exercises away."""
    return table if (root / "hw_lib").is_dir() else {"strip": ("hw_lib/**/*.py",), **table}


def _assignment(name: str, table: dict[str, Any], limits: dict[str, Any], path: Path) -> Assignment:
    for key in table:
        if key not in _ASSIGNMENT:
            raise CourseError(f"{path.name}: [assignments.{name}] " + unknown("setting", key, _ASSIGNMENT))
    own = table_of(table, "limits", _LIMITS, path)
    for inner, kind in (("deadline", Deadline), ("leaderboard", Leaderboard)):
        table_of(table, inner, [field.name for field in fields(kind)], path)  # a setting that is mistyped is said, not left out
    for notebook in typed(table.get("notebooks", ()), tuple[str, ...], f"assignments.{name}", path):
        refuse_paths(f"{path.name}: [assignments.{name}] notebooks", notebook)
    whole = {"title": name, "notebooks": (), "strip": (), "optional": (), **table}
    return typed({**whole, "name": name, "limits": {**limits, **own}}, Assignment, f"assignments.{name}", path)


def database(url: str, root: Path) -> str:
    """The gradebook's URL, complete: SQLite paths are relative to `root`, and PostgreSQL is spoken to by the driver we install.

    Without a driver's name SQLAlchemy takes one by its own version: psycopg2 up to 2.0, psycopg from 2.1 on.
    """
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        return prefix + str(root / url.removeprefix(prefix))
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", url)
