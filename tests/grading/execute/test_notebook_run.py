"""A cell in the sandbox gives what it gives in a notebook, and however it ends, the record says so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import course as courses
from grading import notebook as nb
from grading.execute.notebook_run import execute
from grading.gradebook.formgrader import executed_notebook
from grading.records import CellRun, CellStatus, Execution, Restored, load, save
from grading.release.student_build import student_build
from grading.sandbox.bare import Bare
from grading.sandbox.choose import launcher
from grading.sandbox.fonts import font_list
from grading.sandbox.spec import Sandbox
from grading.sandbox.warm import Warm
from grading.settings import Limits
from tests.grading import apart
from tests.grading.conftest import cell

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
LIMITS = Limits(
    wall_s=300,
    cell_s=5,
    cpu_s=60,
    memory_mb=1000,
    processes=32,
    open_files=64,
    file_mb=5,
    work_mb=20,
    output_mb=0.1,
    restarts=2,
)
RESTORED = Restored("mini", "ada", "mini")

Run = Callable[..., Execution]


@pytest.fixture(scope="module", params=["warm", pytest.param("cold", marks=pytest.mark.long)])
def box(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with an empty submission: forked from a warm process, as gradings are, and in the long run from nothing."""
    top = tmp_path_factory.mktemp("execute")
    student_build(ROOT, courses.load(ROOT / "course.toml").assignments["dropout"], top / "student_build")
    fonts = font_list(top / "fonts")
    with Warm() as servers:
        chosen = launcher(sandbox=True, warm=servers if request.param == "warm" else None)
        preload = ("matplotlib.pyplot",)
        yield Sandbox(chosen, top / "student_build", fonts, LIMITS, hidden=(ROOT,), worker_id=apart.slot(10), preload=preload)


@pytest.fixture
def run(box: Sandbox) -> Run:
    """Runs sources as the cells c0, c1, … of one notebook; keyword arguments change limits."""

    def execution(*sources: str, **limits: float) -> Execution:
        return execute(RESTORED, notebook(*sources), replace(box, limits=replace(LIMITS, **limits)))

    return execution


def notebook(*sources: str) -> nb.Notebook:
    """A notebook of code cells."""
    return {"cells": [cell("code", f"c{number}", source) for number, source in enumerate(sources)], "metadata": {}}


def text(cell_run: CellRun, name: str = "stdout") -> str:
    """Everything a cell wrote to one stream."""
    return "".join(output["text"] for output in cell_run.outputs if output.get("name") == name)


# ---- beside a real kernel ----

SAME = {
    "text": "print('one', flush=True)\nprint('two', end='', flush=True)",
    "both streams": "import sys\nprint('a', flush=True)\nprint('b', file=sys.stderr, flush=True)\nprint('c', flush=True)",
    "result": "1 + 1",
    "no result": "None",
    "quiet result": "5;",
    "text result": "'it\\'s'",
    "array": "import numpy as np\nnp.arange(6.0).reshape(2, 3)",
    "several displays": "for n in range(2):\n    display(n)\n'end'",
    "html": "from IPython.display import HTML\nHTML('<b>x</b>')",
    "own repr": "class T:\n    def _repr_markdown_(self): return '*t*'\n    def __repr__(self): return 't'\nT()",
    "figure": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('x');",
    "figure shown": "print('before', flush=True)\nplt.plot([1, 2])\nplt.show()\nprint('after', flush=True)",
    "two figures": "plt.figure(); plt.plot([1])\nplt.figure(); plt.plot([2])\n'last'",
    "shell": "!echo hello",
    "shell captured": "lines = !echo hello\nprint(list(lines), flush=True)",
    "await": "import asyncio\nawait asyncio.sleep(0)\nprint('woke', flush=True)",
    "magic": "%%capture said\nprint('hidden')",
    "captured": "said.stdout",
    "last result": "_",
    "help": "print(get_ipython().__class__.__name__ != '', flush=True)",
    "zero division": "print('first', flush=True)\n1 / 0",
    "name": "undefined_name",
    "syntax": "def f(:",
    "indentation": "  x = 1\n y = 2",
    "assertion": "assert 1 == 2, 'one is not two'",
    "check": "from hw_lib import checks\nchecks.value('x', 1.0, 2.0)",
    "no magic": "%no_such_magic",
    "in a function": "def outer():\n    raise KeyError('k')\nouter()",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('second') from error",
    "odd text": "print('☃ \\x1b[31mred\\x1b[0m \\u2028', flush=True)",
    "unprintable": "class Bad(Exception):\n    def __str__(self): return 'bad'\nraise Bad",
    "recursion": "def r(): return r()\nr()",
}

