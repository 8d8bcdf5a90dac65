"""The answers that the written notebooks store as numbers, tried out by simulation: nothing in them is taken on trust."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grading import notebook as nb
from grading.source import student_notebook

WRITTEN = {path.stem: path for path in sorted((Path(__file__).parents[2] / "notebooks").glob("written*/*.ipynb"))}
NOTEBOOKS = list(WRITTEN)


def answers(notebook: str, *cells: str) -> dict[str, Any]:
    """What the author's solution cells define."""
    scope: dict[str, Any] = {"np": np}
    for cell in json.loads(WRITTEN[notebook].read_text(encoding="utf-8"))["cells"]:
        if cell["id"] in cells:
            exec("".join(cell["source"]), scope)
    return scope


def normalized(points: np.ndarray[Any, Any], gamma: float = 1.0, beta: float = 0.0) -> np.ndarray[Any, Any]:
    """Batch norm of a batch (n, d)."""
    return gamma * (points - points.mean(axis=0)) / np.sqrt(points.var(axis=0) + 1e-9) + beta


@pytest.mark.parametrize("seed", range(3))
def test_gaussians_after_batch_norm(seed: int) -> None:
    """The mean, the deviation and both covariances are those of simulated points, within what 200,000 points allow."""
    rng = np.random.default_rng(seed)
    found = answers("bn_figures", "g_numbers", "h_covariances")
    out = normalized(rng.normal(-2, 3, (200_000, 1)), beta=3)
    assert np.allclose([found["mean_after"], found["std_after"]], [out.mean(), out.std()], atol=1e-6)
    for name, covariance in (("plain_after", [[4, 0], [0, 1]]), ("tilted_after", [[4, 1.6], [1.6, 1]])):
        out = normalized(rng.multivariate_normal([2, -1], covariance, 200_000))
        assert np.allclose(found[name], np.cov(out.T, bias=True), atol=0.01), name


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_a_filter(seed: int) -> None:
    """Its variance and the growth of its deviation, with numbers that are exponential, not normal."""
    rng = np.random.default_rng(seed)
    found = answers("cnn_gradients", "o_moments")

    def deviation(n: int, k: int, runs: int) -> float:
        x, g = (rng.exponential(size=(runs, size, size)) - 1 for size in (n, n - k + 1))
        return float(np.std(np.sum(2 * x[:, : n - k + 1, : n - k + 1] * 0.5 * g, axis=(1, 2))))

    n, k = 9, 2
    stated = eval(found["variance_dw"].replace("^", "**"), {"n": n, "k": k, "sigma_x": 2, "sigma_g": 0.5})
    assert deviation(n, k, 20_000) ** 2 == pytest.approx(stated, rel=0.1)
    assert deviation(62, 3, 3000) / deviation(31, 3, 3000) == pytest.approx(found["growth"], rel=0.1)


def test_counts_and_stamps() -> None:
    """Parameters are those of arrays of weights; the transposed convolution is a sum of stamps; the filter gives the output."""
    found = answers("conv_basics", "b_filter", "c_transposed", "d_numbers")
    assert [np.dot(found["w"], [1, 4, 0, -2, 3][i : i + 3]) for i in range(3)] == [-2, 2, 11]
    stamps = np.zeros((3, 3))
    for i, j in np.ndindex(2, 2):
        stamps[i : i + 2, j : j + 2] += [[-1, 2], [3, 1]][i][j] * np.array([[1, -1], [0, 1]])
    assert np.array_equal(stamps, found["out"])
    assert found["ordinary"] == np.empty((4, 3, 3, 3)).size
    assert found["separable"] == np.empty((3, 3, 3)).size + np.empty((4, 3)).size


def test_columns_of_the_ridge_features() -> None:
    """Whatever the columns of X are like, those of X_tilde are as long as the formula says."""
    found = answers("regularization", "j_map", "k_change", "l_norm")
    for p in (0.2, 0.5, 0.8):
        X = np.random.default_rng(0).normal(size=(50, 3)) * [1, 20, 0.05]
        norms = np.linalg.norm(found["X_tilde"](X, found["gamma"](X, p)), axis=0)
        assert np.allclose(norms, eval(found["column_norm"], {"p": p, "sqrt": np.sqrt}))


def assigned(source: str) -> set[str]:
    """The names that a cell gives to whoever runs it; helpers with an underscore are its own business."""
    names = set()
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign):
            names |= {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_handout_names_what_to_assign(notebook: str) -> None:
    """Every name that an answer must define stands in the cell where a student writes it, also after the answer is taken out."""
    source = nb.parse(WRITTEN[notebook].read_bytes(), notebook)
    released = {cell["id"]: cell["source"] for cell in student_notebook(source, notebook)[0]["cells"]}
    missing = {
        cell["id"]: unsaid
        for cell in source["cells"]
        if cell["cell_type"] == "code" and nb.is_solution(cell)
        for unsaid in [{name for name in assigned(cell["source"]) if not re.search(rf"\b{name}\b", released[cell["id"]])}]
        if unsaid
    }
    assert missing == {}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_function_of_a_test_takes_a_students_name(notebook: str) -> None:
    """Test cells share a namespace with the student's helpers, so the functions they define begin with an underscore."""
    cells = nb.parse(WRITTEN[notebook].read_bytes(), notebook)["cells"]
    tests = [ast.parse(cell["source"]) for cell in cells if cell["id"].endswith("_test")]
    assert tests
    assert [f.name for test in tests for f in test.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")] == []
