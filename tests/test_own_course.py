"""docs/your-own-course.md is followed word for word: its commands, in a fresh folder, with the wheel, without torch."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "your-own-course.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
# what a course without PyTorch does not have, what a fresh environment has itself, and our own, which comes in the wheel
_OTHERS = "torch|nvidia|triton|cuda|functorch|playwright|mypy|ruff"
LEFT_OUT = re.compile(rf"({_OTHERS}|pip$|pip-|setuptools|_distutils|distutils-|hw_lib|_editable|__editable|grading)")

pytestmark = [pytest.mark.slow, pytest.mark.kernel]


def linked(source: str, target: str) -> None:
    """A file without a copy of it, where the disk allows that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Reader:
    """Somebody at a terminal, who types what the page says."""

    def __init__(self, folder: Path) -> None:
        """An empty folder with the wheel in it; pip finds the other packages installed, because tests have no network."""
        self.folder = self.here = folder
        (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
        assert Path(wheel).name in PAGE
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL", "PIP_"))},
            "PATH": f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "140",
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "OMP_NUM_THREADS": "1",
        }

    def types(self, line: str) -> str:
        """One command; returns what it printed."""
        activate = f". {self.folder}/venv/bin/activate" if (self.folder / "venv").is_dir() else ":"
        script = f"{activate}\ncd '{self.here}'\n{line}\npwd >'{self.folder}/.here'"
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.here = Path((self.folder / ".here").read_text().strip())
        return done.stdout

    def has_the_packages(self) -> None:
        """What pip would fetch: the packages of these tests, but for torch, into the fresh environment."""
        (target,) = (self.folder / "venv").glob("lib/python3*/site-packages")
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if not LEFT_OUT.match(path.name):
                copy = shutil.copytree if path.is_dir() else linked
                copy(str(path), str(target / path.name), **({"copy_function": linked} if path.is_dir() else {}))
        kernels = Path(sys.prefix) / "share" / "jupyter"
        shutil.copytree(kernels, self.folder / "venv" / "share" / "jupyter", copy_function=linked)


def test_there_is_something_to_follow() -> None:
    """Commands, and what they print."""
    assert [kind for kind, _ in BLOCKS].count("sh") >= 6 and [kind for kind, _ in BLOCKS].count("text") >= 5


def test_word_for_word(tmp_path: Path) -> None:
    """Every command ends well, and prints what the page shows of it; `…` stands for anything."""
    reader, said = Reader(tmp_path), ""
    for kind, block in BLOCKS:
        if kind == "sh":
            said = ""
            for line in block.splitlines():
                said += reader.types(line)
                if line.startswith("python3 -m venv"):
                    reader.has_the_packages()
            continue
        for line in block.splitlines():
            shown = ".*".join(re.escape(piece.strip()) for piece in line.split("…"))
            assert re.search(shown, said), f"{line}\n\n{said}"
    python = tmp_path / "venv" / "bin" / "python"
    where = "import hw_lib, grading, importlib.util as u; print(hw_lib.__file__, grading.__file__, u.find_spec('torch'))"
    done = subprocess.run([str(python), "-I", "-c", where], capture_output=True, text=True, check=True).stdout.split()
    assert all(Path(path).is_relative_to(tmp_path) for path in done[:2]) and done[2] == "None"
