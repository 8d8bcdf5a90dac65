"""A student's evening, cell by cell in a real shell: what stands below each cell, the table, the file to hand in."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hw_lib import graded_with
from hw_lib.notebook import archive, evening, file, messages, table
from hw_lib.notebook.file import Page
from hw_lib.notebook.session import Session

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
DOUBLE = f"def double(x):\n    {STUB.replace(chr(10), chr(10) + '    ')}"
RIGHT = "def double(x):\n    return 2 * x"
CELLS: list[tuple[str, str, dict[str, Any]]] = [
    ("setup", "from hw_lib import notebook\nnotebook.start('tiny')", {}),
    ("a_double", DOUBLE, {"solution": True}),
    (
        "a_double_test",
        "# 2 points: double; more is checked after you hand in\ndef _test():\n    assert double(2) == 4\n_test()",
        {"points": 2},
    ),
    ("a_look", "print(double(5))", {}),
    ("b_weights", f"{STUB}\nprint(weights_b)", {"solution": True}),
    ("b_plot", "total_b = sum(weights_b)", {}),
    ("b_more", "print(total_b)", {}),
    ("b_weights_test", "# 3 points: weights_b\ndef _test():\n    return min(3.0, float(sum(weights_b)))\n_test()", {"points": 3}),
    ("b_why", "YOUR ANSWER HERE", {"solution": True, "points": 4}),
    ("hand_in", "notebook.hand_in()", {}),
]


CHECK = """
    try:
        double(2)
    except Exception as error:
        from hw_lib.errors import CheckFailed
        raise CheckFailed("double fails") from error