_REAL = """
import json, sys, warnings
warnings.simplefilter("ignore")
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
work, student_build = sys.argv[1:]
cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=work + "/k")
import os
env = {**os.environ, "PYTHONPATH": student_build, "HW_LIB_QUIET": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
NotebookClient(notebook, km=manager, allow_errors=True, shutdown_kernel="immediate", timeout=60,
               resources={"metadata": {"path": work}}).execute(env=env)
json.dump([cell.outputs for cell in notebook.cells], sys.stdout)
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> dict[str, list[dict[str, Any]]]:
    """What a notebook kernel says to the cells of SAME."""
    work = tmp_path_factory.mktemp("r")
    command = [sys.executable, "-c", _REAL, str(work), str(box.library)]
    sources = json.dumps(list(SAME.values()))
    done = subprocess.run(command, input=sources, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(zip(SAME, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def ours(box: Sandbox) -> dict[str, CellRun]:
    """What the sandbox says to them."""
    execution = execute(RESTORED, notebook(*SAME.values()), replace(box, limits=replace(LIMITS, cell_s=30)))
    assert execution.fault == ""
    return dict(zip(SAME, execution.cells, strict=True))


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with text that continues the last text joined to it, as every notebook editor shows it."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        if found and output["output_type"] == "stream" == found[-1]["output_type"] and output["name"] == found[-1]["name"]:
            found[-1] = {**output, "text": found[-1]["text"] + output["text"]}
        else:
            found.append(output)
    return found


def comparable(output: dict[str, Any]) -> object:
    """What of an output has to be the same: kind, text, mime types; of an error its name and message, but no temp file's name."""
    if output["output_type"] == "stream":
        return output["name"], output["text"]
    if output["output_type"] == "error":
        return output["ename"], re.sub(r"\(\S+, line", "(file, line", output["evalue"])
    data = {mime: "picture" if mime.startswith("image/") else value for mime, value in output["data"].items()}
    return output["output_type"], data


@pytest.mark.parametrize("name", SAME)
def test_outputs_are_a_notebooks(name: str, real: dict[str, list[dict[str, Any]]], ours: dict[str, CellRun]) -> None:
    """Text, results, displays, figures and errors are the same as in a real kernel."""
    assert [comparable(output) for output in ours[name].outputs] == [comparable(output) for output in joined(real[name])]


@pytest.mark.parametrize("name", SAME)
def test_a_status_for_every_cell(name: str, real: dict[str, list[dict[str, Any]]], ours: dict[str, CellRun]) -> None:
    """A cell that shows an error in a notebook has failed here, with that name; every other one is done."""
    errors = [output["ename"] for output in real[name] if output["output_type"] == "error"]
    assert (ours[name].status, ours[name].error_name) == (CellStatus.ERROR, errors[0]) if errors else (CellStatus.DONE, "")


def test_two_runs_say_the_same(run: Run) -> None:
    """The same notebook gives the same outputs to the byte: figures, hashes, temp names and all."""
    sources = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
        "print({'b', 'a', 'c'}, hash('x'), __import__('os').getcwd())",
        "import tempfile; tempfile.gettempdir()",
        "1 / 0",
    ]
    first, second = run(*sources), run(*sources)
    assert [found.status for found in first.cells] == [CellStatus.DONE] * 3 + [CellStatus.ERROR]
    assert [replace(found, seconds=0.0) for found in first.cells] == [replace(found, seconds=0.0) for found in second.cells]


