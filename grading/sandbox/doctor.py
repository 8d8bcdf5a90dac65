"""What this machine can stop: a harmless escape notebook, run in every kind of sandbox that it has. Never runs it bare.

Returns findings; prints nothing. Each probe tries what an attack would try, on bait that was laid out for it.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from grading import files
from grading.inside import landlock as rules
from grading.records import CellStatus
from grading.sandbox import choose, landlock, probes
from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.cell_process import CellProcess
from grading.sandbox.landlock import Landlock
from grading.sandbox.spec import Launcher, Sandbox, SandboxError
from grading.sandbox.warm import Warm
from grading.settings import Limits

_LIMITS = Limits(
    wall_s=60, cell_s=20, cpu_s=30, memory_mb=600, processes=24, open_files=64, file_mb=5, work_mb=12, output_mb=0.2, restarts=0
)
_BAIT = "HW_DOCTOR_BAIT"

# name of a probe -> the question, and what it means when the answer is no
QUESTIONS = {
    "network": "reach a server on this machine or the network",
    "sockets": "reach a service of this machine by a local socket",
    "names": "see that other processes run",
    "signals": "send signals to other processes",
    "ptrace": "look into or change other processes",
    "environment": "read the grader's environment",
    "course": "read the course, the gradebook or other submissions",
    "home": "read your home folder",
    "system": "write to the system, the interpreter or the library",
    "root": "be root, or become it",
    "namespaces": "make user namespaces, where it would be root",
    "segments": "make the kernel's shared memory and queues, which no limit counts",
    "memory": "use more memory than allowed",
    "processes": "start more processes than allowed",
    "files": "write a larger file than allowed",
    "disk": "write more into its folder than allowed",
    "daemons": "leave a process running",
}


@dataclass(frozen=True)
class Finding:
    """One thing that student code tried.

    Attributes:
        what: what it tried, to be read after "can student code".
        stopped: whether that failed, as it should.
        detail: what happened, in a few words.
    """

    what: str
    stopped: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """One kind of sandbox.

    Attributes:
        kind: its name.
        used: whether grading on this machine would use it.
        problem: why this machine does not have it; empty if it does.
        findings: one for every question, in order.
    """

    kind: str
    used: bool
    problem: str = ""
    findings: tuple[Finding, ...] = ()


def examine() -> list[Report]:
    """Run the escape notebook in every kind of sandbox: bubblewrap from nothing, forked from a warm process, and Landlock."""
    try:
        warning, best = choose.check(), choose.isolating()
    except SandboxError as error:
        return [Report("none", False, str(error))]
    namespaces = isinstance(best, Bubblewrap)
    with Warm() as warm:
        cold_report = _report("namespaces", namespaces, Bubblewrap(), "" if namespaces else warning)
        warm_report = _report("namespaces, warm", namespaces, warm, cold_report.problem)
    no_landlock = "" if landlock.available() else "this kernel has no Landlock"
    return [cold_report, warm_report, _report("landlock", not namespaces, Landlock(), no_landlock)]


def _report(name: str, used: bool, launcher: Launcher, problem: str) -> Report:
    if problem:
        return Report(name, False, problem)
    try:
        with _bait() as bait:
            return Report(name, used, findings=_findings(replace(bait.box, launcher=launcher), bait))
    except SandboxError as error:
        return Report(name, used, str(error))


@dataclass(frozen=True)
class _Bait:
    """What is laid out for the probes."""

    box: Sandbox
    port: int
    local: str  # an abstract socket
    path: Path  # a socket in a folder
    secret: Path
    sleeper: int
    mark: str  # on the command line of the daemon that a probe leaves


@contextlib.contextmanager
def _bait() -> Iterator[_Bait]:
    """A course, a server, two local sockets, a process and a variable, all harmless and gone afterwards."""
    mark = f"60.{secrets.randbelow(10**9):09}1"
    with contextlib.ExitStack() as held:
        top = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="hw-doctor-")))
        for name in ("library/hw_lib", "fonts", "course"):
            (top / name).mkdir(parents=True)
        (top / "library/hw_lib/__init__.py").write_text("")
        (top / "course/gradebook.db").write_text("bait")
        for folder in (top, *top.rglob("*")):
            folder.chmod(0o755)
        server = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        local, path = (held.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        local.bind(f"\0hw-doctor-{mark}")
        path.bind(str(top / "service"))
        (top / "service").chmod(0o777)
        for listener in (local, path):
            listener.listen()
        sleeper = held.enter_context(subprocess.Popen(["sleep", "120"]))
        held.callback(sleeper.kill)
        os.environ[_BAIT] = "bait"
        held.callback(os.environ.pop, _BAIT, None)
        number = 2 * held.enter_context(files.worker_id())  # not a running grading's user: Landlock ends all processes of its own
        box = Sandbox(choose.isolating(), top / "library", top / "fonts", _LIMITS, (top / "course",), number)
        secret = top / "course/gradebook.db"
        yield _Bait(box, server.getsockname()[1], f"\0hw-doctor-{mark}", top / "service", secret, sleeper.pid, mark)


def _findings(box: Sandbox, bait: _Bait) -> tuple[Finding, ...]:
    """Ask every question of one sandbox.

    Raises:
        SandboxError: it does not start.
    """
    answers: dict[str, tuple[bool, str]] = {}
    with tempfile.TemporaryDirectory() as work, CellProcess(box, Path(work)) as process:
        problem = process.ready(time.monotonic() + 60)
        if problem:
            raise SandboxError(problem)
        source = f"{Path(probes.__file__).read_text(encoding='utf-8')}\nSETTING.update({_setting(bait)!r})"
        process.run({"id": "probes", "source": source}, time.monotonic() + 30)
        for name in QUESTIONS:
            answers[name] = _ask(process, name)
    left = _daemons(bait.mark)
    started, _ = answers["daemons"]
    answers["daemons"] = (
        not left,
        f"{len(left)} of its processes outlived it" if left else "ended with it" if started else "none started",
    )
    return tuple(Finding(QUESTIONS[name], stopped, detail) for name, (stopped, detail) in answers.items())


def _setting(bait: _Bait) -> dict[str, Any]:
    """Where the bait lies, for the probes."""
    interpreter = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    home = [path for path in Path.home().iterdir() if not any(path == root or path in root.parents for root in interpreter)]
    return {
        "port": bait.port,
        "local": bait.local,
        "service": str(bait.path),
        "secret": str(bait.secret),
        "home": [str(path) for path in home if not path.is_symlink()][:50],
        "grader": os.getpid(),
        "sleeper": bait.sleeper,
        "mark": bait.mark,
        "variable": _BAIT,
        "folders": [
            "/",
            "/etc",
            "/usr",
            "/usr/bin",
            "/var/tmp",
            str(Path(json.__file__).parent),
            str(bait.box.library),
            sys.prefix,
        ],
        "memory": _LIMITS.memory_mb * 1_000_000,
        "file": _LIMITS.file_mb,
    }


def _ask(process: CellProcess, name: str) -> tuple[bool, str]:
    """One probe; what does not answer has been stopped, too: the process would be gone."""
    run, alive = process.run({"id": name, "source": f"json.dumps({name}())"}, time.monotonic() + 40)
    if not alive:
        return True, f"it was ended: {run.error_message}"
    if run.status is not CellStatus.DONE:
        return True, f"{run.error_name}: {run.error_message}"[:100]
    try:
        text = next(output["data"]["text/plain"] for output in run.outputs if output["output_type"] == "execute_result")
        stopped, detail = json.loads(ast.literal_eval(text))
    except (StopIteration, KeyError, ValueError, TypeError, SyntaxError):
        return False, "it did not answer with sense"
    return bool(stopped), str(detail)[:100]


def _daemons(mark: str) -> list[int]:
    """Processes that a probe left, killed now."""
    time.sleep(0.2)
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if mark in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
                process.kill()
    return found


def summary(reports: list[Report]) -> str:
    """One sentence: is this machine fit to run what strangers wrote."""
    used = next((report for report in reports if report.used), None)
    if used is None:
        return "This machine has no sandbox: nothing can be graded safely here. " + (reports[0].problem if reports else "")
    through = [finding.what for finding in used.findings if not finding.stopped]
    if not through:
        return f"Submissions run in {used.kind} and were stopped at everything that was tried."
    return f"Submissions run in {used.kind} and can still: {'; '.join(through)}."


def described(reports: list[Report]) -> list[tuple[str, str]]:
    """What was found, line by line, each with the style that it is printed in."""
    lines = []
    for report in reports:
        lines.append((f"\n{report.kind}{'  (grading here uses this one)' if report.used else ''}", "bold"))
        lines += [(f"  not here: {report.problem}", "")] if report.problem else []
        for finding in report.findings:
            lines.append((f"  {'✓ cannot' if finding.stopped else '✗ CAN'} {finding.what}: {finding.detail}", ""))
    return [*lines, ("", ""), *((f"{name:24} {state}", "") for name, state in tools()), (f"\n{summary(reports)}", "")]


def is_safe(reports: list[Report]) -> bool:
    """Whether the sandbox that grading uses stopped everything that was tried."""
    findings = [finding for report in reports if report.used for finding in report.findings]
    return bool(findings) and all(finding.stopped for finding in findings)


def tools() -> list[tuple[str, str]]:
    """What a person who mends a machine wants to know: name and state."""
    program = shutil.which("bwrap")
    version = (
        subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip() if program else "missing"
    )
    return [
        ("user", "root" if os.geteuid() == 0 else f"an ordinary user ({os.geteuid()})"),
        ("kernel", os.uname().release),
        ("bubblewrap", version),
        ("Landlock", f"version {rules.version()}" if landlock.available() else "missing"),
    ]
