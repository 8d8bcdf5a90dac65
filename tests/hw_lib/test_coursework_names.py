"""Helpers that published notebooks call by name: image grids and the CIFAR-10 dict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hw_lib.data.coursework import get_CIFAR10_data
from hw_lib.errors import read
from hw_lib.grids import vis_grid, vis_nn, visualize_grid


def test_visualize_grid_places_and_stretches_each_image() -> None:
    """Three images fill a 2x2 square; each runs from 0 to 255 by itself, and what is left over is black."""
    images = np.stack([np.arange(6.0).reshape(2, 3, 1) * scale + 7 for scale in (1, 2, 5)])
    grid = visualize_grid(images)
    assert grid.shape == (2 * 2 + 1, 2 * 3 + 1, 1)
    for top, left in ((0, 0), (0, 4), (3, 0)):
        np.testing.assert_allclose(grid[top : top + 2, left : left + 3, 0], np.arange(6).reshape(2, 3) * 51)
    assert not grid[2].any()
    assert not grid[3:, 4:].any()
    assert visualize_grid(images, padding=0).shape == (4, 6, 1)
    assert not visualize_grid(np.ones((1, 2, 2, 3))).any(), "a constant image has no range to stretch"


def test_vis_grid_stretches_all_images_together() -> None:
    """The darkest pixel of all is 0 and the brightest 1; the input stays as it is."""
    images = np.arange(2 * 2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 2, 3)
    before = images.copy()
    grid = vis_grid(images)
    assert grid.shape == (6, 6, 3)
    np.testing.assert_allclose(grid[:2, 3:5], images[1] / 23)
    assert (grid.min(), grid.max()) == (0, 1)
    np.testing.assert_array_equal(images, before)


def test_vis_nn_keeps_rows() -> None:
    """Two rows of three images: row r, column c stands where it should."""
    rows = [[np.full((2, 2, 1), 3 * r + c) for c in range(3)] for r in range(2)]
    grid = vis_nn(rows)
    assert grid.shape == (6, 9, 1)
    np.testing.assert_allclose(grid[::3, ::3, 0], np.arange(6).reshape(2, 3) / 5)


def test_grids_say_what_they_need() -> None:
    """Channels first, no images and ragged rows each get a message in the project's format."""
    with pytest.raises(ValueError, match="needs images") as caught:
        visualize_grid(np.ones((3, 8, 8)))
    assert read(str(caught.value)).got == "(3, 8, 8)"
    with pytest.raises(ValueError, match="needs images"):
        vis_grid(np.ones((0, 2, 2, 3)))
    with pytest.raises(ValueError, match="rows of one length"):
        vis_nn([[np.ones((2, 2, 1))], []])


def test_cifar_dict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shapes, types, a split without overlap, and a mean of zero over the training images; offline it says what it took."""
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path))
    found = get_CIFAR10_data(num_training=60, num_validation=20, num_test=10)
    assert "stand-in" in capsys.readouterr().out
    assert {name: (array.shape, array.dtype.name) for name, array in found.items()} == {
        "X_train": ((60, 3, 32, 32), "float64"),
        "y_train": ((60,), "int64"),
        "X_val": ((20, 3, 32, 32), "float64"),
        "y_val": ((20,), "int64"),
        "X_test": ((10, 3, 32, 32), "float64"),
        "y_test": ((10,), "int64"),
    }
    np.testing.assert_allclose(found["X_train"].mean(axis=0), 0, atol=1e-9)
    raw = get_CIFAR10_data(60, 20, 10, subtract_mean=False)
    np.testing.assert_allclose(raw["X_val"] - raw["X_train"].mean(axis=0), found["X_val"])
    assert raw["X_train"].min() >= 0
    assert len(np.unique(np.concatenate([raw["X_train"], raw["X_val"]]).reshape(80, -1), axis=0)) == 80
