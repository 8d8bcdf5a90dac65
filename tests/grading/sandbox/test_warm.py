"""A process forked from a warm parent is a cold one that came sooner: the same outputs, the same walls, nothing shared."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from grading import course as courses
from grading import files
from grading import notebook as nb
from grading.execute.imports import modules
from grading.execute.notebook_run import execute, smoke_test
from grading.records import CellRun, CellStatus, Execution, Restored
from grading.release.student_build import student_build
from grading.sandbox.bubblewrap import Bubblewrap
from grading.sandbox.cell_process import CellProcess
from grading.sandbox.spec import Sandbox, SandboxError
from grading.sandbox.warm import Warm
from grading.settings import Limits
from tests.grading import apart
from tests.grading.conftest import cell
from tests.grading.execute.test_notebook_run import SAME

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
LIMITS = Limits(
    wall_s=600,
    cell_s=30,
    cpu_s=60,
    memory_mb=2500,
    processes=32,
    open_files=64,
    file_mb=5,
    work_mb=20,
    output_mb=0.5,
    restarts=1,
)
RESTORED = Restored("mini", "ada", "mini")
PRELOAD = ("torch", "matplotlib.pyplot", "hw_lib.checks", "hw_lib.layers", "no_such_module")
_BUSY = "import subprocess, time\nsubprocess.Popen(['sleep', {0!r}])\nprint('begun', flush=True)\ntime.sleep(60)"


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A sandbox that starts from nothing, for a submission with a file in a folder."""
    top = tmp_path_factory.mktemp("warm")
    (top / "fonts").mkdir()
    student_build(ROOT, courses.load(ROOT / "course.toml").assignments["dropout"], top / "student_build")
    own = {"data/x.txt": b"five"}
    return Sandbox(Bubblewrap(), top / "student_build", top / "fonts", LIMITS, hidden=(ROOT,), worker_id=apart.slot(30), files=own)


@pytest.fixture(scope="module")
def servers() -> Iterator[Warm]:
    """Fork servers that most tests share; torch is in them."""
    with Warm() as made:
        yield made


@pytest.fixture(scope="module")
def warm(cold: Sandbox, servers: Warm) -> Sandbox:
    """The same sandbox, started warm."""
    return replace(cold, launcher=servers, preload=PRELOAD)


def run(box: Sandbox, *sources: str) -> Execution:
    """Run sources as the cells of one notebook."""
    notebook: nb.Notebook = {"cells": [cell("code", f"c{n}", source) for n, source in enumerate(sources)], "metadata": {}}
    execution = execute(RESTORED, notebook, box)
    assert execution.fault == "", execution.fault
    return execution


def text(found: CellRun) -> str:
    """What a cell printed."""
    assert found.status is CellStatus.DONE, found
    return "".join(output["text"] for output in found.outputs if output.get("name") == "stdout")


def gone(check: Callable[[], Any], seconds: float = 10) -> bool:
    """Wait until there is nothing left."""
    deadline = time.monotonic() + seconds
    while check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not check()


