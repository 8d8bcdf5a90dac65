"""The seam in a real student build: models run on the student's own layers, and on nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grading import course as courses
from grading.release.handout import student_build
from grading.settings import Assignment

ROOT = Path(__file__).parents[2]

STUDENT = """
import numpy as np
from hw_lib.models import FullyConnectedNet, ThreeLayerConvNet
from hw_lib.ops import LayerOps

def batchnorm_forward(x, gamma, beta, bn_param):
    mean, var = x.mean(axis=0), x.var(axis=0)
    normal = (x - mean) / np.sqrt(var + 1e-5)
    return gamma * normal + beta, (normal, gamma, var)

def batchnorm_backward(dout, cache):
    normal, gamma, var = cache
    dx = gamma / np.sqrt(var + 1e-5) * (dout - dout.mean(axis=0) - normal * (dout * normal).mean(axis=0))
    return dx, (dout * normal).sum(axis=0), dout.sum(axis=0)

def dropout_forward(x, dropout_param):
    return x, None

def dropout_backward(dout, cache):
    return dout

x, y = np.random.default_rng(0).normal(size=(8, 12)), np.arange(8) % 3
settings = dict(input_dim=12, num_classes=3, use_batchnorm=True, dropout=0.5, dtype=np.float64, seed=1)
try:
    FullyConnectedNet([5], **settings).loss(x, y)
except NotImplementedError as error:
    print(error)
mine = LayerOps().using(batchnorm_forward, batchnorm_backward, dropout_forward, dropout_backward)
loss, grads = FullyConnectedNet([5], ops=mine, **settings).loss(x, y)
print(sorted(grads), bool(np.isfinite(loss)))
scores = ThreeLayerConvNet(input_dim=(3, 8, 8), num_filters=2, filter_size=3, hidden_dim=5).loss(np.ones((2, 3, 8, 8)))
print(scores.shape)
"""


@pytest.mark.kernel
def test_models_run_on_the_students_layers(tmp_path: Path) -> None:
    """With the exercises of hw_lib.layers stripped, a model raises the stub until it is given the student's functions."""
    assignment = courses.load(ROOT / "course.toml").assignments["dropout"]
    layers, models = ("hw_lib/layers/**/*.py",), ("hw_lib/**/*.py",)
    stripped = Assignment(**{**vars(assignment), "strip": layers, "ship_solutions": models})
    student_build(ROOT, stripped, tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{STUDENT}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    stub, grads, scores = done.stdout.splitlines()
    assert "you write this one yourself" in stub
    assert grads == "['W1', 'W2', 'b1', 'b2', 'beta1', 'gamma1'] True"
    assert scores == "(2, 10)"
