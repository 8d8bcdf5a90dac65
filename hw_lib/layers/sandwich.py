"""Layers that are often used together, as one forward and one backward function.

Each only calls the layers it names: their docstrings say what the arguments may be and what is refused.
"""

from __future__ import annotations

from typing import Any

from hw_lib.layers.activations import relu_backward, relu_forward
from hw_lib.layers.affine import AffineCache, affine_backward, affine_forward
from hw_lib.layers.arguments import Array, ConvCache, Param
from hw_lib.layers.batchnorm import batchnorm_backward, batchnorm_forward
from hw_lib.layers.dropout import dropout_backward, dropout_forward
from hw_lib.layers.fast import conv_backward_fast, conv_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from hw_lib.layers.norm import MutableParam, NormCache
from hw_lib.layers.spatial_batchnorm import spatial_batchnorm_backward, spatial_batchnorm_forward

Three = tuple[Array, Array, Array]
Five = tuple[Array, Array, Array, Array, Array]


def affine_relu_forward(x: Array, w: Array, b: Array) -> tuple[Array, tuple[AffineCache, Array]]:
    """Affine, then ReLU.

        out = max(0, X w + b)

    Args:
        x: input.
        w: weights or filters.
        b: biases.

    Returns:
        out: (N, M).
        cache: (fc_cache, relu_cache).
    """
    out, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(out)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout: Array, cache: tuple[AffineCache, Array]) -> Three:
    """Walk back through affine_relu_forward.

    Args:
        dout: (N, M).
        cache: from affine_relu_forward.

    Returns:
        dx, dw, db.
    """
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def affine_bn_relu_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, bn_params: MutableParam
) -> tuple[Array, tuple[AffineCache, NormCache, Array]]:
    """Affine, then batch normalisation, then ReLU.

        out = max(0, batchnorm(X w + b))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        gamma: scales.
        beta: shifts.
        bn_params: as for batchnorm_forward.

    Returns:
        out: (N, M).
        cache: (fc_cache, bn_cache, relu_cache).
    """
    out, fc_cache = affine_forward(x, w, b)
    out, bn_cache = batchnorm_forward(out, gamma, beta, bn_params)
    out, relu_cache = relu_forward(out)
    return out, (fc_cache, bn_cache, relu_cache)


def affine_bn_relu_backward(dout: Array, cache: tuple[AffineCache, NormCache, Array]) -> Five:
    """Walk back through affine_bn_relu_forward.

    Args:
        dout: (N, M).
        cache: from affine_bn_relu_forward.

    Returns:
        dx, dw, db, dgamma, dbeta.
    """
    fc_cache, bn_cache, relu_cache = cache
    dout, dgamma, dbeta = batchnorm_backward(relu_backward(dout, relu_cache), bn_cache)
    return *affine_backward(dout, fc_cache), dgamma, dbeta


def affine_relu_do_forward(x: Array, w: Array, b: Array, do_params: Param) -> tuple[Array, tuple[Any, Any]]:
    """Affine, then ReLU, then dropout.

        out = dropout(max(0, X w + b))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        do_params: as for dropout_forward.

    Returns:
        out: (N, M).
        cache: (affine_relu cache, do_cache).
    """
    out, ar_cache = affine_relu_forward(x, w, b)
    out, do_cache = dropout_forward(out, do_params)
    return out, (ar_cache, do_cache)


def affine_relu_do_backward(dout: Array, cache: tuple[Any, Any]) -> Three:
    """Walk back through affine_relu_do_forward.

    Args:
        dout: (N, M).
        cache: from affine_relu_do_forward.

    Returns:
        dx, dw, db.
    """
    ar_cache, do_cache = cache
    return affine_relu_backward(dropout_backward(dout, do_cache), ar_cache)


