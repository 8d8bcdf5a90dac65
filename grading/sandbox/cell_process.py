"""The process inside a sandbox, seen from outside: sends it cells, reads what happened, ends it when it must be ended.

Everything that comes back is untrusted input: read as JSON, checked, bounded, never expected to arrive at all.
"""

from __future__ import annotations

import contextlib
import json
import math
import queue
import secrets
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from grading import notebook as nb
from grading.records import CellRun, CellStatus, ErrorKind
from grading.sandbox.memory import own_share, resident
from grading.sandbox.spec import Sandbox, SandboxError

GRACE_S = 5.0  # between the interrupt inside and the kill from outside
_WATCH_S = 0.5  # how often the memory of the whole sandbox is looked at
_SHARING = 0.1  # of the time at most goes into finding out who shares what, which takes a second for a dozen copies of 3 GB
_MOST_BYTES = 200_000_000  # everything one process may ever report
_OUTPUT_TYPES = ("stream", "display_data", "execute_result", "error")


class CellProcess:
    """One process in a sandbox. A context manager: leaving it ends the process and everything it started."""

    def __init__(self, sandbox: Sandbox, work: Path, link: int = -1) -> None:
        """Start it; `work` is a folder of this run alone, `link` its end of the socket to the trusted tests or to the student."""
        self._limits = sandbox.limits
        self._first = sandbox.first_request()
        self._files = sandbox.files
        self._process = sandbox.start(work, link)
        self._events: queue.Queue[bytes | None] = queue.Queue()
        self._requests: queue.Queue[bytes | None] = queue.Queue()
        self._errors = b""
        self._killed = ""
        self.ended = ""  # why the process is gone, once it is
        self._watch_at = self._share_at = 0.0
        self._looked_at = 0  # bytes that were resident when somebody last found out what is shared
        self._errors_read = threading.Thread(target=self._read_errors, daemon=True)
        events, requests = (threading.Thread(target=target, daemon=True) for target in (self._read_events, self._write_requests))
        self._threads = [events, self._errors_read, requests]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> CellProcess:
        """The process, which may not be ready yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process and everything it started: its pid namespace, or its process group where there is none."""
        self._process.end()
        self._requests.put(None)
        for thread in self._threads:
            thread.join(timeout=1.0)  # not for ever: without isolation a daemon may hold its end of the line

    def ready(self, deadline: float) -> str:
        """Wait until it can run cells; returns why it cannot, or an empty text."""
        self._send({**self._first, "files": [[name, len(data)] for name, data in self._files.items()]})
        for data in self._files.values():
            self._requests.put(data)
        event, why = self._next(deadline, "it was not ready in time")
        if event is not None and event.get("event") == "ready":
            return ""
        if event is None:
            self._errors_read.join(timeout=GRACE_S)  # it is gone, but its last words may still lie in the pipe
        tail = self._errors.decode("utf-8", "replace").strip()[-500:]
        return f"the sandbox did not start ({why or 'it sent something unexpected'}): {tail or 'it said nothing'}"

    def post(self, request: Mapping[str, Any]) -> None:
        """Send something that is not a cell."""
        self._send(request)

    def wait_for(self, expected: str, deadline: float) -> str:
        """Wait for an event of that name; returns what is wrong, or an empty text. Other events are dropped."""
        while True:
            event, why = self._next(deadline, f"the process did not report {expected!r} in time")
            if event is None:
                return why
            if event.get("event") == expected:
                return str(event.get("problem") or "")

    def run(self, cell: nb.Cell, deadline: float, **more: Any) -> tuple[CellRun, bool]:
        """Run one cell; returns what happened, and whether the process can run another. `more` is for the trusted process."""
        started = time.monotonic()
        outputs: list[dict[str, Any]] = []
        nonce = secrets.token_hex(8)  # a forked child of an earlier cell can report an end, but not with this
        self._send({"cell": cell["id"], "source": cell["source"], "nonce": nonce, **more})
        limit = started + self._limits.cell_s + GRACE_S
        late = f"it ran longer than {self._limits.cell_s:g} seconds and could not be interrupted"
        if deadline < limit:
            limit, late = deadline, f"the notebook used up its {self._limits.wall_s:g} seconds here"
        while True:
            event, why = self._next(limit, late)
            if event is None:
                run = CellRun(cell["id"], CellStatus.DIED, tuple(outputs), ErrorKind.KERNEL_DIED, why, seconds=_since(started))
                return run, False
            if event.get("event") == "end" and event.get("nonce") == nonce:
                return _ended(cell["id"], event, outputs, started), True
            output = event.get("output")
            if event.get("event") == "output" and isinstance(output, dict) and output.get("output_type") in _OUTPUT_TYPES:
                _append(outputs, output)

    def _next(self, deadline: float, late: str) -> tuple[dict[str, Any] | None, str]:
        """The next event, or None and why there will be none; `late` is why when the deadline passes."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                self._kill(late)
            self._watch_memory()
            try:
                line = self._events.get(timeout=max(min(left, _WATCH_S), 0.01))
            except queue.Empty:
                continue
            if line is None:
                self.ended = self._killed or self._exit_reason()
                return None, self.ended
            try:
                event = json.loads(line)
                if rb"\ud" in line:  # half an emoji, which no file of ours could hold
                    event = json.loads(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace"))
            except ValueError:
                event = None
            if isinstance(event, dict):
                return event, ""
            self._kill("it wrote into the grader's pipe")

    def _watch_memory(self) -> None:
        """The kernel bounds each process; this bounds all of them together, looked at now and then."""
        if time.monotonic() < self._watch_at:
            return
        self._watch_at = time.monotonic() + _WATCH_S
        most = self._limits.memory_mb * 1_500_000  # above what one process may have, which then gets a MemoryError instead
        try:
            family = [psutil.Process(self._process.pid), *psutil.Process(self._process.pid).children(recursive=True)]
            used = sum(resident(member) for member in family)
            if used > most:  # copies of a process share most of their pages
                used = self._without_sharing(family, used, most / 4)
        except psutil.Error:
            return
        if used > most:
            self._kill(f"it used more than {most / 1e6:,.0f} MB of memory, all its processes together")

    def _without_sharing(self, family: Sequence[psutil.Process], resident_bytes: int, much: float) -> int:
        """What they have together, every page counted once; 0 while it is too early to look again and nothing much was added."""
        started = time.monotonic()
        if started < self._share_at and resident_bytes < self._looked_at + much:
            return 0
        used = sum(own_share(member) for member in family)
        self._looked_at, self._share_at = resident_bytes, time.monotonic() + (time.monotonic() - started) / _SHARING
        return used

    def _kill(self, why: str) -> None:
        if not self._killed:
            self._killed = why
            self._events.put(None)  # a daemon may keep the line open
        self._process.end()

    def _exit_reason(self) -> str:
        """Why a process that nobody here killed is gone."""
        code = self._process.wait(GRACE_S)
        if code is None:
            self._process.end()
            return "it closed the grader's pipe"
        if self._process.lost:
            raise SandboxError("the fork server of this submission's process died; nothing that happened counts: run it again")
        number = -code if code < 0 else code - 128
        if number == signal.SIGXCPU:
            return f"it used more than {self._limits.cpu_s} seconds of processor time"
        if number == signal.SIGKILL:
            return "it was killed, most likely for lack of memory or of processor time"
        if 0 < number < 65:
            return f"it crashed with {signal.Signals(number).name}"
        return f"it ended the process (exit status {code})"

    def _send(self, request: Mapping[str, Any]) -> None:
        self._requests.put(json.dumps(request).encode() + b"\n")

    def _write_requests(self) -> None:
        """Move requests from the queue to the pipe, in a thread: a process that does not read must not hold us up."""
        with contextlib.suppress(OSError), self._process.stdin as stream:
            while (data := self._requests.get()) is not None:
                stream.write(data)
                stream.flush()

    def _read_events(self) -> None:
        """Move events from the pipe to the queue; a flood ends the process."""
        total = 0
        with contextlib.suppress(OSError), self._process.stdout as stream:
            while line := stream.readline(_MOST_BYTES):
                total += len(line)
                if total > _MOST_BYTES:
                    self._kill("it wrote more than the grader can hold")
                    break
                self._events.put(line)
        self._events.put(None)

    def _read_errors(self) -> None:
        """Keep the end of what the process says outside of cells; only a failed start needs it."""
        with contextlib.suppress(OSError), self._process.stderr as stream:
            while chunk := stream.read1(65_536):  # type: ignore[attr-defined]
                self._errors = (self._errors + chunk)[-4_000:]


def _ended(cell_id: str, event: Mapping[str, Any], outputs: list[dict[str, Any]], started: float) -> CellRun:
    name = str(event.get("error_name") or "")
    if event.get("ok") is not True:
        name = name or "Error"  # a class may be called "", but its error is one
    status = CellStatus.DONE if not name else CellStatus.TIMEOUT if name == ErrorKind.CELL_TIMEOUT else CellStatus.ERROR
    value, odd = event.get("value"), str(event.get("odd_value") or "")
    if isinstance(value, float) and not math.isfinite(value):
        value, odd = None, str(value)  # JSON on disk has no NaN: read back it would be no value at all, which is full points
    message, number = str(event.get("error_message") or ""), value if isinstance(value, float) else None
    in_student_code = event.get("in_student_code") is True
    changed_inputs = event.get("changed_inputs") is True
    return CellRun(cell_id, status, tuple(outputs), name, message, number, odd, _since(started), in_student_code, changed_inputs)


def _append(outputs: list[dict[str, Any]], output: dict[str, Any]) -> None:
    """Add an output; text that continues the last text is joined to it, as a notebook does."""
    if outputs and output["output_type"] == "stream" == outputs[-1]["output_type"] and outputs[-1]["name"] == output.get("name"):
        outputs[-1]["text"] = str(outputs[-1]["text"]) + str(output.get("text", ""))
    else:
        outputs.append(output)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
