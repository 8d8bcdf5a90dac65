"""What student code can reach from inside the sandbox: its own folder, the libraries, and nothing else. Attacks run only there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from grading import course as courses
from grading import files
from grading.execute import notebook_run
from grading.inside import seccomp
from grading.records import CellRun, CellStatus, Restored
from grading.release.student_build import student_build
from grading.sandbox import cell_process as process_module
from grading.sandbox import choose, landlock
from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.process import environment
from grading.sandbox.spec import Sandbox, SandboxError
from grading.sandbox.warm import Warm
from grading.settings import Limits
from tests.grading import apart, other_users

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
MB = 1_000_000
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
    restarts=2,
)
RESTORED = Restored("mini", "ada", "mini")


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A sandbox beside everything it must hide: sources, a gradebook, another submission."""
    top = tmp_path_factory.mktemp("sandbox")
    root = top / "course"
    for name in ("build/mini/collect/ada", "build/mini/collect/bob", "build/mpl", "notebooks/mini"):
        (root / name).mkdir(parents=True)
    for name in ("course.toml", "notebooks/mini/mini.ipynb", "build/gradebook.db", "build/mini/collect/bob/mini.ipynb"):
        (root / name).write_text("secret")
    assignment = courses.load(ROOT / "course.toml").assignments["dropout"]
    student_build(ROOT, assignment, root / "build/mini/student_build")
    return Sandbox(
        launcher=Bubblewrap(),
        library=root / "build/mini/student_build",
        fonts=root / "build/mpl",
        limits=LIMITS,
        hidden=(root, root / "build"),
        worker_id=apart.slot(0),  # a user of our own: other tests run at the same time, and some end all processes of theirs
        files={"helper.py": b"ANSWER = 42\n"},
    )


