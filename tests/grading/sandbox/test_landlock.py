"""Where namespaces are refused, Landlock and limits stand: what student code reaches behind them. Attacks run only there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from grading import course as courses
from grading.execute.notebook_run import smoke_test
from grading.inside import landlock as rules
from grading.inside import seccomp
from grading.records import CellStatus
from grading.release.student_build import student_build
from grading.sandbox import choose, landlock
from grading.sandbox.cell_process import CellProcess
from grading.sandbox.landlock import Landlock
from grading.sandbox.spec import Sandbox, SandboxError
from grading.settings import Limits
from tests.grading import apart, other_users

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
LIMITS = Limits(
    wall_s=60,
    cell_s=15,
    cpu_s=60,
    memory_mb=600,
    processes=24,
    open_files=64,
    file_mb=5,
    work_mb=20,
    output_mb=0.2,
    restarts=0,
)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A submission behind Landlock, beside what it must not read."""
    if not landlock.available():
        pytest.skip("this kernel has no Landlock: only the rules themselves were tested")
    if os.geteuid() == 0 and any(not folder.stat().st_mode & 0o001 for folder in Path(sys.base_prefix).resolve().parents):
        pytest.skip("the interpreter lies in a folder that only root can enter; the test below runs these as others")
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        for name in ("fonts", "course/notebooks", "other"):
            (top / name).mkdir(parents=True)
        (top / "other/helper.py").write_text("ANSWER = 42\n")
        (top / "course/notebooks/mini.ipynb").write_text("secret")
        student_build(ROOT, courses.load(ROOT / "course.toml").assignments["dropout"], top / "student_build")
        for folder in (top, *top.rglob("*")):
            folder.chmod(0o755)
        hidden = (top / "course", ROOT)
        own = {"helper.py": b"ANSWER = 42\n"}
        yield Sandbox(Landlock(), top / "student_build", top / "fonts", LIMITS, hidden, worker_id=apart.slot(40), files=own)


@pytest.fixture(scope="module")
def process(box: Sandbox) -> Iterator[CellProcess]:
    """One process that most tests share."""
    with tempfile.TemporaryDirectory() as work, CellProcess(box, Path(work)) as started:
        assert started.ready(time.monotonic() + 60) == ""
        yield started


def ask(process: CellProcess, source: str) -> Any:
    """Run a cell that ends well; returns the JSON that it printed with `tell(...)`."""
    source = "import json\ndef tell(value): print('<<' + json.dumps(value) + '>>')\n" + source
    run, alive = process.run({"id": "cell", "source": source}, time.monotonic() + 30)
    assert alive, run.error_message
    assert run.status is CellStatus.DONE, (run.error_name, run.error_message)
    text = "".join(output.get("text", "") for output in run.outputs)
    return json.loads(text.split("<<", 1)[1].rsplit(">>", 1)[0])


_ATTEMPT = """
def attempt(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return type(error).__name__
    return 'done'
"""


def test_it_runs_a_notebook(process: CellProcess) -> None:
    """The libraries, the stripped hw_lib, files that were handed in and files of its own are there."""
    found = ask(
        process,
        "import helper, numpy, hw_lib, pathlib\nimport matplotlib.pyplot as plt\nplt.plot([1]); plt.savefig('x.png'); plt.close()\n"
        "tell([helper.ANSWER, pathlib.Path('x.png').exists(), 'student_build' in hw_lib.__file__])",
    )
    assert found == [42, True, True]


