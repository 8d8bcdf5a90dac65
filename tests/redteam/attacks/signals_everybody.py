"""Sends signals to every process id up to 400, and to the graders' by any number it can read. Nobody else may be hit."""

OWN_CELLS = {
    "setup": """\
import os
import signal

for victim in (*range(1, 400), *(int(name) for name in os.listdir("/proc") if name.isdigit())):
    if victim == os.getpid():
        continue
    for number in (signal.SIGUSR1, signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(victim, number)
        except OSError:
            pass
try:
    os.setpriority(os.PRIO_PROCESS, 0, -20)
except OSError:
    pass
""",
}
