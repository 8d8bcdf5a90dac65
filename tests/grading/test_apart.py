"""Two runs of the tests at the same time share no user, no worker number, no word and no name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.grading import apart

ROOT = Path(__file__).parents[2]


def test_another_process_has_other_numbers() -> None:
    """While this one lives, the next one gets neither its user nor one of its worker numbers; it keeps them itself."""
    script = "from tests.grading import apart; print(apart.user(), apart.slot(0), apart.slot(49))"
    mine = [apart.user(), apart.slot(0), apart.slot(49)]
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    theirs = [int(word) for word in done.stdout.split()]
    assert theirs[0] != mine[0]
    assert theirs[2] < mine[1] or mine[2] < theirs[1]
    assert mine == [apart.user(), apart.slot(0), apart.slot(49)]


def test_words_are_drawn() -> None:
    """No word or name comes twice, and `sleep` can read the seconds."""
    assert apart.seconds(62) != apart.seconds(62)
    assert 62 <= float(apart.seconds(62)) < 63
    assert apart.socket_name() != apart.socket_name()
