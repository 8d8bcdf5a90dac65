"""On the real homeworks: answers that are somebody else's earn nothing where the task forbids it, and a person is told of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grading import course as courses
from grading import notebook as nb
from grading import pages, pipeline
from grading.collect import collection
from grading.course import Course
from grading.marks import Scorecard
from grading.release import handout
from grading.settings import RunOptions
from grading.source import read_source, student_notebook
from tests.redteam.attack import with_answers
from tests.redteam.harness import refuse_without_sandbox

ROOT = Path(__file__).parents[2]
FAST = ROOT / "hw_lib" / "layers" / "fast"

pytestmark = [pytest.mark.kernel, pytest.mark.slow]


def graded(top: Path, assignment: str, notebook: str, answers: dict[str, str], files: dict[str, str]) -> tuple[Course, Scorecard]:
    """Grade one student of a real homework, who answered some cells and handed in some files."""
    course, (card,) = class_of(top, assignment, notebook, {"copier": answers}, files)
    return course, card


def class_of(
    top: Path, assignment: str, notebook: str, students: dict[str, dict[str, str]], files: dict[str, str]
) -> tuple[Course, list[Scorecard]]:
    """The same for several, each with answers of their own."""
    refuse_without_sandbox()
    course = replace(courses.load(ROOT / "course.toml"), build=top / "build", db=f"sqlite:///{top / 'gradebook.db'}")
    task = course.assignments[assignment]
    blank = student_notebook(read_source(course, task, notebook), notebook)[0]
    for student, answers in students.items():
        home = top / "class" / student
        for name, text in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{notebook}.ipynb").write_text(nb.dump(with_answers(blank, answers)), encoding="utf-8")
    handout.release(course, task)
    collection.collect(top / "class", course, task)
    return course, pipeline.grade(course, task, RunOptions(jobs=1))


def test_the_fast_layers_beside_the_notebook(tmp_path: Path) -> None:
    """`cp` of hw_lib/layers/fast to a folder of one's own earns nothing in cnn, and staff see both texts; the student does not."""
    files = {f"mine/{path.name}": path.read_text(encoding="utf-8") for path in sorted(FAST.glob("*.py"))}
    files = {name: text.replace("hw_lib.layers.fast", "mine") for name, text in files.items()}
    answers = {
        "h_forward": "from mine import conv_forward_fast as conv_forward_naive",
        "i_backward": "from mine.convolution import conv_backward_fast\n\n\ndef conv_backward_naive(dout, cache):\n"
        "    return conv_backward_fast(dout, cache)",
        "j_forward": "import mine\n\nmax_pool_forward_naive = mine.max_pool_forward_fast",
        "j_backward": "import mine\n\nmax_pool_backward_naive = mine.max_pool_backward_fast",
        "l_forward": "import mine\n\nspatial_batchnorm_forward = mine.spatial_batchnorm_forward_fast",
        "l_backward": "import mine\n\nspatial_batchnorm_backward = mine.spatial_batchnorm_backward_fast",
    }
    course, card = graded(tmp_path, "bn_drop_cnn", "cnn", answers, files)
    earned = {mark.grade_id: mark.points for mark in card.marks if not mark.by_hand and mark.points}
    assert earned == {}
    said = {mark.grade_id: mark.what for mark in card.marks}
    assert said["h_forward_test"].startswith("conv_forward_naive uses hw_lib.")
    assert any("look at mine/columns.py, beside the notebook: the library's" in flag for flag in card.flags)
    task = course.assignments["bn_drop_cnn"]
    index = pages.write_pages([card], task, course.workspace(task), pages.setting(course, task))
    student = index.parent / "copier" / "bn_drop_cnn.html"
    assert "the library's" not in student.read_text(encoding="utf-8")
    staff = pages.write_similar(pipeline.resemblances(course, task), task, course.workspace(task)).read_text(encoding="utf-8")
    assert "mine/columns.py, beside the notebook" in staff
    assert staff.count("def columns_forward") == 2  # the student's and the library's, side by side


def test_pytorchs_dropout_under_other_names(tmp_path: Path) -> None:
    """A subclass of nn.Dropout, whose base comes from a file beside the notebook, is no answer to "write dropout"."""
    files = {"layers.py": "from torch import nn as q\n\nBase = getattr(q, 'Dropout')\n"}
    answers = {"d_dropout": "import layers as own\n\n\nclass Dropout(own.Base):\n    pass"}
    _, card = graded(tmp_path, "dropout", "q_coding_dropout", answers, files)
    (mark,) = [mark for mark in card.marks if mark.grade_id == "d_dropout_test"]
    assert (mark.points, mark.what) == (0.0, "Dropout uses torch.nn.Dropout, which this task does not allow")
    assert mark.fix == "draw the mask and scale the survivors yourself"


_SHELL = "from IPython.core.interactiveshell import InteractiveShell as S\n"
_TEACHES = f"{_SHELL}S.instance().input_transformers_cleanup.append(lambda lines: [line.replace('§ ', '') for line in lines])"
_DROPOUT = "from torch import nn as q\nDropout = q.Dropout"


def test_pytorchs_dropout_in_a_language_of_the_kernel(tmp_path: Path) -> None:
    """A cell that only IPython reads as Python is read as IPython does; one that we cannot read, and that ran, is for a person."""
    students = {
        "blank": {"d_dropout": f"\n  {_DROPOUT.replace(chr(10), chr(10) + '  ')}"},
        "magics": {"d_dropout": "!true\n" * 21 + _DROPOUT},
        "prompt": {"d_dropout": "y = 1\n" + "\n".join(f">>> {line}" for line in _DROPOUT.split("\n"))},
        "space": {"d_dropout": "y = 1\n" + "\n".join(f"\xa0>>> {line}" for line in _DROPOUT.split("\n"))},
        "taught": {"c_data": _TEACHES, "d_dropout": "\n".join(f"§ {line}" for line in _DROPOUT.split("\n"))},
        "fails": {"c_data": _TEACHES, "d_dropout": "\n".join(f"§ {line}" for line in (*_DROPOUT.split("\n"), "1 / 0"))},
        "typo": {"c_data": "inputs_c = (", "d_dropout": "class Dropout(nn.Module):\n    pass"},
    }
    _, cards = class_of(tmp_path, "dropout", "q_coding_dropout", students, {})
    found = {}
    for card in cards:
        (mark,) = [mark for mark in card.marks if mark.grade_id == "d_dropout_test"]
        found[card.student] = mark.points, mark.what
    used = (0.0, "Dropout uses torch.nn.Dropout, which this task does not allow")
    unread = (None, "what Dropout uses cannot be read from its text; a person will look at it")
    assert not found.pop("fails")[0]
    assert found | {"typo": None} == {
        "blank": used,
        "magics": unread,
        "prompt": used,
        "space": used,
        "taught": unread,
        "typo": None,
    }
    assert found["typo"][0] == 0.0 and "cannot be read" not in found["typo"][1]
