"""What a cell says once its magics are read, for a reader of the text; no text takes long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grading import notebook as nb
from grading.execute.magics import plain, transformed

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
ODD = (
    *("", "\n\nx = 1", "  x = 1\n  y = 2", "x = 1\n   \ny = 2", ">>> x = 1\n... y", "x = 1\n>>> y", "In [1]: x\n   ...: y", "..."),
    *(",f a b", "if x:\n    ;f a", "/f a", "x?", "x = \\\n%pwd", "x == \\\n!y", "x = 1\f%pwd", "x = 1\r%pwd", "x != y", "x % y"),
    *("'%d' % x", "f(a\n  % b)", 'x = """\n%pwd\n"""', "[ins] In [2]: x", "x = 'why?'\n", "x = [\n    1\n    , 2]"),
)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("x = (a\n     % b)\n", "x = (a\n     % b)\n"),
        ("%%capture out\n%%time\nclass A:\n    pass\n", "class A:\n    pass\n"),
        ("if 1:\n    %time A = 3\n", "if 1:\n    A = 3\n"),
        (
            "def f():\n    files = !ls\n    return files\n",
            "def f():\n    files = get_ipython().getoutput('ls')\n    return files\n",
        ),
        ("%run mine.py", "get_ipython().run_line_magic('run', 'mine.py')\n"),
        ("%%writefile a.py\nclass A: pass\n", "get_ipython().run_cell_magic('writefile', 'a.py', 'class A: pass\\n')\n"),
        ("x = '%", "x = '%"),
        ("x = 1\n>>> import torch", "x = 1\nimport torch\n"),
        ("x = 1\n\xa0>>> import torch", "x = 1\nimport torch\n"),
        ("\n  import torch", "import torch\n"),
    ],
    ids=[
        "a remainder",
        "timed",
        "one line timed",
        "a shell's lines",
        "a file that is run",
        "a file that is written",
        "no Python",
        "a prompt",
        "a prompt after a space",
        "an indented cell",
    ],
)
def test_a_cell_as_python(source: str, read: str) -> None:
    """What runs as a part of the notebook is read as such; what does not stays a text."""
    assert plain(source) == read


def test_a_cell_without_magics_is_what_ipython_makes_of_it() -> None:
    """IPython is not asked where nothing is for it: no cell of ours, and no odd text, is another one with it."""
    notebooks = [nb.parse(path.read_bytes(), str(path)) for path in sorted(NOTEBOOKS.rglob("*.ipynb"))]
    cells = [cell["source"] for notebook in notebooks for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for source in [*cells, *ODD]:
        assert transformed(source) == TransformerManager().transform_cell(source)


@pytest.mark.parametrize("source", ["x = !ls\n" * 5_000, "x = !ls\n" + "y = 1\n" * 100_000, "%time " * 3_000, "'" * 19_000 + "%"])
def test_no_text_takes_long(source: str) -> None:
    """IPython reads a text again for each of its magics; one that is made to stall it is left as it is."""
    started = time.process_time()
    plain(source)
    assert time.process_time() - started < 5
