"""The hash of what runs a submission: of the real files, of all of them, and never silently of none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading.execute import fingerprint
from tests.test_architecture import imports, modules

STARTS = ("grading.execute.worker", "grading.inside")  # where an execution begins, outside and inside of the sandbox


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Our own package, to be changed."""
    return Path(shutil.copytree(fingerprint.ROOT, tmp_path / "grading", ignore=shutil.ignore_patterns("__pycache__")))


def reached(*starts: str) -> set[Path]:
    """The files of grading that these modules import, in however many steps, and those of a room that is named."""
    texts = modules("grading")
    waiting = [name for name in texts if name in starts or name.startswith(tuple(f"{start}." for start in starts))]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in texts and name not in found:
            found.add(name)
            waiting += [part for _, target in imports(name, texts[name]) for part in (target, target.rpartition(".")[0])]
    folders = (fingerprint.ROOT.parent.joinpath(*name.split(".")) for name in found)
    return {folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py") for folder in folders}


def test_everything_that_runs_a_submission_is_hashed() -> None:
    """Whatever an execution imports of grading is in the list: a file that moves or is added cannot be forgotten."""
    files = reached(*STARTS)
    assert len(files) > 20
    assert files - set(fingerprint.sources(fingerprint.ROOT)) == {fingerprint.ROOT / "__init__.py"}  # holds a sentence


@pytest.mark.parametrize("path", fingerprint.sources(fingerprint.ROOT), ids=lambda path: path.stem)
def test_a_change_in_any_file_changes_the_hash(path: Path, copied: Path) -> None:
    """A grader that changed has another key, whichever file it was."""
    before = fingerprint.code(copied)
    own = copied / path.relative_to(fingerprint.ROOT)
    own.write_text(own.read_text() + "\n# a change\n")
    assert fingerprint.code(copied) != before


def test_the_hash_of_the_same_files_is_the_same(copied: Path) -> None:
    """Another folder on another machine, the same hash."""
    assert fingerprint.code(copied) == fingerprint.code(fingerprint.ROOT)


def test_a_missing_file_is_an_error(copied: Path) -> None:
    """A list that is out of date is said, not hashed around."""
    (copied / fingerprint.FILES[0]).unlink()
    with pytest.raises(FileNotFoundError, match=r"is not there, but grading/.*fingerprint\.py lists it"):
        fingerprint.code(copied)


def test_a_missing_room_is_an_error(copied: Path) -> None:
    """The same for a folder that has moved away."""
    shutil.rmtree(copied / fingerprint.ROOMS[0])
    with pytest.raises(FileNotFoundError, match=r"holds no Python file, but grading/.*fingerprint\.py lists it"):
        fingerprint.code(copied)
