"""What a container may use, as Linux says it, and what became of that. Starts nothing."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

from grading.settings import Limits

CGROUP = Path("/sys/fs/cgroup")
_NO_LIMIT_MB = 1_000_000
_SHARE = 0.5  # of a processor, which the platform gives where nothing else is set; not every container is told its share


def fitted(limits: Limits, pace: float = 1.0, cgroup: Path = CGROUP) -> Limits:
    """The limits of a submission, as long as they come out on half a processor, or on less, or on a machine of this pace.

    Clocks run on while a process waits for its share, so times on the clock grow. What is counted in processor time or in bytes
    stays: a smaller memory must not cost points that the course's own machine gives, see `killed`.
    """
    slower = max(pace, 1 / min(_SHARE, processors(cgroup)))
    return replace(limits, cell_s=math.ceil(limits.cell_s * slower), wall_s=math.ceil(limits.wall_s * slower))  # students read them


def processors(cgroup: Path = CGROUP) -> float:
    """How many processors there are to use at most; infinite where nobody says."""
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")  # version 2
    if not quota:
        quota, period = _read(cgroup / "cpu/cpu.cfs_quota_us"), _read(cgroup / "cpu/cpu.cfs_period_us")
    try:
        share = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):
        return float("inf")
    return share if share > 0 else float("inf")


def memory_mb(cgroup: Path = CGROUP) -> float:
    """How much memory there is to use at most; infinite where nobody says."""
    said = _read(cgroup / "memory.max") or _read(cgroup / "memory/memory.limit_in_bytes")
    most = int(said) / 1e6 if said.isdecimal() else _NO_LIMIT_MB
    return most if most < _NO_LIMIT_MB else float("inf")


def killed(cgroup: Path = CGROUP) -> int:
    """How many processes the kernel has ended because there was no memory left."""
    said = _read(cgroup / "memory.events") or _read(cgroup / "memory/memory.oom_control")
    found = re.search(r"^oom_kill (\d+)$", said, re.MULTILINE)
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
