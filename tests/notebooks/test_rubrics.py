"""Every answer that a person reads has a rubric for that person, worth what the cell is worth, and no student gets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading import regions
from grading.source import read_source, student_notebook

COURSE = courses.load(Path(__file__).parents[2] / "course.toml")
NOTEBOOKS = [(part, name) for part in COURSE.assignments.values() for name in part.notebooks]
CELLS = {
    f"{name}-{cell['id']}": cell
    for part, name in NOTEBOOKS
    for cell in read_source(COURSE, part, name)["cells"]
    if nb.is_by_hand(cell)
}
_RUBRIC = re.compile(r"^\*\*Rubric \((?P<points>[\d.]+) points?\)\.\*\* (?P<steps>.+)", re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"(?:^|[.;] )(?P<points>\d(?:\.\d)?)(?: points?)?(?: for [^:]*)?: ")


def test_there_are_answers_to_read() -> None:
    """The cells are found; the written questions have fourteen."""
    assert len(CELLS) >= 30
    written = [(part, name) for part, name in NOTEBOOKS if part.name.startswith("written")]
    assert sum(nb.is_by_hand(cell) for part, name in written for cell in read_source(COURSE, part, name)["cells"]) == 14


@pytest.mark.parametrize("name", CELLS)
def test_a_rubric_is_worth_its_cell(name: str) -> None:
    """It stands between the markers, after a model answer; its title says the cell's points, and its steps come to no more."""
    (text,) = ["\n".join(regions.strip_regions(CELLS[name]["source"], regions.SOLUTION).removed)]
    found = _RUBRIC.search(text)
    assert found, "no rubric"
    assert float(found["points"]) == nb.points(CELLS[name])
    assert text[: found.start()].strip(), "no answer"
    steps = [float(step["points"]) for step in _STEP.finditer(found["steps"])]
    assert len(steps) >= 1 and sum(steps) <= nb.points(CELLS[name])


def _questions() -> dict[str, str]:
    """Answer -> the prose before it."""
    found = {}
    for part, name in NOTEBOOKS:
        question = ""
        for cell in read_source(COURSE, part, name)["cells"]:
            if nb.is_by_hand(cell):
                found[f"{name}-{cell['id']}"] = " ".join(question.split())
            elif cell["cell_type"] == "markdown":
                question = cell["source"]
    return found


def test_every_item_is_asked_for() -> None:
    """docs/instructors.md names for every item of a rubric the words of the question that ask for it, and they are there."""
    text = (COURSE.root / "docs" / "instructors.md").read_text(encoding="utf-8").split("## Which words of a question")[1]
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    said = {f"{notebook}-{cell}": re.findall(r"“(.+?)” → [^;“]+", pairs) for notebook, cell, pairs in rows}
    questions = _questions()
    assert set(said) == set(CELLS)
    assert [(name, words) for name, quoted in said.items() for words in quoted if words not in questions[name]] == []
    for name, quoted in said.items():
        rubric = _RUBRIC.search("\n".join(regions.strip_regions(CELLS[name]["source"], regions.SOLUTION).removed))
        assert rubric and len(quoted) >= len(_STEP.findall(rubric["steps"].replace("\n", " "))), name


@pytest.mark.parametrize(("part", "name"), NOTEBOOKS, ids=[name for _, name in NOTEBOOKS])
def test_no_student_gets_a_rubric(part: courses.Assignment, name: str) -> None:
    """In the released notebook the word does not stand in any cell, and every answer is the stub."""
    cells = student_notebook(read_source(COURSE, part, name), name)[0]["cells"]
    assert [cell["id"] for cell in cells if "**rubric" in cell["source"].casefold()] == []
    assert all("YOUR" in cell["source"] for cell in cells if nb.is_by_hand(cell))
