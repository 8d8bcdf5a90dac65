"""The contract of every layer here: one row each, checked on random shapes against PyTorch and finite differences."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from hw_lib import coursework, layers
from hw_lib.gradient_check import check_gradient

CONV = {"stride": 1, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
BN = {"mode": "train"}
DROP = {"mode": "train", "p": 0.4, "seed": 3}


def normalise(x: torch.Tensor, axes: tuple[int, ...], shape: tuple[int, ...], gamma: Any, beta: Any) -> torch.Tensor:
    """The formula of every normalising layer, for autograd: PyTorch's own functions refuse a single value."""
    mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True, unbiased=False)
    return (x - mean) / torch.sqrt(var + 1e-5) * gamma.reshape(shape) + beta.reshape(shape)


def torch_group_norm(x: Any, gamma: Any, beta: Any, groups: int) -> Any:
    """Group norm as a formula."""
    ones = torch.ones(1, dtype=x.dtype)
    grouped = normalise(x.reshape(len(x), groups, -1), (2,), (1, 1, 1), ones, 0 * ones)
    return grouped.reshape(x.shape) * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)


def torch_affine(x: Any, w: Any, b: Any) -> Any:
    """The affine layer."""
    return x.flatten(1) @ w + b


def torch_bn(x: Any, gamma: Any, beta: Any) -> Any:
    """Batch normalisation in train mode."""
    return normalise(x, (0,), (1, -1), gamma, beta)


def torch_spatial_bn(x: Any, gamma: Any, beta: Any) -> Any:
    """Spatial batch normalisation in train mode."""
    return normalise(x, (0, 2, 3), (1, -1, 1, 1), gamma, beta)


def torch_conv(x: Any, w: Any, b: Any) -> Any:
    """The convolution that CONV describes."""
    return functional.conv2d(x, w, b, padding=1)


def legacy_mask(shape: tuple[int, ...]) -> torch.Tensor:
    """The dropout mask that DROP gives."""
    return torch.tensor((np.random.RandomState(3).random_sample(shape) >= 0.4) / 0.6)


def running_bn(axes: str) -> Callable[..., Any]:
    """Batch normalisation in test mode, with running statistics 0.5 and 2."""
    shape = (1, -1) if axes == "N D" else (1, -1, 1, 1)
    return lambda x, gamma, beta: (x - 0.5) / math.sqrt(2 + 1e-5) * gamma.reshape(shape) + beta.reshape(shape)


