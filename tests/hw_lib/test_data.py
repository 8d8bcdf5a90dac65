"""The stand-in, the fall-back to it, and seeded splits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hw_lib import data, errors
from hw_lib.data import shapes


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees what this machine may have downloaded."""
    monkeypatch.setenv("HW_LIB_DATA", str(tmp_path))
    return tmp_path


def test_shapes_look_like_cifar() -> None:
    """The stand-in has CIFAR's shape and type, all ten classes, and uses the whole range of a pixel."""
    x, y = shapes.draw(600)
    assert (x.shape, x.dtype, y.dtype) == ((600, 3, 32, 32), np.uint8, np.int64)
    assert set(y.tolist()) == set(range(10))
    assert (x.min(), x.max()) == (0, 255)


def test_shapes_are_deterministic_and_a_prefix() -> None:
    """A seed always gives the same series, and fewer images are the beginning of more."""
    x, y = shapes.draw(300, seed=4)
    fewer_x, fewer_y = shapes.draw(20, seed=4)
    np.testing.assert_array_equal(x[:20], fewer_x)
    np.testing.assert_array_equal(y[:20], fewer_y)
    assert not np.array_equal(shapes.draw(20, seed=5)[0], fewer_x)


@pytest.mark.parametrize(
    ("n", "seed", "classes", "pixels", "labels"),
    [(600, 0, 10, -57938, 761395), (251, 4, 100, -14637, 1440251), (20, 2**127 + 5, 10, 1022, 897)],
)
def test_the_images_stay(n: int, seed: int, classes: int, pixels: int, labels: int) -> None:
    """Records were measured on these very images: a faster way to draw them may not change them.

    Processors round sines differently, which moves one pixel of 100,000 by one level of grey; any other change is far larger.
    """
    x, y = shapes.draw(n, seed=seed, classes=classes)
    signs = np.random.default_rng(0).choice([-1, 1], x.shape)
    assert abs((signs * x).sum() - pixels) <= x.size // 10_000
    assert (y * np.arange(n)).sum() == labels
    assert x.flags.c_contiguous


def test_no_block_repeats_another() -> None:
    """The random stream does not start again after a block of images."""
    x, _ = shapes.draw(750)
    assert not np.array_equal(x[:250], x[250:500])
    assert not np.array_equal(x[250:500], x[500:])


def test_shapes_can_be_told_apart() -> None:
    """A nearest-mean classifier on the images beats guessing by far: the labels belong to the pictures."""
    x, y = shapes.draw(4000)
    test_x, test_y = shapes.draw(1000, seed=1)
    ink = [np.abs(a.astype(float) - a.mean((2, 3), keepdims=True)).mean(1).reshape(len(a), -1) for a in (x, test_x)]
    means = np.array([ink[0][y == k].mean(0) for k in range(10)])
    guess = ((ink[1][:, None] - means) ** 2).sum(-1).argmin(1)
    assert (guess == test_y).mean() > 0.14


def test_every_bit_of_a_long_seed_counts() -> None:
    """Two seeds that differ in one bit of 128 draw other labels, whichever bit it is."""
    seed = 0xA5A5_0F0F_1234_5678_9ABC_DEF0_55AA_C3C3
    labels = {shapes.draw(250, seed=seed ^ (1 << bit), classes=100)[1].tobytes() for bit in range(128)}
    assert len(labels | {shapes.draw(250, seed=seed, classes=100)[1].tobytes()}) == 129


