"""The property tests of a Dropout module: right ones pass in any style, each misconception gets its own sentence."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from hw_lib import checks
from hw_lib.errors import CheckFailed


def module(forward: object) -> type[nn.Module]:
    """A Dropout class from its forward function."""

    class Dropout(nn.Module):
        def __init__(self, p: float = 0.5) -> None:
            super().__init__()
            self.p = p

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return forward(self, x)

    return Dropout


def keep(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """A right 0/1 mask."""
    return (torch.rand(x.shape) >= self.p).to(x.dtype)


def numpy_random(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Right, with NumPy's randomness."""
    if self.training:
        x = x * torch.from_numpy(np.random.default_rng().random(x.shape) >= self.p) / (1 - self.p)
    return x


def where(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Right, with torch.where."""
    return torch.where(torch.rand(x.shape) < self.p, torch.zeros_like(x), x / (1 - self.p)) if self.training else x.clone()


def indexed(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Right, written into a clone."""
    if not self.training:
        return x
    out = x.clone() / (1 - self.p)
    out[torch.rand(x.shape) < self.p] = 0
    return out


@pytest.fixture(autouse=True)
def seeds() -> None:
    """The modules draw from the global generators: every run of a test sees the same numbers."""
    torch.manual_seed(0)
    np.random.seed(0)


RIGHT = {
    "bernoulli": lambda self, x: x * torch.bernoulli(torch.full_like(x, 1 - self.p)) / (1 - self.p) if self.training else x,
    "functional": lambda self, x: nn.functional.dropout(x, self.p, self.training),
    "numpy": numpy_random,
    "where": where,
    "indexed": indexed,
}


@pytest.mark.parametrize("p", [0.01, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", RIGHT)
def test_right_modules_pass(name: str, p: float) -> None:
    """A right module passes however it is written and wherever its randomness comes from."""
    checks.dropout_module(module(RIGHT[name]), p)


def test_torchs_own_passes() -> None:
    """The library's dropout has all the properties."""
    checks.dropout_module(nn.Dropout, 0.3)


def in_place(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Zeroes the input itself."""
    if self.training:
        x *= keep(self, x) / (1 - self.p)
    return x


def pairs(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Drops exactly the share p of the entries of each call."""
    if not self.training:
        return x
    mask = torch.ones(x.numel(), dtype=x.dtype)
    mask[torch.randperm(x.numel())[: round(self.p * x.numel())]] = 0
    return x * mask.reshape(x.shape) / (1 - self.p)


def per_channel(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Drops whole channels of images."""
    if not self.training:
        return x
    size = (*x.shape[:2], 1, 1) if x.dim() == 4 else x.shape
    return x * (torch.rand(size) >= self.p) / (1 - self.p)


def blocks(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Neighbouring pairs of columns share a decision."""
    if not self.training:
        return x
    mask = (torch.rand((*x.shape[:-1], (x.shape[-1] + 19) // 20)) >= self.p).repeat_interleave(20, -1)[..., : x.shape[-1]]
    return x * mask / (1 - self.p)


def alike(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Every other entry follows the one before it in half of the cases."""
    if not self.training:
        return x
    kept, copies = keep(self, x).flatten(), torch.rand(x.numel() // 2) < 0.5
    kept[1::2] = torch.where(copies, kept[: 2 * len(copies) : 2], kept[1::2])
    return x * kept.reshape(x.shape) / (1 - self.p)


class SeededOnce(nn.Module):
    """Draws new masks in every call, and the same ones in every module."""

    def __init__(self, p: float = 0.5) -> None:
        """Take the probability of dropping."""
        super().__init__()
        self.p, self.generator = p, torch.Generator().manual_seed(0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Inverted dropout."""
        return x * (torch.rand(x.shape, generator=self.generator) >= self.p) / (1 - self.p) if self.training else x


def test_modules_do_not_share_their_masks() -> None:
    """A seed that is set when the module is made."""
    with pytest.raises(CheckFailed, match="the same entries in the first call of every new module"):
        checks.dropout_module(SeededOnce, 0.5)


def seeded(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Draws the same mask in every call."""
    mask = torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) >= self.p
    return x * mask / (1 - self.p) if self.training else x


def tilts(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Switches to evaluation after its first evaluation."""
    self.seen = getattr(self, "seen", 0) + (not self.training)
    return x * keep(self, x) / (1 - self.p) if self.training and self.seen < 10 else x


def half_detached(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Right numbers, but half of the product is hidden from autograd."""
    if not self.training:
        return x
    scaled = x * keep(self, x)
    return scaled + scaled.detach() * (1 / (1 - self.p) - 1)


WRONG = {
    "forgot the scale": (lambda self, x: x * keep(self, x) if self.training else x, "the survivors are not scaled"),
    "keep probability": (
        lambda self, x: x * (torch.rand(x.shape) < self.p) / self.p if self.training else x,
        "here it is the probability of keeping",
    ),
    "1/p": (lambda self, x: x * keep(self, x) / self.p if self.training else x, "the survivors are scaled by 1/p"),
    "times q": (lambda self, x: x * keep(self, x) * (1 - self.p) if self.training else x, "multiplied by 1 - p"),
    "times p": (lambda self, x: x * keep(self, x) * self.p if self.training else x, "multiplied by p"),
    "test time too": (lambda self, x: x * keep(self, x) / (1 - self.p), "it drops at test time"),
    "modes swapped": (
        lambda self, x: x if self.training else x * keep(self, x) / (1 - self.p),
        "swaps training mode and evaluation mode",
    ),
    "not inverted": (
        lambda self, x: x * keep(self, x) if self.training else x * (1 - self.p),
        "this scales at test time; inverted",
    ),
    "scales in both": (
        lambda self, x: x * keep(self, x) / (1 - self.p) if self.training else x * (1 - self.p),
        "it scales at test time",
    ),
    "per row": (
        lambda self, x: x * (torch.rand((x.shape[0],) + (1,) * (x.dim() - 1)) >= self.p) / (1 - self.p) if self.training else x,
        "one decision for each row",
    ),
    "one mask for the batch": (
        lambda self, x: x * (torch.rand(x.shape[1:]) >= self.p) / (1 - self.p) if self.training and x.dim() > 1 else x,
        "one mask for the whole batch",
    ),
    "one decision": (lambda self, x: x * (torch.rand(1) >= 0.5) / (1 - self.p) if self.training else x, ""),
    "channels": (per_channel, "whole channels, or the same mask"),
    "blocks": (blocks, "decisions that depend on each other"),
    "neighbours alike": (alike, "does not drop two entries independently"),
    "a fixed number": (pairs, "do not drop a fixed number of them"),
    "same mask": (seeded, "uses the same mask every time"),
    "in place": (in_place, "modifies its input in training mode"),
    "the mask": (lambda self, x: keep(self, x) / (1 - self.p) if self.training else x, "returns the mask instead"),
    "nothing": (lambda self, x: x, "drops nothing in training mode"),
    "only scales": (lambda self, x: x * (1 - self.p) if self.training else x, "drops nothing in training mode, but changes"),
    "wrong p": (
        lambda self, x: x * (torch.rand(x.shape) >= 0.4) / (1 - self.p) if self.training else x,
        "compare one uniform random",
    ),
    "realised fraction": (
        lambda self, x: x * (k := keep(self, x)) / k.mean() if self.training else x,
        "divided by the fraction that happened to survive",
    ),
    "noise": (lambda self, x: x * keep(self, x) * (1 + torch.rand(x.shape)) if self.training else x, "the same number"),
    "half a scale": (lambda self, x: x * keep(self, x) * 1.2 if self.training else x, "divide the survivors by 1 - p"),
    "float32 only": (
        lambda self, x: (x.float() * keep(self, x) / (1 - self.p)).float() if self.training else x,
        "changes the shape or the type",
    ),
    "flattens": (
        lambda self, x: (x * keep(self, x) / (1 - self.p)).flatten() if self.training else x,
        "changes the shape or the type",
    ),
    "numpy out": (lambda self, x: x.numpy(), "does not return a tensor"),
    "raises": (lambda self, x: x.no_such_thing, "fails on a float32 (64,) tensor in training mode"),
    "detached": (lambda self, x: x.detach() * keep(self, x) / (1 - self.p) if self.training else x, "lets no gradient through"),
    "scale without gradient": (half_detached, "returns the wrong gradient in the backward pass"),
    "nan": (lambda self, x: x * keep(self, x) / 0 if self.training else x, "not finite in training mode"),
    "p = 0": (
        lambda self, x: (x * keep(self, x) / (1 - self.p) if self.p else x * 1.5) if self.training else x,
        "Dropout(0.0) changes its input",
    ),
}


@pytest.mark.parametrize("p", [0.2, 0.7])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_modules_fail_with_their_sentence(name: str, p: float) -> None:
    """Each misconception fails, and the message names it."""
    forward, sentence = WRONG[name]
    with pytest.raises(CheckFailed) as caught:
        checks.dropout_module(module(forward), p)
    assert sentence in str(caught.value)


def test_one_decision_is_named() -> None:
    """A module that drops everything or nothing is told that the decision is one for the whole tensor."""
    sentences = set()
    for seed in range(20):
        torch.manual_seed(seed)
        with pytest.raises(CheckFailed) as caught:
            checks.dropout_module(module(WRONG["one decision"][0]), 0.5)
        sentences.add("one decision for the whole tensor" in str(caught.value))
    assert True in sentences


def test_modes_that_stick_are_found() -> None:
    """A module that stops dropping after it was evaluated does not follow train() and eval()."""
    with pytest.raises(CheckFailed, match=r"does not follow train\(\) and eval\(\)|drops nothing"):
        checks.dropout_module(module(tilts), 0.5)


def test_a_constructor_that_fails() -> None:
    """A class that cannot be made from p fails with its own error in the message."""
    with pytest.raises(CheckFailed, match=r"Dropout\(0.5\) cannot be made") as caught:
        checks.dropout_module(lambda: None, 0.5)
    assert "TypeError" in str(caught.value)


def test_a_blank_module_fails() -> None:
    """The release's stub fails, and says so."""

    def blank(self: nn.Module, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    with pytest.raises(CheckFailed, match="NotImplementedError"):
        checks.dropout_module(module(blank), 0.5)


def test_a_proxy_may_bring_its_own_gradient() -> None:
    """A grader's proxy is asked for (out, dx) through remote_vjp, because gradients do not cross processes."""
    asked = []

    class Proxy(nn.Dropout):
        def remote_vjp(self, x: np.ndarray, dout: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            asked.append(x.shape)
            mask = (np.random.default_rng(0).random(x.shape) >= self.p) / (1 - self.p)
            return x * mask, dout * mask

    checks.dropout_module(Proxy, 0.4)
    assert asked == [(30, 20)]


@pytest.mark.slow
def test_no_false_alarms() -> None:
    """A right module passes 200 times in a row, over many drop rates."""
    for seed in range(200):
        checks.dropout_module(nn.Dropout, (0.05, 0.25, 0.5, 0.75, 0.95)[seed % 5], seed=seed)