@dataclass
class Row:
    """A layer: its functions, the named axes of each array it takes, other arguments, and the same in PyTorch."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    axes: tuple[str, ...]
    oracle: Callable[..., Any]
    extra: Callable[[dict[str, int]], tuple[Any, ...]] = field(default=lambda sizes: ())


def fixed(*extra: Any) -> Callable[[dict[str, int]], tuple[Any, ...]]:
    """The same other arguments on every call, copied."""
    return lambda sizes: copy.deepcopy(extra)


def test_mode(axis: str) -> Callable[[dict[str, int]], tuple[Any, ...]]:
    """A bn_param in test mode."""
    return lambda s: ({"mode": "test", "running_mean": np.full(s[axis], 0.5), "running_var": np.full(s[axis], 2.0)},)


test_mode.__test__ = False  # type: ignore[attr-defined]

IMAGE, VECTOR = ("N C H W", "C", "C"), ("N D", "D", "D")
FILTERS = ("N C H W", "F C 3 3", "F")

ROWS = {
    "affine": Row(layers.affine_forward, layers.affine_backward, ("N D", "D M", "M"), torch_affine),
    "affine, images": Row(layers.affine_forward, layers.affine_backward, ("N C H W", "CHW M", "M"), torch_affine),
    "relu": Row(layers.relu_forward, layers.relu_backward, ("N C H",), torch.relu),
    "leaky relu": Row(
        layers.leaky_relu_forward, layers.leaky_relu_backward, ("N D",), lambda x: functional.leaky_relu(x, 0.2), fixed(0.2)
    ),
    "sigmoid": Row(layers.sigmoid_forward, layers.sigmoid_backward, ("N D",), torch.sigmoid),
    "tanh": Row(layers.tanh_forward, layers.tanh_backward, ("N D",), torch.tanh),
    "batchnorm": Row(layers.batchnorm_forward, layers.batchnorm_backward, VECTOR, torch_bn, fixed(BN)),
    "batchnorm, closed form": Row(layers.batchnorm_forward, layers.batchnorm_backward_alt, VECTOR, torch_bn, fixed(BN)),
    "batchnorm, test": Row(layers.batchnorm_forward, layers.batchnorm_backward, VECTOR, running_bn("N D"), test_mode("D")),
    "batchnorm, test, closed form": Row(
        layers.batchnorm_forward, layers.batchnorm_backward_alt, VECTOR, running_bn("N D"), test_mode("D")
    ),
    "spatial batchnorm": Row(
        layers.spatial_batchnorm_forward, layers.spatial_batchnorm_backward, IMAGE, torch_spatial_bn, fixed(BN)
    ),
    "spatial batchnorm, test": Row(
        layers.spatial_batchnorm_forward, layers.spatial_batchnorm_backward, IMAGE, running_bn("N C H W"), test_mode("C")
    ),
    "spatial batchnorm, fast": Row(
        layers.spatial_batchnorm_forward_fast, layers.spatial_batchnorm_backward_fast, IMAGE, torch_spatial_bn, fixed(BN)
    ),
    "spatial batchnorm, test, fast": Row(
        layers.spatial_batchnorm_forward_fast, layers.spatial_batchnorm_backward_fast, IMAGE, running_bn("N C H W"), test_mode("C")
    ),
    "layernorm": Row(
        coursework.layernorm_forward,
        coursework.layernorm_backward,
        VECTOR,
        lambda x, g, b: normalise(x, (1,), (1, -1), g, b),
        fixed({}),
    ),
    "groupnorm": Row(
        coursework.spatial_groupnorm_forward,
        coursework.spatial_groupnorm_backward,
        ("N CC H W", "CC", "CC"),
        lambda x, g, b: torch_group_norm(x, g, b, math.isqrt(x.shape[1])),
        lambda s: (s["C"], {}),
    ),
    "instancenorm": Row(
        coursework.instancenorm_forward,
        coursework.instancenorm_backward,
        IMAGE,
        lambda x, g, b: torch_group_norm(x, g, b, len(g)),
        fixed({}),
    ),
    "spatial dropout": Row(
        layers.spatial_dropout_forward,
        layers.spatial_dropout_backward,
        ("N C H W",),
        lambda x: x * legacy_mask((*x.shape[:2], 1, 1)),
        fixed(DROP),
    ),
    "affine relu": Row(
        layers.affine_relu_forward, layers.affine_relu_backward, ("N D", "D M", "M"), lambda *a: torch.relu(torch_affine(*a))
    ),
    "affine bn relu": Row(
        layers.affine_bn_relu_forward,
        layers.affine_bn_relu_backward,
        ("N D", "D M", "M", "M", "M"),
        lambda x, w, b, g, t: torch.relu(torch_bn(torch_affine(x, w, b), g, t)),
        fixed(BN),
    ),
    "affine relu dropout": Row(
        layers.affine_relu_do_forward,
        layers.affine_relu_do_backward,
        ("N D", "D M", "M"),
        lambda x, w, b: torch.relu(torch_affine(x, w, b)) * legacy_mask((len(x), len(b))),
        fixed(DROP),
    ),
    "conv relu": Row(
        layers.conv_relu_forward, layers.conv_relu_backward, FILTERS, lambda *a: torch.relu(torch_conv(*a)), fixed(CONV)
    ),
    "conv relu pool": Row(
        layers.conv_relu_pool_forward,
        layers.conv_relu_pool_backward,
        FILTERS,
        lambda *a: functional.max_pool2d(torch.relu(torch_conv(*a)), 2),
        fixed(CONV, POOL),
    ),
    "conv bn relu": Row(
        layers.conv_bn_relu_forward,
        layers.conv_bn_relu_backward,
        (*FILTERS, "F", "F"),
        lambda x, w, b, g, t: torch.relu(torch_spatial_bn(torch_conv(x, w, b), g, t)),
        fixed(CONV, BN),
    ),
    "conv bn relu pool": Row(
        layers.conv_bn_relu_pool_forward,
        layers.conv_bn_relu_pool_backward,
        (*FILTERS, "F", "F"),
        lambda x, w, b, g, t: functional.max_pool2d(torch.relu(torch_spatial_bn(torch_conv(x, w, b), g, t)), 2),
        fixed(CONV, BN, POOL),
    ),
}


def shape_of(axes: str, sizes: dict[str, int]) -> tuple[int, ...]:
    """The shape that named axes have; CHW is the product of three, a digit is itself."""
    return tuple(int(axis) if axis.isdigit() else math.prod(sizes[letter] for letter in axis) for axis in axes.split())


def laid_out(array: np.ndarray, layout: str) -> np.ndarray:
    """The same numbers in another memory layout."""
    if layout == "strided":
        wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    if layout == "fortran":
        return np.asfortranarray(array)
    array = array.copy()
    array.flags.writeable = layout != "read-only"
    return array


def assert_close(got: np.ndarray, expected: torch.Tensor, tolerance: float) -> None:
    """Compare relative to the largest entry; in float32 to 1 if that is larger, where sums of such terms cancel."""
    reference = expected.detach().numpy()
    assert got.shape == reference.shape
    assert np.abs(got - reference).max() <= tolerance * max(np.abs(reference).max(), 1 if got.dtype == np.float32 else 1e-2)


@pytest.mark.parametrize("name", ROWS)
@given(data=st.data())
@settings(deadline=None, max_examples=20)
def test_layer_agrees_with_pytorch(name: str, data: st.DataObject) -> None:
    """Random shapes, dtypes and layouts: values and gradients are PyTorch's, dtypes are kept, inputs are untouched."""
    row = ROWS[name]
    low = 2 if "pool" in name else 1
    sizes = {axis: data.draw(st.integers(low if axis in "HW" else 1, 5), label=axis) for axis in "NCDFHMW"}
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    layout = data.draw(st.sampled_from(["plain", "strided", "fortran", "read-only"]))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    arrays = [laid_out(rng.standard_normal(shape_of(axes, sizes)).astype(dtype), layout) for axes in row.axes]
    before = [array.copy() for array in arrays]

    out, cache = row.forward(*arrays, *row.extra(sizes))
    dout = laid_out(rng.standard_normal(out.shape).astype(dtype), layout)
    upstream = dout.copy()
    grads = row.backward(dout, cache)
    grads = grads if isinstance(grads, tuple) else (grads,)

    assert [array.dtype for array in (out, *grads)] == [dtype] * (1 + len(arrays))
    for array, original in zip([*arrays, dout], [*before, upstream], strict=True):
        np.testing.assert_array_equal(array, original)
    tensors = [torch.tensor(array.astype(np.float64), requires_grad=True) for array in before]
    reference = row.oracle(*tensors)
    reference.backward(torch.tensor(upstream.astype(np.float64)))
    tolerance = 1e-9 if dtype == np.float64 else 2e-2 if "norm" in name or "bn" in name else 1e-4
    assert_close(out, reference, tolerance)
    for got, tensor in zip(grads, tensors, strict=True):
        assert_close(got, tensor.grad, tolerance)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("N", [1, 4])
