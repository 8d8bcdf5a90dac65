"""`hw doctor` tells what this machine stops, and what it does not: a hole that is really there is reported."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from grading.sandbox import choose, doctor, spec
from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.doctor import QUESTIONS, Finding, Report
from grading.sandbox.spec import Sandbox

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """What it says of this machine."""
    return doctor.examine()


def test_every_kind_is_examined(reports: list[Report]) -> None:
    """Namespaces from nothing and from a warm parent, and Landlock: each answers every question, or says why it cannot be had."""
    assert [report.kind for report in reports] == ["namespaces", "namespaces, warm", "landlock"]
    for report in reports:
        assert report.problem or [finding.what for finding in report.findings] == list(QUESTIONS.values())
    assert any(report.used for report in reports)


def test_namespaces_stop_everything(reports: list[Report]) -> None:
    """Whatever the notebook tried in namespaces, cold or warm, failed for a reason that can be read."""
    for report in reports[:2]:
        assert report.problem == ""
        assert [finding for finding in report.findings if not finding.stopped] == []
        assert all(finding.detail for finding in report.findings)


def test_nothing_is_left(reports: list[Report]) -> None:
    """Neither a process, nor a file, nor the bait in our environment."""
    assert reports
    assert "HW_DOCTOR_BAIT" not in os.environ
    assert [process for process in psutil.process_iter(["cmdline"]) if "60." in "".join(process.info["cmdline"] or [])[:9]] == []
    deadline = time.monotonic() + 60  # another file's tests may be running a doctor of their own
    while (
        left := [path for top in ("/var/tmp", "/tmp", "/") for path in Path(top).glob("hw-doctor-*")]
    ) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert left == []


def test_a_virtual_environment_may_be_a_link(tmp_path: Path) -> None:
    """On another disk, say: the sandbox shows what the link leads to, starts Python from there, and is as tight as ever."""
    (tmp_path / "link").symlink_to(sys.prefix)
    command = [str(tmp_path / "link" / "bin" / Path(sys.executable).name), "-m", "grading.cli", "doctor"]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Submissions run in namespaces and were stopped at everything that was tried." in done.stdout


def test_holes_are_reported() -> None:
    """With the bait laid where the sandbox does show it, and limits that are not there, the same questions find them."""
    with doctor._bait() as bait:
        shown = bait.box.library / "gradebook.db"
        shown.write_text("bait")
        roomy = replace(doctor._LIMITS, memory_mb=2000, work_mb=100)
        box = replace(bait.box, limits=roomy, launcher=Bubblewrap())
        found = doctor._findings(box, replace(bait, secret=Path("/student_build/gradebook.db"), sleeper=2))
    through = {finding.what for finding in found if not finding.stopped}
    assert through == {QUESTIONS[name] for name in ("course", "memory", "disk", "signals")}


def test_a_machine_without_a_sandbox_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No findings, no false comfort: why there is none, and that nothing can be graded."""
    monkeypatch.setenv("PATH", str(tmp_path))
    choose.isolating.cache_clear()
    (report,) = doctor.examine()
    assert not report.used
    assert "bubblewrap is not installed" in report.problem
    assert doctor.summary([report]).startswith("This machine has no sandbox: nothing can be graded safely here.")


def test_the_summary_is_of_what_is_used() -> None:
    """A hole in the kind that grading uses is named; one in another kind is not."""
    hole, wall = Finding("fly", False, "it flew"), Finding("swim", True, "refused")
    used, other = (
        Report("landlock", True, findings=(wall, hole)),
        Report("namespaces", False, findings=(Finding("dig", False, ""),)),
    )
    assert doctor.summary([other, used]) == "Submissions run in landlock and can still: fly."
    assert doctor.summary([replace(used, findings=(wall,))]).endswith("were stopped at everything that was tried.")


def test_it_never_runs_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sandbox it starts is an isolated one."""
    seen: list[Sandbox] = []

    def start(box: Sandbox, *_: object) -> None:
        seen.append(box)
        raise spec.SandboxError("not today")

    monkeypatch.setattr(Sandbox, "start", start)
    assert all(report.problem == "not today" or report.problem.startswith("this kernel") for report in doctor.examine())
    assert seen
    assert all(box.launcher.isolates for box in seen)


def test_importing_the_probes_does_nothing() -> None:
    """The attacks are only text until a sandbox runs them."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import grading.sandbox.probes"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_tools_are_named() -> None:
    """Who runs, which kernel, which programs: each with a state."""
    assert [name for name, _ in doctor.tools()] == ["user", "kernel", "bubblewrap", "Landlock"]
    assert all(state for _, state in doctor.tools())
