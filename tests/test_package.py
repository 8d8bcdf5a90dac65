"""What the package says of itself, and that the whole of it reaches the wheel."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from grading.files import library_files

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that staff install."""
    folder = tmp_path_factory.mktemp("wheel")
    return zipfile.ZipFile(next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))))


def test_whose_it_is_and_what_one_may_do_with_it(wheel: zipfile.ZipFile) -> None:
    """A licence with its text, authors, and no address."""
    assert PROJECT["license"] == "BSD-3-Clause" and PROJECT["authors"] == [{"name": "hw-lib contributors"}]
    assert "urls" not in PROJECT
    (metadata,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA")]
    assert "License-Expression: BSD-3-Clause" in metadata and "Author: hw-lib contributors" in metadata
    (licence,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/LICENSE")]
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8") and "hw-lib contributors" in licence


def test_the_pythons_that_it_names_are_locked() -> None:
    """The classifiers are the versions for which test_lock.py checks that everything can be installed."""
    from tests.test_lock import PYTHONS

    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if line.startswith("Programming Language :: Python :: 3.")]
    assert named == [version.rpartition(".")[0] for version in PYTHONS]
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_everything_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """Modules, and what they read: templates, languages, styles, the course that `hw new` writes."""
    inside = set(wheel.namelist())
    assert {name for name, _ in library_files(ROOT)} <= inside
    read = [path for path in (ROOT / "grading").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT).as_posix() for path in read} <= inside
    assert {"grading/starter/course/Makefile", "grading/pages/languages/de.toml", "grading/mark/web/static/mark.css"} <= inside
    assert not [name for name in inside if not name.startswith(("hw_lib/", "grading/", "hw_lib-"))]
