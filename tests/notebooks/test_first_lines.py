"""What the notebooks need so that `hw_lib.notebook` can speak: a start, an end, and a first line that says what a test is worth."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from grading import notebook as nb
from grading.regions import HIDDEN_TESTS
from hw_lib.notebook.file import TEST

NOTEBOOKS = {path.stem: path for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*/*.ipynb"))}
MORE = "; more is checked after you hand in"


def code(name: str) -> list[nb.Cell]:
    """The code cells of a source notebook."""
    return [cell for cell in nb.parse(NOTEBOOKS[name].read_bytes(), name)["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_starts_and_ends(name: str) -> None:
    """The first cell listens under the notebook's own name, the last one packs what is handed in."""
    cells = code(name)
    assert f'notebook.start("{name}")' in cells[0]["source"].split("\n")
    assert cells[-1]["source"] == "notebook.hand_in()"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_test_says_what_it_is_worth(name: str) -> None:
    """Its first line has the points that its metadata has, and promises more where hidden tests are, and only there."""
    for cell in code(name):
        if nb.is_test(cell):
            first = cell["source"].split("\n")[0]
            said = TEST.fullmatch(first)
            assert said and float(said[1]) == nb.points(cell), f"{cell['id']}: {first}"
            assert first.endswith(MORE) == (f"BEGIN {HIDDEN_TESTS}" in cell["source"]), f"{cell['id']}: {first}"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_headings_go_down_one_level_at_a_time(name: str) -> None:
    """One title, parts below it: solution pages keep the headings, and who cannot see them jumps from one to the next."""
    cells = nb.parse(NOTEBOOKS[name].read_bytes(), name)["cells"]
    prose = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    levels = [len(marks) for marks in re.findall(r"^(#+) (?!BEGIN|END)", prose, re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_long_measurement_says_how_long(name: str) -> None:
    """Every record that takes more than a moment has its seconds, so that the cell can say how long it takes here."""
    text = "\n".join(cell["source"] for cell in code(name))
    measured = re.findall(r"recorder\.measure\((?:[^()]|\([^()]*\))*\)", text)
    assert [call for call in measured if "takes=" not in call and "memory.machine" not in call] == []