def survivors(word: str) -> list[int]:
    """Processes of this machine that have the word on their command line."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if word in process.cmdline():
                found.append(process.pid)
    return found


# ---- the same as a cold one ----


@pytest.fixture(scope="module")
def pairs(cold: Sandbox, warm: Sandbox) -> dict[str, tuple[CellRun, CellRun]]:
    """Every cell of SAME, run cold and run warm."""
    executions = [run(box, *SAME.values()).cells for box in (cold, warm)]
    return dict(zip(SAME, zip(*executions, strict=True), strict=True))


@pytest.mark.parametrize("name", SAME)
def test_outputs_are_a_cold_kernels(name: str, pairs: dict[str, tuple[CellRun, CellRun]]) -> None:
    """Every output is the same to the last byte, pictures and tracebacks included; so is everything that is told of the cell."""
    one, other = pairs[name]
    assert replace(one, seconds=0) == replace(other, seconds=0)


STATE = {
    "environment": "import os; print(sorted(os.environ.items()))",
    "arguments": "import sys; print(sys.argv[0], sys.path, sys.flags, sys.warnoptions, sys.getrecursionlimit())",
    "folder": "import os; print(os.getcwd(), sorted(os.listdir()), open('data/x.txt').read(), oct(os.umask(0o22)))",
    "user": "import os; print(os.getresuid(), os.getresgid(), os.getgroups(), os.getpid() == os.getpgid(0))",
    "limits": "import resource as r; print([r.getrlimit(n) for n in range(16)])",
    "signals": "import signal as s; print([s.getsignal(n) for n in (2, 10, 13, 15, 17, 25)], s.pthread_sigmask(0, []))",
    "wakeup": "import signal; print(signal.set_wakeup_fd(-1))",
    "temp folder": "import os, tempfile; print(tempfile.gettempdir(), sorted(os.listdir('/dev/shm')), os.listdir('/dev/pts'))",
    "threads": "import os, threading; print(threading.active_count(), len(os.listdir('/proc/self/task')))",
    "errors of before": "import sys; print([hasattr(sys, n) for n in ('last_type', 'last_value', 'last_traceback')])",
    "history": "print(len(In), Out, get_ipython().execution_count, sorted(n for n in globals() if n.startswith('_')))",
    "network": "import socket; print(socket.if_nameindex(), socket.gethostname())",
    "random": "import random; random.seed(3); print(random.random())",
    "numpy": "import numpy as np; np.random.seed(3); print(np.random.rand(3), np.geterr(), np.get_printoptions())",
    "pyplot first": "import matplotlib, matplotlib.pyplot as plt; print(plt.get_fignums(), plt.figure().number); plt.close()",
    "pyplot": "print(plt.get_fignums(), plt.get_backend(), dict(matplotlib.rcParams))",
    "torch": "import torch; print(torch.get_num_threads(), torch.get_num_interop_threads(), torch.is_grad_enabled())",
    "torch seeded": "torch.manual_seed(3); print(torch.rand(2), torch.nn.Linear(2, 1).weight, torch.get_default_dtype())",
    "torch trains": """
x, y = torch.linspace(-1, 1, 64)[:, None], torch.linspace(-1, 1, 64)[:, None] ** 2
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Dropout(0.1), torch.nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for _ in range(50):
    optimizer.zero_grad(); loss = ((model(x) - y) ** 2).mean(); loss.backward(); optimizer.step()
print(loss.item())""",
    "library": "import hw_lib, hw_lib.layers; print(hw_lib.__file__, hw_lib.layers.__file__)",
    "garbage": "import gc; print(gc.isenabled(), gc.get_threshold())",
    "mounts": """
mounts = [line.split() for line in open('/proc/mounts')]
print(sorted({(place, rights) for _, place, kind, rights, *_ in mounts if kind != 'tmpfs' and place != '/student_build'}))""",
    "library's mount": """
