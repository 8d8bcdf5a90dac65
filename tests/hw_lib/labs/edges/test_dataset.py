"""The edge images: what each class looks like, what the keys change, that nothing depends on global seeds, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from hw_lib.labs.edges import EdgeDetectionDataset
from hw_lib.labs.edges.config import KINDS

SMALL: dict[str, Any] = {"data_per_class": 40}


def pictures(kind: str, mode: str = "train", **keys: Any) -> np.ndarray:
    """(N, 28, 28) int: images of one kind."""
    return EdgeDetectionDataset({**SMALL, "class_type": [kind], **keys}, mode).X[..., 0].astype(int)


def test_defaults_are_the_homework_s() -> None:
    """Three classes in blocks, 28 pixels, an image per item, float32 in [0, 1]."""
    data = EdgeDetectionDataset({"data_per_class": 5})
    assert data.class_names == ("horizontal", "vertical", "none")
    assert data.y.tolist() == [0] * 5 + [1] * 5 + [2] * 5
    image, label = data[7]
    assert image.shape == (1, 28, 28) and image.dtype == torch.float32 and label == 1
    assert float(image.min()) >= 0 and float(image.max()) <= 1


def test_tensors_are_the_items() -> None:
    """All at once and one at a time through a DataLoader give the same numbers."""
    data = EdgeDetectionDataset({"data_per_class": 7})
    x, y = data.tensors()
    items = next(iter(DataLoader(data, batch_size=21)))
    assert torch.equal(items[0], x) and torch.equal(items[1], y)


def test_each_kind_has_its_edges() -> None:
    """A horizontal edge is constant along rows, a vertical one along columns, 'both' along neither, 'none' everywhere."""
    along = {kind: (np.ptp(pictures(kind), axis=2).max(axis=1), np.ptp(pictures(kind), axis=1).max(axis=1)) for kind in KINDS}
    assert (along["horizontal"][0] == 0).all() and (along["horizontal"][1] > 0).all()
    assert (along["vertical"][1] == 0).all() and (along["vertical"][0] > 0).all()
    assert (along["none"][0] == 0).all() and (along["none"][1] == 0).all()
    for kind in ("both", "diagonal"):
        assert (along[kind][0] > 0).all() and (along[kind][1] > 0).all()


def test_every_edge_is_whole() -> None:
    """An edge is as wide as asked for, wherever it lies: no empty pictures with the label of an edge."""
    image = pictures("horizontal", min_edge_width=3, max_edge_width=3, max_background_intensity=0.1)
    assert ((image[:, :, 0] > 40).sum(axis=1) == 3).all()
    widths = (pictures("vertical", data_per_class=200)[:, 0, :] > 60).sum(axis=1)
    assert set(widths.tolist()) == {1, 2, 3, 4}


@pytest.mark.parametrize("kind", ["horizontal", "vertical"])
def test_the_location_ratio_parts_training_from_validation(kind: str) -> None:
    """With 0.5 no row (column) holds an edge in both; every row of its half is used."""
    used = {}
    for mode in ("train", "valid", "test"):
        image = pictures(kind, mode, data_per_class=300, possible_edge_location_ratio=0.5)
        line = image[:, :, 0] if kind == "horizontal" else image[:, 0, :]
        used[mode] = set(np.flatnonzero((line > 60).any(axis=0)).tolist())
    assert used["train"] == set(range(14))
    assert used["valid"] == used["test"] == set(range(14, 28))


def test_bright_diagonals_do_not_wrap() -> None:
    """Full intensity is 255 in the middle of the edge, and nothing is darker than the background."""
    image = pictures("diagonal", data_per_class=200, min_edge_intensity=1.0, min_background_intensity=0.2, num_diagonal_edge=3)
    assert image.max() == 255
    assert image.min() >= 51


def test_images_belong_to_their_seed_only() -> None:
    """Same seed, same images, whatever the global generators do; another seed or mode gives others."""
    first = EdgeDetectionDataset(SMALL).X
    np.random.seed(5)
    torch.manual_seed(5)
    state = np.random.get_state()[1].copy()  # type: ignore[index]
    assert np.array_equal(EdgeDetectionDataset(SMALL).X, first)
    assert np.array_equal(np.random.get_state()[1], state)  # type: ignore[index]
    for other in (
        EdgeDetectionDataset({**SMALL, "seed": 1}),
        EdgeDetectionDataset(SMALL, "valid"),
        EdgeDetectionDataset(SMALL, "test"),
    ):
        assert not np.array_equal(other.X, first)


def test_a_larger_set_begins_with_the_smaller_one() -> None:
    """More images per class add images and change none."""
    few, many = (EdgeDetectionDataset({"data_per_class": n, "class_type": list(KINDS), "num_classes": 5}) for n in (10, 25))
    for label in range(5):
        assert np.array_equal(few.X[few.y == label], many.X[many.y == label][:10])


def test_permuted_pixels_can_be_put_back() -> None:
    """The permutation is the same for every image, and its inverse gives the original images."""
    there = np.random.default_rng(0).permutation(784)
    plain, permuted = (EdgeDetectionDataset({**SMALL, "use_permutation": use, "permutater": there}) for use in (False, True))
    flat = permuted.X.reshape(len(permuted), -1)
    assert np.array_equal(flat, plain.X.reshape(len(plain), -1)[:, there])
    back = permuted.get_unpermutater()
    assert back is not None and np.array_equal(flat[:, back].reshape(plain.X.shape), plain.X)
    assert plain.get_permutater() is None


def test_a_transform_sees_one_picture() -> None:
    """It gets (H, W, 1) uint8, and what it returns is the item."""
    data = EdgeDetectionDataset(SMALL, transform=lambda image: torch.from_numpy(image.astype(np.float32)).permute(2, 0, 1) - 100)
    assert torch.equal(data[3][0][0], torch.from_numpy(data.X[3, ..., 0].astype(np.float32)) - 100)
    assert torch.equal(data.tensors()[0][3], data[3][0])


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"data_per_clas": 3}, "did you mean 'data_per_class'"),
        ({"class_type": ["horizontal", "vertikal"]}, "did you mean 'vertical'"),
        ({"class_type": ["none", "none"]}, "names a class twice"),
        ({"num_classes": 5}, "num_classes and class_type disagree"),
        ({"num_classes": 3, "class_type": ["none"]}, "num_classes and class_type disagree"),
        ({"data_per_class": 0}, "must be positive"),
        ({"data_per_class": 2.5}, "not a whole number"),
        ({"min_edge_width": 5}, "the edges do not fit"),
        ({"max_edge_width": 15, "possible_edge_location_ratio": 0.5}, "the edges do not fit"),
        ({"max_edge_intensity": 2.0}, "the edge intensities"),
        ({"min_background_intensity": 0.5}, "the background intensities"),
        ({"possible_edge_location_ratio": 0.0}, "outside (0, 1]"),
        ({"use_permutation": True}, "no permutation of the pixels"),
        ({"use_permutation": True, "permutater": np.zeros(784, int)}, "no permutation of the pixels"),
        ({"use_permutation": True, "permutater": np.roll(np.arange(784), 1), "unpermutater": np.arange(784)}, "does not undo"),
        ({"num_horizontal_edge": 0}, "num_horizontal_edge must be positive"),
        ({"spatial_resolution": 2}, "too small"),
    ],
)
def test_bad_configurations_are_explained(keys: dict[str, Any], says: str) -> None:
    """Every impossible wish is refused before anything is drawn, and the message names it."""
    with pytest.raises(ValueError, match="domain_config") as refused:
        EdgeDetectionDataset({**SMALL, **keys})
    assert says in str(refused.value)


def test_an_unknown_mode_is_refused() -> None:
    """The message names the modes."""
    with pytest.raises(ValueError, match="'train', 'valid' or 'test'"):
        EdgeDetectionDataset(SMALL, "validation")