def conv_relu_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, tuple[ConvCache, Array]]:
    """Convolution, then ReLU.

        out = max(0, conv(x))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        conv_param: as for conv_forward_fast.

    Returns:
        out: (N, F, OH, OW).
        cache: (conv_cache, relu_cache).
    """
    out, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(out)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout: Array, cache: tuple[ConvCache, Array]) -> Three:
    """Walk back through conv_relu_forward.

    Args:
        dout: (N, F, OH, OW).
        cache: from conv_relu_forward.

    Returns:
        dx, dw, db.
    """
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(
    x: Array, w: Array, b: Array, conv_param: Param, pool_param: Param
) -> tuple[Array, tuple[ConvCache, Array, Any]]:
    """Convolution, then ReLU, then max pooling.

        out = maxpool(max(0, conv(x)))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        conv_param: as for conv_forward_fast.
        pool_param: as for max_pool_forward_fast.

    Returns:
        out: (N, F, PH, PW).
        cache: (conv_cache, relu_cache, pool_cache).
    """
    ### BEGIN SOLUTION
    out, (conv_cache, relu_cache) = conv_relu_forward(x, w, b, conv_param)
    out, pool_cache = max_pool_forward_fast(out, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)
    ### END SOLUTION


def conv_relu_pool_backward(dout: Array, cache: tuple[ConvCache, Array, Any]) -> Three:
    """Walk back through conv_relu_pool_forward.

    Args:
        dout: (N, F, PH, PW).
        cache: from conv_relu_pool_forward.

    Returns:
        dx, dw, db.
    """
    ### BEGIN SOLUTION
    conv_cache, relu_cache, pool_cache = cache
    return conv_relu_backward(max_pool_backward_fast(dout, pool_cache), (conv_cache, relu_cache))
    ### END SOLUTION


def conv_bn_relu_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, conv_param: Param, bn_param: MutableParam
) -> tuple[Array, tuple[ConvCache, NormCache, Array]]:
    """Convolution, then spatial batch normalisation, then ReLU.

        out = max(0, batchnorm(conv(x)))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        conv_param: as for conv_forward_fast.
        gamma: scales.
        beta: shifts.
        bn_param: as for spatial_batchnorm_forward.

    Returns:
        out: (N, F, OH, OW).
        cache: (conv_cache, bn_cache, relu_cache).
    """
    out, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, bn_cache = spatial_batchnorm_forward(out, gamma, beta, bn_param)
    out, relu_cache = relu_forward(out)
    return out, (conv_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(dout: Array, cache: tuple[ConvCache, NormCache, Array]) -> Five:
    """Walk back through conv_bn_relu_forward.

    Args:
        dout: (N, F, OH, OW).
        cache: from conv_bn_relu_forward.

    Returns:
        dx, dw, db, dgamma, dbeta.
    """
    conv_cache, bn_cache, relu_cache = cache
    dout, dgamma, dbeta = spatial_batchnorm_backward(relu_backward(dout, relu_cache), bn_cache)
    return *conv_backward_fast(dout, conv_cache), dgamma, dbeta


def conv_bn_relu_pool_forward(
    x: Array, w: Array, b: Array, gamma: Array, beta: Array, conv_param: Param, bn_param: MutableParam, pool_param: Param
) -> tuple[Array, tuple[Any, Any]]:
    """Convolution, then spatial batch normalisation, then ReLU, then max pooling.

        out = maxpool(max(0, batchnorm(conv(x))))

    Args:
        x: input.
        w: weights or filters.
        b: biases.
        gamma: scales.
        beta: shifts.
        conv_param: as for conv_bn_relu_forward.
        bn_param: as for conv_bn_relu_forward.
        pool_param: as for max_pool_forward_fast.

    Returns:
        out: (N, F, PH, PW).
        cache: (conv_bn_relu cache, pool_cache).
    """
    out, cbr_cache = conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param)
    out, pool_cache = max_pool_forward_fast(out, pool_param)
    return out, (cbr_cache, pool_cache)


def conv_bn_relu_pool_backward(dout: Array, cache: tuple[Any, Any]) -> Five:
    """Walk back through conv_bn_relu_pool_forward.

    Args:
        dout: (N, F, PH, PW).
        cache: from conv_bn_relu_pool_forward.

    Returns:
        dx, dw, db, dgamma, dbeta.
    """
    cbr_cache, pool_cache = cache
    return conv_bn_relu_backward(max_pool_backward_fast(dout, pool_cache), cbr_cache)
