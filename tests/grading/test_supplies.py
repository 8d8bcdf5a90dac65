"""Data, pictures and helpers come with the hand-out and stand beside a notebook when it is graded: the author's, or a student's."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading import pipeline, releasing, supplies
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard
from grading.records import GradingError
from grading.release import handout, solutions

from .conftest import COURSE, cell

HELPER = "def twice(x):\n    return 2 * x\n"
MODEL = '''def cube(x):
    """x * x * x."""
    ### BEGIN SOLUTION
    return x * x * x * 1.0
    ### END SOLUTION
'''
PICTURES = "# Tiny\n\n![a net](pictures/net%201.png) and <img src='pictures/net 1.png'>"
SETUP = "import csv\n\nimport helper\nfrom model import cube\n\nrows = list(csv.reader(open('mini.data.csv')))"
TOTAL = "total = sum(helper.twice(int(row[0])) for row in rows)"
TOTAL_TEST = "import helper\nassert total == sum(helper.twice(int(row[0])) for row in rows) == 12"
NOTEBOOK: nb.Notebook = {
    "cells": [
        cell("markdown", "intro", PICTURES),
        cell("code", "setup", SETUP, locked=True),
        cell("code", "a_sum", f"### BEGIN SOLUTION\n{TOTAL}\n### END SOLUTION", solution=True),
        cell("code", "a_sum_test", TOTAL_TEST, grade=True, locked=True, points=1),
        cell("code", "b_model", "### BEGIN SOLUTION\ncubed = cube(3)\n### END SOLUTION", solution=True),
        cell("code", "b_model_test", "assert cube(5) == 125 and cubed == 27", grade=True, locked=True, points=2),
    ],
    "metadata": {},
}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose notebook reads data, shows a picture, and imports a helper of the author's and a file of the student's."""
    root = tmp_path / "course"
    folder = root / "notebooks" / "mini"
    (folder / "pictures").mkdir(parents=True)
    (folder / "mini.ipynb").write_text(nb.dump(NOTEBOOK), encoding="utf-8")
    (folder / "mini.data.csv").write_text("1\n2\n3\n")
    (folder / "pictures" / "net 1.png").write_bytes(b"\x89PNG")
    (folder / "helper.py").write_text(HELPER)
    (folder / "model.py").write_text(MODEL)
    listed = 'files = ["mini.data.csv", "pictures/*.png", "helper.py"]\nstudent_files = ["model.py"]\n'
    text = COURSE.replace("[assignments.mini]\n", f"[assignments.mini]\n{listed}").replace('optional = ["c"]\n', "")
    (root / "course.toml").write_text(text.replace('strip = ["hw_lib/layers/dropout.py"]\n', ""))
    return courses.load(root)


def changed(course: Course, old: str, new: str) -> Course:
    """The course with other settings."""
    path = course.root / "course.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    return courses.load(path)


def test_they_are_in_the_hand_out(course: Course) -> None:
    """Under their own names and in their folders, in the folder and in the zip; a student's file without the author's answer."""
    made = handout.release(course, course.assignments["mini"])
    expected = {"mini.data.csv", "helper.py", "mini.ipynb", "model.py", "pictures/net 1.png"}
    assert set(made.files) == expected, "and no wheel: nobody needs it"
    with zipfile.ZipFile(made.archive) as packed:
        assert {name.removeprefix("mini/") for name in packed.namelist()} == set(made.files)
        assert packed.read("mini/mini.data.csv") == b"1\n2\n3\n"
        model = packed.read("mini/model.py").decode()
    assert "x * x * x * 1.0" not in model and "raise NotImplementedError()" in model
    told = json.loads((made.folder / "mini.ipynb").read_text())["metadata"]["hw_lib"]
    assert told["files"] == ["model.py"]


def test_a_helper_that_gives_an_answer_away_stops_the_release(course: Course) -> None:
    """The audit reads what lies beside the notebooks, too."""
    path = course.root / "notebooks" / "mini" / "helper.py"
    path.write_text(HELPER + "# total = sum(helper.twice(int(row[0])) for row in rows)\n")
    with pytest.raises(handout.ReleaseError, match=r"helper\.py:3"):
        handout.release(course, course.assignments["mini"])


