"""Makes sample classes: `python -m tests.submissions.classes hw5_fall2025` prints each assignment with the folder of its class.

The class of `dropout` is older and lies in the repository as whole notebooks (recipes.py). The others are written anew to
build/classes/<assignment>/ from cases, and never committed. A case is one file, tests/submissions/<assignment>/<case>/expected.json: what the student did, and what must come out.

    about    what the case is
    blank    notebooks that are handed in as they were released (true: all of them)
    missing  notebooks that are not handed in at all
    answers  notebook -> solution cell -> the name of a file in tests/mutants/<notebook>-<cell>/, or source text
    records  under "without", notebooks that are handed in without their record of the long cells; under "changed", by notebook,
             Python source that changes `records` and seals them again with seal(name)
    limits   figures of [limits] that the tests grade the case with, so that an endless loop is ended sooner; `hw grade` has the course's
    long     true for a case that only `make test-long` grades
    cells    grade id -> {"points", "verdict", "says"}; every automatic cell that is not named passes with full points
    notes    phrases that the notes of the scorecard must hold

Everything else is the author's answer. A case is a way of going wrong as a submission; wrong answers are mutants, and two or three
students make one of them in almost every part, to see it through the whole pipeline. The class is written to build/classes/<assignment>/ and never committed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from grading.marks import Mark, Scorecard, Verdict
from grading.records import GradingError
from grading.settings import Assignment
from grading.source import read_source, student_notebook
from tests.submissions.recipes import model_answers

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MADE = ROOT / "build" / "classes"
MUTANTS = ROOT / "tests" / "mutants"


def names(assignment: str, *, long: bool = True) -> list[str]:
    """The cases of an assignment; without `long` those that `make` and `make test` grade."""
    found = sorted(path.parent.name for path in (HERE / assignment).glob("*/expected.json"))
    return [name for name in found if long or not expected(assignment, name).get("long")]


def expected(assignment: str, case: str) -> dict[str, Any]:
    """What a case says."""
    return dict(json.loads((HERE / assignment / case / "expected.json").read_text(encoding="utf-8")))


def make(course: Course, assignment: Assignment, target: Path, cases: Sequence[str] = ()) -> None:
    """Write the class, or some cases of it: a folder for each."""
    shutil.rmtree(target, ignore_errors=True)
    sources = {name: read_source(course, assignment, name) for name in assignment.notebooks}
    for case in cases or names(assignment.name):
        folder = target / case
        folder.mkdir(parents=True)
        for name, source in sources.items():
            _hand_in(expected(assignment.name, case), (name, assignment.name), source, folder)


def _hand_in(case: dict[str, Any], names: tuple[str, str], source: nb.Notebook, folder: Path) -> None:
    """One notebook of one case, and the files beside it; `names` are the notebook's and the assignment's."""
    name = names[0]
    if name in case.get("missing", ()):
        return
    released, _ = student_notebook(source, name)
    blank = case.get("blank", False)
    is_blank = blank if isinstance(blank, bool) else name in blank
    answers = {} if is_blank else model_answers(source)
    for cell, answer in case.get("answers", {}).get(name, {}).items():
        answers[cell] = _answer(names, cell, answer)
    cells = [{**cell, "source": answers.get(cell["id"], cell["source"])} for cell in released["cells"]]
    (folder / f"{name}.ipynb").write_text(nb.dump({**released, "cells": cells}), encoding="utf-8")
    if not is_blank and name not in case.get("records", {}).get("without", ()):
        for path in (HERE / "records").glob(f"{name}.*"):
            shutil.copy(path, folder)
        if change := case.get("records", {}).get("changed", {}).get(name):
            _change(folder / f"{name}.results.json", change)


def _change(path: Path, source: str) -> None:
    """Rewrite a file of records as a case says: the source sees `records` and may `seal` one that it changed."""

    def seal(name: str) -> None:
        fields = {key: value for key, value in records[name].items() if key != "sha256"}
        records[name]["sha256"] = hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    records = json.loads(path.read_text(encoding="utf-8"))
    exec(source, {"records": records, "seal": seal})
    path.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")


def _answer(names: tuple[str, str], cell: str, answer: str) -> str:
    """The text of a mutant, without its header, or the answer itself. A folder of mutants has one of the two names."""
    if not answer.startswith(("wrong_", "right_")):
        return answer
    path = next(found for name in names if (found := MUTANTS / f"{name}-{cell}" / f"{answer}.py").is_file())
    lines = path.read_text(encoding="utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(("# loses:", "# says:", "# seen:"))).strip("\n")


def differences(card: Scorecard, case: dict[str, Any]) -> list[str]:
    """Where a scorecard is not what its case expects; empty when all is as it should be."""
    cells = dict(case["cells"])
    found = [problem for mark in card.marks if (problem := _wrong(mark, cells.pop(mark.grade_id, None)))]
    found += [f"expected.json names {name}, which does not exist" for name in cells]
    notes = "\n".join((*card.flags, *card.notes))
    return found + [f"no note says {phrase!r}" for phrase in case["notes"] if phrase not in notes]


def _wrong(mark: Mark, cell: dict[str, Any] | None) -> str:
    got = f"{mark.grade_id}: {mark.verdict} with {mark.points} points: {mark.reason}"
    if cell is None:
        return "" if mark.by_hand or (mark.verdict, mark.points) == (Verdict.PASSED, mark.max_points) else got
    points = None if mark.verdict is Verdict.UNJUDGED else cell["points"]
    same = mark.verdict in cell["verdict"].split(" or ") and mark.points == points and cell["says"] in mark.reason
    return "" if same else f"{got}; expected {cell}"


def class_folder(course: Course, assignment: Assignment) -> Path:
    """The class of an assignment, made if it is not the one that lies in the repository.

    Raises:
        SystemExit: it has no cases; says where they would lie.
    """
    if list((HERE / assignment.name).glob("*/*.ipynb")):
        return HERE / assignment.name
    if not names(assignment.name):
        missing = f"tests/submissions/{assignment.name}/<case>/expected.json"
        hint = f"for a class of your own: hw collect {assignment.name} FOLDER-OR-ZIP"
        raise SystemExit(f"there is no sample class of {assignment.name}: no {missing}\n{hint}")
    make(course, assignment, MADE / assignment.name, names(assignment.name, long=False))
    return MADE / assignment.name


def main(argv: list[str]) -> None:
    """Print, for the assignments and homeworks that are named, each assignment and the folder of its class."""
    try:
        course = courses.load(ROOT / "course.toml")
        assignments = [part for name in argv for part in course.named(name)]
    except GradingError as error:
        raise SystemExit(str(error)) from None
    for assignment in assignments:
        sys.stdout.write(f"{assignment.name} {class_folder(course, assignment).relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
