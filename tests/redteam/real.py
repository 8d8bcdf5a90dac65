"""Grades hand-ins for this repository's own homeworks as `hw grade` does, without collection, gradebook and pages.

What attacks runs in the sandbox only; where there is none, nothing is started.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from grading import course as courses
from grading import notebook as nb
from grading import restore
from grading.course import Course
from grading.execute.job import SharedInputs, make_job, shared_inputs
from grading.execute.worker import Worker
from grading.marks import Mark, Scorecard
from grading.records import Submission
from grading.release.student_build import graded_build, student_build
from grading.score import NotebookOutcome, score
from grading.settings import Assignment, RunOptions
from grading.source import Source, read_all
from tests.redteam.harness import refuse_without_sandbox
from tests.submissions.recipes import model_answers

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "tests" / "submissions" / "records"


@dataclass(frozen=True)
class HandIn:
    """One student's notebook.

    Attributes:
        answers: cell id -> source; every other answer is blank, or the author's.
        right: the other answers are the author's.
        own: cell id -> source of a cell of the student's own behind it.
        files: what lies beside it.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    right: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def notebook(self, source: Source) -> nb.Notebook:
        """The file that is handed in."""
        answers = {**(model_answers(source.notebook) if self.right else {}), **self.answers}
        cells = []
        for cell in source.student["cells"]:
            cells.append({**cell, "source": answers.get(cell["id"], cell["source"])})
            if cell["id"] in self.own:
                cells.append({"cell_type": "code", "id": f"mine-{cell['id']}", "metadata": {}, "source": self.own[cell["id"]]})
        return {**source.student, "cells": cells}


def friends(notebook: str) -> dict[str, bytes]:
    """The author's records of a notebook, and what lies beside them: those of a friend who did everything right."""
    return {path.name: path.read_bytes() for path in sorted(RECORDS.glob(f"{notebook}.*"))}


@dataclass(frozen=True)
class Desk:
    """Where hand-ins of one assignment are graded."""

    course: Course
    assignment: Assignment
    sources: Mapping[str, Source]
    shared: Mapping[str, SharedInputs]
    worker: Worker

    def grade(self, notebook: str, hand_in: HandIn) -> Scorecard:
        """The scorecard of one notebook; the assignment's others are not looked at."""
        work, source = self.course.workspace(self.assignment), self.sources[notebook]
        submission = Submission(self.assignment.name, "attacker", {notebook: f"{notebook}.ipynb"}, tuple(sorted(hand_in.files)))
        folder = work.submission(submission.student)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / f"{notebook}.ipynb").write_text(nb.dump(hand_in.notebook(source)), encoding="utf-8")
        for name, data in hand_in.files.items():
            (folder / name).write_bytes(data)
        restored = restore.restore(submission, source, work)
        execution = self.worker.run(make_job(self.shared[notebook], restored, submission, work), self.shared[notebook])
        assert not execution.fault, execution.fault
        return score(self.assignment, submission.student, [NotebookOutcome(source.notebook, restored, execution)])


@contextmanager
def desk(assignment: str, top: Path) -> Iterator[Desk]:
    """A desk for one assignment; its build lies in the empty folder `top`."""
    refuse_without_sandbox()
    top.chmod(0o755)
    course = replace(courses.load(ROOT / "course.toml"), build=top / "build")
    task = course.assignments[assignment]
    work = course.workspace(task)
    student_build(course.root, task, work.student_build)
    graded_build(work.student_build, task, work.graded_build)
    sources = read_all(course, task)
    with Worker(work.fonts) as worker:
        shared = shared_inputs(course, task, sources, RunOptions())
        yield Desk(course, task, {source.name: source for source in sources}, shared, worker)


def earned(card: Scorecard) -> dict[str, float]:
    """What tests gave, by grade id, where they gave anything."""
    return {mark.grade_id: mark.points for mark in card.marks if mark.points and not mark.by_hand}


def mark(card: Scorecard, grade_id: str) -> Mark:
    """One mark."""
    return next(found for found in card.marks if found.grade_id == grade_id)
