"""The sandwich layers: each equals the layers it names, one after another, and its cache has the classic layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hw_lib import layers

RNG = np.random.default_rng(0)
X, W, B = RNG.standard_normal((4, 6)), RNG.standard_normal((6, 5)), RNG.standard_normal(5)
IMAGES, FILTERS, BIAS = RNG.standard_normal((2, 3, 6, 6)), RNG.standard_normal((5, 3, 3, 3)), RNG.standard_normal(5)
GAMMA, BETA = RNG.standard_normal(5), RNG.standard_normal(5)
CONV, POOL = {"stride": 1, "pad": 1}, {"pool_height": 2, "pool_width": 2, "stride": 2}
TRAIN, DROP = {"mode": "train"}, {"mode": "train", "p": 0.5, "seed": 1}

relu = (layers.relu_forward, layers.relu_backward, ())
affine = (layers.affine_forward, layers.affine_backward, (W, B))
bn = (layers.batchnorm_forward, layers.batchnorm_backward, (GAMMA, BETA, TRAIN))
spatial_bn = (layers.spatial_batchnorm_forward, layers.spatial_batchnorm_backward, (GAMMA, BETA, TRAIN))
drop = (layers.dropout_forward, layers.dropout_backward, (DROP,))
conv = (layers.conv_forward_naive, layers.conv_backward_naive, (FILTERS, BIAS, CONV))
pool = (layers.max_pool_forward_naive, layers.max_pool_backward_naive, (POOL,))

SANDWICHES: dict[str, tuple[tuple[Any, ...], list[Any]]] = {
    "affine_relu": ((X, W, B), [affine, relu]),
    "affine_bn_relu": ((X, W, B, GAMMA, BETA, TRAIN), [affine, bn, relu]),
    "affine_relu_do": ((X, W, B, DROP), [affine, relu, drop]),
    "conv_relu": ((IMAGES, FILTERS, BIAS, CONV), [conv, relu]),
    "conv_relu_pool": ((IMAGES, FILTERS, BIAS, CONV, POOL), [conv, relu, pool]),
    "conv_bn_relu": ((IMAGES, FILTERS, BIAS, GAMMA, BETA, CONV, TRAIN), [conv, spatial_bn, relu]),
    "conv_bn_relu_pool": ((IMAGES, FILTERS, BIAS, GAMMA, BETA, CONV, TRAIN, POOL), [conv, spatial_bn, relu, pool]),
}


@pytest.mark.parametrize("name", SANDWICHES)
def test_sandwich_equals_its_layers(name: str) -> None:
    """Forward and backward are the plain layers', called one by one; conv and pool in their naive versions."""
    args, parts = SANDWICHES[name]
    out, cache = getattr(layers, f"{name}_forward")(*args)
    expected, caches = args[0], []
    for forward, _, extra in parts:
        expected, part = forward(expected, *extra)
        caches.append(part)
    np.testing.assert_allclose(out, expected, rtol=1e-10, atol=1e-10)

    dout = np.random.default_rng(1).standard_normal(out.shape)
    grads = getattr(layers, f"{name}_backward")(dout, cache)
    dx, expected_grads = dout, []
    for (_, backward, _), part in zip(reversed(parts), reversed(caches), strict=True):
        result = backward(dx, part)
        dx, *others = result if isinstance(result, tuple) else (result,)
        expected_grads = [*others, *expected_grads]
    assert len(grads) == 1 + len(expected_grads)
    for got, want in zip(grads, [dx, *expected_grads], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "length"), [("affine_relu", 2), ("affine_bn_relu", 3), ("affine_relu_do", 2), ("conv_relu_pool", 3)]
)
def test_caches_have_the_classic_layout(name: str, length: int) -> None:
    """Notebooks take these caches apart: (fc, relu), (fc, bn, relu), ((fc, relu), dropout), (conv, relu, pool)."""
    args, _ = SANDWICHES[name]
    _, cache = getattr(layers, f"{name}_forward")(*args)
    assert len(cache) == length
    first = cache[0][0] if name == "affine_relu_do" else cache[0]
    assert first[0] is args[0]
