"""CIFAR-10 the way this field's notebooks ask for it: one dict of float images, split and centred."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from hw_lib import data


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
