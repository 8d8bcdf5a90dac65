"""Layer normalisation: each sample is normalised over its own features, so the batch does not matter and there is no mode."""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, Param, cast_like, check_dout
from hw_lib.layers.norm import Gradients, NormCache, check_norm, epsilon, typed

__all__ = ["layernorm_backward", "layernorm_forward"]


def layernorm_forward(x: Array, gamma: Array, beta: Array, ln_param: Param) -> tuple[Array, NormCache]:
    """Give each sample mean 0 and variance 1 over its features, then scale and shift each feature.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    mean and var (dividing by D) belong to a sample; gamma and beta to a feature. Training and testing are the same.

    Cost: about 4 * N * D multiply-adds.

    Args:
        x: (N, D). Never modified.
        gamma: (D,). Scales; may be integers.
        beta: (D,). Shifts; may be integers.
        ln_param: optional 'eps' (1e-5).

    Returns:
        out: (N, D), dtype of x (float64 for integers).
        cache: for layernorm_backward.

    Raises:
        ValueError: shapes that do not belong together, or an eps out of range.

    Source:
        Ba, Kiros and Hinton 2016.
    """
    check_norm("layernorm_forward", x, gamma, beta, "N, D")
    eps = epsilon("layernorm_forward", ln_param)
    ### BEGIN SOLUTION
    mean = x.mean(axis=1, keepdims=True, dtype=np.float64)
    var = np.square(x - mean).mean(axis=1, keepdims=True)
    inv_std = 1 / np.sqrt(var + eps)
    out = gamma * ((x - mean) * inv_std) + beta
    ### END SOLUTION
    return cast_like(out, x), NormCache(x, gamma, beta, mean, inv_std)


def layernorm_backward(dout: Array, cache: NormCache) -> Gradients:
    """Send the gradient back through the normalisation of each sample.

        dbeta = sum dout,   dgamma = sum dout * xhat            (sums over the batch)
        dx = (dxhat - mean of dxhat - xhat * mean of (dxhat * xhat)) / sqrt(var + eps),   dxhat = dout * gamma
                                                                (means over a sample's features)

    Cost: about 7 * N * D multiply-adds.

    Args:
        dout: (N, D). Upstream gradient; never modified.
        cache: from layernorm_forward.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Ba, Kiros and Hinton 2016; the derivation is that of batchnorm_backward_alt with the axes exchanged.
    """
    check_dout("layernorm_backward", dout, cache.x.shape)
    ### BEGIN SOLUTION
    xhat = (cache.x - cache.mean) * cache.inv_std
    dbeta = dout.sum(axis=0, dtype=np.float64)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * cache.gamma
    shared = dxhat.mean(axis=1, keepdims=True) + xhat * (dxhat * xhat).mean(axis=1, keepdims=True)
    dx = (dxhat - shared) * cache.inv_std
    ### END SOLUTION
    return typed(cache, dx, dgamma, dbeta)