import errno, hw_lib, os
print([rights.split(',')[:3] for _, place, _, rights, *_ in map(str.split, open('/proc/mounts')) if place == '/student_build'])
for path in (hw_lib.__file__, '/student_build/new', '/student_build/hw_lib/new'):
    try:
        open(path, 'a')
    except OSError as error:
        print(errno.errorcode[error.errno])""",
    "rights": "print([line for line in open('/proc/self/status') if line[:6] in ('CapPrm', 'CapEff', 'NoNewP', 'Seccom')])",
}


@pytest.fixture(scope="module")
def states(cold: Sandbox, warm: Sandbox) -> dict[str, tuple[str, str]]:
    """What every cell of STATE prints, cold and warm."""
    printed = [[text(found) for found in run(box, *STATE.values()).cells] for box in (cold, warm)]
    return dict(zip(STATE, zip(*printed, strict=True), strict=True))


@pytest.mark.parametrize("name", STATE)
def test_nothing_tells_that_it_was_forked(name: str, states: dict[str, tuple[str, str]]) -> None:
    """Environment, user, limits, folders, random numbers, what came before: as in a process started from nothing."""
    one, other = states[name]
    assert len(one) > 1
    assert one == other


def test_the_compiler_sleeps(cold: Sandbox, warm: Sandbox) -> None:
    """An optimizer's step imports nothing of PyTorch's compiler, forked or not."""
    step = "import sys, torch; torch.optim.SGD([torch.ones(1, requires_grad=True)], 0.1).step()"
    asked = "print([name in sys.modules for name in ('torch._dynamo', 'torch._dynamo.eval_frame')])"
    assert [text(run(box, f"{step}\n{asked}").cells[0]) for box in (cold, warm)] == ["[True, False]\n"] * 2


def test_warnings_are_filtered_alike(cold: Sandbox, warm: Sandbox) -> None:
    """What a cold process does not show, a warm one does not show either."""
    source = "import torch, matplotlib.pyplot, warnings\nfor entry in sorted(map(str, warnings.filters)): print(entry)"
    one, other = (text(run(box, source).cells[0]).splitlines() for box in (cold, warm))
    assert len(one) > 3
    assert set(one) <= set(other)
    assert all("SymPy" in entry for entry in set(other) - set(one))


def test_random_numbers_that_nobody_seeded_differ(warm: Sandbox) -> None:
    """Children of one parent draw numbers of their own, torch's as well."""
    source = (
        "import random, torch, numpy as np; print(random.random(), np.random.rand(), torch.initial_seed(), torch.rand(1).item())"
    )
    first, second = (text(run(warm, source).cells[0]).split() for _ in range(2))
    fixed = first[2] == "67280421310721"
    assert [one == other for one, other in zip(first, second, strict=True)] == [False, False, fixed, fixed]


def test_only_its_own_lines_are_open(cold: Sandbox, warm: Sandbox) -> None:
    """A forked process has the descriptors that a cold one has, and none of its parent's."""
    source = """
import os
names = [f'/proc/self/fd/{number}' for number in os.listdir('/proc/self/fd')]
print(sorted(os.readlink(name).split(':')[0] for name in names if os.path.lexists(name)))"""
    one, other = (text(run(box, source).cells[0]) for box in (cold, warm))
    assert one == other


# ---- nothing shared ----


def test_children_share_nothing(warm: Sandbox) -> None:
    """Neither files, nor modules' contents, nor unseeded random numbers go from one submission to the next."""
    source = """
import os, random, pathlib, numpy as np, json, hw_lib
found = [os.listdir(name) for name in ('/tmp', '/dev/shm')] + [hasattr(json, 'left'), hasattr(hw_lib, 'left')]
json.left = hw_lib.left = 1
for name in ('/tmp/left', '/dev/shm/left', '/home/student/left'):
    pathlib.Path(name).write_text('x')
print(json.dumps([found, random.random(), np.random.rand()]))"""
    first, second = (json.loads(text(run(warm, source).cells[0])) for _ in range(2))
    assert first[0] == second[0]
    assert first[0][2:] == [False, False]
    assert first[1] != second[1]
    assert first[2] != second[2]


def test_children_at_the_same_time_do_not_meet(warm: Sandbox) -> None:
    """Two submissions that run together see neither each other's processes nor each other's sockets and files."""
    source = """
import glob, os, pathlib, socket, sys, time
mine = socket.socket(socket.AF_UNIX); mine.bind('\\0meeting'); mine.listen()
pathlib.Path('/tmp/here').touch(exist_ok=False)
time.sleep(1.0)
known = {'here', 'matplotlib', 'ipython', *pathlib.Path(sys.prefix).parts}  # Python itself may lie below the temp folder
print(len(glob.glob('/proc/[0-9]*')), sorted(set(os.listdir('/tmp')) - known))"""
    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(run, replace(warm, worker_id=apart.slot(number)), source) for number in (31, 32, 33)]
        assert [text(future.result().cells[0]) for future in found] == ["2 []\n"] * 3


