"""The suite is shared out as tests/conftest.py says: a file's tests share a process, and with it what is costly to make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_file_stays_in_one_process() -> None:
    """Two processes, two files that are quick: each file's tests all run in the same one."""
    files = ["tests/grading/execute/test_inputs.py", "tests/grading/gradebook/test_sanitize.py"]
    command = [*(sys.executable, "-m", "pytest"), *("--numprocesses", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "-vv")]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if " PASSED " in line]
    for file in files:
        workers = [line.split()[0] for line in lines if file in line]
        assert len(workers) > 3
        assert len(set(workers)) == 1, lines
