"""What a notebook shows of our exceptions: the message and the student's own line, on a screen that needs no scrolling."""

from __future__ import annotations

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

SETUP = "import torch\nfrom torch import nn\nfrom hw_lib import checks, results\nfrom hw_lib.errors import RecordMissing"
DROPOUT = """
class Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        {0}
"""


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A notebook's shell after the first cell."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    made = InteractiveShell()
    made.run_cell(SETUP).raise_error()
    return made


def shown(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], *cells: str) -> list[str]:
    """The lines that the last of some cells leaves on the screen."""
    for cell in cells:
        capsys.readouterr()
        shell.run_cell(cell)
    said = capsys.readouterr()
    return re.sub(r"\x1b\[[0-9;]*m", "", said.out + said.err).strip().splitlines()


def test_a_wrong_answer_is_its_message(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """No frames of ours and none of torch's: what, expected, got, fix."""
    lines = shown(shell, capsys, DROPOUT.format("return x"), "checks.dropout_module(Dropout, p=0.25)")
    assert lines[0].startswith("CheckFailed: Dropout(0.25)")
    assert len(lines) <= 5


def test_an_error_in_the_answer_names_its_line(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """The student's own line is what helps, whatever lay between it and the test."""
    lines = shown(shell, capsys, DROPOUT.format("return x @ x @ nothing"), "checks.dropout_module(Dropout, p=0.25)")
    assert lines[0].startswith("CheckFailed:")
    assert lines[-1] == "  in forward, line 7 of its cell:  return x @ x @ nothing"
    assert len(lines) <= 6


def test_a_missing_record(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], tmp_path: object) -> None:
    """The same for records."""
    lines = shown(shell, capsys, f"results.Recorder('x', {str(tmp_path)!r}).read('one')")
    assert lines[0] == "RecordMissing: there is no record 'one'"
    assert len(lines) == 4


def test_other_errors_keep_their_traceback(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """A student's own exception is shown as ever."""
    lines = shown(shell, capsys, "def f():\n    return 1 / 0", "f()")
    assert any("return 1 / 0" in line for line in lines)
    assert len(lines) > 5
