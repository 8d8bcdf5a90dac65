"""The small homework that is attacked: every kind of test a course writes, no torch, hidden inputs drawn anew each time.

The hidden tests carry a canary, a word that no student may ever see again, wherever their code looked for it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from grading import course as courses
from grading import notebook as nb
from grading.course import Course
from hw_lib import results
from tests.grading.conftest import cell

ROOT = Path(__file__).parents[2]
NAME = "red"
CANARY = "canary-5c0ffee"

COURSE = """
[course]
jobs = 2
[limits]
wall_s = 20
cell_s = 2
cpu_s = 20
memory_mb = 600
processes = 32
open_files = 128
file_mb = 5
work_mb = 20
output_mb = 0.2
restarts = 1
[assignments.red]
title = "A homework under attack"
notebooks = ["red"]
strip = ["hw_lib/layers/dropout.py", "hw_lib/**/*.py"]
optional = []
"""

_DOUBLE_TEST = f"""\
checks.value("double(1.0)", double(1.0), 2)
### BEGIN HIDDEN TESTS
# {CANARY}: the text of this cell
import numpy as np

drawn = np.random.default_rng()
for size in (None, 5, (4, 3)):
    x = drawn.standard_normal(size)
    np.testing.assert_allclose(double(x), x + x, rtol=1e-6)
x = drawn.standard_normal(7)
checks.value("double(x)", double(x), x + x)
### END HIDDEN TESTS"""

_ANSWER_TEST = f"""\
from hw_lib import checks

checks.shape("answer", answer, ())
### BEGIN HIDDEN TESTS
assert answer == 6 * 7  # {CANARY}
checks.value("answer", answer, 6 * 7)
### END HIDDEN TESTS"""

_REMAINDER_TEST = f"""\
import numpy as np

score = all([remainder(n) == n % 3 for n in (1, 2)])
### BEGIN HIDDEN TESTS
# {CANARY}
drawn = np.random.default_rng().integers(3, 100_000, 20).tolist()
score = score + 2 * all([remainder(n) == n % 3 for n in drawn])
### END HIDDEN TESTS
float(score)"""

_BATCHNORM_TEST = f"""\
import numpy as np

from hw_lib import checks

rng = np.random.default_rng()
x, gamma, beta = rng.standard_normal((20, 4)), rng.standard_normal(4), rng.standard_normal(4)
bn_param = {{"mode": "train", "momentum": 0.9, "eps": 1e-5}}
out, cache = batchnorm_forward(x, gamma, beta, bn_param)
checks.shape("out", out, (20, 4))
### BEGIN HIDDEN TESTS
# {CANARY}
def reference(x):
    normal = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)
    return gamma * normal + beta

np.testing.assert_allclose(out, reference(x), rtol=1e-6)
np.testing.assert_allclose(bn_param["running_mean"], 0.1 * x.mean(axis=0), rtol=1e-6)
dout, direction = rng.standard_normal((20, 4)), rng.standard_normal((20, 4))
dx, dgamma, dbeta = batchnorm_backward(dout, cache)
slope = (reference(x + 1e-6 * direction) - reference(x - 1e-6 * direction)) / 2e-6
np.testing.assert_allclose((np.asarray(dx) * direction).sum(), (dout * slope).sum(), rtol=1e-4, atol=1e-6)
np.testing.assert_allclose(dbeta, dout.sum(axis=0), rtol=1e-6)
np.testing.assert_allclose(dgamma, (dout * (reference(x) - beta) / gamma).sum(axis=0), rtol=1e-6)
### END HIDDEN TESTS"""

_RECORD_TEST = f"""\
from hw_lib import checks, results

record = results.Recorder("{NAME}").read("steps")
### BEGIN HIDDEN TESTS
checks.value("steps", record.value, [8, 4, 2, 1])  # {CANARY}
### END HIDDEN TESTS"""