# ---- values ----


@pytest.mark.parametrize(
    ("source", "value", "odd"),
    [
        ("2.5", 2.5, ""),
        ("3", 3.0, ""),
        ("0.0", 0.0, ""),
        ("-1.5", -1.5, ""),
        ("None", None, ""),
        ("x = 1", None, ""),
        ("True", None, "bool"),
        ("import numpy; numpy.float64(2)", None, "float64"),
        ("'2'", None, "str"),
        ("class Number(float): pass\nNumber(2)", None, "Number"),
        ("10 ** 400", None, "int"),
        ("-10 ** 400", None, "int"),
    ],
)
def test_the_value_of_a_cell(value_runs: dict[str, CellRun], source: str, value: float | None, odd: str) -> None:
    """A plain int or float is a value; anything else is told by its type; nothing is nothing."""
    found = value_runs[source]
    assert (found.status, found.value, found.odd_value) == (CellStatus.DONE, value, odd)


@pytest.fixture(scope="module")
def value_runs(box: Sandbox) -> dict[str, CellRun]:
    """The cells of test_the_value_of_a_cell, run in one process."""
    mark = next(mark for mark in test_the_value_of_a_cell.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    sources = [source for source, _, _ in mark.args[1]]
    return dict(zip(sources, execute(RESTORED, notebook(*sources), box).cells, strict=True))


def test_not_a_number_is_no_points(run: Run, tmp_path: Path) -> None:
    """NaN and infinity are odd values, and stay so on disk: read back as no value they would be full points."""
    execution = run("float('nan')", "-float('inf')", "2.5")
    assert [(found.value, found.odd_value) for found in execution.cells] == [(None, "nan"), (None, "-inf"), (2.5, "")]
    save(tmp_path / "kept.json", execution)
    assert load(tmp_path / "kept.json", Execution) == execution


# ---- how cells end ----


def test_a_slow_cell_is_interrupted(run: Run) -> None:
    """It ends at its limit; what it printed survives, and the next cell runs in the same process."""
    first, slow, after = run("x = 5", "print('begun')\nwhile True: pass", "print(x)", cell_s=0.5).cells
    assert first.status is CellStatus.DONE
    assert (slow.status, slow.error_name) == (CellStatus.TIMEOUT, "CellTimeout")
    assert "longer than 0.5 seconds" in slow.error_message
    assert text(slow) == "begun\n"
    assert text(after) == "5\n"


def test_except_does_not_swallow_the_limit(run: Run) -> None:
    """`except Exception` around a slow loop does not save it."""
    slow, after = run(
        "while True:\n    try:\n        import time; time.sleep(9)\n    except Exception: pass", "1", cell_s=0.5
    ).cells
    assert slow.status is CellStatus.TIMEOUT
    assert after.status is CellStatus.DONE


@pytest.mark.parametrize("deadly", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)", "import os; os.abort()"])
def test_a_deadly_cell_is_skipped(run: Run, deadly: str) -> None:
    """The process is gone; the cells around it are run again without it, in order, and it is told why it died."""
    execution = run("x = 1", deadly, "x += 1\nprint(x)")
    first, dead, after = execution.cells
    assert [first.status, dead.status, after.status] == [CellStatus.DONE, CellStatus.DIED, CellStatus.DONE]
    assert text(after) == "2\n"
    assert dead.error_name == "KernelDied"
    assert dead.error_message
    assert execution.notes == ("cell c1 ended the process; the other cells were run again without it",)


def test_there_are_only_so_many_restarts(run: Run) -> None:
    """After the last restart the rest is not run, and says so."""
    execution = run("1", *["import os; os._exit(3)"] * 3, "2", restarts=1)
    assert [found.status for found in execution.cells] == [
        CellStatus.DONE,
        CellStatus.DIED,
        CellStatus.DIED,
        CellStatus.NOT_RUN,
        CellStatus.NOT_RUN,
    ]
    assert execution.cells[4].error_message == "this cell was not reached"


def test_time_runs_out(run: Run) -> None:
    """The whole notebook has a limit, its start included: two seconds of it here. Cells after it are not run, and say why."""
    execution = run("import time; time.sleep(2.5)", "import time; time.sleep(2.5)", "3", wall_s=4.5, cell_s=9)
    assert execution.cells[0].status is CellStatus.DONE
    assert [found.status for found in execution.cells[1:]] in (
        [CellStatus.DIED, CellStatus.NOT_RUN],
        [CellStatus.DONE, CellStatus.NOT_RUN],
    )
    assert execution.cells[2].error_message == "the notebook used up its 4.5 seconds before this cell"


def test_processor_time_runs_out(run: Run) -> None:
    """A process that burns more than its share is ended by the kernel."""
    dead = run("import signal; signal.signal(signal.SIGXCPU, signal.SIG_DFL)\nwhile True: pass", cpu_s=1, restarts=0).cells[0]
    assert dead.status is CellStatus.DIED
    assert "more than 1 seconds of processor time" in dead.error_message


def test_many_processes_share_the_memory(run: Run) -> None:
    """Children that each stay below the limit are ended when together they are above one and a half times it."""
    source = (
        "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        x = b'1' * 80_000_000; time.sleep(20); os._exit(0)\n"
    )
    dead = run(source + "time.sleep(20)", memory_mb=250, restarts=0, cell_s=15).cells[0]
    assert dead.status is CellStatus.DIED
    assert "more than 375 MB of memory, all its processes together" in dead.error_message


def test_an_error_does_not_stop_the_notebook(run: Run) -> None:
    """The cells after it run, as when a student runs them one by one."""
    assert [found.status for found in run("1 / 0", "x = 1").cells] == [CellStatus.ERROR, CellStatus.DONE]


def test_nobody_types(run: Run) -> None:
    """A cell that asks for input ends at once, and its error says that nobody types while grading."""
    asked, debugged = run("input('your name? ')", "breakpoint()").cells
    assert (asked.status, asked.error_name) == (CellStatus.ERROR, "EOFError")
    assert asked.error_message.startswith("nobody types while grading")
    assert debugged.error_message.startswith("nobody types while grading")


def test_there_is_no_gpu(run: Run) -> None:
    """Whatever build of torch is installed, the error of a cell that wants a GPU says that the grader has none."""
    moved = run("import torch\ntorch.ones(1).to('cuda')", memory_mb=3000, cell_s=60).cells[0]
    assert moved.status is CellStatus.ERROR and moved.error_message.startswith("the grader has no GPU")


def test_there_is_no_network(run: Run) -> None:
    """What looks for one fails at its first try, in a program or in Python, and says so; what is installed needs none."""
    sources = ["!pip install no-such-package", "!curl -sS https://x.invalid", "!git clone https://x.invalid/a", "!conda install a"]
    sources += ["import urllib.request\nurllib.request.urlopen('https://x.invalid')", "!pip install numpy && echo there"]
    *programs, page, installed = run(*sources, cell_s=60).cells
    assert ["there is no network while grading" in text(program) for program in programs] == [True] * len(programs)
    assert "Retrying" not in text(programs[0])
    assert page.error_name == "URLError" and page.error_message.startswith("there is no network while grading")
    assert "there" in text(installed).split() and "no network" not in text(installed)


def test_leaving_is_an_error_or_nothing(run: Run) -> None:
    """sys.exit() ends the cell as a notebook does, not the process."""
    left, after = run("import sys; sys.exit(3)", "print('still here')").cells
    assert (left.status, left.error_name) == (CellStatus.ERROR, "SystemExit")
    assert text(after) == "still here\n"


# ---- floods ----


def test_output_is_cut(run: Run) -> None:
    """Text beyond the limit is dropped and says so once; the next cell has its whole allowance again."""
    flood, after = run("for _ in range(100_000): print('x' * 100)", "print('fine')").cells
    assert flood.status is CellStatus.DONE
    assert 100_000 <= len(text(flood)) < 101_000
    assert text(flood).count("output cut at 0.1 MB") == 1
    assert text(after) == "fine\n"


def test_a_large_display_is_dropped(run: Run) -> None:
    """A result or a picture that is too large is replaced by a sentence."""
    found = run("'x' * 500_000").cells[0]
    assert [output["output_type"] for output in found.outputs] == ["stream"]
    assert "output cut" in text(found)


def test_a_large_error_is_shortened(run: Run) -> None:
    """An error is always told, but not at any length."""
    found = run("raise ValueError('x' * 3_000_000)").cells[0]
    assert (found.status, found.error_name) == (CellStatus.ERROR, "ValueError")
    assert len(json.dumps(found.outputs)) < 200_000


def test_half_characters_can_be_kept(run: Run) -> None:
    """A half emoji in a text, a result or an error arrives as a question mark, and can be written to disk."""
    execution = run("print('\\ud83d', '\\U0001f600')", "raise ValueError('\\udc80')")
    assert text(execution.cells[0]) == "? 😀\n"
    assert execution.cells[1].error_message == "?"
    nb.dump(executed_notebook(notebook("", ""), execution)).encode()


def test_writing_into_the_line_is_no_result(run: Run) -> None:
    """Text on the private line to the grader ends the process; it never counts as a cell that is done."""
    source = "import os\nfor number in range(3, 20):\n    try:\n        os.write(number, b'garbage\\n')\n    except OSError: pass\n"
    found = run(source + "import time; time.sleep(5)", restarts=0).cells[0]
    assert found.status is CellStatus.DIED


# ---- what the formgrader shows ----


def test_the_executed_notebook_carries_errors(run: Run) -> None:
    """A cell that never ended shows an error: stock tools would give a test without one its full points."""
    sources = ["print('fine')", "print('begun', flush=True)\nimport os; os._exit(0)", "while True: pass", "1 / 0"]
    execution = run(*sources, cell_s=0.5, restarts=1)
    made = executed_notebook(notebook(*sources), execution)["cells"]
    kinds = [[output["output_type"] for output in found["outputs"]] for found in made]
    assert kinds[0] == ["stream"]
    assert all("error" in kind for kind in kinds[1:])
    assert all(kind.count("error") == 1 for kind in kinds[1:])


def test_cells_that_were_not_run_carry_errors() -> None:
    """A fault of the sandbox leaves no cell that looks as if it had passed."""
    lost = Execution("mini", "ada", "mini", (CellRun("c0", CellStatus.NOT_RUN, error_name="NotRun", error_message="why"),))
    made = executed_notebook(notebook("1"), lost)["cells"][0]["outputs"]
    assert made == [{"output_type": "error", "ename": "NotRun", "evalue": "why", "traceback": ["why"]}]


def test_without_a_sandbox_it_is_the_same(run: Run, box: Sandbox, tmp_path: Path) -> None:
    """--no-sandbox gives the same outputs to honest cells."""
    sources = [
        "import numpy as np\nnp.arange(3)",
        "print('x')",
        "1 / 0",
        "from hw_lib.layers import dropout_forward as f\nf(0, {'mode': 'test', 'p': 0})",
    ]
    isolated = run(*sources)
    bare = execute(RESTORED, notebook(*sources), replace(box, launcher=Bare()))
    assert bare.fault == ""
    for one, other in zip(isolated.cells, bare.cells, strict=True):
        assert [comparable(output) for output in one.outputs] == [comparable(output) for output in other.outputs]
    assert bare.cells[3].error_name == "NotImplementedError"


def test_without_a_sandbox_a_daemon_does_not_hold_us_up(box: Sandbox) -> None:
    """A process that a cell left running in a session of its own does not keep the grader waiting."""
    source = "import subprocess\nsleeper = subprocess.Popen(['sleep', '8'], start_new_session=True)"
    execution = execute(RESTORED, notebook(source), replace(box, launcher=Bare()))
    assert execution.cells[0].status is CellStatus.DONE
    assert execution.seconds < 6
