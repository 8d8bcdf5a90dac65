"""Figures are not drawn while grading: staff see what was handed in, told as such, or what `--draw` makes of it."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import image

from grading import notebook as nb
from grading import pipeline
from grading.course import Course
from grading.gradebook.handed_pictures import HANDED_IN, MISSING, Pictures, put_back
from grading.inside.undrawn import DOT
from grading.settings import Assignment, RunOptions
from tests.grading.conftest import PERFECT, HandIn
from tests.grading.test_pipeline import graded

_DRAWS = """
import matplotlib.pyplot as plt
def double(x):
    return 2 * x
for height in (1, 2):
    plt.plot([0, height], label="x")
    plt.title("$x^2$")
    plt.show()
plt.figure().savefig("mine.png")
saved = plt.imread("mine.png").shape
fig, ax = plt.subplots()
fig.canvas.draw()
seen = np.asarray(fig.canvas.buffer_rgba()).shape
(fig, "drawn" if min(saved[:2]) > 100 and min(seen[:2]) > 100 else "not drawn")[1]
"""


def png(value: float) -> str:
    """A small picture, as base64."""
    out = io.BytesIO()
    image.imsave(out, np.full((2, 3), value), vmin=0, vmax=1, format="png")
    return base64.b64encode(out.getvalue()).decode()


def shows(*pictures: str) -> list[dict[str, Any]]:
    """Outputs that are pictures."""
    return [{"output_type": "display_data", "data": {"image/png": one}, "metadata": {}} for one in pictures]


def written(text: str, **more: Any) -> dict[str, Any]:
    """A code cell with outputs."""
    return {"cell_type": "code", "id": "one", "source": text, "metadata": {}, "outputs": [], **more}


def pictures_of(cell: nb.Cell) -> list[str]:
    """The pictures that a cell of the formgrader's notebook shows."""
    return ["".join(output["data"]["image/png"]).strip() for output in cell["outputs"] if "image/png" in output.get("data", {})]


def said(cell: nb.Cell) -> str:
    """What it prints."""
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def shown(course: Course, assignment: Assignment) -> nb.Cell:
    """Ada's first answer as the formgrader shows it."""
    path = course.workspace(assignment).formgrader("ada", "mini")
    return next(cell for cell in json.loads(path.read_text())["cells"] if cell["id"] == "a_double")


def test_a_class_is_graded_without_drawing(course: Course, assignment: Assignment, hand_in: HandIn) -> None:
    """The first picture was handed in, the second was not; `--draw` makes both, and what is drawn stays when nothing changes."""
    assignment = replace(assignment, limits=replace(assignment.limits, cell_s=30.0))  # drawing takes long on a busy machine
    folder = hand_in("ada", PERFECT, a_double="import numpy as np" + _DRAWS)
    path = folder / "ada" / "mini.ipynb"
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == "a_double")["outputs"] = shows(png(0.5))
    path.write_text(json.dumps(notebook))
    cards = graded(course, assignment, folder)
    cell = shown(course, assignment)
    assert pictures_of(cell) == [png(0.5)]
    assert said(cell).count(HANDED_IN) == 1 and said(cell).count(MISSING) == 2
    assert any("'drawn'" in "".join(output.get("data", {}).get("text/plain", "")) for output in cell["outputs"])
    work = course.workspace(assignment)
    assert DOT in work.execution("ada", "mini").read_text()

    assert pipeline.grade(course, assignment, RunOptions(draw=True)) == list(cards.values())
    drawn = shown(course, assignment)
    assert len(pictures_of(drawn)) == 3 and png(0.5) not in pictures_of(drawn)
    assert all(len(one) > 2_000 for one in pictures_of(drawn))
    assert HANDED_IN not in said(drawn) and MISSING not in said(drawn)

    ran: list[bool] = []
    assert pipeline.grade(course, assignment, progress=lambda step: ran.append(step.cached)) == list(cards.values())
    assert ran == [True]
    assert pictures_of(shown(course, assignment)) == pictures_of(drawn)


def test_pictures_are_found_by_id_and_by_text() -> None:
    """A platform that makes new ids leaves the text; a cell whose text the student changed since keeps its id."""
    handed_in = {"cells": [written("plot(1)", id="new", outputs=shows(png(0.1))), written("plot(2)", outputs=shows(png(0.2)))]}
    theirs = Pictures(json.dumps(handed_in).encode())
    assert theirs.of(written("plot(1)", id="old")) == (png(0.1),)
    assert theirs.of(written("plot(3)", id="one")) == (png(0.2),)
    assert theirs.of(written("plot(4)", id="two")) == ()


@pytest.mark.parametrize(
    "picture",
    ["", "no base64", base64.b64encode(b"<svg onload=alert(1)>").decode(), "A" * 4_000_000, {"a": 1}, ["iVBO", 3], None],
)
def test_only_pictures_are_pictures(picture: Any) -> None:
    """What is no PNG, or too large, was not handed in."""
    handed_in = {"cells": [written("plot(1)", outputs=shows(picture))]}
    assert Pictures(json.dumps(handed_in).encode()).of(written("plot(1)")) == ()


@pytest.mark.parametrize("data", [b"", b"no notebook", b"[" * 5_000, b'{"cells": 3}', b'{"cells": [{"outputs": 7}]}', b"\xff\xfe"])
def test_a_notebook_that_cannot_be_read_has_none(data: bytes) -> None:
    """Whatever a student's file is, it stops nobody."""
    assert Pictures(data).of(written("plot(1)")) == ()


def test_words_stay_with_their_picture() -> None:
    """The text alternative is ours; it was made while grading."""
    dot = {**shows(DOT)[0], "data": {"image/png": DOT + "\n", "text/plain": "a line that rises"}}
    assert put_back([dot], [png(0.3)])[0]["data"] == {
        "image/png": png(0.3),
        "text/plain": "a line that rises",
    }
    alone = put_back([dot], [])
    assert alone[0]["data"] == {"text/plain": "a line that rises"} and MISSING in alone[1]["text"]


def test_a_submission_says_the_same_drawn_or_not(course: Course, assignment: Assignment, hand_in: HandIn, tmp_path: Path) -> None:
    """An error while drawing costs nobody a point in either."""
    assignment = replace(assignment, limits=replace(assignment.limits, cell_s=30.0))
    bad = 'import matplotlib.pyplot as plt\nplt.title(r"$\\frac{1}$")\nplt.show()\ndef double(x):\n    return 2 * x'
    cards = graded(course, assignment, hand_in("ada", PERFECT, a_double=bad))
    drawn = pipeline.grade(course, assignment, RunOptions(draw=True))
    assert [mark.points for mark in cards["ada"].marks] == [mark.points for mark in drawn[0].marks]
