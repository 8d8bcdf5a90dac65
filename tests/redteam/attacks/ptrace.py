"""Attaches to other processes as a debugger does, and reads and writes their memory. It must reach none but its own."""

OWN_CELLS = {
    "setup": """\
import ctypes
import os

library = ctypes.CDLL(None, use_errno=True)
library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
ours = {os.getpid()}
held = []
for process in (1, 2, os.getppid(), *range(3, 100)):
    if process in ours:
        continue
    if library.ptrace(16, process, None, None) == 0:
        held.append(process)
    try:
        with open(f"/proc/{process}/mem", "r+b", 0) as memory:
            memory.seek(0x400000)
            memory.write(b"PWNED")
        held.append(process)
    except (OSError, ValueError):
        pass
print("HELD", held)
""",
}
