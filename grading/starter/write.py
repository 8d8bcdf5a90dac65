"""Writes a course to begin with: the files of `course/`, nbgrader's configuration, and a class of three made from the notebook."""

from __future__ import annotations

import shlex
from pathlib import Path

from grading import course as courses
from grading import display, regions
from grading import notebook as nb
from grading.files import write_text
from grading.records import GradingError
from grading.source import read_all

_COURSE = Path(__file__).parent / "course"
_FILES = ("course.toml", "Makefile", "notebooks/first/first.ipynb")
_IGNORED = "build/\n.ipynb_checkpoints/\n__pycache__/\n"  # of git
_NBGRADER = '''"""Points stock nbgrader (the formgrader, autograde …) at this course. Everything comes from course.toml."""

from pathlib import Path

from grading import gradebook

gradebook.configure(get_config(), Path(__file__).parent)  # noqa: F821  nbgrader puts it there
'''
_WRONG = {"a_mean": "def mean(values):\n    return sorted(values)[len(values) // 2]", "b_answer": "The mean: everybody knows it."}
_PICTURE = """import matplotlib.pyplot as plt

plt.plot(numbers, "o", label="numbers")
plt.axhline(mean(numbers), color="gray", label="their mean")
plt.legend();"""


class StarterError(GradingError):
    """There is something already where a course was to be written."""


def write(folder: Path) -> list[str]:
    """Write the course.

    Args:
        folder: where it will be; an empty folder, or none yet.

    Returns:
        What to say about it: what was written, and what to type next.

    Raises:
        StarterError: the folder holds files, or is none; nothing was written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StarterError(
            "a course needs an empty folder; nothing was written",
            expected=f"no file in {display.path(folder)}, or no such folder",
            got=display.listed((path.name for path in folder.iterdir()), most=5) if folder.is_dir() else "a file",
            fix="name another folder",
        )
    for name in _FILES:
        write_text(folder / name, (_COURSE / name).read_text(encoding="utf-8"))
    write_text(folder / "nbgrader_config.py", _NBGRADER)
    write_text(folder / ".gitignore", _IGNORED)
    _write_class(folder)
    names = ", ".join((*_FILES, "nbgrader_config.py"))
    hw = "hw" if display.program() == "hw" else shlex.quote(str(Path(display.program()).resolve()))
    place = shlex.quote(display.path(folder))
    return [
        f"course     {display.path(folder)}  ({names}, and class/ with three students: right, wrong, blank)",
        "",
        "what to type next",
        f"  cd {place}",
        f"  {hw} release    what students get: build/first/first.zip",
        f"  {hw} collect class && {hw} grade && {hw} report    three students, graded in a sandbox",
        f"  {hw} check notebooks/first/first.ipynb --watch    while you write: what a release would refuse",
        "  make help    the same verbs, and others",
    ]


def _write_class(folder: Path) -> None:
    """One notebook for each of three students, made of what students get."""
    course = courses.load(folder)
    (source,) = read_all(course, course.assignments["first"])
    released = {cell["id"]: cell for cell in source.student["cells"]}
    right = {cell["id"]: _answer(cell) for cell in source.notebook["cells"] if nb.is_solution(cell)}
    picture = {"cell_type": "code", "id": "picture", "metadata": {}, "source": _PICTURE}
    students = {"right": (right, [picture]), "wrong": (_WRONG, []), "blank": ({}, [])}
    for student, (answers, own) in students.items():
        cells = []
        for name, cell in released.items():
            cells.append({**cell, "source": answers.get(name, cell["source"])})
            cells += own if nb.is_task(cell) else []
        write_text(folder / "class" / student / "first.ipynb", nb.dump({**source.student, "cells": cells}))


def _answer(cell: nb.Cell) -> str:
    """The author's answer as a student would write it: no markers, no rubric."""
    lines = [line for line in cell["source"].split("\n") if f"BEGIN {regions.SOLUTION}" not in line]
    kept = [line for line in lines if f"END {regions.SOLUTION}" not in line]
    return "\n".join(kept).split("\n**Rubric")[0].strip()
