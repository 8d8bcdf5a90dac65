"""Batch normalisation of features: each column of x is normalised over the batch. Readable in class, and float32 stays float32.

Sums run in float64, so that a float32 batch with a large mean keeps its variance.
"""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, cast_like, check_dout
from hw_lib.layers.norm import Gradients, MutableParam, NormCache, batchnorm_settings, check_norm, typed

__all__ = ["batchnorm_backward", "batchnorm_backward_alt", "batchnorm_forward"]


def batchnorm_forward(x: Array, gamma: Array, beta: Array, bn_param: MutableParam) -> tuple[Array, NormCache]:
    """Give each feature mean 0 and variance 1 over the batch, then scale and shift it.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    In train mode mean and var are the batch's (var divides by N); in test mode they are the running ones. Train mode moves
    those: running = momentum * running + (1 - momentum) * batch. So momentum is the weight of the OLD value, the opposite
    of PyTorch's, and the running variance divides by N, where PyTorch's divides by N - 1.

    Cost: about 4 * N * D multiply-adds.

    Args:
        x: (N, D). Never modified.
        gamma: (D,). Scales; may be integers.
        beta: (D,). Shifts; may be integers.
        bn_param: 'mode': 'train' or 'test'; optional 'eps' (1e-5), 'momentum' (0.9), 'running_mean' and 'running_var'
            (zeros). Both running statistics are written back into it, in both modes.

    Returns:
        out: (N, D), dtype of x (float64 for integers).
        cache: for batchnorm_backward and batchnorm_backward_alt.

    Raises:
        ValueError: an unknown mode, shapes that do not belong together, eps or momentum out of range, or in train
            mode a feature whose variance is not finite: it would spoil the running statistics.

    Source:
        Ioffe and Szegedy 2015.
    """
    check_norm("batchnorm_forward", x, gamma, beta, "N, D")
    settings = batchnorm_settings("batchnorm_forward", x, x.shape[1], bn_param)
    ### BEGIN SOLUTION
    running_mean, running_var, momentum = settings.running_mean, settings.running_var, settings.momentum
    if settings.mode == "train":
        mean = x.mean(axis=0, dtype=np.float64)
        var = np.square(x - mean).mean(axis=0)
        settings.check_finite(var)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    settings.store(bn_param, running_mean, running_var)
    inv_std = 1 / np.sqrt(var + settings.eps)
    out = (gamma * inv_std) * (x - mean) + beta
    ### END SOLUTION
    return cast_like(out, x), NormCache(x, gamma, beta, mean, inv_std, settings.mode)


def batchnorm_backward(dout: Array, cache: NormCache) -> Gradients:
    """Walk the computation graph of batchnorm_forward backwards, one node at a time.

        dbeta = sum dout,   dgamma = sum dout * xhat,   dxhat = dout * gamma
        dvar  = sum dxhat * (x - mean) * (-1/2) * (var + eps)^(-3/2)
        dmean = -sum dxhat / sqrt(var + eps)
        dx    = dxhat / sqrt(var + eps) + dvar * 2 (x - mean) / N + dmean / N

    All sums run over the batch. In test mode mean and var are constants, so only the first term of dx is left.

    Cost: about 8 * N * D multiply-adds.

    Args:
        dout: (N, D). Upstream gradient; never modified.
        cache: from batchnorm_forward.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Ioffe and Szegedy 2015, section 3.
    """
    check_dout("batchnorm_backward", dout, cache.x.shape)
    ### BEGIN SOLUTION
    N = len(dout)
    centred = cache.x - cache.mean
    dbeta = dout.sum(axis=0, dtype=np.float64)
    dgamma = (dout * centred).sum(axis=0) * cache.inv_std
    dxhat = dout * cache.gamma
    dx = dxhat * cache.inv_std
    if cache.mode == "train":
        dvar = (dxhat * centred).sum(axis=0) * (-0.5) * cache.inv_std**3
        dmean = -dxhat.sum(axis=0) * cache.inv_std
        dx += dvar * 2 * centred / N + dmean / N
    ### END SOLUTION
    return typed(cache, dx, dgamma, dbeta)


def batchnorm_backward_alt(dout: Array, cache: NormCache) -> Gradients:
    """The same gradient in closed form, with fewer passes over the data. Students derive the formula, so it stands in the body.

    Cost: about 5 * N * D multiply-adds.

    Args:
        dout: (N, D). Upstream gradient; never modified.
        cache: from batchnorm_forward.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        batchnorm_backward, simplified: sum over the batch of x - mean is 0.
    """
    check_dout("batchnorm_backward_alt", dout, cache.x.shape)
    ### BEGIN SOLUTION
    # dx = gamma * inv_std * (dout - mean of dout - xhat * mean of dout * xhat)
    N, scale = len(dout), cache.gamma * cache.inv_std
    xhat = cache.x - cache.mean
    xhat *= cache.inv_std
    dbeta = dout.sum(axis=0, dtype=np.float64)
    dgamma = np.einsum("nd,nd->d", dout, xhat)
    dx = scale * dout
    if cache.mode == "train":
        xhat *= scale * dgamma / N
        dx -= xhat
        dx -= scale * dbeta / N
    ### END SOLUTION
    return typed(cache, dx, dgamma, dbeta)
