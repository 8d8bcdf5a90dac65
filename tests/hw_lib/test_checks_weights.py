"""Weights from a student's file are read without running it, counted, and compared with what the record says."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from hw_lib import training
from hw_lib.checks import weights
from hw_lib.errors import CheckFailed


class Runs:
    """What a file must never get to do."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Make a folder when unpickled."""
        return os.mkdir, ("was-run",)


def saved(folder: Path, content: object) -> Path:
    """A file that torch.save wrote."""
    torch.save(content, folder / "w.pt")
    return folder / "w.pt"


def test_what_the_notebook_saves_is_read_back(tmp_path: Path) -> None:
    """save_weights and read_weights belong together, and the model is left as it was."""
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).to(memory_format=torch.channels_last)
    model.train()
    training.save_weights(model, tmp_path / "w.pt")
    state = weights.read_weights(tmp_path / "w.pt")
    assert list(state) == list(model.state_dict())
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())
    assert model.training
    assert [path.name for path in tmp_path.iterdir()] == ["w.pt"]


def test_saving_replaces_an_older_file(tmp_path: Path) -> None:
    """The second run's weights are the ones that count."""
    for value in (1.0, 2.0):
        model = nn.Linear(2, 1)
        nn.init.constant_(model.weight, value)
        training.save_weights(model, tmp_path / "w.pt")
    assert weights.read_weights(tmp_path / "w.pt")["weight"].tolist() == [[2.0, 2.0]]