SAID: dict[str, tuple[Callable[[Course], object], str]] = {
    "gone": (lambda course: (course.root / "notebooks/mini/mini.data.csv").unlink(), "a file that is not there"),
    "outside": (lambda course: changed(course, '"mini.data.csv"', '"../mini.data.csv"'), "outside of the notebooks' folder"),
    "twice": (lambda course: changed(course, '["model.py"]', '["model.py", "helper.py"]'), "names a file twice"),
    "a notebook": (lambda course: changed(course, '"mini.data.csv"', '"mini.ipynb"'), "may not be handed out under this name"),
    "large": (lambda course: (course.root / "notebooks/mini/mini.data.csv").write_bytes(b"0" * 41_000_000), "are too large"),
    "a picture": (
        lambda course: changed(course, '"pictures/*.png", ', ""),
        "cell intro shows pictures/net%201.png, which no student gets",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_wrong_is_said(course: Course, case: str) -> None:
    """Nothing is released."""
    change, said = SAID[case]
    change(course)
    with pytest.raises(GradingError, match=said):
        again = courses.load(course.root)
        handout.release(again, again.assignments["mini"])
    assert not (course.build / "mini" / "mini.zip").exists()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("![x](a.png)", ["a.png"]),
        ('![x](<a.png> "title") ![y](https://example.org/a.png) ![z](data:image/png;base64,AA)', ["a.png"]),
        ("![x][net]\n\n[net]: a.png", ["a.png"]),
        ('<p><IMG alt="" SRC="a.png"></p>', ["a.png"]),
        ("`![x](a.png)`\n\n```\n![x](a.png)\n```\n[a link](a.pdf)", []),
        ("![x](attachment:pasted.png) ![y](attachment:other.png)", ["attachment:other.png"]),
    ],
)
def test_pictures_are_found_in_every_form(text: str, missing: list[str]) -> None:
    """Markdown, references and HTML; pictures elsewhere, in code and pasted ones are no files."""
    shown = {**cell("markdown", "intro", text), "attachments": {"pasted.png": {"image/png": "AA"}}}
    found = supplies.missing_pictures({"cells": [shown], "metadata": {}}, ["b.png"])
    assert found == [f"cell intro shows {name}, which no student gets" for name in missing]


@pytest.mark.kernel
def test_the_author_of_each_file_is_graded(course: Course) -> None:
    """A student who changed data and helper is graded with the author's; what the student wrote in their own file counts."""
    assignment = course.assignments["mini"]
    made, _ = releasing.release(course, assignment)
    blank = nb.parse((made.folder / "mini.ipynb").read_bytes(), "mini")
    answers = {"a_sum": TOTAL, "b_model": "cubed = cube(3)"}
    for student, files in {
        "honest": {"model.py": "def cube(x):\n    return x**3\n"},
        "cheat": {
            "model.py": "def cube(x):\n    return x**3\n",
            "mini.data.csv": "5\n",  # of this name a submission keeps it: the notebook's
            "helper.py": "def twice(x):\n    return 12\n",
        },
        "wrong": {"model.py": "def cube(x):\n    return 27\n"},
        "forgot": {},
    }.items():
        folder = course.root / "class" / student
        folder.mkdir(parents=True)
        cells = [{**one, "source": answers.get(one["id"], one["source"])} for one in blank["cells"]]
        (folder / "mini.ipynb").write_text(nb.dump({**blank, "cells": cells}))
        for name, text in files.items():
            (folder / name).write_text(text)
    collected = collection.collect(course.root / "class", course, assignment)
    assert not [note for one in collected.submissions for note in one.notes]
    cards = {card.student: card for card in pipeline.grade(course, assignment)}
    assert {student: points(card) for student, card in cards.items()} == {
        "honest": [1.0, 2.0],
        "cheat": [1.0, 2.0],
        "wrong": [1.0, 0.0],
        "forgot": [1.0, 0.0],
    }
    assert not cards["forgot"].flags


def points(card: Scorecard) -> list[float | None]:
    """A student's points, in order."""
    return [mark.points for mark in card.marks]


@pytest.mark.kernel
def test_solutions_find_them(course: Course) -> None:
    """The author's own notebook runs beside the author's own files."""
    notebook, _ = solutions.solve(course, course.assignments["mini"], "mini")
    shown = json.loads(notebook.read_text())["cells"]
    assert [output for one in shown for output in one.get("outputs", ()) if output["output_type"] == "error"] == []