def test_it_reads_nothing_of_ours(process: CellProcess, box: Sandbox, tmp_path: Path) -> None:
    """Not the course, the staff's code, temp folders, accounts, logs, homes, or what others' processes are doing."""
    (tmp_path / "marker").write_text("here")
    tmp_path.chmod(0o755)
    (tmp_path / "marker").chmod(0o644)
    paths = [
        box.hidden[0] / "notebooks/mini.ipynb",
        tmp_path / "marker",
        *(ROOT / name for name in ("course.toml", "hw_lib/layers/dropout.py", "grading/score.py", "grading/inside/testrunner.py")),
        *map(
            Path,
            ("/etc/passwd", "/etc/hostname", f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/cmdline", "/proc/1/cmdline"),
        ),
    ]
    folders = [str(folder) for folder in (box.hidden[0], ROOT, tmp_path, "/tmp", "/home", "/root", "/etc", "/proc", "/")]
    found = ask(
        process,
        f"import os\n{_ATTEMPT}\ntell([[attempt(open, path) for path in {[str(path) for path in paths]!r}], "
        f"[attempt(os.listdir, path) for path in {folders!r}]])",
    )
    assert set(found[0]) == {"PermissionError"}
    assert set(found[1]) == {"PermissionError"}
    assert all(path.exists() for path in paths)


def test_it_writes_into_its_own_folder_only(process: CellProcess, box: Sandbox) -> None:
    """Neither the system, nor the interpreter, nor the library, nor the machine's temp folders; and it removes nothing there."""
    name = "hw-lib-test-writes-here"  # nothing that lies there already
    targets = [f"{folder}/{name}" for folder in ("/tmp", "/var/tmp", "/dev/shm", "", "/etc", "/usr", box.library)]
    other = box.library.parent / "other/helper.py"
    found = ask(
        process,
        f"import os, pathlib\n{_ATTEMPT}\n"
        f"tell([[attempt(open, path, 'ab') for path in {[*targets, str(other)]!r}], attempt(os.unlink, {str(other)!r}), "
        f"attempt(os.truncate, {str(other)!r}, 0), attempt(open, 'mine', 'wb'), str(pathlib.Path.cwd())])",
    )
    assert set(found[0]) == {"PermissionError"}
    assert found[1:4] == ["PermissionError", "PermissionError", "done"]
    assert other.read_text() == "ANSWER = 42\n"


def test_no_network_and_no_sockets(process: CellProcess) -> None:
    """No socket of any kind but a connected pair of streams: a way to a service manager would be a way out."""
    found = ask(
        process,
        f"import os, socket as s\n{_ATTEMPT}\n"
        "tell([attempt(s.socket, family) for family in (s.AF_INET, s.AF_INET6, s.AF_UNIX, s.AF_NETLINK)] + "
        "[attempt(s.socketpair, s.AF_UNIX, kind) for kind in (s.SOCK_STREAM, s.SOCK_DGRAM)])",
    )
    assert found == ["PermissionError"] * 4 + ["done", "PermissionError"]


def test_others_cannot_be_signalled_or_traced(process: CellProcess) -> None:
    """Neither a process of the same user, nor the one that watches over it."""
    with subprocess.Popen(["sleep", "60.375"]) as other:
        try:
            found = ask(
                process,
                f"import ctypes, os\n{_ATTEMPT}\nlibc = ctypes.CDLL(None)\n"
                f"tell([attempt(os.kill, number, 9) for number in ({other.pid}, {process._process.pid}, {os.getpid()})] + "
                f"[libc.ptrace(16, {other.pid}, 0, 0), libc.ptrace(16, {process._process.pid}, 0, 0)])",
            )
            assert other.poll() is None
        finally:
            other.kill()
    if rules.version() >= 6 or os.geteuid() == 0:
        assert found[:3] == ["PermissionError"] * 3
    assert found[3:] == [-1, -1]


def test_no_rights(process: CellProcess) -> None:
    """Not root, no capabilities, no new user namespace, none of the calls that the filter refuses."""
    found = ask(
        process,
        """
import ctypes, os
status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines())
libc = ctypes.CDLL(None)
tell([0 in os.getresuid() + os.getresgid(), status['CapPrm'].strip('0'), status['CapEff'].strip('0'), status['NoNewPrivs'],
      status['Seccomp'], libc.unshare(0x10000000), libc.syscall(319 if os.uname().machine == 'x86_64' else 279, b'x', 0)])""",
    )
    assert found == [False, "", "", "1", "2", -1, -1]


def test_limits_hold(process: CellProcess) -> None:
    """Memory, processes, files and file size are bounded as in every sandbox."""
    found = ask(
        process,
        """
import os, signal
def memory():
    try: bytearray(700_000_000)
    except MemoryError: return 'MemoryError'
def files():
    held = []
    try:
        while len(held) < 500: held.append(open('/dev/null'))
    except OSError: return len(held)
def size():
    try:
        with open('big', 'wb', buffering=0) as file:
            for _ in range(10): file.write(bytes(1_000_000))
    except OSError: return os.path.getsize('big')
def processes():
    children = []
    try:
        for _ in range(200):
            child = os.fork()
            if child == 0:
                signal.pause(); os._exit(0)
            children.append(child)
    except OSError: pass
    for child in children:
        os.kill(child, 9); os.waitpid(child, 0)
    return len(children)
tell([memory(), files() < 64, size(), processes()])""",
    )
    assert found[:3] == ["MemoryError", True, 5_000_000]
    assert 5 < found[3] <= 60  # an ordinary user's limit stands on top of what the user runs besides


def test_daemons_are_hunted(box: Sandbox, tmp_path: Path) -> None:
    """What a submission leaves running in sessions of its own, without its environment, is found and killed."""
    word = apart.seconds(66)
    source = f"""
import os, subprocess, time
subprocess.Popen(['sleep', '{word}'], start_new_session=True)
subprocess.Popen('(setsid nohup env -i sleep {word} &) &', shell=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve('/bin/sleep', ['sleep', '{word}'], {{}})
    os._exit(0)
print('left')
"""
    with tempfile.TemporaryDirectory() as work, CellProcess(box, Path(work)) as started:
        assert started.ready(time.monotonic() + 60) == ""
        assert started.run({"id": "c", "source": source}, time.monotonic() + 20)[0].status is CellStatus.DONE
        deadline = time.monotonic() + 20
        while len(_running(word)) != 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(_running(word)) == 3
    assert _running(word) == []


def test_a_dead_grader_leaves_nothing(box: Sandbox) -> None:
    """The process that stands outside of the wall notices that the grader is gone, and ends everything."""
    word = apart.seconds(67)
    script = f"""
import tempfile, time
from pathlib import Path
from grading.sandbox import CellProcess, Sandbox
from grading.sandbox.landlock import Landlock
from grading.settings import Limits
folders = map(Path, ({str(box.library)!r}, {str(box.fonts)!r}))
box = Sandbox(Landlock(), *folders, Limits(**{vars(LIMITS)!r}), worker_id={apart.slot(45)})
process = CellProcess(box, Path(tempfile.mkdtemp(dir={str(box.library.parent)!r})))
assert process.ready(time.monotonic() + 60) == ''
source = "import signal, subprocess, time; subprocess.Popen(['sleep', '{word}'], start_new_session=True); time.sleep(50)"
process.run({{'id': 'c', 'source': source}}, time.monotonic() + 50)
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as grader:
        deadline = time.monotonic() + 20
        while not _running(word) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _running(word)
        grader.kill()
    deadline = time.monotonic() + 10
    while _running(word) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _running(word) == []


def _running(word: str) -> list[int]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if word in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


def test_a_hole_in_a_visible_folder_stays_closed(box: Sandbox, tmp_path: Path) -> None:
    """A course below a folder that has to be visible cannot be read, though everything around it can."""
    for name in ("packages/one", "packages/course/notebooks"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "packages/one/x").touch()
    (tmp_path / "packages/y").touch()
    hole = tmp_path / "packages/course"
    assert list(landlock.allowed_paths(tmp_path, [hole])) == [tmp_path / "packages/one", tmp_path / "packages/y"]
    assert list(landlock.allowed_paths(tmp_path / "packages/one", [hole])) == [tmp_path / "packages/one"]
    folder = Path(sys.prefix).resolve() / "share"
    hidden = next(path for path in folder.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as work, CellProcess(replace(box, hidden=(folder,)), Path(work)) as started:
        assert started.ready(time.monotonic() + 60) == ""
        assert ask(started, f"import numpy\n{_ATTEMPT}\ntell(attempt(open, {str(hidden)!r}))") == "PermissionError"


# ---- the rules themselves, on any kernel ----


def test_every_version_takes_what_it_knows() -> None:
    """A later version takes more away; the structure grows with it; files are never given rights that only folders have."""
    assert [rules.rights(abi).bit_length() for abi in (1, 2, 3, 4, 5, 6, 7)] == [13, 14, 15, 15, 16, 16, 16]
    assert [len(rules.ruleset(abi)) for abi in (1, 3, 4, 5, 6, 7)] == [8, 8, 16, 16, 24, 24]
    assert rules.rule(1, rules.READ, 7, is_folder=True) == (13).to_bytes(8, sys.byteorder) + (7).to_bytes(4, sys.byteorder)
    assert rules.rule(1, rules.READ, 7, is_folder=False)[:8] == (5).to_bytes(8, sys.byteorder)


def test_the_filter_without_sockets_is_longer() -> None:
    """Each machine's filter refuses sockets on top of everything else, and still ends with permission."""
    for machine in ("x86_64", "aarch64"):
        with_sockets, without = seccomp.program(machine), seccomp.program(machine, sockets=False)
        assert len(without) == len(with_sockets) + 8 * 8
        assert without[-8:] == b"\x06\x00\x00\x00\x00\x00\xff\x7f"


# ---- how it is chosen ----


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose bubblewrap is refused its namespaces."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    choose.isolating.cache_clear()
    yield
    choose.isolating.cache_clear()


@pytest.mark.usefixtures("refused")
def test_it_is_the_choice_where_namespaces_are_refused(box: Sandbox) -> None:
    """The check says so in one line, and a sandbox that was not told how to isolate takes it."""
    assert choose.check() == landlock.WARNING
    assert "\n" not in landlock.WARNING
    chosen = choose.launcher(sandbox=True)
    assert isinstance(chosen, Landlock)
    assert smoke_test(replace(box, launcher=chosen)) == ""


@pytest.mark.usefixtures("refused")
def test_without_it_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that has neither gets no sandbox, and nothing runs."""
    monkeypatch.setattr(rules, "version", lambda: 0)
    with pytest.raises(SandboxError, match="refuses to isolate a process"):
        choose.check()


# ---- as others ----


@pytest.mark.slow
@pytest.mark.parametrize(
    "become",
    [other_users.ordinary_user, other_users.container_root],
    ids=["ordinary_user", "container_root"],
)
def test_as_others(become: Callable[[], list[str]]) -> None:
    """The same for an ordinary user, and for root without the right to make namespaces."""
    assert other_users.run_tests(become(), "sandbox/test_landlock.py", "not as_others") == ""
