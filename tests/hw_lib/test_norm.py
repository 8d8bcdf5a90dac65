"""The normalising layers: running statistics, modes, precision, and every error message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors, layers

BATCHNORMS = {
    "vectors": (layers.batchnorm_forward, layers.batchnorm_backward, (8, 5)),
    "images": (layers.spatial_batchnorm_forward, layers.spatial_batchnorm_backward, (4, 5, 3, 2)),
    "images, fast": (layers.spatial_batchnorm_forward_fast, layers.spatial_batchnorm_backward_fast, (4, 5, 3, 2)),
}
both = pytest.mark.parametrize("kind", BATCHNORMS)


def normal(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Numbers from a fixed seed, away from mean 0 and variance 1."""
    return 3 + 2 * np.random.default_rng(seed).standard_normal(shape)


def over_batch(x: np.ndarray) -> tuple[int, ...]:
    """Every axis but the second."""
    return tuple(axis for axis in range(x.ndim) if axis != 1)


@both
def test_train_mode_normalises(kind: str) -> None:
    """With gamma 1 and beta 0 each feature has mean 0 and variance 1; gamma and beta then set both."""
    forward, _, shape = BATCHNORMS[kind]
    x = normal(shape)
    out, _ = forward(x, np.ones(5), np.zeros(5), {"mode": "train", "eps": 0})
    np.testing.assert_allclose(out.mean(over_batch(x)), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(over_batch(x)), 1, rtol=1e-12)
    gamma, beta = np.arange(1, 6), np.arange(11, 16)
    out, _ = forward(x, gamma, beta, {"mode": "train", "eps": 0})
    np.testing.assert_allclose(out.mean(over_batch(x)), beta, rtol=1e-12)
    np.testing.assert_allclose(out.std(over_batch(x)), gamma, rtol=1e-12)


@both
def test_momentum_is_the_weight_of_the_old_value(kind: str) -> None:
    """running = momentum * running + (1 - momentum) * batch, with the biased variance, starting from zero."""
    forward, _, shape = BATCHNORMS[kind]
    x, bn_param = normal(shape), {"mode": "train", "momentum": 0.7}
    for _ in range(2):
        forward(x, np.ones(5), np.zeros(5), bn_param)
    axes = over_batch(x)
    np.testing.assert_allclose(bn_param["running_mean"], (0.7 * 0.3 + 0.3) * x.mean(axes), rtol=1e-12)
    np.testing.assert_allclose(bn_param["running_var"], (0.7 * 0.3 + 0.3) * x.var(axes), rtol=1e-12)


@both
def test_momentum_defaults_to_nine_tenths(kind: str) -> None:
    """Without 'momentum' a tenth of the batch's mean goes in."""
    forward, _, shape = BATCHNORMS[kind]
    x, bn_param = normal(shape), {"mode": "train"}
    forward(x, np.ones(5), np.zeros(5), bn_param)
    np.testing.assert_allclose(bn_param["running_mean"], 0.1 * x.mean(over_batch(x)), rtol=1e-12)


