"""Sends SIGKILL to its parent, to process 1, to its group and to everybody. Only its own run may end."""

OWN_CELLS = {
    "setup": """\
import os
import signal

for victim in (os.getppid(), 1, 2, -1, 0):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
        try:
            os.kill(victim, number)
        except OSError:
            pass
""",
}
