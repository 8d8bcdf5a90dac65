"""`hw new` writes a course that releases, grades and is read at once, and never writes over anything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grading import cli, starter
from grading import course as courses
from grading import notebook as nb
from grading.source import read_all
from tests.grading.conftest import ROOT

PREAMBLE = re.compile(r'course_wheel = ""[\s\S]*^_install_hw_lib\(\)$', re.MULTILINE)


def test_what_is_written(tmp_path: Path) -> None:
    """One notebook with one of each kind of cell, and everything around it."""
    said = "\n".join(starter.write(tmp_path / "statistics"))
    there = {
        path.relative_to(tmp_path / "statistics").as_posix() for path in (tmp_path / "statistics").rglob("*") if path.is_file()
    }
    assert there == {
        *("course.toml", "Makefile", "nbgrader_config.py", ".gitignore", "notebooks/first/first.ipynb"),
        *(f"class/{student}/first.ipynb" for student in ("right", "wrong", "blank")),
    }
    assert f"cd {tmp_path / 'statistics'}" in said
    course = courses.load(tmp_path / "statistics")
    (source,) = read_all(course, course.assignments["first"])
    cells = source.notebook["cells"]
    assert any(nb.is_task(cell) for cell in cells) and any(nb.is_by_hand(cell) and nb.is_solution(cell) for cell in cells)
    tests = [cell["source"] for cell in cells if nb.is_test(cell)]
    assert sorted("HIDDEN" in text for text in tests) == [False, True]
    assert any(nb.is_locked(cell) and not nb.is_grade(cell) and cell["cell_type"] == "code" for cell in cells)
    assert any(nb.is_solution(cell) and cell["cell_type"] == "code" for cell in cells)


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a file in it, and a file, are refused and stay as they were."""
    (tmp_path / "mine").write_text("mine")
    for place in (tmp_path, tmp_path / "mine"):
        assert cli.main(["new", str(place)]) == 1
        assert "nothing was written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"] and (tmp_path / "mine").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert cli.main(["new", str(tmp_path / "empty")]) == 0


def test_the_first_cell_is_that_of_every_notebook() -> None:
    """One way of finding hw_lib; what is tried of it (tests/notebooks/test_setup_cell.py) holds here too."""

    def first(path: Path) -> str:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))

    ours, new = (PREAMBLE.search(first(path)) for path in (ROOT / "notebooks/written/process.ipynb", *_template()))
    assert ours and new and ours[0] == new[0]


def _template() -> list[Path]:
    return [ROOT / "grading/starter/course/notebooks/first/first.ipynb"]


def test_its_makefile_has_our_verbs() -> None:
    """Whoever knows this repository's knows it."""
    targets = [
        set(re.findall(r"^([a-z-]+):.*##", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in (ROOT / "Makefile", ROOT / "grading/starter/course/Makefile")
    ]
    ours, new = targets
    assert new - {"check"} <= ours
    assert {"class", "help", "release", "solutions", "lab", "mark", "formgrader", "clean", "clean-all"} <= new


@pytest.mark.kernel
@pytest.mark.slow
def test_the_class_is_graded_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Right has all that a test gives, wrong nothing of it, blank nothing at all; no assignment has to be named."""
    starter.write(tmp_path / "statistics")
    monkeypatch.chdir(tmp_path / "statistics")
    for verb in (["release"], ["collect", "class"], ["grade"], ["feedback"], ["export"], ["report"]):
        assert cli.main(verb) == 0, capsys.readouterr().err
    scores = {path.stem: json.loads(path.read_text())["marks"] for path in Path("build/first/score").glob("*.json")}
    points = {student: [mark["points"] for mark in marks] for student, marks in scores.items()}
    assert points == {"right": [1.0, 2.0, None, None], "wrong": [0.0, 0.0, None, None], "blank": [0.0, 0.0, 0.0, None]}
    assert {mark["verdict"] for mark in scores["right"]} == {"PASSED", "BY HAND"}
    page = Path("build/first/feedback/right/first.html").read_text(encoding="utf-8")
    assert "axhline" in page, "what was done for the task stands on the student's page"
