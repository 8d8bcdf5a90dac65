"""What an answer reaches is found in its text, under whatever name; what it does not use is not held against it."""

from __future__ import annotations

import ast
import json
import time
from pathlib import Path
from typing import Any

import pytest

from hw_lib import checks, dotted
from hw_lib.checks.by_hand import Texts, uses
from hw_lib.checks.reading import UNREAD, module
from hw_lib.errors import CheckFailed, NeedsPerson

SETUP = "import numpy as np\nimport torch\nfrom torch import nn\nfrom hw_lib import data, plots\n"


def reached(*cells: str, name: str = "Dropout", **files: str) -> set[str]:
    """The dotted names that an answer reaches; files are given by their name without the ending."""
    return {used for used, _ in uses(name, Texts((SETUP, *cells), {f"{file}.py": text for file, text in files.items()}))}


@pytest.mark.parametrize(
    "cell",
    [
        "class Dropout(nn.Dropout):\n    pass",
        "Dropout = nn.Dropout",
        "from torch.nn import Dropout",
        "from torch.nn import Dropout as D\n\n\nclass Dropout(D):\n    pass",
        "from torch import nn as q\n\n\nclass Dropout(q.Dropout):\n    pass",
        "import torch.nn as q\n\n\nclass Dropout(q.Dropout):\n    pass",
        "from torch.nn import *\n\n\nclass Mine(Dropout):\n    pass\n\n\ndef made(p):\n    return Mine(p)",
        "class Dropout(getattr(nn, 'Dropout')):\n    pass",
        "def helper(p):\n    return nn.Dropout(p)\n\n\ndef Dropout(p):\n    return helper(p)",
        "kinds = [nn.Dropout]\n\n\ndef Dropout(p):\n    return kinds[0](p)",
        "def Dropout(p):\n    from torch.nn import Dropout as inner\n    return inner(p)",
        "if True:\n    class Dropout(nn.Dropout):\n        pass",
        "class Dropout(nn.Module):\n    pass\n\n\nDropout.forward = nn.Dropout.forward",
        "class Dropout(nn.Module):\n    pass\n\n\ndef turn():\n    global Dropout\n    Dropout = nn.Dropout\n\n\nturn()",
        "match nn.Dropout:\n    case Dropout:\n        pass",
        "class Dropout(nn.Module):\n    pass\n\n\nmatch 1:\n    case 1:\n        class Dropout(nn.Dropout):\n            pass",
        "class Dropout(nn.Module):\n    pass\n\n\nsetattr(Dropout, 'forward', nn.Dropout.forward)",
        "def patch(kind):\n    kind.forward = nn.Dropout.forward\n\n\nclass Dropout(nn.Module):\n    pass\n\n\npatch(Dropout)",
        "class Dropout(nn.Module):\n    pass\n\n\nglobals()['Dropout'] = nn.Dropout",
        "class Dropout(nn.Module):\n    pass\n\n\nglobals().update(Dropout=nn.Dropout)",
    ],
)
def test_it_is_found_under_another_name(cell: str) -> None:
    """Imports, aliases, helpers, variables, methods put in later and a plain getattr are followed."""
    name = "made" if "made" in cell else "Dropout"
    assert any(used.startswith("torch.nn.Dropout") for used in reached(cell, name=name))


@pytest.mark.parametrize(
    "cell",
    [
        "class Dropout(nn.Module):\n    pass\n\n\ncompared = nn.Dropout(0.5)",
        "def both(one, other):\n    return one, other\n\n\nclass Dropout(nn.Module):\n    pass\n\n\nboth(Dropout, nn.Dropout)",
        "class Dropout(nn.Module):\n    def forward(self, nn):\n        return nn.Dropout",
        "Dropout = nn.Dropout\n\n\nclass Dropout(nn.Module):\n    pass",
        "x = nn.Dropout(0.5)\n\n\ndef Dropout(x):\n    return [x for x in x]",
        'class Dropout(nn.Module):\n    """Not nn.Dropout."""  # torch.nn.Dropout',
    ],
)
def test_what_the_answer_does_not_use_is_left_alone(cell: str) -> None:
    """A comparison beside it, a variable of that name, an older version and a comment say nothing about the answer."""
    assert not any("Dropout" in used for used in reached(cell))


def test_files_beside_the_notebook_are_followed() -> None:
    """What an answer takes from a file of the student's is looked for there, in its functions and their imports."""
    mine = "import torch as t\n\n\nclass Base(t.nn.Dropout):\n    pass\n\n\ndef other():\n    return t.load('x')\n"
    assert reached("from mine import Base as Dropout", mine=mine) == {"torch.nn.Dropout"}
    assert reached("import mine\n\n\nDropout = mine.Base", mine=mine) == {"torch.nn.Dropout"}
    assert reached("import package.mine as m\nDropout = m.Base", **{"package/mine": mine}) == {"torch.nn.Dropout"}


