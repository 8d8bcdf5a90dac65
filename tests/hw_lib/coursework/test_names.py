"""Helpers that published notebooks call by name: image grids and the CIFAR-10 dict."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from hw_lib.coursework.data import get_CIFAR10_data, load_CIFAR10, load_CIFAR_batch, load_models, load_tiny_imagenet
from hw_lib.coursework.grids import vis_grid, vis_nn, visualize_grid
from hw_lib.errors import read
from hw_lib.models import TwoLayerNet


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


def test_cifar_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five batches and a test batch, channels last; a file of something else is refused by name."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 256, (6, 4, 3072), dtype=np.uint8)
    for row, name in zip(
        rows, ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"), strict=True
    ):
        (tmp_path / name).write_bytes(pickle.dumps({b"data": row, b"labels": [3, 1, 4, 1]}, protocol=2))
    X, y, X_test, y_test = load_CIFAR10(tmp_path)
    assert (X.shape, X.dtype.name, y.shape, X_test.shape, y_test.tolist()) == (
        (20, 32, 32, 3),
        "float64",
        (20,),
        (4, 32, 32, 3),
        [3, 1, 4, 1],
    )
    assert X[5, 2, 7, 1] == rows[1, 1, 1024 + 2 * 32 + 7]
    assert "data_batch_5" in capsys.readouterr().out
    (tmp_path / "other").write_bytes(pickle.dumps([1]))
    with pytest.raises(ValueError, match="not a batch of CIFAR-10"):
        load_CIFAR_batch(tmp_path / "other")


def test_tiny_imagenet_folder(tmp_path: Path) -> None:
    """Words, images and labels of a small folder, with and without test annotations; grey pictures get three channels."""
    from PIL import Image

    def picture(path: Path, mode: str, value: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new(mode, (64, 64), value if mode == "L" else (value, 0, 0)).save(path)

    (tmp_path / "wnids.txt").write_text("n2\nn1\n")
    (tmp_path / "words.txt").write_text("n1\tcat, house cat\nn2\tdog\nn3\tfox\n")
    for wnid, value in (("n1", 10), ("n2", 200)):
        picture(tmp_path / "train" / wnid / "images" / f"{wnid}_0.png", "RGB", value)
    picture(tmp_path / "val" / "images" / "val_0.png", "L", 77)
    (tmp_path / "val" / "val_annotations.txt").write_text("val_0.png\tn1\t0\t0\t63\t63\n")
    picture(tmp_path / "test" / "images" / "test_0.png", "RGB", 5)
    names, X_train, y_train, X_val, y_val, X_test, y_test = load_tiny_imagenet(tmp_path)
    assert names == [["dog"], ["cat", "house cat"]]
    assert (X_train.shape, X_train.dtype, y_train.tolist()) == ((2, 3, 64, 64), np.float32, [0, 1])
    assert (X_train[0, 0, 0, 0], X_train[0, 1, 0, 0]) == (200, 0)
    assert ((X_val == 77).all(), y_val.tolist(), X_test.shape, y_test) == (True, [1], (1, 3, 64, 64), None)
    (tmp_path / "test" / "test_annotations.txt").write_text("test_0.png\tn2\n")
    assert load_tiny_imagenet(tmp_path, np.float64)[6].tolist() == [0]


def test_models_of_a_folder(tmp_path: Path) -> None:
    """Models come back with their arrays; text files are left out, and so is a pickle that would run something."""
    (tmp_path / "net.pkl").write_bytes(pickle.dumps({"model": TwoLayerNet(input_dim=4, hidden_dim=3, num_classes=2)}))
    (tmp_path / "weights.pkl").write_bytes(pickle.dumps({"model": {"W": np.arange(3.0)}}))
    (tmp_path / "readme.txt").write_text("no pickle")

    class Bad:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "made"),)

    (tmp_path / "bad.pkl").write_bytes(pickle.dumps({"model": Bad()}))
    models = load_models(tmp_path)
    assert sorted(models) == ["net.pkl", "weights.pkl"]
    assert models["net.pkl"].params["W1"].shape == (4, 3)
    np.testing.assert_array_equal(models["weights.pkl"]["W"], np.arange(3.0))
    assert not (tmp_path / "made").exists()
