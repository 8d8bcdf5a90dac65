"""Runs the graded test cells, hidden parts included, in a process of its own that no line of a student's ever enters.

Speaks with the supervisor as cellrunner does; a request for a test also says where its names come from:

    -> {"cell": "a_weights_test", "source": "...", "remote": ["weights_a"], "imports": ["import numpy as np"], "classes": {...},
        "given": ["class DeepNet: ..."], "makes": ["DeepNet"], "beside": [],
        "texts": {"cells": [...], "files": {...}}, "variables": {...}, "seed": 1}

Remote names are fetched from the student's process over the line LINK, as plain values or as proxies. What the author's given cells
define for a test is made here from the author's text, or beside the student's objects: whatever the student put in its place, it
is the author's again. Variables are of this process's environment; the student's never has them.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import socket
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from grading.inside import shell as shells
from grading.inside import start, taken_away
from grading.inside.remote import BadReply, CellTimeout, Link, RemoteFunction

Warm = tuple[shells.Channel, Any]


def fetch(shell: Any, link: Link, request: dict[str, Any], deadline: float) -> str:
    """Put the names that a test uses into its namespace; returns why that did not work, or an empty text.

    A name that the student does not define is left out: the test then ends with the NameError it would end with in a notebook.
    """
    for statement in request["imports"]:
        exec(statement, shell.user_ns)
    if request["beside"]:
        problem = _define(link, request["beside"])
        if problem:
            return problem
    for name in request["remote"]:
        if time.monotonic() > deadline:
            return "the names that the test uses did not all arrive in time"
        shell.user_ns.pop(name, None)
        try:
            answer = link.ask("get", name=name)
        except (BadReply, CellTimeout) as error:
            return str(error)
        except Exception as error:
            return f"{name} cannot be read: {type(error).__name__}: {error}"
        if not answer.get("missing"):
            value = answer.get("value")
            shell.user_ns[name] = value.called(name, request["texts"]) if isinstance(value, RemoteFunction) else value
    _make(shell, request["given"], request["makes"])
    return ""


def _define(link: Link, statements: list[str]) -> str:
    """Let the copy of the student's process run the author's statements; returns why that did not work, or an empty text."""
    try:
        link.ask("define", statements=statements)
    except (BadReply, CellTimeout) as error:
        return str(error)
    except Exception as error:  # the author's text, in surroundings that are the student's
        return f"the given cells cannot be run again: {type(error).__name__}: {error}"
    return ""


def _make(shell: Any, statements: list[str], names: list[str]) -> None:
    """Run the author's statements here. One that fails, as its cell did for the student, leaves its name out."""
    for name in names:
        shell.user_ns.pop(name, None)
    for statement in statements:
        with contextlib.suppress(Exception):
            exec(statement, shell.user_ns)


def run_test(shell: Any, channel: shells.Channel, line: socket.socket, request: dict[str, Any], limit_s: float) -> None:
    """One test, from the first question to goodbye; `limit_s` is for all of it, the names that are fetched first included."""
    started = time.monotonic()
    link = Link(line, request["classes"], limit_s, re.findall(r"\w+", request["source"]))
    link.drain()
    os.environ.update(request["variables"])
    start.reseed(request["seed"])
    try:
        problem = fetch(shell, link, request, started + limit_s)
        if problem:
            channel.send(
                event="end", nonce=request["nonce"], ok=False, error_name="BadReply", error_message=problem, in_student_code=True
            )
        else:
            taken_away.prepare(shell, request["remote"], link.ask)
            left = max(1.0, limit_s + 1.0 - (time.monotonic() - started))
            shells.run_cell(shell, channel, request, left, lambda: {"changed_inputs": link.changed_inputs})
    finally:
        link.goodbye()


def main(link: int, warm: Warm | None = None) -> None:
    """Set up, then run the tests that come until the supervisor closes the pipe; arguments as in cellrunner."""
    requests, events = start.take_pipes()
    first = start.settle(requests)
    channel, shell = warm or shells.pair()
    channel.open(events, int(first["limits"]["output_mb"] * shells.MB))
    sys.path[:1] = first["paths"]
    sys.path.append("")  # helpers of the author's lie there; of a submission come only data and pictures
    sys.stdout, sys.stderr = shells.Stream("stdout", channel), shells.Stream("stderr", channel)
    line = socket.socket(fileno=link)
    channel.send(event="ready")
    for text in requests:
        run_test(shell, channel, line, json.loads(text), first["limits"]["cell_s"])


if __name__ == "__main__":
    main(int(sys.argv[1]))