def test_files_of_a_package_find_each_other() -> None:
    """`from .other import …` is the file beside it."""
    files = {
        "mine/__init__": "from .layers import Base",
        "mine/layers": "import torch\n\n\nclass Base(torch.nn.Dropout):\n    pass\n",
    }
    assert reached("from mine import Base as Dropout", **files) == {"torch.nn.Dropout"}


ROOT = Path(__file__).parents[2]
_NOTEBOOK = json.loads((ROOT / "notebooks" / "dropout" / "q_coding_dropout.ipynb").read_text(encoding="utf-8"))
FIRST_CELL = next("".join(cell["source"]) for cell in _NOTEBOOK["cells"] if cell["cell_type"] == "code")
_OWN = "class Dropout(nn.Module):\n    pass\n\n\n"


@pytest.mark.parametrize(
    "cell",
    [
        *("", "x = 1", "exec('Dropout = 1')", "from mine import Dropout", "import __main__\nDropout = __main__.x"),
        pytest.param(f"{'#' * 100_000}\n{_OWN}", id="a long comment"),
        f"{_OWN}exec('Dropout = 1')",
        f"{_OWN}get_ipython().run_line_magic('run', 'mine.py')",
        f"{_OWN}get_ipython().ex('Dropout = 1')",
        f"{_OWN}import sys\nsys.modules['__main__'].Dropout = 1",
        f"{_OWN}from sys import modules as m\nhere = m[__name__]\nhere.Dropout = 1",
        f"{_OWN}import sys\nsys.modules.get('__main__').Dropout = 1",
        f"{_OWN}get_ipython().run_line_magic('load_ext', 'mine')",
        "def Dropout(p):\n    return eval('p')",
        "def Dropout(p):\n    return __import__('torch').nn",
        "import importlib\n\n\ndef Dropout(p):\n    return importlib.import_module('torch')",
        "def Dropout(p):\n    return getattr(nn, 'Drop' + 'out')(p)",
        "def Dropout(p):\n    return nn.__dict__['Drop' + 'out'](p)",
        "def Dropout(p):\n    return vars(nn)['Drop' + 'out'](p)",
        pytest.param("".join(f"def f{k}(p):\n    return f{k + 1}(p)\n\n\n" for k in range(400)) + "Dropout = f0", id="400 names"),
    ],
)
def test_where_the_reader_cannot_go_on(cell: str) -> None:
    """An answer that is in no cell, that computes what it uses, or that a cell may have replaced: a person has to read on."""
    assert UNREAD in reached(cell)


@pytest.mark.parametrize(
    "cell",
    [
        f"{_OWN}get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')",
        f"{_OWN}compared = eval",
        f"get_ipython().run_line_magic('load_ext', 'autoreload')\nimport sys\ncolab = 'google.colab' in sys.modules\n{_OWN}",
        f"def other(p):\n    return compile(p, '', 'eval')\n\n\n{_OWN}",
        "class Dropout(nn.Module):\n    def forward(self, x):\n        self.eval()\n        return getattr(self, f'bn{x}')",
        "from math import *\n\n\ndef Dropout(p):\n    return sqrt(p)",
        "import importlib.util\nfrom pathlib import Path\n\n\ndef Dropout(p):\n    return Path(p)",
        f"{_OWN}import sys\nfor name in list(sys.modules):\n    del sys.modules[name]",
        pytest.param(f"{FIRST_CELL}\n{_OWN}", id="the first cell of our notebooks"),
    ],
)
def test_ordinary_answers_can_be_read(cell: str) -> None:
    """Magics, a look at the own attributes, and what other cells do keep nobody from reading on."""
    assert UNREAD not in reached(cell)


def test_a_variable_named_as_a_package_is_a_variable() -> None:
    """`data` and `plots` are names that students use, too."""
    assert reached("def Dropout(data):\n    plots = np.ones(3)\n    return data + plots") == {"numpy.ones"}


@pytest.mark.parametrize(
    "text",
    [
        *("def Dropout(:", "\0", "(" * 50_000, "Dropout = " + "-" * 90_000 + "1"),
        *("Dropout = np" + ".a" * 20_000, "Dropout = x" + "()" * 20_000),
        f"exec({hex(10**5000)})",
        "def f(x):\n" + "    x = 1\n" * 5_000 + "f(x)\n" * 5_000,
        "if x:\n    Dropout = 1\n" + "elif x:\n    Dropout = 2\n" * 3_000,
    ],
    ids=["no Python", "a null", "brackets", "signs", "attributes", "calls", "a long number", "a function often", "branches"],
)
def test_no_text_takes_long_or_raises(text: str) -> None:
    """What does not parse did not run, and what is made to stall a reader says nothing; then the answer is nowhere."""
    started = time.process_time()
    assert reached(text) == {UNREAD}
    assert time.process_time() - started < 5


def notebook(*cells: str) -> dict[str, Any]:
    """A notebook's namespace after its cells, as a kernel keeps it."""
    names: dict[str, Any] = {"In": ["", *cells]}
    for cell in cells:
        exec(cell, names)
    return names


