"""What would answer an exercise in other words is there for students, and not while they are graded."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from grading import pipeline
from grading.collect import collection
from grading.course import Course
from grading.marks import Verdict
from grading.release import handout
from grading.release.audit import ReleaseError
from grading.release.withhold import withheld
from grading.sandbox.packages import folders, shadows
from grading.settings import Assignment, RunOptions
from tests.grading.conftest import PERFECT, HandIn

ROOT = Path(__file__).parents[3]

MODULE = '''"""Secret ways."""
from math import pi
import json as text

__all__ = ["area"]
LIMIT = 3
half: float = pi / 2

@staticmethod
def area(radius, *, square=True):
    """Return it."""
    return radius**2 * pi

class Shape(dict):
    """Holds one."""
    sides = 4
'''


def test_an_empty_shell_keeps_the_names_only() -> None:
    """It can be imported, exports the same, computes nothing, and says why."""
    scope: dict[str, object] = {}
    text = withheld(MODULE)
    exec(compile(text, "shell", "exec"), scope)
    assert scope["__all__"] == ["area"]
    assert scope["LIMIT"] is None
    assert scope["half"] is None
    for name in ("area", "Shape"):
        with pytest.raises(NotImplementedError, match=f"{name} is not there while a notebook is graded"):
            scope[name](1, square=False)  # type: ignore[operator]
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.BinOp)]


def test_every_layer_can_be_withheld() -> None:
    """Whatever a course withholds of ours, what is left is a module."""
    for path in (ROOT / "hw_lib").rglob("*.py"):
        compile(withheld(path.read_text(encoding="utf-8")), str(path), "exec")


def test_a_shadow_says_why() -> None:
    """Importing it raises what a package that is not installed raises."""
    code = shadows(["torch"])["torch/__init__.py"]
    with pytest.raises(ModuleNotFoundError, match="to be done in NumPy") as caught:
        exec(code)
    assert caught.value.name == "torch"


def test_where_packages_lie() -> None:
    """Installed ones are found without being imported, others are passed over."""
    assert [place.name for place in folders(["torch", "no_such_package"])] == ["torch"]


def test_a_file_that_does_not_exist_stops_the_release(course: Course, assignment: Assignment) -> None:
    """A slip in course.toml would hand the answers to the graded notebook."""
    with pytest.raises(ReleaseError, match="hides a file that does not exist"):
        handout.release(course, replace(assignment, hidden_library_files=("hw_lib/layers/quick/*.py",)))


# each defines double, by way of something that is there on a student's machine only
WAYS = {
    "fast": "from hw_lib.layers.fast.max_pooling import max_pool_forward_fast as pool\nimport numpy as np\n"
    "def double(x):\n    return 2 * float(pool(np.full((1, 1, 1, 1), float(x)), "
    "{'pool_height': 1, 'pool_width': 1, 'stride': 1})[0].item())",
    "torch": "import torch\ndef double(x):\n    return int(torch.tensor(x) * 2)",
    "torch-path": "import sys\nfrom pathlib import Path\nsys.path[:0] = [p for p in sys.path if 'site-packages' in p]\n"
    "import torch\ndef double(x):\n    return int(torch.tensor(x) * 2)",
}


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("warm", [True, False])
def test_they_earn_nothing(course: Course, assignment: Assignment, hand_in: HandIn, warm: bool) -> None:
    """Each way earns the points where nothing is kept back, and none where it is; who reads the error reads why."""
    for name, source in WAYS.items():
        folder = hand_in(name, PERFECT, a_double=source)
    strict = replace(
        assignment,
        hidden_library_files=("hw_lib/layers/fast/*.py",),
        hidden_packages={"mini": ("torch",)},
        limits=replace(assignment.limits, cell_s=20),
    )
    open_course = replace(strict, hidden_library_files=(), hidden_packages={})
    for kept_back, verdict in ((open_course, Verdict.PASSED), (strict, Verdict.FAILED)):
        handout.release(course, kept_back)
        collection.collect(folder, course, kept_back)
        cards = {card.student: card for card in pipeline.grade(course, kept_back, RunOptions(warm=warm))}
        for name in WAYS:
            (mark,) = [mark for mark in cards[name].marks if mark.grade_id == "a_double_test"]
            assert mark.verdict == verdict, (name, mark)
    (mark,) = [mark for mark in cards["torch"].marks if mark.grade_id == "a_double_test"]
    assert "to be done in NumPy" in " ".join((mark.reason, mark.what, mark.got, mark.fix)), mark
