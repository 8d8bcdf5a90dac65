"""Who is charged where: every known answer is put into its notebook, all that follows runs again, and the lost tests are listed.

    .venv/bin/python -m tests.notebooks.blame_matrix                    # all notebooks, about an hour of one processor
    .venv/bin/python -m tests.notebooks.blame_matrix cnn                # one notebook, or one cell: cnn-h_forward
    .venv/bin/python -m tests.notebooks.blame_matrix cnn --messages     # and what each lost test says

Writes tests/mutants/MATRIX.md, one table for each answered cell: a row for every answer, a column for every test that one of them
loses. A test of another part than the mistake's stands in **bold**: read those first, for one slip should be charged once.
`test_mutants.py` holds the columns of the mistake's own part against what each answer says of itself.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from grading.execute import inputs
from hw_lib.errors import RecordAltered, RecordMissing
from tests.notebooks.test_mutants import HOMEWORK, MUTANTS, VARIANTS, Homework, Variant, change_records, run, solve

MATRIX = MUTANTS / "MATRIX.md"
Losses = dict[str, str]  # test cell -> what it says; after CRASH where it ends with an error that explains nothing
CRASH = "! "

_INTRO = """# Which answer loses which test

Written by `python -m tests.notebooks.blame_matrix`. x is a test that is lost. ! is a test that ends with an error, mostly
because the author's answers that follow cannot read the cache of this one; a student's own can. **Bold**: a test of another part
than the mistake's. Answers that lose nothing, the right ones among them, are counted below each table.
"""


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Work in a folder, quietly, as the tests of the answers do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HW_LIB_QUIET", "1")
        patch.setenv("HW_LIB_DATA", str(folder))
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        yield


class Rerun:
    """The rest of a notebook behind one answer. Only cells that use something made anew run again; the others keep the author's."""

    def __init__(self, homework: Homework, before: dict[str, dict[str, Any]], answer: Variant) -> None:
        """Start just before the answered cell."""
        self.homework, self.before, self.answer = homework, before, answer
        self.namespace, self.dirty = dict(before[answer.exercise]), set[str]()
        self.lost: Losses = {}

    def losses(self) -> Losses:
        """Run the answer and what follows from it."""
        names = list(self.homework.cells)
        place = names.index(self.answer.exercise)
        if self.answer.exercise in self.homework.expensive:
            self._run(self.answer.exercise)
            names = [name for name in names if name.split("_")[0] == self.answer.exercise.split("_")[0]]
            place = names.index(self.answer.exercise)
        else:
            self._run(self.answer.exercise, self.answer.source)
        always = set(names[place:]) if self.answer.exercise in self.homework.expensive + self.homework.measured else set()
        for name, following in zip(names[place + 1 :], [*names[place + 2 :], None], strict=True):
            code = self.homework.cells[name]
            if name in always or inputs.used(code) & self.dirty:
                self._run(name)
            elif following is not None and not name.endswith("_test"):
                made = {key: self.before[following][key] for key in inputs.bound(code) if key in self.before[following]}
                self.namespace |= made
                self.dirty -= set(made)
        return self.lost

    def _run(self, name: str, source: str | None = None) -> None:
        if not name.endswith("_test"):
            self.dirty |= inputs.bound(self.homework.cells[name] if source is None else source)
        try:
            with redirect_stdout(StringIO()):
                run(self.homework, name, self.namespace, source)
        except (AssertionError, RecordMissing, RecordAltered) as error:
            if name.endswith("_test"):
                self.lost[name] = str(error)
        except Exception as error:
            if name.endswith("_test"):
                self.lost[name] = f"{CRASH}{type(error).__name__}: {error}"


def charge(variant: Variant, before: dict[str, dict[str, Any]]) -> Losses:
    """What one answer loses, anywhere in its notebook."""
    homework = HOMEWORK[variant.homework]
    with tempfile.TemporaryDirectory() as name, _in(Path(name)):
        for path in homework.evidence if variant.exercise not in homework.measured else ():
            shutil.copy(path, name)
        if variant.exercise in homework.expensive:
            os.environ["NBGRADER_EXECUTION"] = "autograde"
            (Path(name) / homework.records.name).unlink()
            change_records(homework.records, variant.source, Path(name))
        return Rerun(homework, before, variant).losses()


def _mark(message: str) -> str:
    """How a test's message stands in the table."""
    return "!" if message.startswith(CRASH) else "x" if message else ""


def table(exercise: str, charged: dict[str, Losses]) -> str:
    """The answers to one cell as a Markdown table."""
    homework, cell = exercise.split("-")
    part = cell.split("_")[0]
    found = {test for losses in charged.values() for test in losses}
    tests = [name for name in HOMEWORK[homework].cells if name in found]
    heads = [name if name.split("_")[0] == part else f"**{name}**" for name in tests]
    rows = [
        f"| {answer} | " + " | ".join(_mark(losses.get(test, "")) for test in tests) + " |"
        for answer, losses in charged.items()
        if losses
    ]
    silent = [answer for answer, losses in charged.items() if not losses]
    lines = [f"| answer | {' | '.join(heads)} |", "|---" * (len(tests) + 1) + "|", *rows] if rows else []
    return "\n".join(
        [f"### {exercise}", "", *lines, *([""] if rows else []), f"Nothing is lost by {len(silent)}: {', '.join(silent)}.", ""]
    )


def sections(text: str) -> dict[str, str]:
    """The tables of a written matrix, by exercise."""
    return {part.split("\n", 1)[0].strip(): "### " + part.rstrip() + "\n" for part in re.split(r"^### ", text, flags=re.M)[1:]}


def written(path: Path = MATRIX) -> dict[str, dict[str, frozenset[str]]]:
    """What the matrix in the repository says: exercise -> answer -> the tests it loses."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for exercise, text in sections(path.read_text(encoding="utf-8")).items():
        rows = [[entry.strip() for entry in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
        tests = [head.strip("*") for head in rows[0][1:]] if rows else []
        answers = {row[0]: frozenset(test for test, mark in zip(tests, row[1:], strict=True) if mark) for row in rows[1:]}
        silent = re.search(r"^Nothing is lost by \d+: (.*)\.$", text, flags=re.M)
        answers |= dict.fromkeys(silent[1].split(", ") if silent and silent[1] else [], frozenset[str]())
        found[exercise] = answers
    return found


def main(chosen: list[str], messages: bool) -> None:
    """Run the chosen answers and renew their tables."""
    known = sections(MATRIX.read_text(encoding="utf-8")) if MATRIX.exists() else {}
    for name in HOMEWORK:
        mine = [v for v in VARIANTS if v.homework == name and (not chosen or {name, f"{name}-{v.exercise}"} & set(chosen))]
        before = solve(HOMEWORK[name], Path(tempfile.mkdtemp())) if mine else {}
        for exercise in dict.fromkeys(v.exercise for v in mine):
            charged = {v.path.stem: charge(v, before) for v in mine if v.exercise == exercise}
            known[f"{name}-{exercise}"] = table(f"{name}-{exercise}", charged)
            for answer, losses in charged.items() if messages else ():
                for test, message in losses.items():
                    sys.stdout.write(f"{name}-{exercise}/{answer} {test}:\n{message}\n\n")
            order = sorted(
                known,
                key=lambda key: (
                    list(HOMEWORK).index(key.split("-")[0]),
                    list(HOMEWORK[key.split("-")[0]].cells).index(key.split("-")[1]),
                ),
            )
            MATRIX.write_text("\n".join([_INTRO, *(known[key] for key in order)]).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main([argument for argument in sys.argv[1:] if not argument.startswith("-")], "--messages" in sys.argv)
