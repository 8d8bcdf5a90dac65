"""Max and average pooling, teaching and fast: against PyTorch, finite differences and each other, ties, and every refusal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_lib import errors
from hw_lib.layers.fast import avg_pool_backward_fast, avg_pool_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from hw_lib.layers.pooling import avg_pool_backward_naive, avg_pool_forward_naive, max_pool_backward_naive, max_pool_forward_naive
from tests.hw_lib.layer_oracles import agrees_with_finite_differences, agrees_with_torch, numbers, pool_cases

MAX = {"max naive": (max_pool_forward_naive, max_pool_backward_naive), "max fast": (max_pool_forward_fast, max_pool_backward_fast)}
AVERAGE = {
    "avg naive": (avg_pool_forward_naive, avg_pool_backward_naive),
    "avg fast": (avg_pool_forward_fast, avg_pool_backward_fast),
}
EVERY = MAX | AVERAGE


def over(pairs: dict[str, Any]) -> pytest.MarkDecorator:
    """Run a test once for each pair of functions."""
    return pytest.mark.parametrize(("forward", "backward"), pairs.values(), ids=pairs.keys())


def reference(forward: Any, param: dict[str, int]) -> Any:
    """The same layer in PyTorch."""
    pool = torch.nn.functional.max_pool2d if "max" in forward.__name__ else torch.nn.functional.avg_pool2d
    return lambda x: pool(x, (param["pool_height"], param["pool_width"]), param["stride"])


@over(EVERY)
@given(case=pool_cases())
@settings(deadline=None, max_examples=60)
def test_agrees_with_torch(forward: Any, backward: Any, case: dict[str, Any]) -> None:
    """Outputs and gradients are PyTorch's for any window, stride, type and memory layout; overlaps accumulate."""
    x = numbers(np.random.default_rng(0), case["shape"], case["dtype"], case["layout"])
    agrees_with_torch(lambda x: forward(x, case["param"]), backward, reference(forward, case["param"]), [x])


@over(MAX)
@given(case=pool_cases(), seed=st.integers(0, 100))
@settings(deadline=None, max_examples=60)
def test_ties_go_to_the_first(forward: Any, backward: Any, case: dict[str, Any], seed: int) -> None:
    """Among equal maxima the first in reading order gets the whole gradient, as in PyTorch."""
    x = np.random.default_rng(seed).integers(0, 3, case["shape"]).astype(case["dtype"])
    agrees_with_torch(lambda x: forward(x, case["param"]), backward, reference(forward, case["param"]), [x])


@over(EVERY)
def test_gradients_agree_with_finite_differences(forward: Any, backward: Any) -> None:
    """The gradients predict how the loss moves; the entries are far apart, so that no maximum changes hands."""
    x = np.random.default_rng(0).permutation(2 * 3 * 7 * 8).reshape(2, 3, 7, 8).astype(np.float64)
    param = {"pool_height": 2, "pool_width": 3, "stride": 2}
    agrees_with_finite_differences(lambda x: forward(x, param), backward, [x])


@over(MAX)
def test_overlapping_windows_accumulate(forward: Any, backward: Any) -> None:
    """An entry that wins several windows collects all of their gradients."""
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    out, cache = forward(x, {"pool_height": 2, "pool_width": 2, "stride": 1})
    np.testing.assert_array_equal(out, np.ones((1, 1, 2, 2)))
    dx = backward(np.array([[[[1.0, 2], [4, 8]]]]), cache)
    np.testing.assert_array_equal(dx, 15 * x)


@over(EVERY)
def test_cache_is_inputs(forward: Any, backward: Any) -> None:
    """The cache is the pair (x, pool_param), the very objects."""
    x, param = np.ones((1, 1, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    _, cache = forward(x, param)
    first, second = cache
    assert first is x
    assert second is param


@pytest.mark.parametrize("pairs", [list(MAX.values()), list(AVERAGE.values())], ids=["max", "avg"])
def test_each_room_reads_the_other_ones_cache(pairs: list[Any]) -> None:
    """A cache of the naive forward pass serves the fast backward pass, and the other way round."""
    (slow_forward, slow_backward), (fast_forward, fast_backward) = pairs
    x, param = numbers(np.random.default_rng(0), (2, 3, 7, 6)), {"pool_height": 3, "pool_width": 2, "stride": 2}
    out, slow_cache = slow_forward(x, param)
    _, fast_cache = fast_forward(x, param)
    np.testing.assert_allclose(fast_backward(out, slow_cache), slow_backward(out, fast_cache), rtol=1e-12)


@pytest.mark.parametrize("size", [17, 40])
def test_large_windows(size: int) -> None:
    """A window of more than 256 entries, which no longer fits the one-byte codes, is right too."""
    x = numbers(np.random.default_rng(0), (2, 2, 41, 40))
    param = {"pool_height": size, "pool_width": size, "stride": 3}
    agrees_with_torch(
        lambda x: max_pool_forward_fast(x, param), max_pool_backward_fast, reference(max_pool_forward_fast, param), [x]
    )


@over(MAX)
def test_nan_is_not_hidden(forward: Any, backward: Any) -> None:
    """A NaN in a window is its maximum, so that it is seen downstream."""
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 2, 3] = np.nan
    out, _ = forward(x, {"pool_height": 2, "pool_width": 2, "stride": 2})
    np.testing.assert_array_equal(np.isnan(out[0, 0]), [[False, False], [False, True]])


@over(EVERY)
def test_integers(forward: Any, backward: Any) -> None:
    """Integer images are accepted: maxima stay integers, means and gradients are float64."""
    x = np.arange(16).reshape(1, 1, 4, 4)
    out, cache = forward(x, {"pool_height": 2, "pool_width": 2, "stride": 2})
    assert out.dtype == (x.dtype if "max" in forward.__name__ else np.float64)
    assert backward(np.ones((1, 1, 2, 2)), cache).dtype == np.float64


REFUSALS = {
    "rank": ({"x": np.ones((4, 4))}, "x has the wrong number of axes"),
    "window": ({"param": {"pool_height": 5, "pool_width": 2, "stride": 2}}, "the window does not fit into the image"),
    "zero window": ({"param": {"pool_height": 0, "pool_width": 2, "stride": 2}}, "'pool_height' is not an integer >= 1"),
    "zero stride": ({"param": {"pool_height": 2, "pool_width": 2, "stride": 0}}, "'stride' is not an integer >= 1"),
    "missing": ({"param": {"pool_height": 2, "stride": 1}}, "'pool_width' is missing"),
}


@over(EVERY)
@pytest.mark.parametrize(("change", "what"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusals(forward: Any, backward: Any, change: dict[str, Any], what: str) -> None:
    """Bad arguments are refused before any arithmetic, in the project's message format."""
    arguments = {"x": np.ones((1, 1, 4, 4)), "param": {"pool_height": 2, "pool_width": 2, "stride": 2}} | change
    with pytest.raises(ValueError, match="pool_forward") as failure:
        forward(*arguments.values())
    message = errors.read(str(failure.value))
    assert message.what == f"{forward.__name__}: {what}"
    assert message.expected
    assert message.fix


@over(EVERY)
def test_a_gradient_of_another_shape_is_refused(forward: Any, backward: Any) -> None:
    """A dout that does not fit the output is named."""
    _, cache = forward(np.ones((1, 1, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2})
    with pytest.raises(ValueError, match="dout has the wrong shape"):
        backward(np.ones((1, 1, 2, 3)), cache)