def test_the_parent_cannot_be_reached(servers: Warm, warm: Sandbox) -> None:
    """A child finds no process but its own to signal, and the next child comes from the same, unharmed parent."""
    before = servers.pids()
    source = """
import os, signal
done = []
for number in [os.getppid(), *range(2, 50)]:
    if number not in (0, os.getpid()):
        try:
            os.kill(number, signal.SIGKILL)
            done.append(number)
        except OSError:
            pass
print(done, os.getppid())"""
    assert text(run(warm, source).cells[0]) in ("[1] 1\n", "[] 1\n")  # the first process of a namespace is deaf to its own
    assert text(run(warm, "print(1)").cells[0]) == "1\n"
    assert servers.pids() == before


# ---- how processes end ----


def test_leaving_ends_everything(cold: Sandbox, tmp_path: Path) -> None:
    """Parents and children end with the context, whatever the children are doing; that is never held against a submission."""
    word = apart.seconds(64)
    with Warm() as servers, CellProcess(replace(cold, launcher=servers), tmp_path) as process:
        assert process.ready(time.monotonic() + 60) == ""
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(process.run, {"id": "c", "source": _BUSY.format(word)}, time.monotonic() + 60)
            assert gone(lambda: not survivors(word))
            pids = [*servers.pids(), *servers.trunks()]
            servers.close()
            with pytest.raises(SandboxError, match="the fork server of this submission's process died"):
                running.result()
    assert gone(lambda: survivors(word))
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_students_and_tests_have_one_trunk(cold: Sandbox) -> None:
    """Both fork servers are begun before anybody waits, and come from one process that has imported what both need."""
    with Warm() as servers:
        box = replace(cold, launcher=servers)
        servers.prepare(box)
        servers.prepare(replace(box, program="testrunner"))
        (trunk,) = servers.trunks()
        assert smoke_test(box) == ""
        with files.folder("tests-") as work, CellProcess(replace(box, program="testrunner"), work, 0):
            assert len({*servers.pids(), trunk}) == 3
            assert servers.trunks() == [trunk]


def test_a_student_has_nothing_of_the_tests_library(cold: Sandbox, tmp_path: Path) -> None:
    """What only the whole library holds is neither in the students' library nor in memory that a student's process can write."""
    (tmp_path / "hw_lib").mkdir()
    (tmp_path / "hw_lib/__init__.py").write_text("ANSWER = '-'.join(str(n * n) for n in range(900, 940))")
    search = """
import ctypes, pathlib, re
needle, found = re.compile(b'81000[0]-81180[1]-81360[4]'), []  # which is not what it looks for
maps = [line.split() for line in open('/proc/self/maps')]
for place, rights, *more in maps:
    if rights == 'rw-p' and (len(more) == 3 or more[-1] == '[heap]'):
        start, end = (int(number, 16) for number in place.split('-'))
        found += needle.findall(ctypes.string_at(start, end - start))
print(len(found) > 0, [line for line in maps if line[1] == 'rw-s'], sorted(map(str, pathlib.Path('/student_build').glob('h*'))))"""
    with Warm() as servers:
        students = replace(cold, launcher=servers, preload=("hw_lib",))
        whole = replace(students, library=tmp_path)
        assert text(run(whole, search).cells[0]) == "True [] ['/student_build/hw_lib']\n"  # where it is, it is found
        assert text(run(students, search).cells[0]) == "False [] ['/student_build/hw_lib']\n"
        assert len(servers.trunks()) == 1


def test_a_dead_trunk_is_replaced(cold: Sandbox) -> None:
    """With it ended everything that was forked; the next submission has a new one."""
    with Warm() as servers:
        box = replace(cold, launcher=servers)
        assert smoke_test(box) == ""
        (first,), (server,) = servers.trunks(), servers.pids()
        os.kill(first, signal.SIGKILL)
        assert gone(lambda: psutil.pid_exists(server))
        assert smoke_test(box) == ""
        assert servers.trunks() != [first]


