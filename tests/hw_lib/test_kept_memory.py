"""A training fetches its memory from the system once, not in every step."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_FAULTS = """
import resource, sys
from hw_lib import environment
if sys.argv[1] == "kept":
    environment.keep_memory()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    array = b"x" * (64 << 20)
    del array
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="an option of glibc")
def test_large_arrays_are_fetched_once() -> None:
    """Ten arrays one after the other in the place of the first."""

    def faults(how: str) -> int:
        return int(subprocess.run([sys.executable, "-c", _FAULTS, how], capture_output=True, text=True, check=True).stdout)

    assert faults("kept") * 4 < faults("given back")
