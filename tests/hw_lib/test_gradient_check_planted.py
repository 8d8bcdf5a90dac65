"""check_gradient against planted bugs: what it must find and name, and how quick it must be."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hw_lib import errors, layers
from hw_lib.errors import CheckFailed
from hw_lib.gradient_check import check_gradient
from hw_lib.models import ThreeLayerConvNet
from tests.hw_lib.test_gradient_check import normal, parts_of

CONV = {"stride": 2, "pad": 1}


def conv_inputs() -> dict[str, np.ndarray]:
    """The convolution that the speed target names."""
    return {"x": normal(10, 3, 5, 5), "w": normal(16, 3, 3, 3, seed=1), "b": normal(16, seed=2)}


def conv(x: Any, w: Any, b: Any) -> Any:
    """That convolution."""
    return layers.conv_forward_fast(x, w, b, CONV)


def test_it_is_a_hundred_times_faster_than_the_loop() -> None:
    """On a naive convolution, fewer than a hundredth of the loop's calls and of its time (extrapolated from 12 entries)."""
    arrays = conv_inputs()
    size = sum(array.size for array in arrays.values())

    def forward(x: Any, w: Any, b: Any) -> Any:
        return layers.conv_forward_naive(x, w, b, CONV)

    start = time.process_time()
    result = check_gradient(forward, layers.conv_backward_naive, arrays)
    quick = time.process_time() - start
    start = time.process_time()
    for _ in range(24):
        forward(**arrays)
    loop = (time.process_time() - start) / 24 * 2 * size
    assert result.evaluations * 100 < 2 * size
    assert quick * 100 < loop


def test_it_is_a_hundred_times_faster_on_a_net() -> None:
    """A three-layer net costs a hundredth of two calls for each parameter, even where kinks ask for smaller steps."""
    calls = []
    for seed in range(10):
        np.random.seed(seed)
        model = ThreeLayerConvNet((3, 8, 8), 4, 3, 10, 5, weight_scale=0.3, dtype=np.float64)
        size = sum(p.size for p in model.params.values())
        forward, backward = parts_of(model, normal(4, 3, 8, 8, seed=seed), np.arange(4))
        calls.append(check_gradient(forward, backward, dict(model.params), seed=seed).evaluations)
    assert np.median(calls) * 100 < 2 * size
    assert max(calls) * 50 < 2 * size


@pytest.mark.slow
def test_one_entry_wrong_by_a_millionth_is_found() -> None:
    """Every third entry of the convolution's three gradients in turn, 1e-6 off: each is found and named."""
    arrays = conv_inputs()
    ends = np.cumsum([array.size for array in arrays.values()])
    missed = []
    for entry in range(0, ends[-1], 3):
        which = int(np.searchsorted(ends, entry, side="right"))
        inside = entry - ([0, *ends][which])
        name = list(arrays)[which]
        index = ", ".join(map(str, np.unravel_index(inside, arrays[name].shape)))

        def backward(dout: Any, cache: Any, which: int = which, inside: int = inside) -> Any:
            grads = [gradient.copy() for gradient in layers.conv_backward_fast(dout, cache)]
            grads[which].flat[inside] *= 1 + 1e-6
            return grads

        try:
            check_gradient(conv, backward, arrays, seed=entry)
            missed.append(entry)
        except CheckFailed as failed:
            assert f"d{name}[{index}] = " in errors.read(str(failed)).got
    assert missed == []


def drop_bias(dout: Any, cache: Any) -> Any:
    """The bias gets a mean instead of a sum."""
    dx, dw, db = layers.conv_backward_fast(dout, cache)
    return dx, dw, db / 10


def no_flip(dout: Any, cache: Any) -> Any:
    """The filters are used upside down; the first row sees only their middle, so the second is the first wrong one."""
    x, w, b, param = cache
    return layers.conv_backward_fast(dout, (x, w[:, :, ::-1], b, param))


def missing_border(dout: Any, cache: Any) -> Any:
    """One border pixel is forgotten."""
    dx, dw, db = layers.conv_backward_fast(dout, cache)
    dx = dx.copy()
    dx[-1, -1, -1, -1] = 0
    return dx, dw, db


def wrong_sign(dout: Any, cache: Any) -> Any:
    """All gradients point uphill."""
    return [-gradient for gradient in layers.conv_backward_fast(dout, cache)]


def one_sample(dout: Any, cache: Any) -> Any:
    """Only the first sample counts for the weights."""
    dx, _, db = layers.conv_backward_fast(dout, cache)
    first = layers.conv_backward_fast(dout[:1], (cache[0][:1], *cache[1:]))
    return dx, first[1], db


def zeros(dout: Any, cache: Any) -> Any:
    """Nothing was implemented."""
    return [np.zeros_like(array) for array in cache[:3]]


@pytest.mark.parametrize(
    ("bug", "place"),
    [
        (drop_bias, "db[0]"),
        (no_flip, "dx[0, 0, 1, 0]"),
        (missing_border, "dx[9, 2, 4, 4]"),
        (wrong_sign, "dx[0, 0, 0, 0]"),
        (one_sample, "dw[0, 0, 0, 0]"),
        (zeros, "dx[0, 0, 0, 0]"),
    ],
)
def test_planted_bugs_are_named(bug: Any, place: str) -> None:
    """Each bug is found whatever the direction, with the first wrong entry, its right value and the wrong one."""
    arrays = conv_inputs()
    for seed in range(5):
        with pytest.raises(CheckFailed) as caught:
            check_gradient(conv, bug, arrays, seed=seed)
        message = errors.read(str(caught.value))
        assert message.what == f"{bug.__name__}: the gradient with respect to {place[1]} is wrong"
        assert message.expected.startswith(f"{place} = ")
        assert message.got.startswith(f"{place} = ")
        assert "first wrong entry" in message.fix


def test_the_expected_value_is_right() -> None:
    """The value that the message expects is the derivative."""
    with pytest.raises(CheckFailed) as caught:
        check_gradient(lambda x: (np.sum(x**2), x), lambda dout, x: 3 * dout * x, {"x": np.array([2.0, 3.0])})
    right, wrong = (float(text.split("= ")[1].split()[0]) for text in str(caught.value).splitlines()[1:3])
    assert abs(right / wrong - 2 / 3) < 1e-9


BN_BUGS: dict[str, Callable[[Any, Any], Any]] = {
    "the mean is taken for a constant": lambda d, c: d * c.gamma * c.inv_std,
    "the variance is taken for a constant": lambda d, c: (d - d.mean(axis=0)) * c.gamma * c.inv_std,
    "eps is forgotten": lambda d, c: layers.batchnorm_backward(d, c._replace(inv_std=1 / np.sqrt(c.inv_std**-2.0 - 1e-5)))[0],
    "N - 1 instead of N": lambda d, c: layers.batchnorm_backward(d, c)[0] * len(d) / (len(d) - 1),
}


@pytest.mark.parametrize("bug", BN_BUGS)
def test_classic_batchnorm_bugs_are_found(bug: str) -> None:
    """What students get wrong in batchnorm shows, over 20 seeds."""
    x, gamma, beta = normal(8, 4), normal(4, seed=1), normal(4, seed=2)
    for seed in range(20):
        with pytest.raises(CheckFailed, match="with respect to x is wrong"):
            check_gradient(
                lambda *a: layers.batchnorm_forward(*a, {"mode": "train"}),
                lambda d, c: (BN_BUGS[bug](d, c), *layers.batchnorm_backward(d, c)[1:]),
                {"x": x, "gamma": gamma, "beta": beta},
                seed=seed,
            )