def test_a_trunk_that_does_not_start_is_said(cold: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever needs it reads what bubblewrap or Python said."""
    monkeypatch.setattr("grading.sandbox.trunk.PYTHON", ("/no/such/python",))
    with Warm() as servers:
        servers.prepare(replace(cold, launcher=servers))
        assert "No such file" in smoke_test(replace(cold, launcher=servers))


def test_a_parent_that_does_not_start_is_tried_again(cold: Sandbox, tmp_path: Path) -> None:
    """Every submission that needs it reads why, and the next one has a new one."""
    (tmp_path / "hw_lib").mkdir()
    module = tmp_path / "hw_lib/__init__.py"
    module.write_text("import os; os._exit(3)")
    with Warm() as servers:
        box = replace(cold, launcher=servers, library=tmp_path, preload=("hw_lib",))
        servers.prepare(box)
        for _ in range(2):
            with pytest.raises(SandboxError, match="did not start"):
                box.start(tmp_path)
        module.write_text("")
        assert smoke_test(box) == ""


def test_a_dead_parent_is_replaced(cold: Sandbox) -> None:
    """A parent that was killed costs nothing but the time to make another."""
    with Warm() as servers:
        box = replace(cold, launcher=servers)
        assert smoke_test(box) == ""
        (first,) = servers.pids()
        os.kill(first, signal.SIGKILL)
        assert smoke_test(box) == ""
        assert servers.pids() != [first]


def test_nothing_outlives_a_killed_grader(cold: Sandbox, tmp_path: Path) -> None:
    """SIGKILL to the process that holds the fork servers ends parents, submissions and what these started."""
    word = apart.seconds(65)
    script = f"""
import sys, time
from pathlib import Path
from grading.sandbox import CellProcess, Sandbox, Warm
from grading.settings import Limits
servers = Warm()
folders = map(Path, ({str(cold.library)!r}, {str(cold.fonts)!r}))
box = Sandbox(servers, *folders, Limits(**{vars(LIMITS)!r}), worker_id={apart.slot(35)})
process = CellProcess(box, Path({str(tmp_path)!r}))
assert process.ready(time.monotonic() + 60) == ''
print(*servers.trunks(), flush=True)
process.run({{'id': 'c', 'source': {_BUSY.format(word)!r}}}, time.monotonic() + 60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as grader:
        assert grader.stdout
        parent = int(grader.stdout.readline())
        assert gone(lambda: not survivors(word))
        grader.kill()
    assert gone(lambda: survivors(word) or psutil.pid_exists(parent))


def test_the_end_is_told(warm: Sandbox) -> None:
    """Exit statuses and signals arrive through the fork server as they do without one."""
    deaths = {
        "import os; os._exit(7)": "exit status 7",
        "import os; os.abort()": "SIGABRT",
        "import os; os.kill(os.getpid(), 9)": "it was killed",
    }
    found = [run(replace(warm, limits=replace(LIMITS, restarts=0)), source).cells[0] for source in deaths]
    assert [dead.status for dead in found] == [CellStatus.DIED] * 3
    assert [why in dead.error_message for why, dead in zip(deaths.values(), found, strict=True)] == [True] * 3, found


def test_processor_time_is_a_childs_own(warm: Sandbox) -> None:
    """What the parent and earlier children used does not count; what this one uses does."""
    box = replace(warm, limits=replace(LIMITS, cpu_s=1, restarts=0))
    assert [text(run(box, "sum(range(10_000_000)); print(1)").cells[0]) for _ in range(2)] == ["1\n"] * 2
    dead = run(box, "import signal; signal.signal(signal.SIGXCPU, signal.SIG_DFL)\nwhile True: pass").cells[0]
    assert "more than 1 seconds of processor time" in dead.error_message


def test_children_of_a_child_share_its_memory(cold: Sandbox) -> None:
    """Processes that each stay below the limit are ended when together they are above it; the parent's pages do not count."""
    source = (
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        x = b'1' * 250_000_000; time.sleep(20); os._exit(0)\n"
    )
    with Warm() as servers:
        box = replace(cold, launcher=servers, limits=replace(LIMITS, memory_mb=500, restarts=0))
        assert text(run(box, "import time; time.sleep(1.2); print(1)").cells[0]) == "1\n"
        dead = run(box, source + "time.sleep(20)").cells[0]
    assert dead.status is CellStatus.DIED
    assert "MB of memory" in dead.error_message


@pytest.mark.parametrize("kind", ["cold", "warm"])
def test_a_process_that_hangs_up_does_not_hold_us_up(kind: str, cold: Sandbox, warm: Sandbox) -> None:
    """Closing every line to the grader and sleeping ends the cell in seconds, not at the notebook's limit."""
    box = replace(warm if kind == "warm" else cold, limits=replace(LIMITS, cell_s=2, restarts=0))
    execution = run(box, "import os, time\nos.closerange(0, 1000)\ntime.sleep(80)")
    assert execution.cells[0].status is CellStatus.DIED
    assert execution.seconds < 20


def test_a_process_that_does_not_read_does_not_hold_us_up(warm: Sandbox) -> None:
    """A forged end of a cell, with a next cell too large for the pipe: the limit of the next cell still holds."""
    forge = """
import os, time
line = b'{"event": "end", "error_name": "", "value": null}\\n'
for number in range(3, 30):
    try:
        if os.fstat(number).st_mode & 0o10000: os.write(number, line)
    except OSError: pass
time.sleep(70)"""
    limits = replace(LIMITS, cell_s=1, wall_s=25, restarts=0)
    started = time.monotonic()
    run(replace(warm, limits=limits), forge, "x = '" + "y" * 1_000_000 + "'")
    assert time.monotonic() - started < 25


# ---- fit to be forked ----


def test_a_parent_with_threads_is_refused(cold: Sandbox, tmp_path: Path) -> None:
    """A module that starts a thread when it is imported would make children hang: nothing is run, and it says why."""
    (tmp_path / "hw_lib").mkdir()
    (tmp_path / "hw_lib/__init__.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    with Warm() as servers, pytest.raises(SandboxError, match="2 threads"):
        replace(cold, launcher=servers, library=tmp_path, preload=("hw_lib",)).start(tmp_path)


def test_a_missing_module_is_no_obstacle(warm: Sandbox) -> None:
    """What cannot be imported early is the notebook's own error later."""
    assert run(warm, "import no_such_module").cells[0].error_name == "ModuleNotFoundError"


def test_different_libraries_have_different_parents(cold: Sandbox, tmp_path: Path) -> None:
    """The trusted tests' whole library is never in the memory of a student's parent; old parents are let go."""
    (tmp_path / "hw_lib").mkdir()
    (tmp_path / "hw_lib/__init__.py").write_text("")
    with Warm() as servers:
        for number in range(6):
            library = tmp_path if number else cold.library
            assert smoke_test(replace(cold, launcher=servers, library=library, hidden=(tmp_path,) * number)) == ""
        assert len(set(servers.pids())) == len(servers.trunks()) == 4


def test_the_link_is_passed_on(warm: Sandbox, tmp_path: Path) -> None:
    """The line to the trusted tests reaches the child, whole and alone."""
    ours, theirs = socket.socketpair()
    with ours, theirs, CellProcess(warm, tmp_path, theirs.fileno()) as process:
        assert process.ready(time.monotonic() + 60) == ""
        source = "import os, socket, sys\nfd = int(sys.argv[1])\nos.write(fd, b'hello')"
        assert process.run({"id": "c", "source": source}, time.monotonic() + 20)[0].status is CellStatus.DONE
        theirs.close()
        assert ours.recv(10) == b"hello"
    ours.close()


def test_a_submission_that_is_too_large_is_said(warm: Sandbox) -> None:
    """Files that do not fit into their folder are refused before anything runs."""
    assert "does not fit" in smoke_test(replace(warm, files={"big": bytes(21_000_000)}))


def test_what_a_notebook_imports(tmp_path: Path) -> None:
    """Modules are found in all code cells, in functions too; magics, broken cells and relative imports are passed over."""
    sources = [
        "%matplotlib inline\nimport numpy as np, torch.nn",
        "def f():\n    from hw_lib.layers import x",
        "def (",
        "from . import y",
    ]
    cells = [cell("code", str(number), source) for number, source in enumerate(sources)]
    one: nb.Notebook = {"cells": [*cells, cell("markdown", "m", "import os")]}
    assert modules([one, {"cells": [cell("code", "z", "import torch.nn, zlib")]}], tmp_path) == (
        "numpy",
        "torch.nn",
        "hw_lib.layers",
        "hw_lib.layers.x",
        "zlib",
    )


def test_what_the_library_imports_in_its_turn(tmp_path: Path) -> None:
    """Followed is what happens when a module is imported, through its packages, in a circle too.

    Imports inside a function count only where the module imports PyTorch.
    """
    library = {
        "hw/__init__.py": "import zlib",
        "hw/layers/__init__.py": "from hw.layers.conv import conv\ndef f():\n    import torch",
        "hw/layers/conv.py": "import numpy\nimport hw.layers.pool",
        "hw/layers/pool.py": "from hw import layers",
        "hw/plots.py": "import matplotlib.pyplot as plt",
        "hw/broken.py": "def (",
        "hw/models.py": "from torch.nn import Linear\ndef f():\n    from torchvision import models",
    }
    for name, text in library.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    one: nb.Notebook = {"cells": [cell("code", "a", "from hw.layers import f\nimport hw.broken, bz2")]}
    assert set(modules([one], tmp_path)) == {
        *("hw", "hw.layers", "hw.layers.conv", "hw.layers.pool", "hw.broken"),
        "zlib",
        "numpy",
        "bz2",
    }
    other: nb.Notebook = {"cells": [cell("code", "a", "import hw.models")]}
    assert {"torch.nn", "torchvision", "torchvision.models"} <= set(modules([other], tmp_path))


def test_a_homework_without_a_figure_waits_for_no_drawing() -> None:
    """The written questions draw nothing and train nothing; dropout does both."""

    def imported(path: str) -> set[str]:
        return set(modules([nb.parse((ROOT / "notebooks" / path).read_bytes(), Path(path).stem)], ROOT))

    assert not {"matplotlib.pyplot", "torch"} & imported("written/regularization.ipynb")
    assert {"matplotlib.pyplot", "torch", "hw_lib.plots.charts"} <= imported("dropout/q_coding_dropout.ipynb")


def test_large_pages_keep_what_they_hold() -> None:
    """Joining a process's pages changes no byte; where the kernel can do it at all, more of them are large ones afterwards."""
    script = """
import ctypes, mmap, pathlib, sys
sys.path.insert(0, sys.argv[1])
from grading.inside.huge_pages import join_pages
def large():
    lines = map(str.split, pathlib.Path('/proc/self/smaps').read_text().splitlines())
    return sum(int(words[1]) for words in lines if words[0] == 'AnonHugePages:')
room = mmap.mmap(-1, 8 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
room[:] = bytes(len(room))
start = -(-ctypes.addressof(ctypes.c_char.from_buffer(room)) // (2 << 20)) * (2 << 20)
can = ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(2 << 20), 25) == 0
held = [bytes([number % 251]) * 100_000 for number in range(200)]
before = large()
join_pages()
assert all(part == bytes([number % 251]) * 100_000 for number, part in enumerate(held))
assert large() > before or not can, (before, large())
"""
    done = subprocess.run([sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
