"""Threads, exit handlers and signal handlers that keep clearing errors and reporting success. None of it may reach a grade."""

OWN_CELLS = {
    "setup": """\
import atexit
import gc
import signal
import sys
import threading
import time

shell = get_ipython()
channels = [sys.stdout._channel, *(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")]


def forgive(*args):
    type(shell).last_error = None
    shell.last_error = None
    for channel in channels:
        channel.send(event="end", error_name="", error_message="", value=None, odd_value="")


def always():
    for _ in range(2000):
        time.sleep(0.005)
        forgive()


atexit.register(forgive)
for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, forgive)
threading.Thread(target=always, daemon=True).start()
""",
}
