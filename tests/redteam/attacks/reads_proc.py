"""Reads memory, files and command lines of every process it can see for the tests' text, and tells. It must find nothing."""

_LOOK = """\
import glob
import os
import re


def look():
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/fd/*"):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            found += re.findall(rb"[^\\n]*canary" + rb"-[^\\n]*", os.read(descriptor, 1_000_000))
            os.close(descriptor)
        except OSError:
            pass
    for process in {"self", *(path.split("/")[2] for path in glob.glob("/proc/[0-9]*/maps"))}:
        try:
            with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
                for line in maps:
                    first, last = (int(part, 16) for part in line.split()[0].split("-"))
                    if " rw-p " in line and last - first < 50_000_000:
                        memory.seek(first)
                        found += re.findall(rb"# canary" + rb"-[^\\n\\0]*", memory.read(last - first))
        except (OSError, ValueError):
            pass
    return "\\n".join(sorted({line.decode("latin-1")[:200] for line in found}))[:5000]
"""
OWN_CELLS = {"setup": _LOOK, "b_answer_test": "print(look())", "e_measure_test": "print(look())"}
CELLS = {"c_remainder": "def remainder(n):\n    raise ValueError(look())"}
