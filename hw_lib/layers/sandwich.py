"""Layers that are often used together, as one forward and one backward function.

Arguments have the names that they have in the layers, whose docstrings say what they may be and what is refused. Layers of images
are the fast ones.
"""

from __future__ import annotations

from typing import Any

from hw_lib.layers.activations import relu_backward, relu_forward
from hw_lib.layers.affine import AffineCache, affine_backward, affine_forward
from hw_lib.layers.arguments import Array, ConvCache, Param
from hw_lib.layers.batchnorm import batchnorm_backward, batchnorm_forward
from hw_lib.layers.dropout import dropout_backward, dropout_forward
from hw_lib.layers.fast import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
    spatial_batchnorm_backward_fast,
    spatial_batchnorm_forward_fast,
)
from hw_lib.layers.norm import MutableParam, NormCache

__all__ = [
    "affine_bn_relu_backward",
    "affine_bn_relu_forward",
    "affine_relu_backward",
    "affine_relu_do_backward",
    "affine_relu_do_forward",
    "affine_relu_forward",
    "conv_bn_relu_backward",
    "conv_bn_relu_forward",
    "conv_bn_relu_pool_backward",
    "conv_bn_relu_pool_forward",
    "conv_relu_backward",
    "conv_relu_forward",
    "conv_relu_pool_backward",
    "conv_relu_pool_forward",
]

Three = tuple[Array, Array, Array]
Five = tuple[Array, Array, Array, Array, Array]


def affine_relu_forward(x: Array, w: Array, b: Array) -> tuple[Array, tuple[AffineCache, Array]]:
    """Affine, then ReLU: out is (N, M), cache = (fc_cache, relu_cache)."""
    out, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(out)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout: Array, cache: tuple[AffineCache, Array]) -> Three:
    """The gradients of affine_relu_forward: dx, dw, db."""
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def affine_bn_relu_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, bn_params: MutableParam
) -> tuple[Array, tuple[AffineCache, NormCache, Array]]:
    """Affine, then batchnorm, then ReLU: out is (N, M), cache = (fc_cache, bn_cache, relu_cache)."""
    out, fc_cache = affine_forward(x, w, b)
    out, bn_cache = batchnorm_forward(out, gamma, beta, bn_params)
    out, relu_cache = relu_forward(out)
    return out, (fc_cache, bn_cache, relu_cache)


def affine_bn_relu_backward(dout: Array, cache: tuple[AffineCache, NormCache, Array]) -> Five:
    """The gradients of affine_bn_relu_forward: dx, dw, db, dgamma, dbeta."""
    fc_cache, bn_cache, relu_cache = cache
    dout, dgamma, dbeta = batchnorm_backward(relu_backward(dout, relu_cache), bn_cache)
    return *affine_backward(dout, fc_cache), dgamma, dbeta


def affine_relu_do_forward(x: Array, w: Array, b: Array, do_params: Param) -> tuple[Array, tuple[Any, Any]]:
    """Affine, then ReLU, then dropout: out is (N, M), cache = (affine_relu cache, do_cache)."""
    out, ar_cache = affine_relu_forward(x, w, b)
    out, do_cache = dropout_forward(out, do_params)
    return out, (ar_cache, do_cache)


def affine_relu_do_backward(dout: Array, cache: tuple[Any, Any]) -> Three:
    """The gradients of affine_relu_do_forward: dx, dw, db."""
    ar_cache, do_cache = cache
    return affine_relu_backward(dropout_backward(dout, do_cache), ar_cache)


def conv_relu_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, tuple[ConvCache, Array]]:
    """Convolution, then ReLU: out is (N, F, OH, OW), cache = (conv_cache, relu_cache)."""
    out, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(out)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout: Array, cache: tuple[ConvCache, Array]) -> Three:
    """The gradients of conv_relu_forward: dx, dw, db."""
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(
    x: Array, w: Array, b: Array, conv_param: Param, pool_param: Param
) -> tuple[Array, tuple[ConvCache, Array, Any]]:
    """Convolution, then ReLU, then max pooling: out is (N, F, PH, PW), cache = (conv_cache, relu_cache, pool_cache)."""
    ### BEGIN SOLUTION
    out, (conv_cache, relu_cache) = conv_relu_forward(x, w, b, conv_param)
    out, pool_cache = max_pool_forward_fast(out, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)
    ### END SOLUTION


def conv_relu_pool_backward(dout: Array, cache: tuple[ConvCache, Array, Any]) -> Three:
    """The gradients of conv_relu_pool_forward: dx, dw, db."""
    ### BEGIN SOLUTION
    conv_cache, relu_cache, pool_cache = cache
    return conv_relu_backward(max_pool_backward_fast(dout, pool_cache), (conv_cache, relu_cache))
    ### END SOLUTION


def conv_bn_relu_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, conv_param: Param, bn_param: MutableParam
) -> tuple[Array, tuple[ConvCache, NormCache, Array]]:
    """Convolution, then spatial batchnorm, then ReLU: out is (N, F, OH, OW), cache = (conv_cache, bn_cache, relu_cache)."""
    out, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, bn_cache = spatial_batchnorm_forward_fast(out, gamma, beta, bn_param)
    out, relu_cache = relu_forward(out)
    return out, (conv_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(dout: Array, cache: tuple[ConvCache, NormCache, Array]) -> Five:
    """The gradients of conv_bn_relu_forward: dx, dw, db, dgamma, dbeta."""
    conv_cache, bn_cache, relu_cache = cache
    dout, dgamma, dbeta = spatial_batchnorm_backward_fast(relu_backward(dout, relu_cache), bn_cache)
    return *conv_backward_fast(dout, conv_cache), dgamma, dbeta


def conv_bn_relu_pool_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, conv_param: Param, bn_param: MutableParam, pool_param: Param
) -> tuple[Array, tuple[Any, Any]]:
    """Convolution, spatial batchnorm, ReLU, max pooling: out is (N, F, PH, PW), cache = (conv_bn_relu cache, pool_cache)."""
    out, cbr_cache = conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param)
    out, pool_cache = max_pool_forward_fast(out, pool_param)
    return out, (cbr_cache, pool_cache)


def conv_bn_relu_pool_backward(dout: Array, cache: tuple[Any, Any]) -> Five:
    """The gradients of conv_bn_relu_pool_forward: dx, dw, db, dgamma, dbeta."""
    cbr_cache, pool_cache = cache
    return conv_bn_relu_backward(max_pool_backward_fast(dout, pool_cache), cbr_cache)