def test_gradient_agrees_with_finite_differences(name: str, N: int) -> None:
    """Central differences along a random direction find nothing wrong, for a batch of one too."""
    row = ROWS[name]
    sizes = {"N": N, "C": 3, "D": 6, "F": 4, "H": 4, "M": 5, "W": 5}
    rng = np.random.default_rng(N)
    arrays = [rng.standard_normal(shape_of(axes, sizes)) for axes in row.axes]
    assert check_gradient(lambda *a: row.forward(*a, *row.extra(sizes)), row.backward, arrays).error < 1e-9


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.axes in (VECTOR, IMAGE)])
def test_scales_and_shifts_may_be_integers(name: str) -> None:
    """gamma and beta of integers give what the same floats give, and their gradients are float64."""
    row = ROWS[name]
    sizes = {"N": 4, "C": 3, "D": 3, "H": 2, "W": 2}
    x = np.random.default_rng(0).standard_normal(shape_of(row.axes[0], sizes))
    gamma, beta = np.array([3, 4, 5]), np.array([6, 7, 8])
    out, cache = row.forward(x, gamma, beta, *row.extra(sizes))
    floats, float_cache = row.forward(x, gamma.astype(float), beta.astype(float), *row.extra(sizes))
    np.testing.assert_allclose(out, floats, rtol=1e-12)
    for got, expected in zip(row.backward(x, cache), row.backward(x, float_cache), strict=True):
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in ROWS if name != "relu" and "dropout" not in name])
def test_integers_are_computed_as_floats(name: str) -> None:
    """Integer inputs give what the same floats give, in float64; only ReLU and dropout keep the dtype of x."""
    row = ROWS[name]
    sizes = {"N": 3, "C": 2, "D": 4, "F": 2, "H": 4, "M": 3, "W": 4}
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-3, 4, shape_of(axes, sizes)) for axes in row.axes]
    out, cache = row.forward(*arrays, *row.extra(sizes))
    expected, float_cache = row.forward(*(array.astype(float) for array in arrays), *row.extra(sizes))
    assert out.dtype == np.float64
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)
    for got, want in zip(row.backward(out, cache), row.backward(expected, float_cache), strict=True):
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_the_contract_can_fail() -> None:
    """A layer that forgets one term of its gradient does not pass."""
    row = copy.copy(ROWS["batchnorm"])
    row.backward = lambda dout, cache: (dout * cache.gamma * cache.inv_std, *layers.batchnorm_backward(dout, cache)[1:])
    x = np.random.default_rng(0).standard_normal((4, 3))
    with pytest.raises(AssertionError, match="with respect to x"):
        check_gradient(lambda *a: row.forward(*a, {"mode": "train"}), row.backward, {"x": x, "gamma": x[0], "beta": x[1]})


@pytest.mark.parametrize("package", [layers, coursework], ids=lambda package: package.__name__)
def test_every_name_is_exported_and_documented(package: Any) -> None:
    """Everything that the package exports has a docstring that names its arguments; a sandwich names the layers it is made of."""
    for name in package.__all__:
        function = getattr(package, name)
        sections = () if function.__module__.endswith(".sandwich") else ("Args:", "Returns:")
        assert function.__doc__ and all(section in function.__doc__ for section in sections), name
