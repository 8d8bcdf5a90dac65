"""Runs a student's cells one at a time inside the sandbox and tells the supervisor what happened.

Started as `python -s -P cellrunner.py`. The supervisor writes one JSON line per request to standard input and reads one JSON line
per event from standard output:

    -> {"limits": {...}, "uid": ..., "paths": [...]}     first line: limits to set, whom to become, where to import from
    <- {"event": "ready"}
    -> {"cell": "a_weights", "source": "...", "fresh": false}    the next cell, sent when the last one has ended
    <- {"event": "output", "output": {...nbformat...}}
    <- {"event": "end", "error_name": ..., "value": ...}

A cell that reaches its time limit is interrupted here (SIGALRM); the supervisor kills what cannot be interrupted.
"""

from __future__ import annotations

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import shell as shells
from grading.inside import start


def forget_our_modules() -> None:
    """Let a test cell import our library from its read-only folder again, whatever earlier cells did to the one in memory."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "hw_lib"]:
        del sys.modules[name]


def main() -> None:
    """Set up, then run what comes until the supervisor closes the line."""
    requests, events = start.take_lines()
    first = start.settle(requests)
    channel = shells.Channel()
    shell = shells.make_shell(channel)
    channel.open(events, int(first["limits"]["output_mb"] * shells.MB))
    sys.path[:1] = [*first["paths"], ""]  # only now: a file of the student's must not stand in for a module of the shell
    sys.stdout, sys.stderr = shells.Stream("stdout", channel), shells.Stream("stderr", channel)
    channel.send(event="ready")
    for line in requests:
        request = json.loads(line)
        if request.get("fresh"):
            forget_our_modules()
        shells.run_cell(shell, channel, request["source"], first["limits"]["cell_s"])


if __name__ == "__main__":
    main()
