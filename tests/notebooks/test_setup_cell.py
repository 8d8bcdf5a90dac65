"""The first cell of every notebook: it finds the wheel, installs it where hw_lib is missing or another one, or says what to do."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from grading import notebook as nb

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
OLD, NEW = "0.1.0+h00000000aaaa", "0.1.0+hbbbbbbbbbbbb"


def finding(path: Path) -> str:
    """What the first cell does about hw_lib: from the imports to the installation."""
    source = next(cell["source"] for cell in nb.parse(path.read_bytes(), path.name)["cells"] if cell["cell_type"] == "code")
    before, begins, after = source.partition('course_wheel = ""')
    body, ends, _ = after.partition("\n_install_hw_lib()\n")
    assert begins and ends
    imports = [line for line in before.split("\n") if line.startswith(("import ", "from "))]
    return "\n".join([*imports, begins + body + ends])


class Machine:
    """A student's machine: what is installed on it, and what pip was given."""

    def __init__(self, folder: Path) -> None:
        """Without hw_lib."""
        self.folder = folder
        self.version = ""
        self.given: list[str] = []
        self.pip_fails = False

    def run(self, command: list[str], **_: object) -> SimpleNamespace:
        """Pip."""
        assert command[:4] == [sys.executable, "-m", "pip", "install"]
        assert zipfile.is_zipfile(command[-1])
        self.given.append(Path(command[-1]).name)
        return SimpleNamespace(returncode=int(self.pip_fails))

    def has(self, name: str, version: str, modified: float = 1_000_000_000) -> Path:
        """A wheel under some name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("hw_lib/__init__.py", "")
            packed.writestr(f"hw_lib-{version}.dist-info/METADATA", "")
        os.utime(path, (modified, modified))
        return path

    def first_cell(self, **places: str) -> None:
        """Run it."""
        source = finding(NOTEBOOKS[0])
        for service in ("content", "kaggle"):
            assert f'"/{service}/' in source
            source = source.replace(f'"/{service}/', f'"{self.folder}/{service}/')
        for old, new in places.items():
            source = source.replace(f'{old} = ""', f"{old} = {new!r}")
        exec(source, {})


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """An empty folder to work in."""
    made = Machine(tmp_path)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: made.version or None)
    found = lambda **_: iter(SimpleNamespace(version=each) for each in made.version.split())  # noqa: E731
    monkeypatch.setattr(importlib.metadata, "distributions", found)
    monkeypatch.setattr(subprocess, "run", made.run)
    monkeypatch.setattr(sys, "modules", {**sys.modules})  # what is forgotten of hw_lib is forgotten there
    return made


@pytest.mark.parametrize("place", ["work", "content/drive/MyDrive/homework", "kaggle/input/hw"])
@pytest.mark.parametrize("name", [f"hw_lib-{NEW}-py3-none-any.whl", f"hw_lib-{NEW}-py3-none-any (1).whl", "hw_lib.whl"])
def test_the_wheel_is_found(machine: Machine, place: str, name: str) -> None:
    """Under its own name or another, beside the notebook, in Drive and on Kaggle; pip gets the name that it was made with."""
    machine.has(f"{place}/{name}", NEW)
    machine.first_cell()
    assert machine.given == [f"hw_lib-{NEW}-py3-none-any.whl"]
    machine.pip_fails = True
    with pytest.raises(RuntimeError, match="ensurepip"):
        machine.first_cell()


def test_the_courses_address(machine: Machine) -> None:
    """Where the course names one, a notebook with nothing beside it installs hw_lib from there, whatever the file is called."""
    address = machine.has("elsewhere/latest.whl", NEW).as_uri()
    machine.first_cell(course_wheel=address)
    assert machine.given == [f"hw_lib-{NEW}-py3-none-any.whl"]
    machine.version = NEW
    machine.first_cell(course_wheel=address)
    assert len(machine.given) == 1, "a notebook that has hw_lib asks no network"


def test_without_a_wheel(machine: Machine) -> None:
    """It says which file to put where."""
    with pytest.raises(RuntimeError, match="into this notebook's folder"):
        machine.first_cell()
    assert machine.given == []


def test_another_hw_lib_is_replaced(machine: Machine) -> None:
    """The hand-out of another day has another one: its own is installed, and what was loaded of the old one is forgotten."""
    machine.has("work/hw_lib-new.whl", NEW)
    machine.version = OLD
    sys.modules["hw_lib"] = sys.modules["hw_lib.checks"] = ModuleType("hw_lib")
    machine.first_cell()
    assert machine.given == [f"hw_lib-{NEW}-py3-none-any.whl"]
    assert not [name for name in sys.modules if name.startswith("hw_lib")]


@pytest.mark.parametrize("version", [NEW, "0.1.0", f"{OLD} 0.1.0", " "])
def test_the_same_and_the_staffs_own_stay(machine: Machine, version: str) -> None:
    """Nothing is installed twice, and never over an hw_lib that somebody works on, in a lab or in a folder of its own."""
    machine.has("work/hw_lib-new.whl", NEW)
    machine.version = version
    machine.first_cell()
    assert machine.given == []


def test_the_newest_file_counts(machine: Machine) -> None:
    """Of several beside the notebook, whatever their names; and none in Drive wins over what lies beside it."""
    machine.has("work/hw_lib-z.whl", OLD, modified=1_000_000_000)
    machine.has("work/hw_lib-a.whl", NEW, modified=1_000_000_009)
    machine.has("content/drive/hw_lib-drive.whl", "0.9.0", modified=1_500_000_000)
    machine.first_cell()
    assert machine.given == [f"hw_lib-{NEW}-py3-none-any.whl"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_does_the_same(path: Path) -> None:
    """One way of finding the library; what is tried above is tried for all."""
    ours, theirs = (finding(each).partition("course_wheel")[2] for each in (NOTEBOOKS[0], path))
    assert ours == theirs
