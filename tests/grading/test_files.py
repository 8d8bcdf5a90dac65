"""Temp folders end with their process, however it ends, and two workers never have the same number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from grading import files

ROOT = Path(__file__).parents[2]
HOLD = """
from grading import files
with files.worker_id() as number, files.folder("work-") as folder:
    (folder / "file").write_text("x")
    print(number, files.root(), flush=True)
    input()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temp folder of the test's own, for this process and for those it starts."""
    files.remove()  # what earlier tests of this process made
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    files.remove()


def holder() -> tuple[subprocess.Popen[str], int, Path]:
    """Another process that has a number and a run folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    slot, folder = process.stdout.readline().split()
    return process, int(slot), Path(folder)


def end(process: subprocess.Popen[str], number: int) -> None:
    """End it by a signal, or by an empty line where that is 0."""
    if number:
        process.send_signal(number)
    process.communicate("\n")


def test_nothing_is_left_by_a_process_that_ends(temporary: Path) -> None:
    """The run folder goes with its process."""
    process, _, folder = holder()
    assert folder.parent == temporary
    assert len(list(folder.iterdir())) == 2
    end(process, 0)
    assert process.returncode == 0
    assert list(temporary.iterdir()) == []


def test_the_next_process_clears_up_after_a_killed_one(temporary: Path) -> None:
    """What a killed process left goes, what a living one has stays."""
    (dead, _, dead_folder), (alive, _, alive_folder) = holder(), holder()
    end(dead, signal.SIGKILL)
    assert dead_folder.is_dir()
    mine = files.root()
    assert {path.name for path in temporary.iterdir()} == {alive_folder.name, mine.name}
    end(alive, signal.SIGKILL)
    files.remove()
    assert list(temporary.iterdir()) == []


def test_a_forked_child_leaves_the_folder_alone(temporary: Path) -> None:
    """A child that ends does not take what its parent is working in."""
    mine = files.root()
    child = os.fork()
    if child == 0:
        files.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert (mine / "lock").is_file()


def test_numbers_are_given_once(temporary: Path) -> None:
    """In this process and in others at the same time; what was given back can be had again."""
    other, theirs, _ = holder()
    with ExitStack() as held:
        mine = [held.enter_context(files.worker_id()) for _ in range(3)]
        assert len({theirs, *mine}) == 4
    end(other, signal.SIGKILL)
    with ExitStack() as held:
        again = [held.enter_context(files.worker_id()) for _ in range(40)]
        assert len({*again}) == 40
        assert {theirs, *mine} <= {*again}, "nobody else on this machine takes forty"


def test_what_others_put_into_the_temp_folder(temporary: Path) -> None:
    """Libraries that make temp folders of their own make them below ours, for as long as we say."""
    with files.around():
        assert Path(tempfile.mkdtemp()).parent == files.root()
    outside = Path(tempfile.mkdtemp())
    assert outside.parent == temporary
    outside.rmdir()


def test_half_written_files_go_after_a_while(tmp_path: Path) -> None:
    """An old one is removed, one that may still be written and everything with a real name stay."""
    old, new, real = (tmp_path / "mini" / name for name in (".ada.json.x1", ".bob.json.x2", "cyd.json"))
    old.parent.mkdir()
    for path in (old, new, real):
        path.write_text("{")
    for path in (old, real):
        os.utime(path, (time.time() - 3600,) * 2)
    files.sweep_strays(tmp_path)
    assert [path.exists() for path in (old, new, real)] == [False, True, True]