@both
def test_running_mean_is_pytorchs_with_the_opposite_momentum(kind: str) -> None:
    """PyTorch with momentum 0.1 keeps the same running mean; its running variance divides by one less."""
    forward, _, shape = BATCHNORMS[kind]
    x, bn_param = normal(shape), {"mode": "train", "momentum": 0.9}
    forward(x, np.ones(5), np.zeros(5), bn_param)
    mean, var = torch.zeros(5, dtype=torch.float64), torch.zeros(5, dtype=torch.float64)
    torch.nn.functional.batch_norm(torch.tensor(x), mean, var, training=True, momentum=0.1)
    count = x.size // 5
    np.testing.assert_allclose(bn_param["running_mean"], mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(bn_param["running_var"] * count / (count - 1), var.numpy(), rtol=1e-12)


@both
def test_test_mode_writes_the_running_statistics_back_unchanged(kind: str) -> None:
    """In test mode both keys appear in bn_param, zeros if there were none, and do not move."""
    forward, _, shape = BATCHNORMS[kind]
    bn_param: dict[str, Any] = {"mode": "test"}
    out, _ = forward(normal(shape), np.ones(5), np.zeros(5), bn_param)
    np.testing.assert_array_equal(bn_param["running_mean"], np.zeros(5))
    np.testing.assert_array_equal(bn_param["running_var"], np.zeros(5))
    np.testing.assert_allclose(out, normal(shape) / np.sqrt(1e-5), rtol=1e-12)


@both
def test_running_arrays_are_replaced_not_modified(kind: str) -> None:
    """Arrays that a caller put into bn_param stay as they are."""
    forward, _, shape = BATCHNORMS[kind]
    old = np.ones(5)
    bn_param = {"mode": "train", "running_mean": old, "running_var": old}
    forward(normal(shape), np.ones(5), np.zeros(5), bn_param)
    np.testing.assert_array_equal(old, np.ones(5))
    assert not np.array_equal(bn_param["running_mean"], old)


@both
def test_running_statistics_have_the_dtype_of_x(kind: str) -> None:
    """float32 in, float32 kept, step after step."""
    forward, _, shape = BATCHNORMS[kind]
    bn_param: dict[str, Any] = {"mode": "train"}
    for _ in range(2):
        forward(normal(shape).astype(np.float32), np.ones(5, np.float32), np.zeros(5, np.float32), bn_param)
        assert bn_param["running_mean"].dtype == bn_param["running_var"].dtype == np.float32


@both
def test_a_large_mean_costs_no_digits(kind: str) -> None:
    """A float32 batch around 1000 is normalised as well as float32 numbers there allow."""
    forward, _, shape = BATCHNORMS[kind]
    x = (1000 + np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
    out, _ = forward(x, np.ones(5, np.float32), np.zeros(5, np.float32), {"mode": "train"})
    exact, _ = forward(x.astype(np.float64), np.ones(5), np.zeros(5), {"mode": "train"})
    np.testing.assert_allclose(out, exact, atol=2e-3)


@given(shape=st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_images_are_normalised_as_rows_of_pixels(shape: tuple[int, ...], seed: int) -> None:
    """Fast spatial batchnorm gives what batchnorm gives on x seen as (N * H * W, C), forward and backward."""
    x, dout = normal(shape, seed), normal(shape, seed + 1)
    gamma, beta = normal(shape[1:2], seed), normal(shape[1:2], seed + 1)

    def rows(images: np.ndarray) -> np.ndarray:
        return images.transpose(0, 2, 3, 1).reshape(-1, shape[1])

    out, cache = layers.spatial_batchnorm_forward_fast(x, gamma, beta, {"mode": "train"})
    flat, flat_cache = layers.batchnorm_forward(rows(x), gamma, beta, {"mode": "train"})
    np.testing.assert_allclose(rows(out), flat, rtol=1e-9, atol=1e-9)
    grads, flat_grads = layers.spatial_batchnorm_backward_fast(dout, cache), layers.batchnorm_backward(rows(dout), flat_cache)
    np.testing.assert_allclose(rows(grads[0]), flat_grads[0], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(grads[1], flat_grads[1], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(grads[2], flat_grads[2], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("mean", [0.0, 1.9, -2.1, 1e4])
def test_a_mean_far_from_zero_costs_no_digits(mean: float) -> None:
    """Images in float32 are normalised to five digits, whether their mean is subtracted first or not."""
    x = (normal((4, 5, 30, 20)) + mean).astype(np.float32)
    _, single = layers.spatial_batchnorm_forward_fast(x, np.ones(5), np.zeros(5), {"mode": "train"})
    exact = x.astype(np.float64)
    np.testing.assert_allclose(single.mean, exact.mean(axis=(0, 2, 3)), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(single.inv_std, 1 / np.sqrt(exact.var(axis=(0, 2, 3)) + 1e-5), rtol=1e-5)


@pytest.mark.parametrize("mode", ["train", "test"])
def test_both_backward_passes_agree(mode: str) -> None:
    """The computation graph and the closed form give the same from the same cache."""
    param = {"mode": mode, "running_mean": np.ones(100), "running_var": np.full(100, 2.0)}
    _, cache = layers.batchnorm_forward(normal((50, 100)), normal((100,)), np.zeros(100), param)
    graph, closed = (f(normal((50, 100), 1), cache) for f in (layers.batchnorm_backward, layers.batchnorm_backward_alt))
    for a, b in zip(graph, closed, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@both
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_batch_that_is_not_finite_spoils_nothing(kind: str, bad: float) -> None:
    """One NaN in train mode is refused, and the running statistics stay as they were."""
    forward, _, shape = BATCHNORMS[kind]
    x, bn_param = normal(shape), {"mode": "train"}
    forward(x, np.ones(5), np.zeros(5), bn_param)
    before = {key: np.copy(value) for key, value in bn_param.items()}
    x[(0,) * x.ndim] = bad
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=r"batchnorm_forward(_fast)?: x is not finite") as caught:
        forward(x, np.ones(5), np.zeros(5), bn_param)
    message = errors.read(str(caught.value))
    assert "1 of 5 features" in message.got
    assert message.fix
    for key, value in before.items():
        np.testing.assert_array_equal(bn_param[key], value)


def test_spatial_dropout_drops_whole_channels() -> None:
    """Every channel of every image is all zero or all scaled, about p of them zero, and test mode changes nothing."""
    x = np.ones((200, 50, 2, 2))
    out, cache = layers.spatial_dropout_forward(x, {"mode": "train", "p": 0.3, "seed": 1})
    channels = out[:, :, 0, 0]
    assert np.all(out == channels[:, :, None, None])
    np.testing.assert_allclose(np.unique(channels), [0, 1 / 0.7])
    assert abs((channels == 0).mean() - 0.3) < 6 * (0.3 * 0.7 / channels.size) ** 0.5
    np.testing.assert_array_equal(layers.spatial_dropout_backward(x, cache), out)
    out, cache = layers.spatial_dropout_forward(x, {"mode": "test", "p": 0.3})
    np.testing.assert_array_equal(out, x)
    assert layers.spatial_dropout_backward(x, cache) is x


ONES, X, IMAGES = np.ones(5), np.ones((2, 5)), np.ones((2, 5, 3, 3))
TRAIN = {"mode": "train"}


def case(what: str, function: Callable[..., Any], *args: Any) -> Any:
    """A wrong call and the first line of its message."""
    return pytest.param(function, args, what, id=what)


@pytest.mark.parametrize(
    ("function", "args", "what"),
    [
        case('Invalid forward batchnorm mode "training"', layers.batchnorm_forward, X, ONES, ONES, {"mode": "training"}),
        case("batchnorm_forward: bn_param has no 'mode'", layers.batchnorm_forward, X, ONES, ONES, {}),
        case('Invalid forward batchnorm mode "x"', layers.spatial_batchnorm_forward, IMAGES, ONES, ONES, {"mode": "x"}),
        case("batchnorm_forward: x has the wrong number of axes", layers.batchnorm_forward, IMAGES, ONES, ONES, TRAIN),
        case("spatial_batchnorm_forward: x has the wrong number of axes", layers.spatial_batchnorm_forward, X, ONES, ONES, TRAIN),
        case(
            "spatial_batchnorm_forward_fast: beta has the wrong shape",
            layers.spatial_batchnorm_forward_fast,
            IMAGES,
            ONES,
            X,
            TRAIN,
        ),
        case("batchnorm_forward: x is empty", layers.batchnorm_forward, X[:0], ONES, ONES, TRAIN),
        case("batchnorm_forward: gamma has the wrong shape", layers.batchnorm_forward, X, np.ones(4), ONES, TRAIN),
        case("spatial_batchnorm_forward: beta has the wrong shape", layers.spatial_batchnorm_forward, IMAGES, ONES, X, TRAIN),
        case("batchnorm_forward: eps is not usable", layers.batchnorm_forward, X, ONES, ONES, TRAIN | {"eps": -1}),
        case("batchnorm_forward: momentum is outside [0, 1]", layers.batchnorm_forward, X, ONES, ONES, TRAIN | {"momentum": 2}),
        case(
            "batchnorm_forward: running_mean has the wrong shape",
            layers.batchnorm_forward,
            X,
            ONES,
            ONES,
            TRAIN | {"running_mean": np.ones(3)},
        ),
        case("spatial_dropout_forward: x has the wrong number of axes", layers.spatial_dropout_forward, X, TRAIN | {"p": 0.5}),
        case("dropout_forward: p is outside [0, 1)", layers.spatial_dropout_forward, IMAGES, TRAIN | {"p": 1.0}),
    ],
)
def test_messages(function: Callable[..., Any], args: tuple[Any, ...], what: str) -> None:
    """Every wrong call is a ValueError in the project's format, before any arithmetic."""
    with pytest.raises(ValueError) as caught:
        function(*args)
    message = errors.read(str(caught.value))
    assert message.what == what
    assert message.expected
    assert message.fix


BACKWARDS = [
    (layers.batchnorm_backward, layers.batchnorm_forward, X, (TRAIN,)),
    (layers.batchnorm_backward_alt, layers.batchnorm_forward, X, (TRAIN,)),
    (layers.spatial_batchnorm_backward, layers.spatial_batchnorm_forward, IMAGES, (TRAIN,)),
    (layers.spatial_batchnorm_backward_fast, layers.spatial_batchnorm_forward_fast, IMAGES, (TRAIN,)),
]


@pytest.mark.parametrize(("backward", "forward", "x", "extra"), BACKWARDS, ids=[row[0].__name__ for row in BACKWARDS])
def test_messages_of_backward(backward: Any, forward: Any, x: np.ndarray, extra: tuple[Any, ...]) -> None:
    """An upstream gradient of another shape is refused."""
    _, cache = forward(x, ONES, ONES, *extra)
    with pytest.raises(ValueError, match=f"{backward.__name__}: dout has the wrong shape"):
        backward(x[:1], cache)