"""


class Evening:
    """A notebook that is edited, saved and run."""

    optional: Sequence[str] = ()

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A released notebook in an empty folder, and a fresh kernel."""
        self.path, self.shell, self._capsys = folder / "tiny.ipynb", InteractiveShell.instance(), capsys
        self.cells = {name: source for name, source, _ in CELLS}
        self.save()

    def save(self) -> None:
        """Write the file as an editor would."""
        cells = []
        for name, _, meta in CELLS:
            kind = "markdown" if name == "b_why" else "code"
            known = {"grade_id": name, "solution": False, "grade": "points" in meta, **meta}
            cells.append({"cell_type": kind, "metadata": {"nbgrader": known}, "source": self.cells[name].splitlines(keepends=True)})
        told = {"assignment": "tinies", "notebooks": ["tiny", "other"], "upload": "to the moon", "optional": [*self.optional]}
        told["defines"] = {"a_double": ["double"], "b_weights": ["weights_b"]}
        self.path.write_text(json.dumps({"cells": cells, "metadata": {"hw_lib": told}}), encoding="utf-8")

    def run(self, name: str, source: str = "") -> list[str]:
        """Run a cell, with another text if there is one; what stands below it, without colours."""
        if source:
            self.cells[name] = source
            self.save()
        self._capsys.readouterr()
        self.shell.run_cell(self.cells[name], store_history=True)
        said = self._capsys.readouterr()
        return re.sub(r"\x1b\[[0-9;]*m", "", said.out + said.err).strip().splitlines()

    def run_all(self) -> dict[str, list[str]]:
        """What Run All shows, where no cell stops it."""
        return {name: self.run(name) for name, source in self.cells.items() if source != "YOUR ANSWER HERE" and name != "b_why"}


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Evening]:
    """The notebook in a kernel of its own, in the folder where Jupyter starts it."""
    monkeypatch.chdir(tmp_path)
    for name in ("VIRTUAL_ENV", "NBGRADER_EXECUTION", "HW_LIB_QUIET", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(evening, "_now", evening._Evening())
    InteractiveShell.clear_instance()
    yield Evening(tmp_path, capsys)
    InteractiveShell.clear_instance()


def test_a_blank_notebook_says_what_is_open(night: Evening) -> None:
    """Nothing stops, nothing is longer than a few lines, and each line says which task it waits for."""
    shown = night.run_all()
    assert shown["a_double_test"][0] == shown["a_look"][0] == "(a) is not answered yet"
    assert {shown[name][0] for name in ("b_weights", "b_plot", "b_more", "b_weights_test")} == {"(b) is not answered yet"}
    assert max(len(lines) for name, lines in shown.items() if name != "hand_in") <= 4
    assert "(b) why, in words: not answered" in "\n".join(shown["hand_in"])


def test_a_right_answer_gets_its_tick(night: Evening) -> None:
    """What was checked, its points, and that more comes; a part of the points is said as a part."""
    night.run("setup")
    night.run("a_double", RIGHT)
    assert night.run("a_double_test") == ["✓ 2 points: double; more is checked after you hand in"]
    night.run("b_weights", "weights_b = [1]\nprint(weights_b)")
    assert night.run("b_weights_test") == ["✓ 1 of 3 points: weights_b"]
    assert night.run("b_more", "1 + 1") == ["Out[6]: 2"]
    night.run("b_weights", "weights_b = [5]\nprint(weights_b)")
    assert night.run("b_weights_test")[-1] == "✓ 3 points: weights_b"


def test_a_cell_that_did_not_run_is_not_an_open_task(night: Evening) -> None:
    """After a restart the answers are there but not their values; and an answer may forget a name."""
    night.run("setup")
    night.cells["b_weights"] = "weights_b = [3]"
    night.save()
    assert night.run("b_plot")[-1].strip() == "fix:      run the cell of (b) first, and the cells above it"
    night.run("b_weights", "weights = [3]")
    assert night.run("b_plot")[0] == "the cell of (b) ran, but it gives weights_b no value"
    night.run("b_weights", "weights_b = 3")
    night.run("b_plot")
    assert night.run("b_more")[:2] == [
        "total_b has no value: the cell that makes it ended with an error",
        "  got:      'int' object is not iterable",
    ]


def test_an_open_task_that_a_check_meets(night: Evening) -> None:
    """The check's own sentence would blame the answer that nobody has written yet."""
    night.run("setup")
    night.run("a_double")
    source = night.cells["a_double_test"].replace("assert double(2) == 4", CHECK)
    assert night.run("a_double_test", source)[0] == "(a) is not answered yet"


def test_bonus_parts_count_on_top(night: Evening) -> None:
    """They are named as a bonus, stay out of the sum, and are not missing when nobody did them."""
    night.optional = ["a"]
    night.save()
    night.run("setup")
    night.run("b_weights", "weights_b = [3]")
    night.run("b_weights_test")
    said = "\n".join(night.run("hand_in"))
    assert "0 of 2, a bonus" in said and "so far   3 of 3 points by tests;" in said and "(a) double: not" not in said
    night.run("a_double", RIGHT)
    night.run("a_double_test")
    assert "so far   3 of 3 points by tests, and 2 on top;" in "\n".join(night.run("hand_in"))


def test_a_student_s_own_error_is_shown_without_ours(night: Evening) -> None:
    """Its traceback has the student's lines, not those of the test and of libraries."""
    night.run("setup")
    night.run("a_double", "import numpy as np\ndef double(x):\n    return np.linalg.inv(np.zeros((x, x)))")
    lines = night.run("a_double_test")
    assert any("return np.linalg.inv" in line for line in lines) and "LinAlgError" in lines[-1]
    assert not any("_test()" in line or "linalg.py" in line for line in lines)
    assert len(lines) <= 9
    assert night.run("a_look", "print(dubble(5))")[-1].startswith("NameError: name 'dubble' is not defined")


def test_given_functions_between_are_left_out(night: Evening) -> None:
    """Where it began, the student's own line; of given cells between them nothing."""
    night.run("setup")
    night.run("a_double", "def double(x):\n    return x / 0")
    lines = night.run("a_look", "def once(x):\n    return double(x)\n\ndef twice(x):\n    return once(x)\n\nprint(twice(5))")
    assert [line for line in lines if line.startswith("--")][1:] == ["----> 7 print(twice(5))", "----> 2     return x / 0"]


def test_the_table(night: Evening) -> None:
    """Done, not right, to be run again, open; the sums count what passed and what a person reads."""
    night.run("setup")
    night.run("a_double", RIGHT)
    night.run("a_double_test")
    night.run("b_weights", "weights_b = ['x']")
    night.run("b_weights_test")
    lines = night.run("hand_in", "notebook.progress()")
    assert [re.split(r"  +", line)[2] for line in lines[1:4]] == ["✓ done", "✗ not yet right", "· open"]
    assert "so far   2 of 5 points by tests" in lines[-2] and "4 points" in lines[-1]
    night.run("a_double", RIGHT + "  # once more")
    assert "run its test again" in night.run("hand_in", "notebook.progress()")[1]


def test_the_file_to_hand_in(night: Evening) -> None:
    """It has the notebook under its own name with what lies beside it; what is missing is said first."""
    (night.path.parent / "tiny.results.json").write_text("{}")
    (night.path.parent / "tiny.weights.pt").write_text("")
    (night.path.parent / "tiny.r_both.weights.pt").write_text("")
    (night.path.parent / "diary.txt").write_text("mine")
    night.run("setup")
    night.run("a_double", RIGHT)
    night.shell.run_cell("weights_b = [3]", store_history=True)  # typed, and not saved
    said = "\n".join(night.run("hand_in"))
    assert "save the notebook, then run this cell again" in said and "other.ipynb belongs to the homework too" in said
    assert said.endswith("Upload this one file to the moon.")
    with zipfile.ZipFile(night.path.parent / "tinies-handin.zip") as packed:
        assert sorted(packed.namelist()) == ["tiny.ipynb", "tiny.r_both.weights.pt", "tiny.results.json", "tiny.weights.pt"]


def test_the_files_that_a_notebook_imports_are_handed_in(night: Evening) -> None:
    """A student's own files and packages, those that these import included; others stay at home."""
    folder = night.path.parent
    files = {
        "mine.py": "from deeper import x",
        "deeper/__init__.py": "",
        "deeper/x.py": "import numpy as np, last.part as l",
        "last.py": "",
        "ran.py": "",
        "diary.py": "",
        "hw_lib/errors.py": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    night.cells["a_double"] = (
        f"{RIGHT}\n\n\nimport math, mine as m\n'''\nimport .x, ../y\n'''\nfrom hw_lib import errors\nif 0:\n    %run -i ran.py"
    )
    night.save()
    night.run("setup")
    night.run("hand_in")
    with zipfile.ZipFile(folder / "tinies-handin.zip") as packed:
        assert packed.namelist() == ["deeper/__init__.py", "deeper/x.py", "last.py", "mine.py", "ran.py", "tiny.ipynb"]


def test_a_complete_notebook_has_nothing_missing(night: Evening) -> None:
    """After Restart & Run All of right answers there is nothing to look at."""
    night.cells |= {"a_double": RIGHT, "b_weights": "weights_b = [3]", "b_why": "Because."}
    (night.path.parent / "other.ipynb").write_text("{}")
    night.save()
    said = night.run_all()["hand_in"]
    assert not any("Before you hand in" in line for line in said)
    assert "so far   5 of 5 points by tests; more is checked after you hand in" in said


def test_a_renamed_file(night: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter says which file it is; in the archive it has the name that the course knows."""
    night.save()
    renamed = night.path.rename(night.path.parent / "mine (1).ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(renamed))
    night.run("setup")
    night.run("hand_in")
    with zipfile.ZipFile(night.path.parent / "tinies-handin.zip") as packed:
        assert packed.namelist() == ["tiny.ipynb"]


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"cells": 3, "metadata": {}}', '{"cells": [], "metadata": []}'])
def test_without_a_file(night: Evening, content: str | None) -> None:
    """On Colab there is none, and an editor may leave anything: ticks and errors still come, and the cell says what to do."""
    night.path.unlink() if content is None else night.path.write_text(content)
    night.shell.run_cell(night.cells["setup"])
    assert night.run("a_double_test")[-1].startswith("NameError")
    night.shell.run_cell(RIGHT)
    assert night.run("a_double_test")[-1].startswith("✓ 2 points")
    assert "Hand in this notebook" in night.run("hand_in")[-1]


def test_another_library_than_the_notebook_s(night: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a new notebook with an old hw_lib hears it at once, and what to do; where nothing is known nothing is said."""
    monkeypatch.setattr(graded_with, "LIBRARY", "abc")
    assert night.run("setup") == []
    told = json.loads(night.path.read_text(encoding="utf-8"))
    told["metadata"]["hw_lib"]["library"] = "def"
    night.path.write_text(json.dumps(told), encoding="utf-8")
    evening._now.name = ""
    assert "is not the one that this notebook was handed out with" in night.run("setup")[0]


def test_a_figure_in_words(night: Evening) -> None:
    """Below a cell that showed a figure stand its words, once."""
    night.run("setup")
    assert "curve falls" in " ".join(night.run("a_look", "from hw_lib import captions\ncaptions.leave('curve falls')"))
    assert night.run("b_more", "1 + 1;") == []


def test_silent_while_grading(night: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader's outputs are those of the notebook alone, and no archive appears."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    night.run("setup")
    night.run("a_double", RIGHT)
    assert night.run("a_double_test") == [] and night.run("hand_in") == []
    assert not list(night.path.parent.glob("*.zip"))


def test_an_exercise_of_the_library_speaks_for_itself() -> None:
    """Its own message says where it is to be written."""
    try:
        exec(
            compile("def layer():\n    raise NotImplementedError('write it in cnn.ipynb')", "/lib/hw_lib/layers/conv.py", "exec"),
            names := {},
        )
        names["layer"]()
    except NotImplementedError as error:
        assert messages.unanswered(error, Page(Path("x.ipynb")), Session()) == "write it in cnn.ipynb"


def test_a_task_and_parts_in_words(tmp_path: Path) -> None:
    """What is done in cells below a task a person looks for; a part that no letter names has the name that the course gives it."""
    task = {"grade_id": "cell-1f", "task": True, "grade": False, "solution": False, "points": 2}
    answer = {"grade_id": "squares", "grade": True, "solution": True, "points": 1}
    cells = [
        {"cell_type": "markdown", "metadata": {"nbgrader": task}, "source": "Draw it."},
        {"cell_type": "markdown", "metadata": {"nbgrader": answer}, "source": "Because."},
    ]
    told = {"parts": {"cell-1f": "C", "squares": "problem1 A"}, "optional": ["problem1 A"], "files": ["model.py"]}
    (tmp_path / "tiny.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"hw_lib": told}}), encoding="utf-8")
    (tmp_path / "model.py").write_text("x = 1\n")
    page = file.read(str(tmp_path / "tiny"))
    found = table.rows(page, Session())
    assert [(row.cell.part, row.state, row.bonus) for row in found] == [
        ("(C)", table.State.BELOW, False),
        ("problem1 A", table.State.WRITTEN, True),
    ]
    assert "problem1 A" in table.text(found) and table.missing(found) == []
    _, inside, _ = archive.pack(page, "tiny")
    assert inside == ["model.py", "tiny.ipynb"]