@pytest.mark.parametrize(
    "content",
    [
        [1, 2],
        {},
        {"w": 3.0},
        {1: torch.zeros(2)},
        nn.Linear(2, 2),
        Runs(),
        {"w": torch.zeros(3).to_sparse()},
        {"w": torch.zeros(3, device="meta")},
        {"w": torch.zeros(3, dtype=torch.complex64)},
        {"w": torch.zeros(1).expand(10**9)},
    ],
    ids=["list", "empty", "number", "number as name", "module", "code", "sparse", "meta", "complex", "huge"],
)
def test_anything_but_ordinary_tensors_is_refused(content: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every odd file ends in one message, and nothing in it is run."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CheckFailed, match="is not a file of weights"):
        weights.read_weights(saved(tmp_path, content))
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 and no more", pickle.dumps({"w": 1})])
def test_files_of_other_kinds_are_refused(content: bytes, tmp_path: Path) -> None:
    """Damaged files, pickles and texts give the same message."""
    (tmp_path / "w.pt").write_bytes(content)
    with pytest.raises(CheckFailed, match="is not a file of weights"):
        weights.read_weights(tmp_path / "w.pt")


def test_large_files_are_not_opened(tmp_path: Path) -> None:
    """The size is looked at first."""
    with (tmp_path / "w.pt").open("wb") as file:
        file.truncate(weights.MOST_BYTES + 1)
    with pytest.raises(CheckFailed, match="at most 12,000,000 are read"):
        weights.read_weights(tmp_path / "w.pt")


def test_a_small_file_that_unpacks_to_a_large_one_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the archive says of its sizes is read before anything in it is."""
    with zipfile.ZipFile(tmp_path / "w.pt", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/data.pkl", pickle.dumps({}))
        packed.writestr("archive/data/0", bytes(2 * weights.MOST_BYTES))
    assert (tmp_path / "w.pt").stat().st_size < 100_000
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(CheckFailed, match="once it is unpacked"):
        weights.read_weights(tmp_path / "w.pt")


def test_a_missing_file_says_which_cell_to_run(tmp_path: Path) -> None:
    """Nothing handed in is the commonest mistake."""
    with pytest.raises(CheckFailed, match=r"there is no w\.pt[\s\S]*run the cell that trains"):
        weights.read_weights(tmp_path / "w.pt")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_named(number: float, tmp_path: Path) -> None:
    """Training that diverged is told apart from a damaged file."""
    path = saved(tmp_path, {"good": torch.zeros(2), "bad": torch.tensor([1.0, number])})
    with pytest.raises(CheckFailed, match=r"not finite[\s\S]*bad[\s\S]*smaller learning rate"):
        weights.read_weights(path)


def test_running_averages_are_no_parameters() -> None:
    """Scale and shift of batchnorm count, its averages and its counter do not."""
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Linear(5, 6, bias=False))
    assert weights.count_parameters(model.state_dict()) == sum(p.numel() for p in model.parameters()) == 112 + 8 + 30


def test_a_limit_counts_running_averages_too() -> None:
    """Whatever a tensor is called: a parameter may be named as an average is."""
    assert weights.count_numbers({"running_mean": torch.randn(4, 5), "w": torch.randn(3)}) == 23
    assert weights.count_parameters({"running_mean": torch.randn(4, 5), "w": torch.randn(3)}) == 3


class Shares(nn.Module):
    """One convolution and one batchnorm under two names each, and a buffer of three numbers."""

    def __init__(self) -> None:
        """72 + 8 + 16 parameters, 3 numbers more."""
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8)
        self.block = nn.Sequential(self.conv, self.norm)
        self.register_buffer("mean", torch.tensor([0.5, 0.4, 0.3]))
        self.other = nn.BatchNorm2d(8)


def test_a_shared_layer_counts_once_and_a_buffer_counts() -> None:
    """Fresh, stirred, and read back from a file, beside a second batchnorm that starts with the same numbers."""
    model = Shares()
    once = weights.stirred(model)
    counted = 72 + 8 + 16 + 16 + 3
    assert weights.count_parameters(once) == weights.count_parameters(model.state_dict()) == counted
    assert [name for name in once if name.startswith("block")] == []
    assert len(once) == 1 + 2 + 5 + 5


def test_constants_are_told_apart_from_sharing() -> None:
    """Two layers that start with zeros are two; empty tensors disturb nobody."""
    zeros = {"a": torch.zeros(4, 4), "b": torch.zeros(4, 4), "c": torch.zeros(0), "d": torch.zeros(0)}
    assert weights.count_parameters(zeros) == 32
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    for p in model.parameters():
        nn.init.zeros_(p)
    assert weights.count_parameters(weights.stirred(model)) == 40


def test_stirring_leaves_no_zero_and_no_negative_variance() -> None:
    """Every floating-point entry moves, upwards and a little; counters stay."""
    model = nn.BatchNorm1d(5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    after = weights.stirred(model)
    assert list(after) == list(before)
    for name, value in after.items():
        moved = value - before[name]
        assert bool(((moved >= 0) & (moved <= 0.011)).all())
        assert bool((moved != 0).any()) == value.is_floating_point()


def test_lazy_layers_get_their_sizes_and_others_are_not_called() -> None:
    """After the call every entry has a shape."""
    lazy = weights.sized(nn.Sequential(nn.Flatten(), nn.LazyLinear(7)), 2, 3, 4, 4)
    assert weights.count_parameters(lazy.state_dict()) == 49 * 7
    assert not lazy.training
    plain = nn.Sequential(nn.Linear(5, 2))
    assert weights.sized(plain, 1, 2, 3) is plain  # such an input would not fit
    assert plain.training


def test_a_contradiction_is_for_a_person() -> None:
    """Within the tolerance nothing happens; beyond it comes an error of its own kind, a failed test for stock tools."""
    weights.reproduced("the test images", 0.7, 0.695, 0.01)
    for measured in (0.68, 0.72):
        with pytest.raises(weights.NeedsPerson, match=r"a person will look[\s\S]*0\.7000 ± 0\.0100"):
            weights.reproduced("the test images", 0.7, measured, 0.01)
    assert issubclass(weights.NeedsPerson, AssertionError)


@pytest.mark.parametrize(("accuracy", "expected"), [(0.3, 0.0), (0.38, 0.0), (0.41, 0.5), (0.44, 1.0), (0.9, 1.0)])
def test_points_lie_on_a_straight_line(accuracy: float, expected: float) -> None:
    """Nothing below the line's start, everything beyond its end, always a plain float."""
    earned = weights.share(accuracy, 0.38, 0.44)
    assert type(earned) is float
    assert earned == pytest.approx(expected)
