"""Hidden tests run in a process of their own: honest answers pass as they would in one process, nothing else does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import course as courses
from grading import notebook as nb
from grading.execute import parity, trusted_tests
from grading.execute.notebook_run import execute
from grading.records import CellRun, CellStatus, Execution
from grading.release.student_build import student_build
from grading.sandbox.choose import launcher
from grading.sandbox.fonts import font_list
from grading.sandbox.spec import Sandbox
from grading.sandbox.warm import Warm
from grading.source import student_notebook
from tests.grading import apart
from tests.grading.conftest import cell
from tests.grading.execute.test_notebook_run import LIMITS, RESTORED

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
DROPOUT = courses.load(ROOT / "course.toml").assignments["dropout"]
EXPOSED = {**DROPOUT.exposed_attributes, "Net": ("loss", "params", "scale")}
ASSIGNMENT = replace(DROPOUT, exposed_attributes=EXPOSED, in_student_process=("together",))

PATIENT = {"cell_s": 60, "wall_s": 240}  # for answers that import torch, on a busy machine


@pytest.fixture(scope="module", params=["warm", pytest.param("cold", marks=pytest.mark.long)])
def boxes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Sandbox]]:
    """A student's sandbox with two files in the submission, and the tests' sandbox with the harmless one; warm, or from nothing."""
    top = tmp_path_factory.mktemp("judge")
    (top / "library").mkdir()
    files = {"record.json": b'{"a": 1}', "hw_lib.py": b"raise SystemExit('the student was imported')", "numpy.py": b"1 / 0"}
    student_build(ROOT, ASSIGNMENT, top / "student_build")
    shutil.copytree(ROOT / "hw_lib", top / "library" / "hw_lib", ignore=shutil.ignore_patterns("__pycache__"))
    fonts, evidence = font_list(top / "fonts"), trusted_tests.evidence(files)
    with Warm() as servers:
        chosen = launcher(sandbox=True, warm=servers if request.param == "warm" else None)
        box = Sandbox(chosen, top / "student_build", fonts, LIMITS, hidden=(ROOT,), worker_id=apart.slot(20), files=files)
        yield box, replace(box, files=evidence, library=top / "library", program="testrunner", worker_id=apart.slot(21))


Grade = Callable[..., dict[str, CellRun]]


@pytest.fixture
def grade(boxes: tuple[Sandbox, Sandbox]) -> Grade:
    """Grades answers: grade(author's cells, answers by cell id, limits) -> what happened in every cell."""

    def run(author: list[nb.Cell], answers: dict[str, str] | None = None, **limits: float) -> dict[str, CellRun]:
        return {found.cell_id: found for found in execution(boxes, author, answers or {}, **limits).cells}

    return run


def execution(boxes: tuple[Sandbox, Sandbox], author: list[nb.Cell], answers: dict[str, str], **limits: float) -> Execution:
    """An author's notebook with some answers, executed."""
    box, tests = (replace(box, limits=replace(LIMITS, **limits)) for box in boxes)
    source: nb.Notebook = {"cells": author, "metadata": {}}
    trusted = trusted_tests.config(ASSIGNMENT, source, student_notebook(source, "mini")[0], tests)
    cells = [{**found, "source": answers.get(found["id"], found["source"])} for found in author]
    return execute(RESTORED, {**source, "cells": cells}, box, trusted)


def written(source: str, name: str = "written") -> nb.Cell:
    """A cell before the test that a student writes."""
    return cell("code", name, source, solution=True)


def graded(source: str, name: str = "t", hidden: str = "") -> nb.Cell:
    """A test cell with a visible and a hidden part."""
    text = f"{source}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS" if hidden else source
    return cell("code", name, text, grade=True, locked=True, points=3)


HONEST: dict[str, tuple[str, str]] = {  # what students write, and tests of it as an author writes them
    "value": ("x = 3", "assert type(x) is int and x == 3"),
    "array": (
        "import numpy as np\nx = np.arange(6.0).reshape(2, 3)",
        "import numpy as np\nnp.testing.assert_array_equal(x, [[0, 1, 2], [3, 4, 5]])",
    ),
    "function": (
        "def double(x): return 2 * x",
        "import numpy as np\nassert double(21) == 42\nassert (double(np.ones(3)) == 2).all()",
    ),
    "keywords": ("def f(x, *, scale=1): return x * scale", "assert f(2, scale=3) == 6 and f(x=2) == 2"),
    "lambda of a closure": ("def make(k): return lambda x: k * x\nf = make(3)", "assert f(2) == 6"),
    "function of a function": ("def make(k):\n    return lambda x: k * x", "assert make(3)(2) == 6"),
    "cache": (
        "class Cache: pass\ndef forward(x):\n    c = Cache()\n    c.x = x\n    return x * 2, c\n"
        "def backward(dout, cache): return dout * cache.x",
        "out, cache = forward(3.0)\nassert backward(2.0, cache) == 6.0",
    ),
    "cache with names": (
        "from typing import NamedTuple\nimport numpy as np\nclass Cache(NamedTuple):\n    x: object\n    f: object\n"
        "def forward(x): return x * 2, Cache(x, lambda v: 3 * v)\n"
        "def backward(dout, cache): return cache.f(dout) * cache.x",
        "import numpy as np\n(out, first), (_, second) = (k for k in (forward(np.ones(2)), forward(np.full(2, np.nan))))\n"
        "assert len(first) == 2 and backward(2.0, first).tolist() == [6.0, 6.0]",
    ),
    "names around the pair": (
        "from collections import namedtuple\nPair, Cache = namedtuple('Pair', 'out cache'), namedtuple('Cache', 'x')\n"
        "def forward(x): return Pair(x, {'mine': Cache(x)})\ndef backward(dout, cache): return dout * cache['mine'].x",
        "out, cache = forward(3.0)\nassert backward(2.0, cache) == 6.0",
    ),
    "cache with attributes": (
        "from collections import OrderedDict, defaultdict\nclass Cache(dict):\n    __getattr__ = dict.__getitem__\n"
        "def forward(x): return x, (Cache(x=x, n=2), OrderedDict(a=1, b=2), defaultdict(int))\n"
        "def backward(dout, cache):\n    cache[1].move_to_end('a')\n    return dout * cache[0].x * cache[0].n + cache[2]['new']",
        "import numpy as np\nout, cache = forward(np.ones((2, 3)))\nassert (backward(2.0, cache) == 4).all()",
    ),
    "cache that is a dictionary with attributes": (
        "class Cache(dict):\n    __getattr__ = dict.__getitem__\n    __setattr__ = dict.__setitem__\n"
        "def forward(x): return x, Cache(x=x)\ndef backward(dout, cache):\n    cache.seen = True\n    return dout * cache.x",
        "out, cache = forward(3.0)\nassert backward(2.0, cache) == backward(2.0, cache) == 6.0",
    ),
    "cache that is a matrix": (
        "import numpy as np\ndef forward(x): return x, np.matrix(x)\ndef backward(dout, cache): return np.asarray(cache * dout)",
        "import numpy as np\nout, cache = forward(np.ones((2, 2)))\nassert (backward(np.ones((2, 2)), cache) == 2).all()",
    ),
    "named and changed by the test": (
        "class Param(dict): pass\ndef make(): return Param(n=1)\ndef look(p): return p['n']",
        "p = make()\np['n'] = 5\nassert look(p) == 5",
    ),
    "generator": (
        "def f(n):\n    for k in range(n): yield k, [k]",
        "assert [k for k, _ in f(4)] == [0, 1, 2, 3] and next(iter(f(10**9))) == (0, [0])\na, b = f(2)\nassert b == (1, [1])",
    ),
    "zip, map, filter, and parts of a dict": (
        "d = {'a': 1, 'b': 2}\nx = [zip('ab', [1, 2]), d.items(), d.values(), d.keys(), map(abs, [-1]), filter(None, [0, 1])]",
        "assert [list(one) for one in x] == [[('a', 1), ('b', 2)]] * 2 + [[1, 2], ['a', 'b'], [1], [1]]",
    ),
    "not to be gone through": (
        "class C: pass\nx = C()",
        "try:\n    list(x)\n    raise SystemError\nexcept TypeError as e:\n    assert 'not iterable' in str(e)",
    ),
    "generator that fails": (
        "def f():\n    yield 1\n    raise ValueError('later')",
        "entries = iter(f())\nassert next(entries) == 1\ntry:\n    next(entries)\n    raise SystemError\n"
        "except ValueError as e:\n    assert 'later' in str(e)",
    ),
    "dict argument": (
        "def forward(x, param):\n    param['count'] = param.get('count', 0) + 1\n    param['mean'] = x.mean(axis=0)\n    return x",
        "import numpy as np\nparam = {'mode': 'train'}\nforward(np.ones((2, 3)), param)\nforward(np.ones((2, 3)), param)\n"
        "assert param['count'] == 2 and param['mode'] == 'train' and param['mean'].shape == (3,)",
    ),
    "exception": (
        "def f(x):\n    raise ValueError('bad mode')",
        "try:\n    f(1)\n    raise SystemError\nexcept ValueError as e:\n    assert 'bad mode' in str(e)",
    ),
    "exception of an own class": (
        "class BadMode(ValueError): pass\ndef f(x):\n    raise BadMode('bad mode')",
        "try:\n    f(1)\n    raise SystemError\nexcept ValueError as e:\n"
        "    assert type(e).__name__ == 'BadMode' and 'bad mode' in str(e)",
    ),
    "own class": (
        "class Net:\n    def __init__(self, n):\n        self.params = {'W': [0] * n}\n"
        "        self.scale = 1\n    def loss(self, x): return self.scale * x",
        "net = Net(2)\nassert net.params == {'W': [0, 0]} and net.loss(4) == 4\nnet.scale = 3\nassert net.loss(4) == 12",
    ),
    "module of another name": (
        "import torch\nclass Mine(torch.nn.Module):\n    def forward(self, x): return 2 * x if self.training else x\n"
        "def Dropout(p=0.5): return Mine()",
        "import torch\nlayer = Dropout(0.2)\nlayer.eval()\nassert layer(torch.ones(1)) == 1\nlayer.train()\n"
        "assert layer(torch.ones(1)) == 2",
    ),
    "class handed in": (
        "import numpy as np\ndef f(kind): return np.zeros(2, kind)",
        "import numpy as np\nassert f(np.float32).dtype == np.float32",
    ),
    "library": ("x = [1.0, 2.0]", "from hw_lib import checks\nassert checks.vector('x', x, 2).sum() == 3"),
    "layers of a model": (
        "from hw_lib.layers import affine_forward as original\ndef affine_forward(x, w, b): return original(x, w, b)",
        "import numpy as np\nfrom hw_lib.models import TwoLayerNet\nfrom hw_lib.ops import LayerOps\n"
        "net = TwoLayerNet(input_dim=4, hidden_dim=3, num_classes=2, ops=LayerOps().using(affine_forward))\n"
        "assert net.loss(np.ones((2, 4))).shape == (2, 2)",
    ),
    "partial credit": ("x = 1", "float(x + 1)"),
    "a record": ("x = 0", "import json\nassert json.load(open('record.json')) == {'a': 1}"),
    "display and text": ("x = 5", "print('x is', x)\nx"),
    "changes its input, on purpose": (
        "def f(x):\n    x += 1\n    return x",
        "import numpy as np\nassert f(np.zeros(2)).sum() == 2",
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_answers_give_the_same_in_one_process_and_in_two(name: str, grade: Grade) -> None:
    """An author's test and a student's answer do not notice the wall between them."""
    answer, test = HONEST[name]
    apart = grade([written(answer), graded(test)], **PATIENT)["t"]
    one = grade([written(answer), graded(test, "together")], **PATIENT)["together"]
    assert (
        (apart.status, apart.value, apart.error_name) == (one.status, one.value, one.error_name) == (CellStatus.DONE, one.value, "")
    )
    assert [{**output, "execution_count": 0} for output in apart.outputs] == [
        {**output, "execution_count": 0} for output in one.outputs
    ]


WRONG: dict[str, tuple[str, str, str]] = {  # answer, test, the error that must come out
    "wrong value": ("x = 4", "assert x == 3, 'x is not 3'", "AssertionError"),
    "no answer": ("pass", "x", "NameError"),
    "stub": ("def f(x):\n    raise NotImplementedError('later')", "f(1)", "NotImplementedError"),
    "own exception": ("class Odd(Exception): pass\ndef f(x):\n    raise Odd('why')", "f(1)", "Odd"),
    "tries to leave": ("def f(x):\n    raise SystemExit", "f(1)", "SystemExit"),
    "ends its process": ("import os\ndef f(x):\n    os._exit(0)", "f(1)", "BadReply"),
    "kills its process": ("import os\ndef f(x):\n    os.kill(os.getpid(), 9)", "f(1)", "BadReply"),
    "own exception below another": ("class Odd(OSError): pass\ndef f(x):\n    raise Odd('why')", "f(1)", "Odd"),
    "hangs": ("def f(x):\n    while True: pass", "f(1)", "CellTimeout"),
    "hangs and swallows": (
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "f(1)",
        "CellTimeout",
    ),
    "undeclared attribute": (
        "class Net:\n    def allclose(self, other): return True\nx = Net()",
        "assert x.allclose(3)",
        "AttributeError",
    ),
    "undeclared class": (
        "class Liar:\n    def allclose(self, other): return True\nx = Liar()",
        "assert x.allclose(3)",
        "AttributeError",
    ),
    "equal to everything": (
        "class Liar:\n    def __eq__(self, other): return True\n    def __float__(self): return 3.0\nx = Liar()",
        "assert x == 3",
        "AssertionError",
    ),
    "equal array": (
        "import numpy as np\nclass Liar(np.ndarray):\n    def __eq__(self, other): return np.ones(2, bool)\n"
        "    def __array_ufunc__(self, *a, **k): return np.ones(2, bool)\nx = np.zeros(2).view(Liar)",
        "import numpy as np\nassert (x == 3).all()",
        "AssertionError",
    ),
    "patched library": (
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\nnp.allclose = lambda *a: True\nx = 4",
        "import numpy as np\nnp.testing.assert_allclose(x, 3)",
        "AssertionError",
    ),
    "changes the expected": (
        "def f(x):\n    x[:] = 0\n    return x",
        "import numpy as np\nx = np.ones(2)\nout = f(x)\nnp.testing.assert_allclose(out, x + 1)",
        "AssertionError",
    ),
    "builtin of its own": ("def abs(x): return 0\nx = 5", "assert abs(x) < 1", "AssertionError"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_fail(name: str, grade: Grade) -> None:
    """What is wrong, lies, hangs or leaves ends in an error, and the test after it is answered all the same."""
    answer, test, error = WRONG[name]
    runs = grade([written(answer), graded(test), written("after = 1", "after"), graded("assert after == 1", "next")], cell_s=2)
    assert runs["t"].status in (CellStatus.ERROR, CellStatus.TIMEOUT)
    assert runs["t"].error_name == error, runs["t"].error_message
    assert runs["next"].status is CellStatus.DONE


def test_answers_that_come_byte_by_byte_fail(grade: Grade) -> None:
    """One answer has one deadline, however often something of it arrives: every test fails by itself, none is lost."""
    drip = (
        "import socket, time\nwhole = socket.socket.sendall\ndef drip(line, data):\n    for byte in data:\n"
        "        whole(line, bytes([byte]))\n        time.sleep(0.3)\nx = 1\nsocket.socket.sendall = drip"
    )
    runs = grade([written(drip), graded("assert x == 1"), graded("assert x == 1", "next")], cell_s=2)
    assert {(runs[name].status, runs[name].error_name) for name in ("t", "next")} == {(CellStatus.ERROR, "BadReply")}


@pytest.mark.parametrize("entries", ["iter(int, 1)", "(np.zeros(10**7) for _ in range(4))"])
def test_what_has_no_end_is_read_up_to_a_bound(entries: str, grade: Grade) -> None:
    """Too many entries, or too many bytes together: the test ends, and the one after it is answered."""
    runs = grade([written(f"import numpy as np\nx = {entries}"), graded("list(x)"), graded("iter(x)", "next")], cell_s=20)
    assert (runs["t"].error_name, runs["next"].status) == ("BadReply", CellStatus.DONE), runs["t"].error_message


def test_a_test_sees_the_moment_it_stands_at(grade: Grade) -> None:
    """Names that later cells change are tested as they were."""
    cells = [written("x = 1"), graded("assert x == 1"), written("x = 2", "later"), graded("assert x == 2", "again")]
    runs = grade(cells)
    assert (runs["t"].status, runs["again"].status) == (CellStatus.DONE, CellStatus.DONE)


def test_tests_have_the_whole_library(grade: Grade) -> None:
    """The reference is at hand for a test, and a stub for the student."""
    call = (
        "import numpy as np\nfrom hw_lib.layers import dropout_forward\n"
        "dropout_forward(np.ones(3), {'mode': 'test', 'p': 0.5})[0].sum()"
    )
    runs = grade([written(call), graded("0", hidden=call)], cell_s=20)
    assert (runs["written"].error_name, runs["t"].error_name) == ("NotImplementedError", "")


def test_tests_share_what_they_define(grade: Grade) -> None:
    """A helper of an earlier test is there in a later one, and a name of the student's does not replace it."""
    cells = [written("x = 1"), graded("def near(a, b):\n    return abs(a - b) < 1e-9"), graded("assert near(x, 1)", "second")]
    assert grade(cells)["second"].status is CellStatus.DONE
    assert grade(cells, {"written": "x = 5\ndef near(a, b): return True"})["second"].error_name == "AssertionError"


def test_the_visible_part_runs_in_the_students_process_too(grade: Grade) -> None:
    """As students see it: what it defines is there in later cells. Its hidden part is not."""
    cells = [written("x = 1"), graded("seen = x", hidden="unseen = x"), written("print(seen, 'unseen' in globals())", "after")]
    runs = grade(cells)
    assert runs["after"].outputs[0]["text"] == "1 False\n"


def test_nothing_of_a_hidden_test_reaches_an_output(grade: Grade) -> None:
    """A function that remembers and prints what it is called with tells nobody: copies answer after the last cell."""
    spy = (
        "seen = []\ndef f(x):\n    seen.append(x)\n    print('called with', x)\n"
        "    open('/tmp/seen', 'a').write(str(x))\n    return x\n"
    )
    later = "import os, time\ntime.sleep(1)\nprint(seen, os.path.exists('/tmp/seen') and open('/tmp/seen').read())"
    runs = grade([written(spy), graded("f(1)", hidden="assert f(271828) == 271828"), written(later, "later")])
    assert runs["t"].status is CellStatus.DONE
    assert "271828" not in str([run.outputs for name, run in runs.items() if name != "t"])
    assert runs["later"].outputs[0]["text"] == "[1] 1\n"


def test_the_students_process_never_has_the_hidden_part(grade: Grade) -> None:
    """It is not in the memory of the student's process: not in its history, its objects, its files."""
    hunt = (
        "import gc\ndef hunt():\n    wanted = ''.join(['SECR', 'ET = x'])\n"
        "    return sum(wanted in str(o)[:100000] for o in gc.get_objects() if isinstance(o, (dict, list, tuple)))\n"
        "print(hunt())"
    )
    runs = grade([written("x = 1"), graded("x", hidden="SECRET = x"), written(hunt, "hunt")], cell_s=20)
    assert runs["hunt"].outputs[0]["text"] == "0\n", runs["hunt"]


def test_gradients_are_taken_on_the_students_side(grade: Grade) -> None:
    """`vjp` of a module of the student's, and whether a function changed what it was given."""
    answer = "import torch\nclass Net(torch.nn.Module):\n    def forward(self, x): return 3 * x"
    test = (
        "from hw_lib.checks.probe import vjp\nimport numpy as np\nout, dx = vjp(Net(), np.ones(2), np.ones(2))\n"
        "assert (dx == 3).all() and (out == 3).all()"
    )
    assert grade([written(answer), graded(test)], **PATIENT)["t"].status is CellStatus.DONE


def test_changed_inputs_are_told(grade: Grade) -> None:
    """A function gets copies; that it wrote into them is known all the same."""
    answer = "def f(x):\n    x += 1\n    return x\ndef g(x): return x + 1"
    test = "import numpy as np\nx = np.ones(2)\n{}(x)\nassert (x == 1).all()\nassert {}.remote_changed_inputs is {}"
    cells = [
        written(answer),
        graded("f, g", hidden=test.format("f", "f", True)),
        graded("f, g", "u", hidden=test.format("g", "g", False)),
    ]
    runs = grade(cells)
    assert (runs["t"].status, runs["u"].status) == (CellStatus.DONE, CellStatus.DONE)


def test_tensors_keep_their_layout_and_are_seen_to_change(grade: Grade) -> None:
    """Images whose channels come last are so on both sides; a changed one has other numbers, or has them in another order."""
    answer = """import torch
def same(x): return x
def last(x): return x.is_contiguous(memory_format=torch.channels_last)
def laid_out_anew(x): x.data = x.contiguous()
def emptied(x): x.zero_()
def turned(x): x.transpose_(2, 3)
def one_more(x): x[0, 1, 2, 3] += 1"""
    test = """import torch
x = torch.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4).contiguous(memory_format=torch.channels_last)
x[0, 0, 0, 0] = float("nan")
assert last(x) is True
assert same(x).stride() == x.stride() != x.contiguous().stride()
laid_out_anew(x)
emptied(x)
turned(x)
one_more(x)
changed = [f.remote_changed_inputs for f in (last, same, laid_out_anew, emptied, turned, one_more)]
assert changed == [False, False, False, True, True, True], changed"""
    run = grade([written(answer), graded("same, last, laid_out_anew, emptied, turned, one_more", hidden=test)])["t"]
    assert (run.status, run.error_message) == (CellStatus.DONE, "")


def test_an_object_with_a_detach_of_its_own_is_not_taken_for_a_tensor(grade: Grade) -> None:
    """What it returns holds no numbers, and is another object each time: that says nothing of a change."""
    answer = "class Own:\n    def detach(self): return object()\ndef make(): return Own()\ndef look(x): return 1"
    test = "own = make()\nassert look(own) == 1\nassert look.remote_changed_inputs is False"
    run = grade([written(answer), graded("make, look", hidden=test)])["t"]
    assert (run.status, run.error_message) == (CellStatus.DONE, "")


def test_a_cell_that_ends_the_process_costs_its_own_part_only(grade: Grade) -> None:
    """Copies that died with it are made again; tests before and after it are judged."""
    cells = [
        written("x = 1"),
        graded("assert x == 1"),
        written("import os; os._exit(1)", "dies"),
        written("y = 2", "later"),
        graded("assert y == 2", "after"),
    ]
    runs = grade(cells)
    assert (runs["t"].status, runs["dies"].status, runs["after"].status) == (CellStatus.DONE, CellStatus.DIED, CellStatus.DONE)
    runs = grade(cells, restarts=0)
    assert (runs["t"].status, runs["dies"].status, runs["after"].status) == (CellStatus.DONE, CellStatus.DIED, CellStatus.NOT_RUN)


@pytest.mark.parametrize("free", [1, 6])
def test_a_process_without_memory_says_so(free: int, grade: Grade) -> None:
    """What a test says may have no place beside what a cell holds: the test hears a MemoryError, and the next one is answered.

    With six pieces free there is room for the 80 MB that come, but not for the array that is made of them.
    """
    hog = "def f(x): return 1\nhog = []\ntry:\n    while True: hog.append(bytearray(20_000_000))\nexcept MemoryError: pass\n"
    hog += f"del hog[-{free}:]"
    runs = grade(
        [written(hog), graded("import numpy as np\nf(np.zeros(10_000_000))"), graded("assert f(1) == 1", "next")], **PATIENT
    )
    assert (runs["t"].error_name, runs["next"].status) == ("MemoryError", CellStatus.DONE)


def test_a_process_that_dies_while_it_is_told_something(grade: Grade) -> None:
    """Nobody waits for its time to be over: the rest of what the test says is read by nobody, and the next test is answered."""
    mortal = "import os, threading\ndef f(x):\n    threading.Timer(0.3, os._exit, [1]).start()\n    return 1\ndef g(x): return 1"
    told = "import numpy as np\nfor _ in range(500): f(np.zeros(2_000_000))"
    runs = grade([written(mortal), graded("f", hidden=told), graded("assert g(1) == 1", "next")], **PATIENT)
    assert (runs["t"].error_name, runs["next"].status) == ("BadReply", CellStatus.DONE)


def test_replies_that_are_no_replies(grade: Grade) -> None:
    """A student's process that writes noise, or the right words out of turn, on every line it has earns nothing by it."""
    noise = (
        "import os, threading, json\n"
        "def f(x):\n"
        "    for fd in range(3, 40):\n"
        "        try: os.write(fd, b'\\0\\0\\0\\x0e' + b'\\0' * 8 + b'{\"number\": 2 }')\n"
        "        except OSError: pass\n"
        "    return 0"
    )
    runs = grade([written(noise), graded("assert f(1) == 7"), graded("assert True", "next")], cell_s=2)
    assert runs["t"].status is not CellStatus.DONE


def test_a_broken_trusted_process_is_our_fault(boxes: tuple[Sandbox, Sandbox]) -> None:
    """If it cannot start, the execution says so; a test that kills it is lost, for a person to see, and the next is run."""
    box, tests = boxes
    missing = (box, replace(tests, library=Path("/nowhere")))
    assert "did not start" in execution(missing, [written("x = 1"), graded("x")], {}).fault
    made = execution(
        boxes, [written("x = 1"), graded("import os\nos.kill(os.getpid(), 9) if x else 0", hidden="0"), graded("x", "next")], {}
    )
    runs: dict[str, Any] = {run.cell_id: run for run in made.cells}
    assert runs["t"].status is CellStatus.LOST
    assert runs["next"].status is CellStatus.DONE


def test_a_cell_that_cannot_be_split_is_told_to_its_author(boxes: tuple[Sandbox, Sandbox]) -> None:
    """Changing a student's object in place works in one process only; a test that does so is named, others are not."""
    answer = (
        "class Net:\n    def __init__(self): self.params = {'W': [0]}\n    def loss(self): return self.params['W'][0]\nnet = Net()"
    )
    mutates = "net.params['W'][0] = 5\nassert net.loss() == 5"
    box, tests = boxes

    def prove(*cells: nb.Cell) -> None:
        source: nb.Notebook = {"cells": list(cells), "metadata": {}}
        trusted = trusted_tests.config(ASSIGNMENT, source, student_notebook(source, "mini")[0], tests)
        parity.compare(execute(RESTORED, source, box), execute(RESTORED, source, box, trusted), dict.fromkeys(trusted.inputs, 1.0))

    prove(written(answer), graded("assert net.loss() == 0"), graded(mutates, "together"))
    with pytest.raises(parity.ParityError, match="u: passed in one process, AssertionError") as caught:
        prove(written(answer), graded("assert net.loss() == 0"), graded(mutates, "u"))
    assert " t: " not in str(caught.value)


def test_a_function_that_spoils_its_input_is_seen(boxes: tuple[Sandbox, Sandbox]) -> None:
    """Apart it gets copies; the visible checks beside the answers see what it does, and the student reads their message."""
    test = (
        "import numpy as np\nfrom hw_lib import checks\nx = np.ones(3)\nout = double(x)\n"
        "checks.holds((x == 1).all(), 'double changes x')\nchecks.value('double', out, [2, 2, 2])"
    )
    box, tests = boxes
    for body, status, says in (
        ("x *= 2\n    return x", CellStatus.ERROR, "double changes x"),
        ("return 2 * x", CellStatus.DONE, ""),
    ):
        source: nb.Notebook = {"cells": [written(f"def double(x):\n    {body}"), graded(test)], "metadata": {}}
        trusted = trusted_tests.config(ASSIGNMENT, source, student_notebook(source, "mini")[0], tests)
        run = execute(RESTORED, source, box, trusted).cells[-1]
        assert (run.status, run.error_message.split("\n")[0]) == (status, says)


def test_an_author_who_would_lose_points_is_told(boxes: tuple[Sandbox, Sandbox]) -> None:
    """A test that ends with an object, or that the author's own answer does not pass, would cost every student the points."""
    box, tests = boxes

    def prove(*cells: nb.Cell) -> None:
        source: nb.Notebook = {"cells": list(cells), "metadata": {}}
        trusted = trusted_tests.config(ASSIGNMENT, source, student_notebook(source, "mini")[0], tests)
        parity.compare(execute(RESTORED, source, box), execute(RESTORED, source, box, trusted), dict.fromkeys(trusted.inputs, 1.0))

    prove(written("x = 1"), graded("float(x)"))
    prove(written("x = 1"), graded("class RecordMissing(Exception): pass\nraise RecordMissing('not measured yet')"))
    for source, says in (("[x]", "t ends with a list"), ("x - 1", "t: 0 points"), ("assert x == 2, 'no'", "t: AssertionError: no")):
        with pytest.raises(parity.ParityError, match=says):
            prove(written("x = 1"), graded(source))


DELETES = """
orig_squares = squares
del squares
try:
    sum_of_squares(3)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = orig_squares
assert squares(2) == [1, 4] and sum_of_squares(2) == 5
"""


@pytest.mark.parametrize("where", ["the cell", "a function"])
def test_a_test_takes_a_name_away(grade: Grade, where: str) -> None:
    """In the way of nbgrader's own demo: whether one function uses another is seen, and the name is there again afterwards."""
    indented = DELETES.replace("\n", "\n    ")
    test = DELETES if where == "the cell" else f"def _test():\n    global squares\n{indented}\n\n_test()"
    author = [
        written("def squares(n):\n    return [i * i for i in range(1, n + 1)]", "one"),
        written("def sum_of_squares(n):\n    return sum(squares(n))", "two"),
        graded(test),
        graded("assert sum_of_squares(3) == 14", "after"),
    ]
    right = grade(author)
    assert right["t"].status is CellStatus.DONE and right["after"].status is CellStatus.DONE, right["t"].error_message
    wrong = grade(author, {"two": "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"})
    assert wrong["t"].error_message == "sum_of_squares does not use squares"
    assert wrong["after"].status is CellStatus.DONE


PANDAS = """
class DataFrame:
    shape = (2, 3)
    def __getitem__(self, name):
        return 1

DataFrame.__module__ = "pandas.core.frame"
"""


@pytest.mark.parametrize(
    ("returned", "test", "said"),
    [
        (
            "DataFrame()",
            "assert f().shape == (2, 3)",
            "a DataFrame stays in the student's process, so a test cannot read .shape",
        ),
        ("DataFrame()", "assert f()['a'] == 1", "exposed_attributes = { DataFrame ="),
        ("DataFrame()", "assert len(f()) == 1", ".to_numpy(), .tolist(), .to_dict()"),
        ("(i for i in range(3))", "assert len(f()) == 3", "a generator stays in the student's process"),
        (
            "(i for i in range(3))",
            "assert f()[0] == 0",
            "a test can go through it once (for, list), and nothing else",
        ),
        ("zip('ab', 'cd')", "assert f()[0] == 0", "a zip stays"),
        ("type('Bag', (), {'size': 3})()", "assert f().size == 3", "an object of the student's stays"),
    ],
)
def test_what_stays_with_the_student_says_what_to_do(grade: Grade, returned: str, test: str, said: str) -> None:
    """pandas objects, generators and objects of the student's own cannot be looked into; the message is for student and author."""
    author = [written(f"{PANDAS}\ndef f():\n    return {returned}", "one"), graded(test)]
    run = grade(author)["t"]
    assert run.status is CellStatus.ERROR and said in run.error_message, run.error_message
    assert "\n" not in run.error_message


def test_a_generator_can_be_gone_through(grade: Grade) -> None:
    """And what is not looked into is there: it is true, and has a name."""
    author = [
        written("def f():\n    yield from range(3)\ng = object()", "one"),
        graded("assert list(f()) == [0, 1, 2] and g and f()"),
    ]
    assert grade(author)["t"].status is CellStatus.DONE


def test_a_kind_that_is_made_up_is_not_repeated(grade: Grade) -> None:
    """The name of a student's class is the student's word: a test's message does not carry it."""
    author = [written("class Hidden42:\n    pass\ndef f():\n    return Hidden42()", "one"), graded("f().size")]
    assert "Hidden42" not in grade(author)["t"].error_message
