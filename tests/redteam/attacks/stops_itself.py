"""Stops its own process, closes every descriptor, and blocks every signal. It costs its own time, which is bounded."""

OWN_CELLS = {
    "setup": """\
import os
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
if os.fork() == 0:
    os.closerange(0, 256)
    os.kill(os.getpid(), signal.SIGSTOP)
signal.raise_signal(signal.SIGSTOP)
""",
}
