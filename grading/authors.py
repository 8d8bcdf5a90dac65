"""The verbs of whoever writes a course: `hw new` begins one, `hw check` says while writing what `hw release` would refuse.

`hw solutions` shows the author's own answers.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grading import console, display, progress
from grading import course as courses
from grading.course import Course
from grading.records import GradingError
from grading.settings import Assignment

_EVERY_S = 0.5  # how often a notebook that is watched is looked at


def new(options: argparse.Namespace) -> int:
    """Write a course to begin with: course.toml, a notebook with one of each kind of cell, a Makefile, a class of three."""
    from grading import starter

    for line in starter.write(options.folder):
        console.out.print(line, markup=False, soft_wrap=True)
    return 0


def check(options: argparse.Namespace) -> int:
    """Say what `release` would refuse, while a notebook is being written; releases nothing."""
    for path in _whenever_saved(options.notebook) if options.watch else (options.notebook,):
        try:
            course, assignment = belonging(path, options.course)
            _try(course, assignment)
        except GradingError as error:
            console.err.print(str(error), style="red", markup=False, soft_wrap=True)
            refused = True
        else:
            refused = False
    return 1 if refused else 0


def solutions(course: Course, assignment: Assignment, _: argparse.Namespace) -> None:
    """Execute the source notebooks and write them, with their plots, as notebooks and web pages."""
    from grading import release as room

    for name in assignment.notebooks:
        with progress.spinner(console.out, f"executing {name}"):
            made = room.solve(course, assignment, name)
        for path in made:
            console.out.print(f"solution   {display.path(path)}")


def _try(course: Course, assignment: Assignment) -> None:
    """Make the release in a build folder of its own, by the same steps; what was released before stays."""
    from grading import releasing

    apart = replace(course, build=course.build / "check")
    with progress.spinner(console.out, f"checking {assignment.name}"):
        made, _ = releasing.release(apart, assignment)
    console.out.print(f"checked    {assignment.name} would be released: {', '.join(made.files)}", markup=False, soft_wrap=True)


def belonging(notebook: Path, course_file: Path | None) -> tuple[Course, Assignment]:
    """The course and the assignment that a source notebook is of, by the folder it lies in.

    Raises:
        CourseError: there is no such notebook, or course.toml does not name it.
    """
    path = notebook.resolve()
    if not path.is_file():
        got, fix = str(notebook), "name the file of a source notebook, notebooks/<assignment>/<notebook>.ipynb"
        raise courses.CourseError("there is no such notebook", got=got, fix=fix)
    course = courses.load(course_file or courses.find(path.parent))
    for assignment in course.assignments.values():
        if any(course.source(assignment, name).resolve() == path for name in assignment.notebooks):
            return course, assignment
    raise courses.CourseError(
        f"course.toml does not name {path.name}",
        expected=f"a notebook in {course.notebooks}/<assignment>/ that an assignment lists",
        got=str(path),
        fix=f'[assignments.{path.parent.name}] with notebooks = ["{path.stem}"]',
    )


def _whenever_saved(notebook: Path) -> Iterator[Path]:
    """The notebook now, and again whenever it, its help, a file beside it or course.toml was saved."""
    seen = None
    while True:
        now = _saved(notebook)
        if now != seen:
            seen = now
            yield notebook
            console.out.print("watching   it is checked again when it is saved; Ctrl-C ends this", markup=False)
        time.sleep(_EVERY_S)


def _saved(notebook: Path) -> dict[str, float]:
    """When the files were saved that a check reads; a file that an editor is just writing may not be there."""
    folder = notebook.resolve().parent
    paths = [path for path in folder.rglob("*") if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    with contextlib.suppress(courses.CourseError):
        paths.append(courses.find(folder))
    found = {}
    for path in paths:
        with contextlib.suppress(OSError):
            found[str(path)] = path.stat().st_mtime
    return found