@pytest.fixture(scope="module", params=["cold", "warm"])
def box(cold: Sandbox, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The same walls, whether the process starts from nothing or is forked from a warm process."""
    with Warm() as warm:
        yield cold if request.param == "cold" else replace(cold, launcher=warm)


@dataclass
class Inside:
    """One process in the sandbox that runs what a test sends."""

    process: process_module.CellProcess

    def run(self, source: str) -> CellRun:
        """Run one cell; the process has to survive it."""
        run, alive = self.process.run({"id": "cell", "source": source}, time.monotonic() + 30)
        assert alive, run.error_message
        return run

    def ask(self, source: str) -> Any:
        """Run one cell that ends well, and return the JSON that it printed with `tell(...)`."""
        run = self.run("import json\ndef tell(value): print('<<' + json.dumps(value) + '>>')\n" + source)
        assert run.status is CellStatus.DONE, (run.error_name, run.error_message)
        text = "".join(output.get("text", "") for output in run.outputs)
        return json.loads(text.split("<<", 1)[1].rsplit(">>", 1)[0])


@contextlib.contextmanager
def started(box: Sandbox, work: Path) -> Iterator[Inside]:
    """A process in this sandbox, ready to run cells."""
    with process_module.CellProcess(box, work) as process:
        assert process.ready(time.monotonic() + 60) == ""
        yield Inside(process)


@pytest.fixture(scope="module")
def inside(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """The one process that most tests share. Something of ours stands in the environment when it starts."""
    os.environ["HW_SECRET_TOKEN"] = "hunter2"
    try:
        with started(box, tmp_path_factory.mktemp("work")) as ready:
            yield ready
    finally:
        del os.environ["HW_SECRET_TOKEN"]


# ---- what it cannot see ----


def test_no_network(inside: Inside) -> None:
    """No interface but its own loopback; a server on this machine, by port or by abstract name, is not reachable."""
    name = apart.socket_name()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\0{name}")
        local.listen()
        found = inside.ask(f"""
import socket
def attempt(family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        try:
            s.connect(address)
        except OSError as error:
            return type(error).__name__
        return 'connected'
tell([
    [name for _, name in socket.if_nameindex()],
    attempt(socket.AF_INET, ('127.0.0.1', {server.getsockname()[1]})),
    attempt(socket.AF_INET, ('1.1.1.1', 80)),
    attempt(socket.AF_UNIX, '\\0{name}'),
])""")
    assert found == [["lo"], "ConnectionRefusedError", "OSError", "ConnectionRefusedError"]


def test_nothing_of_the_course_is_visible(inside: Inside, box: Sandbox, tmp_path: Path) -> None:
    """Not the course, the gradebook, sources, other submissions, the staff's code, other temp folders, or accounts."""
    marker = tmp_path / "marker"
    marker.write_text("here")
    root = box.hidden[0]
    paths = [
        *(str(path) for path in root.rglob("*")),
        str(marker),
        *(str(ROOT / name) for name in ("course.toml", "grading", "hw_lib", "tests", "notebooks", ".git", "build")),
        *(str(name) for name in Path.home().iterdir() if not f"{sys.base_prefix} {sys.prefix}".count(str(name))),
        *("/etc/passwd", "/etc/shadow", "/etc/hostname", "/var", "/run", "/mnt", "/boot", "/proc/1/root/etc/passwd"),
    ]
    visible = inside.ask(f"import os\ntell([path for path in {paths!r} if os.path.lexists(path)])")
    assert visible == []
    assert len(paths) > 20


def test_only_the_stripped_library_is_there(inside: Inside) -> None:
    """On the whole file system there is one dropout.py of ours, the stub; neither grading nor a gradebook."""
    found = inside.ask("""
import os
hits = []
for top, folders, files in os.walk('/'):
    folders[:] = [name for name in folders if os.path.join(top, name) not in ('/proc', '/usr/share', '/usr/lib')]
    hits += [os.path.join(top, name) for name in files if name in ('course.toml', 'gradebook.db', 'cellrunner.py')]
    hits += [os.path.join(top, name) for name in folders if name in ('hw_lib', 'grading')]
import hw_lib
tell([sorted(path for path in hits if 'nbgrader' not in path and 'nbconvert' not in path), hw_lib.__file__])""")
    assert found == [
        ["/runner/grading", "/runner/grading/inside/cellrunner.py", "/student_build/hw_lib"],
        "/student_build/hw_lib/__init__.py",
    ]


def test_the_reference_earns_nothing(inside: Inside) -> None:
    """Calling the library's dropout raises, and names the notebook; what grades cannot be imported."""
    run = inside.run(
        "import numpy as np\nfrom hw_lib.layers import dropout_forward\ndropout_forward(np.ones(3), {'mode': 'test', 'p': .5})"
    )
    assert (run.status, run.error_name) == (CellStatus.ERROR, "NotImplementedError")
    assert "q_coding_dropout.ipynb" in run.error_message
    assert inside.run("import grading.release").error_name == "ModuleNotFoundError"


def test_the_environment_is_not_ours(inside: Inside) -> None:
    """Only what every submission gets, in the process and in the one above it."""
    found = inside.ask("""
import os
above = open('/proc/1/environ').read() if os.access('/proc/1/environ', os.R_OK) else ''
tell([dict(os.environ), above])""")
    extra = {
        "PWD",
        "LC_CTYPE",
        "OLDPWD",
        "CLICOLOR",
        "PAGER",
        "GIT_PAGER",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "COLUMNS",
        "LINES",
    }
    assert found[0].keys() - environment("", "").keys() <= extra
    assert "HW_SECRET_TOKEN" not in found[0]
    assert "hunter2" not in found[1]
    assert (found[0]["HOME"], found[0]["NBGRADER_EXECUTION"]) == ("/home/student", "autograde")


def test_other_processes_are_invisible(inside: Inside) -> None:
    """It sees its own handful of processes, and cannot signal anybody else."""
    word = apart.seconds(61)
    with subprocess.Popen(["sleep", word]) as outside:
        try:
            found = inside.ask(f"""
import glob, os
lines = [open(path, 'rb').read().decode() for path in glob.glob('/proc/[0-9]*/cmdline')]
try:
    os.kill({outside.pid}, 9)
    killed = 'killed'
except OSError as error:
    killed = type(error).__name__
tell([len(lines), any({word!r} in line for line in lines), killed])""")
            assert outside.poll() is None
        finally:
            outside.kill()
    assert found[0] <= 4
    assert found[1:] == [False, "ProcessLookupError"]


def test_no_rights(inside: Inside) -> None:
    """Not root, no groups, no capabilities, none to be had by a set-user-id program or a new user namespace."""
    found = inside.ask("""
import ctypes, multiprocessing, os, subprocess
status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines())
def attempt(call):
    try:
        call()
    except OSError:
        return 'refused'
    return 'done'
libc = ctypes.CDLL(None, use_errno=True)
tell({
    'root': 0 in os.getresuid() + os.getresgid() + tuple(os.getgroups()),
    'capabilities': [status[name].strip('0') for name in ('CapPrm', 'CapEff', 'CapAmb')],
    'no new rights': status['NoNewPrivs'],
    'setuid': attempt(lambda: os.setuid(0)),
    'chroot': attempt(lambda: os.chroot('/tmp')),
    'unshare': libc.unshare(0x10000000),
    'memfd': libc.syscall(319 if os.uname().machine == 'x86_64' else 279, b'x', 0),
    'segment': libc.shmget(0, 1000, 0o600),
    'queue': libc.msgget(0, 0o600),
    'semaphores': libc.semget(0, 1, 0o600),
    'named queue': libc.syscall(240 if os.uname().machine == 'x86_64' else 180, b'x', 0o102, 0o600, 0),
    'multiprocessing': multiprocessing.get_context('fork').Lock().acquire(),
    'mount': subprocess.run('unshare -Urm mount -t tmpfs t /tmp', shell=True, capture_output=True).returncode != 0,
    'clone': libc.syscall(56 if os.uname().machine == 'x86_64' else 220, 0x10000000 | 17, 0, 0, 0, 0),
})""")
    assert found == {
        "root": False,
        "capabilities": ["", "", ""],
        "no new rights": "1",
        "setuid": "refused",
        "chroot": "refused",
        "unshare": -1,
        "memfd": -1,
        "segment": -1,
        "queue": -1,
        "semaphores": -1,
        "named queue": -1,
        "multiprocessing": True,
        "mount": True,
        "clone": -1,
    }


def test_the_filter_knows_its_machines() -> None:
    """Each machine's filter is a whole number of instructions that ends with permission; an unknown one has none."""
    for machine in ("x86_64", "aarch64"):
        made = seccomp.program(machine)
        assert len(made) % 8 == 0
        assert made[-8:] == b"\x06\x00\x00\x00\x00\x00\xff\x7f"
    with pytest.raises(KeyError):
        seccomp.program("pdp11")


def test_an_unknown_machine_has_no_sandbox(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a filter nothing is started; the message says which machines have one."""
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    with pytest.raises(SandboxError, match=r"x86_64 or aarch64[\s\S]*pdp11"):
        box.start(tmp_path)


# ---- what it cannot change or use up ----


def test_the_system_is_read_only(inside: Inside) -> None:
    """Nobody writes anywhere but into the three folders that vanish; not even with a file that is there."""
    found = inside.ask("""
import hw_lib, os, sys
open_to = []
for top, folders, files in os.walk('/'):
    folders[:] = [name for name in folders if os.path.join(top, name) not in ('/proc', '/dev/pts')]
    if os.access(top, os.W_OK):
        open_to.append(top)
        folders.clear()
failed = []
ours = ['/runner/grading/inside/cellrunner.py', '/student_build/x', hw_lib.__file__, sys.executable]
for path in ['/x', '/dev/x', '/etc/x', '/usr/x', *ours]:
    try:
        open(path, 'ab').close()
    except OSError as error:
        failed.append(path)
tell([sorted(open_to), len(failed)])""")
    assert found == [["/dev/shm", "/home/student", "/tmp"], 8]


def test_the_submission_is_a_copy(inside: Inside, box: Sandbox) -> None:
    """Files that were handed in can be imported and changed; what was collected stays as it was."""
    found = inside.ask("""
import helper, pathlib
pathlib.Path('helper.py').write_text('ANSWER = 43')
tell([helper.ANSWER, str(pathlib.Path.cwd()), pathlib.Path('helper.py').read_text()])""")
    assert found == [42, "/home/student", "ANSWER = 43"]
    assert box.files["helper.py"] == b"ANSWER = 42\n"


@pytest.mark.parametrize("folder", ["/home/student", "/tmp", "/dev/shm"])
def test_a_full_folder_is_an_error_inside(inside: Inside, folder: str) -> None:
    """Filling a folder ends with OSError at its limit, long before the machine's disk would be full."""
    found = inside.ask(f"""
import errno, os, pathlib
written, names = 0, []
try:
    for number in range(1000):
        name = pathlib.Path({folder!r}, f'fill-{{number}}')
        names.append(name)
        with open(name, 'wb', buffering=0) as file:
            for _ in range(4):
                written += file.write(bytes(1_000_000))
                assert written < 100_000_000
except OSError as error:
    why = errno.errorcode[error.errno]
for name in names:
    name.unlink()
tell([written, why])""")
    assert 15 * MB < found[0] <= 21 * MB
    assert found[1] == "ENOSPC"


def test_a_file_has_a_largest_size(inside: Inside) -> None:
    """Writing beyond it is an OSError, and the process lives on."""
    found = inside.ask("""
import errno, os
try:
    with open('big', 'wb', buffering=0) as file:
        for _ in range(10):
            file.write(bytes(1_000_000))
except OSError as error:
    why = errno.errorcode[error.errno]
size = os.path.getsize('big')
os.unlink('big')
tell([size, why])""")
    assert found == [5 * MB, "EFBIG"]


def test_processes_are_counted(inside: Inside) -> None:
    """A fork bomb stops at the limit, and the cell goes on."""
    found = inside.ask("""
import os, signal
children = []
try:
    for _ in range(200):
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    why = 'no limit'
except OSError as error:
    why = type(error).__name__
for child in children:
    os.kill(child, 9)
    os.waitpid(child, 0)
tell([len(children), why])""")
    assert 10 < found[0] <= 24
    assert found[1] == "BlockingIOError"


def test_open_files_are_counted(inside: Inside) -> None:
    """Opening files stops at the limit."""
    found = inside.ask("""
files = []
try:
    while len(files) < 1000:
        files.append(open('/dev/null'))
except OSError as error:
    why = error.strerror
count = len(files)
del files[:]
tell([count, why])""")
    assert 40 < found[0] < 64
    assert found[1] == "Too many open files"


def test_memory_is_bounded(inside: Inside) -> None:
    """Asking for too much is a MemoryError, and the process lives on."""
    assert inside.run("x = bytearray(700_000_000)").error_name == "MemoryError"
    assert inside.ask("tell(1)") == 1


# ---- what is left behind ----


def survivors(word: str) -> list[psutil.Process]:
    """Processes of this machine that have the word on their command line."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if word in process.cmdline():
                found.append(process)
    return found


def gone(check: Callable[[], list[Any]], seconds: float = 10) -> bool:
    """Wait until there is nothing left."""
    deadline = time.monotonic() + seconds
    while check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not check()


def tasks_of(uid: int) -> list[psutil.Process]:
    """Processes of a submission's user; none where we are not root and have no users to give away."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if uid and process.uids().real == uid:
                found.append(process)
    return found


def test_daemons_end_with_the_run(box: Sandbox) -> None:
    """Whatever a submission leaves running, in its own session or not, is gone, and so is its folder."""
    # the kernel counts processes by user, and those that the tests above left may still be ending on a busy machine
    assert gone(lambda: tasks_of(box.uid())[8:]), tasks_of(box.uid())
    before = set(files.root().iterdir())
    word = apart.seconds(62)
    source = f"""
import os, subprocess
subprocess.Popen(['sleep', '{word}'], start_new_session=True)
subprocess.Popen('(setsid nohup sleep {word} &) &', shell=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('sleep', ['sleep', '{word}'])
    os._exit(0)
import glob, time
def running():
    lines = []
    for path in glob.glob('/proc/[0-9]*/cmdline'):
        try: lines.append(open(path).read())
        except OSError: pass
    return lines.count('sleep\\x00{word}\\x00')
for _ in range(200):
    if running() == 3: break
    time.sleep(0.05)
print(running())
"""
    cells = [{"cell_type": "code", "id": "d", "metadata": {}, "source": source}]
    execution = notebook_run.execute(RESTORED, {"cells": cells, "metadata": {}}, box)
    assert execution.cells[0].status is CellStatus.DONE, (execution.cells[0].outputs, tasks_of(box.uid()))
    assert execution.cells[0].outputs[0]["text"] == "3\n"
    assert gone(lambda: survivors(word))
    assert set(files.root().iterdir()) == before


def test_a_killed_run_leaves_nothing(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that cannot be interrupted is killed with all it started, and its folder is removed."""
    before = set(files.root().iterdir())
    monkeypatch.setattr(process_module, "GRACE_S", 0.3)
    word = apart.seconds(63)
    source = f"""
import signal, subprocess
signal.signal(signal.SIGALRM, signal.SIG_IGN)
subprocess.Popen(['sleep', '{word}'])
while True:
    pass
"""
    cells = [{"cell_type": "code", "id": "d", "metadata": {}, "source": source}]
    limits = replace(LIMITS, cell_s=0.5, restarts=0)
    execution = notebook_run.execute(RESTORED, {"cells": cells, "metadata": {}}, replace(box, limits=limits))
    assert execution.cells[0].status is CellStatus.DIED
    assert gone(lambda: survivors(word))
    assert set(files.root().iterdir()) == before


# ---- where it cannot be had ----


def test_a_missing_program_is_said(cold: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap nothing runs, cold or warm; the message says how to install it, and what --no-sandbox means."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    choose.isolating.cache_clear()
    warm = replace(cold, launcher=Warm())
    for attempt in (choose.check, lambda: cold.start(tmp_path), lambda: warm.start(tmp_path)):
        with pytest.raises(SandboxError, match=r"apt-get install bubblewrap[\s\S]*--no-sandbox"):
            attempt()


def test_a_refusing_machine_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that forbids namespaces and has no Landlock is told apart from one without the program."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(landlock, "available", lambda: False)
    choose.isolating.cache_clear()
    with pytest.raises(SandboxError, match=r"refuses to isolate a process[\s\S]*No permissions[\s\S]*--no-sandbox"):
        choose.check()


def test_this_machine_has_one() -> None:
    """The check that stands before every grading passes where these tests run, with nothing to warn of."""
    choose.isolating.cache_clear()
    assert choose.check() == ""


def test_a_sandbox_that_does_not_start_is_a_fault(cold: Sandbox, tmp_path: Path) -> None:
    """A folder that is not there is the grader's fault: said in the record, with what bubblewrap said; never raised."""
    cells = [{"cell_type": "code", "id": "d", "metadata": {}, "source": "1"}]
    broken = replace(cold, library=tmp_path / "nowhere")
    execution = notebook_run.execute(RESTORED, {"cells": cells, "metadata": {}}, broken)
    assert "the sandbox did not start" in execution.fault
    assert "nowhere" in execution.fault
    assert [run.status for run in execution.cells] == [CellStatus.NOT_RUN]


def test_its_last_words_are_waited_for(cold: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the thread that reads what a process says may wake after its end is known."""
    read = process_module.CellProcess._read_errors

    def late(self: process_module.CellProcess) -> None:
        time.sleep(0.5)
        read(self)

    monkeypatch.setattr(process_module.CellProcess, "_read_errors", late)
    work = tmp_path / "work"
    work.mkdir()
    with process_module.CellProcess(replace(cold, library=tmp_path / "nowhere"), work) as broken:
        assert "nowhere" in broken.ready(time.monotonic() + 60)


def test_a_course_inside_the_interpreters_folder_is_hidden(box: Sandbox, tmp_path: Path) -> None:
    """Even a folder below one that has to be visible is covered, and cannot be written to."""
    folder = Path(sys.prefix).resolve() / "share"  # of a .venv that is a link the sandbox shows what it leads to
    assert list(folder.iterdir()), "the test hides a folder that is empty anyway"
    with started(replace(box, hidden=(folder,)), tmp_path) as ready:
        found = ready.ask(f"import os\ntell([os.listdir({str(folder)!r}), os.access({str(folder)!r}, os.W_OK)])")
    assert found == [[], False]


@pytest.mark.slow
def test_as_an_ordinary_user() -> None:
    """The same walls stand, cold and warm, when somebody who is not root grades."""
    chosen = "no_rights or read_only or processes_are_counted or nothing_of_the_course or full_folder or daemons or no_network"
    assert other_users.run_tests(other_users.ordinary_user(), "sandbox/test_sandbox.py", chosen) == ""
