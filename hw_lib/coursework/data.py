"""Data by the names and in the shapes that this field's notebooks ask for: CIFAR-10 as one dict, folders, old pickles.

Pickles are read for their arrays and plain containers only: anything else in one is refused, not run.
"""

from __future__ import annotations

import importlib
import pickle
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hw_lib import data
from hw_lib.errors import explain, invalid

_PLAIN = {
    "builtins": ("dict", "list", "tuple", "set", "frozenset", "complex", "bytearray", "slice", "range"),
    "_codecs": ("encode",),
}
_NUMPY = ("ndarray", "dtype", "scalar", "_reconstruct", "_frombuffer")


def get_CIFAR10_data(  # noqa: N802  the name that notebooks use
    num_training: int = 49000, num_validation: int = 1000, num_test: int = 1000, subtract_mean: bool = True
) -> dict[str, NDArray[Any]]:
    """Load CIFAR-10, or the stand-in with one line that says so, split and with the mean training image subtracted.

    Args:
        num_training: how many of the 50,000 training images to train with.
        num_validation: how many of the others to validate with.
        num_test: how many test images.
        subtract_mean: False keeps values from 0 to 255.

    Returns:
        X_train, X_val, X_test: (N, 3, 32, 32) float64; y_train, y_val, y_test: (N,) int64.

    Raises:
        ValueError: more images than there are.
    """
    images = data.load("cifar10", n_train=num_training + num_validation, n_test=num_test)
    x, y = images.x_train.astype(float), images.y_train
    parts = {
        "X_train": x[:num_training],
        "y_train": y[:num_training],
        "X_val": x[num_training:],
        "y_val": y[num_training:],
        "X_test": images.x_test.astype(float),
        "y_test": images.y_test,
    }
    if subtract_mean:
        mean = parts["X_train"].mean(axis=0)
        for name in ("X_train", "X_val", "X_test"):
            parts[name] = parts[name] - mean
    return parts


def load_CIFAR_batch(filename: str | PathLike[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:  # noqa: N802
    """Read one file of CIFAR-10.

    Args:
        filename: for example data_batch_1.

    Returns:
        X: (10000, 32, 32, 3) float64, 0 to 255, channels last. y: (10000,) int64.

    Raises:
        ValueError: the file is not a batch of CIFAR-10.
    """
    print(filename)  # noqa: T201  as notebooks expect
    found = _unpickle(Path(filename), encoding="bytes")
    if not isinstance(found, dict) or not {b"data", b"labels"} <= found.keys():
        raise invalid(f"{filename} is not a batch of CIFAR-10", expected="a dict with b'data' and b'labels'", got=type(found))
    X = np.asarray(found[b"data"]).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype(float)
    return X, np.array(found[b"labels"], dtype=np.int64)


def load_CIFAR10(ROOT: str | PathLike[str]) -> tuple[NDArray[Any], ...]:  # noqa: N802  names that notebooks use
    """Read the folder cifar-10-batches-py.

    Args:
        ROOT: the folder.

    Returns:
        X_train (50000, 32, 32, 3), y_train (50000,), X_test (10000, 32, 32, 3), y_test (10000,); types as load_CIFAR_batch.
    """
    batches = [load_CIFAR_batch(Path(ROOT) / f"data_batch_{number}") for number in range(1, 6)]
    X, y = (np.concatenate(part) for part in zip(*batches, strict=True))
    return X, y, *load_CIFAR_batch(Path(ROOT) / "test_batch")


def load_tiny_imagenet(path: str | PathLike[str], dtype: DTypeLike = np.float32) -> tuple[Any, ...]:
    """Read the folder of a TinyImageNet. Needs Pillow.

    Args:
        path: the folder with wnids.txt, words.txt, train, val and test.
        dtype: of the images.

    Returns:
        class_names: for each label a list of words; X_train (N, 3, 64, 64), y_train (N,), X_val, y_val, X_test, and y_test, which
        is None where the test images have no annotations.
    """
    root = Path(path)
    ids = (root / "wnids.txt").read_text().split()
    labels = {wnid: label for label, wnid in enumerate(ids)}
    words = dict(line.split("\t", 1) for line in (root / "words.txt").read_text().splitlines() if line)
    train = [(file, labels[wnid]) for wnid in ids for file in sorted((root / "train" / wnid / "images").iterdir())]
    val = _annotated(root / "val", labels)
    annotated = (root / "test" / "test_annotations.txt").is_file()
    test = _annotated(root / "test", labels) if annotated else [(file, -1) for file in sorted((root / "test" / "images").iterdir())]
    parts = [(_pictures([file for file, _ in part], dtype), np.array([label for _, label in part])) for part in (train, val, test)]
    (X_train, y_train), (X_val, y_val), (X_test, y_test) = parts
    names = [[word.strip() for word in words[wnid].split(",")] for wnid in ids]
    return names, X_train, y_train, X_val, y_val, X_test, y_test if annotated else None


def load_models(models_dir: str | PathLike[str]) -> dict[str, Any]:
    """Read every pickle of a folder that holds {'model': ...}; files that are no such pickle are left out.

    Args:
        models_dir: the folder.

    Returns:
        File name -> model. Only arrays, plain containers and the classes of hw_lib can be in one.
    """
    models = {}
    for file in sorted(Path(models_dir).iterdir()):
        try:
            models[file.name] = _unpickle(file)["model"]
        except (pickle.UnpicklingError, EOFError, KeyError, TypeError, IndexError):
            continue
    return models


def _annotated(folder: Path, labels: dict[str, int]) -> list[tuple[Path, int]]:
    """Images and labels of a val or test folder, by its annotations."""
    (table,) = folder.glob("*_annotations.txt")
    rows = [line.split("\t")[:2] for line in table.read_text().splitlines() if line]
    return [(folder / "images" / name, labels[wnid]) for name, wnid in rows]


def _pictures(files: list[Path], dtype: DTypeLike) -> NDArray[Any]:
    """(N, 3, H, W); a grey picture has three equal channels."""
    from PIL import Image

    found = []
    for file in files:
        with Image.open(file) as picture:
            found.append(np.asarray(picture.convert("RGB")).transpose(2, 0, 1))
    return np.stack(found).astype(dtype)


class _Plain(pickle.Unpickler):
    """Reads arrays, plain containers and objects of this library."""

    def find_class(self, module: str, name: str) -> Any:
        """Allow only names that can be loaded without side effects."""
        top = module.partition(".")[0]
        if (
            name in _PLAIN.get(module, ())
            or (top == "numpy" and name in _NUMPY)
            or (top == "hw_lib" and _is_layer_or_class(module, name))
        ):
            return getattr(importlib.import_module(module), name)
        raise pickle.UnpicklingError(explain(f"a pickle asks for {module}.{name}", expected="arrays, containers, models of hw_lib"))


def _is_layer_or_class(module: str, name: str) -> bool:
    return name[:1].isupper() or module.startswith("hw_lib.layers.")


def _unpickle(file: Path, encoding: str = "ASCII") -> Any:
    with file.open("rb") as stream:
        return _Plain(stream, encoding=encoding).load()
