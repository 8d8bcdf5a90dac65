"""Functions of hw_lib are found in answers and in files, under any names; right answers of students' own are not taken for them."""

from __future__ import annotations

import random
import shutil
import textwrap
from pathlib import Path

import pytest

from grading.resemblance import LibraryCopy
from grading.similar.answers import Answer, Handed
from grading.similar.library import LEAST_SHARE, Library
from tests.grading.similar.disguise import disguised
from tests.grading.similar.variants import ROOT, exercises

FAST = sorted((ROOT / "hw_lib" / "layers" / "fast").glob("*.py"))
SETUP = {"np": "numpy", "torch": "torch", "nn": "torch.nn"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The whole library, and as it is while cnn is graded: without the fast layers."""
    graded = tmp_path_factory.mktemp("graded")
    shutil.copytree(ROOT / "hw_lib", graded / "hw_lib", ignore=shutil.ignore_patterns("__pycache__", "fast"))
    return Library(ROOT, graded)


def found(library: Library, text: str, where: str = "cell h_forward") -> list[LibraryCopy]:
    """What is said of one text."""
    answer = Answer("" if "beside" in where else "h_forward", where, text, is_code=True)
    return library.copies(Handed("anna", "cnn", (answer,), SETUP))


@pytest.mark.parametrize(
    "path", [path for path in FAST if path.stem not in ("__init__", "buffer", "shifts")], ids=lambda path: path.stem
)
def test_a_file_of_the_library_is_recognised(path: Path, library: Library) -> None:
    """`cp` of a file of hw_lib/layers/fast, and the same with every name changed and its statements in another order."""
    text = path.read_text(encoding="utf-8")
    copies = found(library, text, f"{path.name}, beside the notebook")
    assert any(f"hw_lib/layers/fast/{path.name}" in copy.functions[0] and copy.share == 1 for copy in copies)
    other = disguised(text, (), random.Random(0))
    assert any(path.name in copy.functions[0] for copy in found(library, other, "mine.py, beside the notebook"))


def test_the_authors_body_as_an_answer(library: Library) -> None:
    """The reference body of a layer, pasted into its cell, is shown beside the library's text."""
    text = (ROOT / "hw_lib" / "layers" / "conv.py").read_text(encoding="utf-8")
    body = text[text.index("def conv_forward_naive") : text.index("def conv_backward_naive")]
    (copy,) = [copy for copy in found(library, disguised(body, (), random.Random(1))) if "conv_forward_naive" in copy.functions[0]]
    assert copy.share and copy.share >= LEAST_SHARE
    assert sum(piece.common for piece in copy.own) > 5
    assert sum(piece.common for piece in copy.library) > 5
    assert "def conv_forward_naive" in copy.library[0].text


def test_a_call_of_what_is_withheld(library: Library) -> None:
    """An answer that calls a fast layer is for a person; one that calls what everybody may call is not."""
    (copy,) = found(
        library, "from hw_lib.layers import fast as f\n\n\ndef conv(x, w, b, p):\n    return f.conv_forward_fast(x, w, b, p)"
    )
    assert copy.share is None
    assert copy.said == "look at cell h_forward: it calls the library's conv_forward_fast (hw_lib/layers/fast/convolution.py)"
    assert found(library, "from hw_lib.layers import relu_forward\n\n\ndef f(x):\n    return relu_forward(x)") == []


def test_a_short_answer_does_not_read_the_library(tmp_path: Path) -> None:
    """It takes half a second, which is most of what one submission takes, and nothing of it can stand in there."""
    (tmp_path / "hw_lib").mkdir()
    (tmp_path / "hw_lib" / "odd.py").write_bytes(b"\xff")
    unread = Library(tmp_path, tmp_path)
    assert found(unread, "def f(x):\n    return x + 1") == []
    assert found(unread, "import numpy as np\nprint(np.ones(3))") == []
    with pytest.raises(UnicodeDecodeError):
        found(unread, "\n".join(f"x[{row}] = y[{row}] + z" for row in range(20)))
    with pytest.raises(UnicodeDecodeError):
        found(unread, "import hw_lib\nhw_lib.layers.fast.f(x)")


@pytest.mark.parametrize("name", exercises())
def test_right_answers_of_their_own_are_not_flagged(name: str, library: Library) -> None:
    """Of all right answers that were written independently, none is taken for a function of the library."""
    each = exercises()[name]
    for cell, texts in each.cells.items():
        for student, text in texts.items():
            assert library.flags([each.handed(student, {cell: text})]) == [], (cell, student)


def test_the_flag_is_one_sentence_for_each_text(library: Library) -> None:
    """Many functions in one file are one flag, which says how many."""
    text = (ROOT / "hw_lib" / "layers" / "fast" / "columns.py").read_text(encoding="utf-8")
    (flag,) = library.flags([Handed("anna", "cnn", (Answer("", "columns.py, beside the notebook", text, is_code=True),))])
    assert flag.startswith("look at columns.py, beside the notebook: the library's ")
    assert flag.endswith("more of its functions (hw similar shows both texts)")


def test_what_everybody_writes_is_not_flagged(library: Library) -> None:
    """A short function of the library's, word for word, may be anybody's."""
    text = (ROOT / "hw_lib" / "labs" / "memory" / "training.py").read_text(encoding="utf-8")
    step = textwrap.dedent(text[text.index("    def step(") : text.index("    return step")])
    assert found(library, f"import torch\nfrom torch import nn\n\n\n{step}") == []


@pytest.mark.parametrize(
    "text", ["x = np" + ".a" * 20_000, "x = y" + "()" * 20_000, "if x:\n    y = 1\n" + "elif x:\n    y = 2\n" * 3_000]
)
def test_no_text_stops_the_class(text: str, library: Library) -> None:
    """A text that is made to overflow whoever reads it is read, or passed over."""
    assert found(library, text) == []
