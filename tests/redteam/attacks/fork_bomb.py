"""Starts processes and threads without end, from a cell and from a tested function. It costs nobody else anything."""

_BOMB = """\
import os
import threading


def bomb():
    for _ in range(12):
        try:
            os.fork()
        except OSError:
            break
    while True:
        try:
            threading.Thread(target=bomb, daemon=True).start()
        except BaseException:
            break
"""
OWN_CELLS = {"setup": _BOMB + "\n\nbomb()"}
CELLS = {"a_double": "def double(x):\n    bomb()\n    return x"}
