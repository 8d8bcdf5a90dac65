"""The update rules: PyTorch's optimizers as oracle, the config that they keep, and every error message."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors, optim

ORACLES: dict[str, tuple[dict[str, float], Any]] = {
    "sgd": ({}, lambda p: torch.optim.SGD(p, lr=1e-2)),
    "sgd_momentum": ({}, lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9)),
    "rmsprop": ({}, lambda p: torch.optim.RMSprop(p, lr=1e-2, alpha=0.99, eps=1e-8)),
    "adam": ({}, lambda p: torch.optim.Adam(p, lr=1e-3, betas=(0.9, 0.999), eps=1e-8)),
    "adamw": ({}, lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=1e-2)),
    "adam with settings": (
        {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.7, "epsilon": 1e-3},
        lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.7), eps=1e-3),
    ),
}
REMEMBERED = {"sgd": set(), "sgd_momentum": {"velocity"}, "rmsprop": {"cache"}, "adam": {"m", "v", "t"}, "adamw": {"m", "v", "t"}}
every_rule = pytest.mark.parametrize("name", REMEMBERED)


@pytest.mark.parametrize("name", ORACLES)
def test_ten_steps_agree_with_pytorch(name: str) -> None:
    """Ten steps with the defaults, and with other settings, follow PyTorch's optimizer."""
    settings_, make = ORACLES[name]
    rng = np.random.default_rng(0)
    w = rng.standard_normal((4, 3))
    tensor = torch.tensor(w.copy(), requires_grad=True)
    optimizer, config = make([tensor]), dict(settings_)
    for _ in range(10):
        dw = rng.standard_normal(w.shape)
        w, config = optim.RULES[name.split()[0]](w, dw, config)
        tensor.grad = torch.tensor(dw)
        optimizer.step()
    np.testing.assert_allclose(w, tensor.detach().numpy(), rtol=1e-10)


@every_rule
@given(
    shape=st.lists(st.integers(1, 4), max_size=3).map(tuple),
    dtype=st.sampled_from([np.float32, np.float64]),
    rate=st.sampled_from([1e-2, np.float64(1e-2)]),
)
@settings(deadline=None, max_examples=20)
def test_dtype_and_gradient_are_kept(name: str, shape: tuple[int, ...], dtype: type, rate: float) -> None:
    """float32 stays float32, even with a learning rate that is a NumPy number; dw is untouched, w too unless by sgd."""
    w, dw = np.ones(shape, dtype), np.full(shape, 0.5, dtype)
    dw.flags.writeable = False
    w.flags.writeable = name == "sgd"
    config: Any = {"learning_rate": rate}
    for _ in range(2):
        next_w, config = optim.RULES[name](w, dw, config)
        assert next_w.dtype == dtype
        assert next_w.shape == shape


def test_sgd_works_in_place() -> None:
    """The array that comes back is the one that went in."""
    w = np.ones(3)
    next_w, _ = optim.sgd(w, np.ones(3), {"learning_rate": 0.25})
    assert next_w is w
    np.testing.assert_array_equal(w, 0.75)


@every_rule
def test_the_config_is_filled_in_and_mutated(name: str) -> None:
    """The caller's own dict gets the defaults and what the rule remembers; None means a new one."""
    config: dict[str, Any] = {}
    _, returned = optim.RULES[name](np.ones(2), np.ones(2), config)
    assert returned is config
    assert config["learning_rate"] == (1e-3 if name.startswith("adam") else 1e-2)
    assert REMEMBERED[name] <= set(config)
    assert optim.RULES[name](np.ones(2), np.ones(2))[1].keys() == config.keys()


def test_velocity_is_pytorchs() -> None:
    """v = momentum * v + dw, without the learning rate in it."""
    _, config = optim.sgd_momentum(np.ones(2), np.array([1.0, 2.0]), {"velocity": np.array([10.0, 10.0]), "momentum": 0.5})
    np.testing.assert_array_equal(config["velocity"], [6, 7])


def test_adam_counts_first() -> None:
    """t is 1 after the first step, and continues from what the config says."""
    assert optim.adam(np.ones(2), np.ones(2))[1]["t"] == 1
    assert optim.adam(np.ones(2), np.ones(2), {"t": 5, "m": np.ones(2), "v": np.ones(2)})[1]["t"] == 6


@every_rule
def test_another_shape_is_refused(name: str) -> None:
    """A gradient that would only broadcast is a mistake."""
    with pytest.raises(ValueError, match=f"{name}: dw does not have the shape of w") as caught:
        optim.RULES[name](np.ones((3, 2)), np.ones(2))
    message = errors.read(str(caught.value))
    assert (message.expected, message.got) == ("(3, 2)", "(2,)")
    assert message.fix


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("sgd", {"learning_rate": -1}),
        ("sgd", {"learning_rate": np.nan}),
        ("sgd_momentum", {"momentum": 1}),
        ("rmsprop", {"decay_rate": 1.5}),
        ("rmsprop", {"epsilon": -1e-8}),
        ("adam", {"beta1": 1.0}),
        ("adam", {"beta2": -0.1}),
        ("adamw", {"weight_decay": np.inf}),
    ],
)
def test_settings_out_of_range_are_refused(name: str, config: dict[str, float]) -> None:
    """The message names the setting, its range and the customary value."""
    with pytest.raises(ValueError, match=f"{name}: '{next(iter(config))}' is out of range") as caught:
        optim.RULES[name](np.ones(2), np.ones(2), config)
    message = errors.read(str(caught.value))
    assert message.expected and message.got and message.fix
