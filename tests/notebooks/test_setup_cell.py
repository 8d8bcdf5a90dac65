"""The first cell of every notebook, where hw_lib is not installed: it finds the wheel, or says what to do."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grading import notebook as nb

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
WHEEL = "hw_lib-0.1.0-py3-none-any.whl"
ADDRESS = f"https://course.example/{WHEEL}"


def finding(path: Path) -> str:
    """What the first cell does about hw_lib: from the imports to the installation."""
    source = next(cell["source"] for cell in nb.parse(path.read_bytes(), path.name)["cells"] if cell["cell_type"] == "code")
    lines = source.split("\n")
    begins = next(k for k, line in enumerate(lines) if line.startswith("course_wheel = "))
    ends = next(k for k, line in enumerate(lines[begins:], begins) if line and not line.startswith(" ") and k > begins + 1)
    imports = [line for line in lines[:begins] if line.startswith(("import ", "from "))]
    return "\n".join([*imports, *lines[begins:ends]])


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A machine without hw_lib, in an empty folder; the list gets what pip is given."""
    given: list[str] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        assert command[:4] == [sys.executable, "-m", "pip", "install"]
        assert command[-1] == ADDRESS or Path(command[-1]).read_text(encoding="utf-8") == "the wheel"
        given.append(Path(command[-1]).name)
        return SimpleNamespace(returncode=len(given) > 1)  # the second time pip fails

    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(subprocess, "run", run)
    return given


@pytest.mark.parametrize("place", ["work", "content/drive/MyDrive/homework", "kaggle/input/hw"])
@pytest.mark.parametrize("name", [WHEEL, WHEEL.replace(".whl", " (1).whl"), WHEEL.replace(".whl", "(2).whl")])
def test_the_wheel_is_found(installed: list[str], tmp_path: Path, place: str, name: str) -> None:
    """Under its own name or under a browser's, beside the notebook, in Drive and on Kaggle."""
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    (tmp_path / place / name).write_text("the wheel")
    source = finding(NOTEBOOKS[0])
    for service in ("content", "kaggle"):
        assert f'"/{service}/' in source
        source = source.replace(f'"/{service}/', f'"{tmp_path}/{service}/')
    exec(source, {})
    assert installed == [WHEEL]
    with pytest.raises(RuntimeError, match="ensurepip"):
        exec(source, {})


def test_the_courses_address(installed: list[str]) -> None:
    """Where the course names one, a notebook with nothing beside it installs hw_lib from there."""
    exec(finding(NOTEBOOKS[0]).replace('course_wheel = ""', f"course_wheel = {ADDRESS!r}"), {})
    assert installed == [WHEEL]


def test_without_a_wheel(installed: list[str]) -> None:
    """It says which file to put where."""
    with pytest.raises(RuntimeError, match="same folder as this notebook"):
        exec(finding(NOTEBOOKS[0]), {})
    assert installed == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_does_the_same(path: Path) -> None:
    """One way of finding the library; what is tried above is tried for all."""
    assert (
        finding(path).split('if importlib.util.find_spec("hw_lib")')[1]
        == finding(NOTEBOOKS[0]).split('if importlib.util.find_spec("hw_lib")')[1]
    )


def test_what_lies_beside_the_notebook_comes_first(installed: list[str], tmp_path: Path) -> None:
    """An older wheel in Drive does not win over the one that came with the homework."""
    (tmp_path / "content" / "drive").mkdir(parents=True)
    (tmp_path / "content" / "drive" / WHEEL.replace("0.1.0", "0.9.0")).write_text("an old wheel")
    (tmp_path / "work" / WHEEL).write_text("the wheel")
    exec(finding(NOTEBOOKS[0]).replace('"/content/', f'"{tmp_path}/content/'), {})
    assert installed == [WHEEL]