_FORWARD = """\
def batchnorm_forward(x, gamma, beta, bn_param):
    mean, var = x.mean(axis=0), x.var(axis=0)
    before = bn_param.get("running_mean", np.zeros_like(mean))
    bn_param["running_mean"] = bn_param["momentum"] * before + (1 - bn_param["momentum"]) * mean
    deviation = np.sqrt(var + bn_param["eps"])
    normal = (x - mean) / deviation
    return gamma * normal + beta, (normal, deviation, gamma)
"""
_BACKWARD = """\
def batchnorm_backward(dout, cache):
    normal, deviation, gamma = cache
    dnormal = gamma * dout
    dx = (dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)) / deviation
    return dx, (dout * normal).sum(axis=0), dout.sum(axis=0)
"""

# right answers, not in the words of the source
PERFECT = {
    "a_double": "def double(x):\n    return x * 2",
    "b_answer": "answer = 42.0",
    "c_remainder": "def remainder(n):\n    return n - n // 3 * 3",
    "d_batchnorm": _FORWARD + "\n\n" + _BACKWARD,
    "e_measure": f'results.Recorder("{NAME}").measure("steps", lambda: [8, 4, 2, 1])',
    "w_words": "Because.",
}

# wrong answers, each worth nothing; what most attackers hand in beside their trick
WRONG = {
    "a_double": "def double(x):\n    return 0 * x",
    "b_answer": "answer = 0",
    "c_remainder": "def remainder(n):\n    return None",
    "d_batchnorm": (
        "def batchnorm_forward(x, gamma, beta, bn_param):\n    return 0 * x, None\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return 0 * dout, 0 * dout[0], 0 * dout[0]"
    ),
}


def _solution(text: str) -> str:
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


SOURCE: nb.Notebook = {
    "cells": [
        cell("markdown", "intro", "# Under attack\nDouble, answer, divide, normalise, measure."),
        cell("code", "setup", "import numpy as np\n\nfrom hw_lib import checks, results", locked=True),
        cell("code", "a_double", _solution("def double(x):\n    return x + x"), solution=True),
        cell("code", "a_double_test", _DOUBLE_TEST, grade=True, locked=True, points=4),
        cell("code", "b_answer", _solution("answer = 6 * 7"), solution=True),
        cell("code", "b_answer_test", _ANSWER_TEST, grade=True, locked=True, points=2),
        cell("code", "c_remainder", _solution("def remainder(n):\n    return n % 3"), solution=True),
        cell("code", "c_remainder_test", _REMAINDER_TEST, grade=True, locked=True, points=3),
        cell("code", "d_batchnorm", _solution(_FORWARD + "\n" + _BACKWARD), solution=True),
        cell("code", "d_batchnorm_test", _BATCHNORM_TEST, grade=True, locked=True, points=5),
        cell("code", "e_measure", _solution(PERFECT["e_measure"]), solution=True),
        cell("code", "e_measure_test", _RECORD_TEST, grade=True, locked=True, points=1),
        cell("markdown", "w_words", "It is the story of a number.", grade=True, solution=True, points=1),
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
}


TESTS = tuple(nb.grade_id(cell) for cell in SOURCE["cells"] if nb.is_test(cell))


def make_course(root: Path, together: Sequence[str] = ()) -> Course:
    """The course of this homework, in a folder of its own; `together` names tests that run in the student's process."""
    (root / "notebooks" / NAME).mkdir(parents=True)
    setting = f"in_student_process = {json.dumps(together)}\n"
    (root / "course.toml").write_text(COURSE.replace("[assignments.red]\n", f"[assignments.red]\n{setting}"))
    (root / "notebooks" / NAME / f"{NAME}.ipynb").write_text(nb.dump(SOURCE))
    shutil.copytree(ROOT / "hw_lib", root / "hw_lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return courses.load(root / "course.toml")


def honest_record(folder: Path) -> bytes:
    """The record that an honest student hands in with the notebook."""
    recorder = results.Recorder(NAME, folder)
    recorder.measure("steps", lambda: [8, 4, 2, 1])
    return recorder.path.read_bytes()
