"""Of several files the one counts in which somebody worked, whatever it is called; a real doubt is for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from grading import collect
from grading import notebook as nb
from grading.course import Course
from grading.marks import Verdict
from grading.records import Submission
from grading.restore import restore
from grading.score import NotebookOutcome, score
from grading.settings import Assignment
from grading.source import read_all
from tests.grading.collect.test_collect import fill, packed
from tests.grading.conftest import PERFECT, answered

HALF = {"a_double": PERFECT["a_double"]}
OTHER = {**PERFECT, "a_double": "def double(x):\n    return x * 2"}
EVERYTHING = ("a_double", "b_answer", "c_count")


def file(blank: nb.Notebook, answers: Mapping[str, str] | None = None) -> str:
    """A submission's file."""
    return nb.dump(answered(blank, answers or {}))


def one(course: Course, assignment: Assignment, files: Mapping[str, str | bytes]) -> Submission:
    """Collect a class of this student and one other."""
    source = fill(course.root / "class", {f"ada/{name}": content for name, content in files.items()} | {"ben/": ""})
    return next(sub for sub in collect.collect(source, course, assignment).submissions if sub.student == "ada")


def answers_in(course: Course, assignment: Assignment, submission: Submission) -> tuple[str, ...]:
    """The answers of the copy that will be graded."""
    return restore(submission, read_all(course, assignment)[0], course.workspace(assignment)).answered


# the names of two or more files, with what each holds (None: an untouched release), and the one that must be graded
COPY = ".ipynb_checkpoints/mini-checkpoint.ipynb"  # made by Jupyter
CHOICES: dict[str, tuple[dict[str, dict[str, str] | None], str]] = {
    "another ending of the name": ({"mini.ipynb": None, "mini_done.ipynb": PERFECT}, "mini_done.ipynb"),
    "a browser's number": ({"mini.ipynb": None, "mini (1).ipynb": PERFECT}, "mini (1).ipynb"),
    "a name that says nothing": ({"mini.ipynb": None, "final.ipynb": PERFECT}, "final.ipynb"),
    "another folder": ({"mini.ipynb": None, "work/mini.ipynb": PERFECT}, "work/mini.ipynb"),
    "newer but untouched": ({"mini (1).ipynb": PERFECT, "mini (2).ipynb": None}, "mini (1).ipynb"),
    "the later stage": ({"mini.ipynb": HALF, "mini_v2.ipynb": PERFECT}, "mini_v2.ipynb"),
    "the right name": ({"mini.ipynb": PERFECT, "mini (1).ipynb": OTHER}, "mini.ipynb"),
    "the right name with more": ({"mini.ipynb": PERFECT, "mini_old.ipynb": {"a_double": "x = 1"}}, "mini.ipynb"),
    "jupyter's own copy": ({"mini.ipynb": None, COPY: PERFECT}, COPY),
    "only jupyter's own copy": ({COPY: PERFECT}, COPY),
    "jupyter has more": ({"mini.ipynb": HALF, COPY: PERFECT}, "mini.ipynb"),
    "json": ({"mini.json": PERFECT}, "mini.json"),
    "json beside a release": ({"mini.ipynb": None, "mini.json": PERFECT}, "mini.json"),
    "no ending": ({"mini": PERFECT}, "mini"),
    "no ending and another name": ({"homework 4": PERFECT}, "homework 4"),
}


@pytest.mark.parametrize("case", CHOICES)
def test_the_file_with_the_work_in_it(course: Course, assignment: Assignment, blank: nb.Notebook, case: str) -> None:
    """It is graded, and a note names it and those that were left out."""
    files, right = CHOICES[case]
    submission = one(course, assignment, {name: file(blank, answers) for name, answers in files.items()})
    assert submission.refused == {} and submission.notebooks == {"mini": "mini.ipynb"}
    assert answers_in(course, assignment, submission) == tuple(name for name in EVERYTHING if name in (files[right] or {}))
    if case != "jupyter has more":
        assert [name for name in files if name not in " ".join(submission.notes)] == []