def judged(cells: list[str], **rule: Any) -> None:
    """Run cells, then the check as a test cell calls it."""
    names = notebook(*cells) | {"rule": rule}
    exec("from hw_lib import checks\nchecks.written_by_hand('answer', answer, **rule)", names)


def test_the_message_says_what_was_used_and_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dotted name, the rule, the student's own words, and what to do."""
    monkeypatch.chdir(tmp_path)
    cells = ["import statistics as s", "def answer(x):\n    return s.mean(x)"]
    with pytest.raises(CheckFailed) as failure:
        judged(cells, without=["statistics.*MEAN*"], fix="add them up")
    assert str(failure.value) == (
        "answer uses statistics.mean, which this task does not allow\n"
        "  expected: an answer without statistics.*MEAN*\n"
        "  got:      s.mean\n"
        "  fix:      add them up"
    )
    judged(cells, without=["numpy.*"])


def test_only_some_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own modules and files beside the notebook are allowed as far as they keep to the rule themselves."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "kept_to_it.py").write_text("import numpy as np\n\n\ndef total(x):\n    return np.sum(x)\n")
    (tmp_path / "did_not.py").write_text("import hw_lib.errors\n\n\ndef total(x):\n    return hw_lib.errors.explain(x)\n")
    judged(["import math, numpy\nfrom kept_to_it import total", "def answer(x):\n    return math.exp(total(x))"], only=["numpy"])
    with pytest.raises(CheckFailed, match=r"answer uses hw_lib\.errors\.explain"):
        judged(["from did_not import total", "def answer(x):\n    return total(x)"], only=["numpy"])


def test_a_graders_proxy_brings_the_text() -> None:
    """While grading, the text of the submission counts, and not what the trusted process ran itself."""

    class Proxy:
        remote_texts = {"cells": [SETUP, "answer = nn.Dropout"], "files": {}}  # noqa: RUF012

    with pytest.raises(CheckFailed, match=r"uses torch\.nn\.Dropout"):
        checks.written_by_hand("answer", Proxy(), without=["torch.*dropout*"])


def test_what_cannot_be_read_is_for_a_person_while_grading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No points are taken, and none given; in a student's notebook nothing is said. What is forbidden, and said, still fails."""
    monkeypatch.chdir(tmp_path)
    cells = ["import math", "def answer(x):\n    return eval('x')"]

    class Proxy:
        remote_texts = {"cells": cells, "files": {}}  # noqa: RUF012

    with pytest.raises(NeedsPerson, match="a person will look") as failure:
        checks.written_by_hand("answer", Proxy(), without=["torch.*"])
    assert "got:      eval" in str(failure.value)
    judged(cells, without=["torch.*"])
    Proxy.remote_texts = {"cells": ["import torch\n\n\ndef answer(x):\n    return eval('x') + torch.ones(1)"], "files": {}}
    with pytest.raises(CheckFailed, match=r"answer uses torch\.ones"):
        checks.written_by_hand("answer", Proxy(), without=["torch.*"])


def test_a_cell_that_ran_and_is_no_python_is_for_a_person() -> None:
    """Whatever it did, any answer may lean on it."""
    own = "class Dropout(nn.Module):\n    pass"
    assert UNREAD not in {used for used, _ in uses("Dropout", Texts((SETUP, own)))}
    assert UNREAD in {used for used, _ in uses("Dropout", Texts((SETUP, None, own)))}


def test_where_there_is_no_notebook_nothing_is_said() -> None:
    """A plain Python program has no cells to read."""
    checks.written_by_hand("answer", len, without=["*"])


def test_python_s_remarks_on_a_text_are_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    """An escape as in a title with a formula: who reads the text does not report it once more."""
    assert reached("title = '$\\sigma$'\nDropout = nn.Dropout") == {"torch.nn.Dropout"}
    assert not recwarn.list


def test_imports_by_statement() -> None:
    """What each form of an import binds."""
    nodes = __import__("ast").parse("import a.b, c.d as e\nfrom f import g as h, i\nfrom . import j\nfrom k import *").body
    found = {"a": "a", "e": "c.d", "h": "f.g", "i": "f.i", "j": "j", "*k": "k"}
    assert dotted.imports(nodes) == found


def test_a_text_is_read_anew_in_other_surroundings() -> None:
    """What is kept of a text is what stands in it; what its names mean is decided by what stands above it, each time."""
    line = "store['f'] = 1"
    for above, hidden in (("store = {}", False), ("from sys import modules as store", True), ("store = []", False)):
        assert (UNREAD in module([above, line]).bound) is hidden
    assert [*module(["from .a import b"], "one.two").names.values()] == ["one.two.a.b"]
    assert [*module(["from .a import b"], "three.four").names.values()] == ["three.four.a.b"]


def test_nodes_come_in_pythons_own_order() -> None:
    """Every one, as `ast.walk` finds them."""
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    assert dotted.nodes(tree) == [*ast.walk(tree)]
