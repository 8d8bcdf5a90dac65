"""How fast time passes on a machine beside what its processor does for us, found out by importing what notebooks import."""

from __future__ import annotations

import os
import subprocess
import sys
import time

_IMPORTS = """
import importlib, importlib.util
for name in ("numpy", "matplotlib.pyplot", "torch"):
    if importlib.util.find_spec(name.partition(".")[0]):
        importlib.import_module(name)
"""
_LEAST_S = 0.1


def seconds_per_second() -> float:
    """Seconds on the clock for each second of a processor; what is read from a slow disk here is not read again by a submission."""
    before, started = os.times(), time.monotonic()
    subprocess.run([sys.executable, "-c", _IMPORTS], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, after = time.monotonic() - started, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return max(1.0, seconds / max(used, _LEAST_S))