def test_two_files_with_different_work(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """Where the one with the right name holds less, and the other one other work, nobody's zero: a person decides."""
    less = {"a_double": "def double(x):\n    return x * 2"}
    submission = one(course, assignment, {"mini.ipynb": file(blank, less), "mini_done.ipynb": file(blank, PERFECT)})
    said = "mini.ipynb (1 cell written) and mini_done.ipynb (3 cells written) hold different work"
    assert submission.notebooks == {} and submission.refused["mini"] == f"{said}; leave the right one and collect again"
    source = read_all(course, assignment)[0]
    restored = restore(submission, source, course.workspace(assignment))
    card = score(assignment, "ada", [NotebookOutcome(source.notebook, restored, None)])
    assert {mark.verdict for mark in card.marks if not mark.by_hand} == {Verdict.UNJUDGED}
    assert all(mark.points is None and said in mark.reason for mark in card.marks)


def test_a_zip_beside_an_untouched_notebook(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """The zip is opened, its records too; beside a notebook with work it stays closed."""
    inner = packed({"hw/mini.ipynb": file(blank, PERFECT), "hw/mini.results.json": "[]"})
    submission = one(course, assignment, {"mini.ipynb": file(blank), "work.zip": inner})
    assert answers_in(course, assignment, submission) == EVERYTHING and submission.files == ("mini.results.json",)
    submission = one(course, assignment, {"mini.ipynb": file(blank, HALF)})
    assert answers_in(course, assignment, submission) == ("a_double",) and "work.zip" in submission.notes[-1]


@pytest.mark.parametrize("name", ["work.zip", "work.rar"])
def test_what_nobody_can_open_beside_an_untouched_notebook(
    course: Course, assignment: Assignment, blank: nb.Notebook, name: str
) -> None:
    """The work may be in there: a person looks, and no zero is given."""
    submission = one(course, assignment, {"mini.ipynb": file(blank), name: b"Rar!"})
    assert submission.notebooks == {} and submission.refused["mini"].startswith(name)
    assert one(course, assignment, {"mini.ipynb": file(blank, HALF), name: b"Rar!"}).notebooks


def test_a_damaged_file_beside_another(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """One with work in it counts; beside an untouched one the damaged file does, and goes to a person."""
    submission = one(course, assignment, {"mini.ipynb": "{", "mini (1).ipynb": file(blank, PERFECT)})
    assert answers_in(course, assignment, submission) == EVERYTHING
    submission = one(course, assignment, {"mini.ipynb": "{", "mini (1).ipynb": file(blank)})
    assert restore(submission, read_all(course, assignment)[0], course.workspace(assignment)).unreadable


def test_the_work_in_another_kind_of_file(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """An untouched notebook with a script beside it is graded as it is, and a note says what else came."""
    submission = one(course, assignment, {"mini.ipynb": file(blank), "mini.py": "def double(x): return 2 * x"})
    assert submission.notes == ("mini.ipynb is as it was given out; what came with it: mini.py.",)


ATTEMPTS = {
    "Brightspace": "1-2 - Ada L - Sep {}, 2026 926 PM/mini.ipynb",
    "Blackboard": "mini_ada_attempt_2026-09-0{}-10-00-00_mini.ipynb",
    "Canvas": "lada_1_90{}_mini.ipynb",
    "Gradescope": "submission_{}/mini.ipynb",
}


@pytest.mark.parametrize("platform", ATTEMPTS)
def test_the_newest_attempt_is_an_empty_one(course: Course, assignment: Assignment, blank: nb.Notebook, platform: str) -> None:
    """Who uploads the untouched release last, on a platform that keeps attempts, still has the work of before."""
    name = ATTEMPTS[platform]
    files = {name.format(3): file(blank), name.format(2): file(blank, PERFECT), name.format(1): file(blank, HALF)}
    if platform == "Gradescope":
        entry = "submission_{0}:\n  :submitters:\n  - :email: ada@x.edu\n  :created_at: 2026-09-0{0} 10:00:00 Z\n"
        files["submission_metadata.yml"] = "".join(entry.format(number) for number in (1, 2, 3))
    (submission,) = collect.collect(fill(course.root / "class", files), course, assignment).submissions
    assert answers_in(course, assignment, submission) == EVERYTHING
    assert "somebody worked in it" in " ".join(submission.notes)


def test_an_older_attempt_with_more_is_no_doubt(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """What was handed in last counts, though an attempt before it holds more."""
    name = ATTEMPTS["Brightspace"]
    files = {name.format(2): file(blank, HALF), name.format(1): file(blank, OTHER)}
    (submission,) = collect.collect(fill(course.root / "class", files), course, assignment).submissions
    assert answers_in(course, assignment, submission) == ("a_double",)


def test_another_assignments_notebook_in_a_zip(course: Course, assignment: Assignment, blank: nb.Notebook) -> None:
    """In a zip too, a notebook of another assignment is that assignment's, not a missing one of ours."""
    other = {**course.assignments, "other": replace(assignment, name="other", notebooks=("edges",))}
    source = fill(course.root / "class", {"ada/work.zip": packed({"edges.ipynb": file(blank, PERFECT)}), "ben/": ""})
    found = collect.collect(source, replace(course, assignments=other), assignment).submissions
    assert found[0].notebooks == {} and found[0].refused == {}
