"""What a container may use is read as Linux writes it, in both versions of its control groups."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from grading.autograder import container, pace
from grading.settings import Limits

V2 = {"cpu.max": "50000 100000", "memory.max": "805306368", "memory.events": "low 0\noom 3\noom_kill 2\noom_group_kill 0"}
V1 = {
    "cpu/cpu.cfs_quota_us": "50000",
    "cpu/cpu.cfs_period_us": "100000",
    "memory/memory.limit_in_bytes": "805306368",
    "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2",
}


def written(files: dict[str, str], folder: Path) -> Path:
    """The files of a control group."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text + "\n")
    return folder


@pytest.mark.parametrize("files", [V1, V2])
def test_half_a_processor_and_768_mb(files: dict[str, str], tmp_path: Path) -> None:
    """Times on the clock double; processor time and memory stay as the course says."""
    group = written(files, tmp_path)
    assert container.processors(group) == 0.5
    assert round(container.memory_mb(group)) == 805
    assert container.killed(group) == 2
    fitted = container.fitted(Limits(wall_s=100, cell_s=10, cpu_s=100, memory_mb=3000), 1.0, group)
    assert (fitted.wall_s, fitted.cell_s, fitted.cpu_s, fitted.memory_mb) == (200, 20, 100, 3000)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"cpu.max": "max 100000", "memory.max": "max"},
        {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000", "memory/memory.limit_in_bytes": "9223372036854771712"},
        {"cpu.max": "x", "memory.max": "y", "memory.events": "oom_kill z"},
    ],
)
def test_where_nobody_says_it_is_half_a_processor(files: dict[str, str], tmp_path: Path) -> None:
    """A machine without limits, and one that says nothing or nonsense: a container with a share only looks like a whole machine."""
    group = written(files, tmp_path)
    assert container.fitted(Limits(cell_s=20), 1.0, group).cell_s == 40
    assert container.memory_mb(group) == math.inf
    assert container.killed(group) == 0


@pytest.mark.parametrize(("quota", "cell_s"), [("400000", 40), ("50000", 40), ("25000", 80)])
def test_less_is_longer(quota: str, cell_s: float, tmp_path: Path) -> None:
    """A quarter of a processor takes twice as long as a half; more than a half takes nothing away."""
    assert container.fitted(Limits(cell_s=20), 1.0, written({"cpu.max": f"{quota} 100000"}, tmp_path)).cell_s == cell_s


def test_a_machine_that_is_busy_is_given_more_time(tmp_path: Path) -> None:
    """Where six seconds pass for one of the processor, a cell has six times as long; the pace is that of a real import."""
    assert container.fitted(Limits(cell_s=20), 6.0, tmp_path).cell_s == 120
    assert str(container.fitted(Limits(cell_s=20), 2.04958, tmp_path).cell_s) == "41"  # a student reads it
    assert 1 <= pace.seconds_per_second() < 1000
