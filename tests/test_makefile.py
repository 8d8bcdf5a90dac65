"""What `make` removes can be made again; what people wrote stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from grading import course as courses
from tests.submissions import classes

ROOT = Path(__file__).parents[1]


pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make` in a folder that has nothing but a Makefile and what the test puts there."""
    shutil.copy(ROOT / "Makefile", folder)
    return subprocess.run(
        [str(shutil.which("make")), "-C", str(folder), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A folder where all is installed, the release is there, and hw and JupyterLab do nothing."""
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", "requirements/staff.txt", "requirements/install.sh"):
        (tmp_path / name).write_text("")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("hw", "jupyter"):
        program = tmp_path / ".venv" / "bin" / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    (tmp_path / ".venv" / "staff-installed").write_text("")
    release = tmp_path / "build" / "mini" / "release"
    release.mkdir(parents=True)
    (release / "mini.ipynb").write_text("first")
    (release / "hw_lib.whl").write_text("wheel")
    return tmp_path


def in_lab(folder: Path) -> dict[str, str]:
    """What lies in the lab's folder."""
    return {path.name: path.read_text() for path in (folder / "build" / "lab").iterdir() if path.is_file()}


def test_the_lab_shows_the_newest_release(lab: Path) -> None:
    """A copy that nobody changed is renewed."""
    for text in ("first", "second"):
        (lab / "build" / "mini" / "release" / "mini.ipynb").write_text(text)
        assert make(lab, "lab", "A=mini").returncode == 0
        assert in_lab(lab) == {"mini.ipynb": text, "hw_lib.whl": "wheel"}


def test_a_notebook_that_was_changed_stays_in_the_lab(lab: Path) -> None:
    """A new release lies beside it, is said once, and replaces neither it nor an earlier release beside it that was changed too."""
    release = lab / "build" / "mini" / "release" / "mini.ipynb"
    make(lab, "lab", "A=mini")
    (lab / "build" / "lab" / "mini.ipynb").write_text("mine")
    assert "kept" not in make(lab, "lab", "A=mini").stdout
    release.write_text("second")
    assert "kept       build/lab/mini.ipynb" in make(lab, "lab", "A=mini").stdout
    assert "kept" not in make(lab, "lab", "A=mini").stdout
    release.write_text("third")
    assert "mini-3.ipynb beside it" in make(lab, "lab", "A=mini").stdout
    assert in_lab(lab) == {"mini.ipynb": "mine", "mini-2.ipynb": "second", "mini-3.ipynb": "third", "hw_lib.whl": "wheel"}


def test_a_lab_of_before_loses_nothing(lab: Path) -> None:
    """A copy of which it is not known what it was copied from counts as changed."""
    (lab / "build" / "lab").mkdir()
    (lab / "build" / "lab" / "mini.ipynb").write_text("mine")
    assert make(lab, "lab", "A=mini").returncode == 0
    assert in_lab(lab) == {"mini.ipynb": "mine", "mini-2.ipynb": "first", "hw_lib.whl": "wheel"}


def test_the_lab_takes_one_assignment(lab: Path) -> None:
    """A homework of several has no release of its own; that is said."""
    done = make(lab, "lab", "A=week")
    assert done.returncode != 0
    assert "make lab shows one assignment at a time" in done.stdout


def test_help_lists_the_targets(tmp_path: Path) -> None:
    """Every target that has a description is in its group, the first step first."""
    said = make(tmp_path, "help").stdout
    places = [
        said.index(text) for text in ("First steps", "make class", "Instructors", "make release", "TAs", "Developers", "make fast")
    ]
    assert places == sorted(places)


def test_clean_keeps_the_gradebook(tmp_path: Path) -> None:
    """Hand grades, names and the lab's notebooks are nobody's to make again: only `make clean-all` takes them."""
    build = tmp_path / "build"
    (build / "mini" / "release").mkdir(parents=True)
    (build / "lab").mkdir()
    (build / "editions").mkdir()
    (build / "history").mkdir()
    books = ("gradebook.db", "gradebook.db.lock", "secret", "names.json")
    precious = (*books, "editions/mini.ipynb", "history/mini.csv", "lab/mini.ipynb")
    for name in (*precious, "mini.zip", ".hidden", "mini/gradebook.db"):
        (build / name).write_text("")
    done = make(tmp_path, "clean")
    kept = sorted(path.relative_to(build).as_posix() for path in build.rglob("*"))
    assert kept == [
        "editions",
        "editions/mini.ipynb",
        "gradebook.db",
        "gradebook.db.lock",
        "history",
        "history/mini.csv",
        "lab",
        "lab/mini.ipynb",
        "names.json",
        "secret",
    ]
    assert "build/gradebook.db" in done.stdout and "make clean-all" in done.stdout
    for target in ("clean-all", "clean"):
        assert make(tmp_path, target).returncode == 0
        assert not build.exists()


def test_every_assignment_has_a_class_to_grade(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What `make` reads: a line for each assignment of a homework, with its folder; only the one that is committed is not made."""
    made: list[Path] = []
    monkeypatch.setattr(classes, "make", lambda course, assignment, target, cases: made.append(target))
    classes.main(["hw4_spring2023", "bn_drop_cnn"])
    assert capsys.readouterr().out.splitlines() == [
        "dropout tests/submissions/dropout",
        "written build/classes/written",
        "written_hw4 build/classes/written_hw4",
        "edge_detection build/classes/edge_detection",
        "gpu_memory build/classes/gpu_memory",
        "bn_drop_cnn build/classes/bn_drop_cnn",
    ]
    made_anew = ("written", "written_hw4", "edge_detection", "gpu_memory", "bn_drop_cnn")
    assert made == [ROOT / "build" / "classes" / name for name in made_anew]


def test_an_assignment_without_a_class(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is said where its cases would lie, and how to grade a class of one's own; a mistyped name gets a guess."""
    course = courses.load(ROOT / "course.toml")
    monkeypatch.setattr(classes, "HERE", tmp_path)
    with pytest.raises(SystemExit, match=r"no sample class of written: no tests/submissions/written[\s\S]*hw collect written"):
        classes.class_folder(course, course.assignments["written"])
    with pytest.raises(SystemExit, match="did you mean 'written'"):
        classes.main(["writen"])
