"""`hw` begins: with the packages of `staff`, and without them."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from grading import cli, start

WITHOUT = """
import sys

sys.modules[{gone!r}] = None  # as if it were not installed
sys.argv = ["hw", *{words!r}]
from grading.start import main
sys.exit(main())
"""


def run(gone: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`hw`, or a verb of it, where a package is not installed."""
    command = [sys.executable, "-c", WITHOUT.format(gone=gone, words=words or ("--help",))]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(("gone", "words"), [("msgspec", ()), ("rich", ("report", "no-such-homework"))])
def test_without_the_packages_of_staff(gone: str, words: tuple[str, ...]) -> None:
    """Students have hw_lib alone; who types hw there reads what to install, not where an import failed."""
    done = run(gone, *words)
    assert done.returncode == 1 and done.stdout == ""
    assert "pip install 'hw-lib[staff]'" in done.stderr and f"no {gone}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_ours_that_is_missing_is_no_matter_of_packages() -> None:
    """It is a bug, and its traceback is wanted."""
    assert "Traceback" in run("hw_lib").stderr


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`hw --version` says what is installed."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"hw {importlib.metadata.version('hw-lib')}\n"


def test_hw_is_the_program_that_is_installed() -> None:
    """The entry point leads here."""
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="hw")
    assert entry.load() is start.main