def test_varied_images_are_none_that_a_seed_draws() -> None:
    """Each is changed by itself, a little, in every channel; the same stream changes the same."""
    x, _ = shapes.draw(250, seed=4, classes=100)
    one, two, other = (shapes.varied(x, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert one.dtype == np.uint8
    assert not np.array_equal(one, other)
    off = one.astype(float) - x
    assert 3 < np.abs(off).mean() < 8  # of 255, where the pixel noise has a standard deviation of 40
    assert (np.abs(off).mean(axis=(2, 3)) > 1).all()
    assert np.std(off.mean(axis=(2, 3))) > 3  # brightness: every image and channel by another amount


def test_a_hundred_classes() -> None:
    """The 100-class version labels shape and colour."""
    _, y = shapes.draw(3000, classes=100)
    assert (y.min(), y.max()) == (0, 99)


@pytest.mark.parametrize(("n", "classes", "match"), [(-1, 10, "negative"), (1, 7, "10 or 100")])
def test_shapes_messages(n: int, classes: int, match: str) -> None:
    """Impossible requests are refused."""
    with pytest.raises(ValueError, match=match):
        shapes.draw(n, classes=classes)


def test_load_falls_back_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Without CIFAR, load draws the stand-in, says so in one line, and never calls it CIFAR."""
    images = data.load("cifar10", n_train=30, n_test=20)
    line = capsys.readouterr().out
    assert images.name == "shapes"
    assert line.count("\n") == 1
    assert 'stand-in "shapes"' in line
    assert "hw_lib.data.download('cifar10')" in line
    assert (len(images.x_train), len(images.x_test), images.class_names[0]) == (30, 20, "disk")
    assert not np.array_equal(images.x_train[:20], images.x_test)


def test_load_shapes_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for the stand-in by name needs no notice."""
    assert data.load("shapes", n_train=1, n_test=1).name == "shapes"
    assert capsys.readouterr().out == ""


def test_the_stand_in_is_drawn_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that only asks for the name pays for no picture; each part is drawn once."""
    asked, draw = [], shapes.draw
    monkeypatch.setattr(shapes, "draw", lambda n, **how: (asked.append(n), draw(n, **how))[1])
    images = data.load("shapes", n_train=3, n_test=2, seed=5)
    assert images.name == "shapes"
    assert asked == []
    assert images.x_train is images.x_train
    assert asked == [3]
    expected = (*draw(3, seed=10), *draw(2, seed=11))
    for mine, other in zip((images.x_train, images.y_train, images.x_test, images.y_test), expected, strict=True):
        np.testing.assert_array_equal(mine, other)
    assert asked == [3, 2]


def test_fewer_images_are_the_first_of_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run again on a few images draws no more than those; how many there are is known without drawing one."""
    rng = np.random.default_rng(0)
    whole = {
        part: (rng.integers(0, 256, (n, 3, 2, 2), np.uint8), rng.integers(0, 10, n)) for part, n in (("train", 50), ("test", 9))
    }
    monkeypatch.setattr(data.cifar, "read", lambda name, part: whole[part])
    monkeypatch.setattr(data.cifar, "class_names", lambda name: ("cat",))
    for there in (False, True):
        monkeypatch.setattr(data, "available", lambda name, there=there: there)
        few, more = (data.load("cifar10", n_train=n, n_test=2, seed=3) for n in (20, 40))
        assert (few.n_train, few.n_test, more.n_train) == (20, 2, 40)
        np.testing.assert_array_equal(few.x_train, more.x_train[:20])
        np.testing.assert_array_equal(few.y_train, more.y_train[:20])


def test_cifar100_falls_back_to_a_hundred_classes() -> None:
    """The 100-class stand-in has a name for each of its labels."""
    images = data.load("cifar100", n_train=5, n_test=5)
    assert (images.name, len(images.class_names), images.class_names[42]) == ("shapes100", 100, "plus 2")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"name": "mnist"}, "unknown data set 'mnist'"),
        ({"n_train": 50_001}, "load: n_train is out of range"),
        ({"n_test": 0}, "load: n_test is out of range"),
    ],
)
def test_load_messages(options: dict, what: str) -> None:
    """Impossible requests are ValueErrors in the project's format."""
    with pytest.raises(ValueError, match="expected") as caught:
        data.load(**options)
    assert errors.read(str(caught.value)).what == what


def test_split_is_disjoint_and_seeded() -> None:
    """Parts do not overlap, have the sizes asked for, and depend on the seed only."""
    parts = data.split(100, {"train": 70, "validation": 20}, seed=3)
    assert {name: len(part) for name, part in parts.items()} == {"train": 70, "validation": 20}
    assert len(set(parts["train"]) | set(parts["validation"])) == 90
    np.testing.assert_array_equal(parts["train"], data.split(100, {"train": 70, "validation": 20}, seed=3)["train"])
    assert not np.array_equal(parts["train"], data.split(100, {"train": 70, "validation": 20}, seed=4)["train"])


@pytest.mark.parametrize("sizes", [{"a": 60, "b": 50}, {"a": -1}])
def test_split_messages(sizes: dict) -> None:
    """Parts that do not fit are refused."""
    with pytest.raises(ValueError, match="split: the parts do not fit"):
        data.split(100, sizes)


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variable wins; in a checkout the cache is data/cache; elsewhere it is in the home folder."""
    assert data.cache_dir() == tmp_path
    monkeypatch.delenv("HW_LIB_DATA")
    root = Path(data.__file__).parents[2]
    assert data.cache_dir() == root / "data" / "cache"
    monkeypatch.setattr("hw_lib.data.cifar.__file__", str(tmp_path / "site-packages" / "hw_lib" / "data" / "cifar.py"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data.cache_dir() == tmp_path / ".cache" / "hw_lib"
