"""Group and instance normalisation of images: each image's channels are normalised in G groups. No batch, hence no mode."""

from __future__ import annotations

import numpy as np

from hw_lib.errors import invalid
from hw_lib.layers.arguments import Array, Param, cast_like, check_dout
from hw_lib.layers.norm import Gradients, NormCache, check_norm, epsilon, typed

__all__ = ["instancenorm_backward", "instancenorm_forward", "spatial_groupnorm_backward", "spatial_groupnorm_forward"]


def spatial_groupnorm_forward(x: Array, gamma: Array, beta: Array, G: int, gn_param: Param) -> tuple[Array, NormCache]:
    """Give each group of channels of each image mean 0 and variance 1, then scale and shift each channel.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    mean and var belong to an image and a group of C / G neighbouring channels. G = 1 is layer norm over the whole image,
    G = C is instance norm.

    Cost: about 4 * N * C * H * W multiply-adds.

    Args:
        x: (N, C, H, W). Never modified.
        gamma: (C,) or (1, C, 1, 1). Scales; may be integers.
        beta: (C,) or (1, C, 1, 1). Shifts; may be integers.
        G: number of groups, a divisor of C.
        gn_param: optional 'eps' (1e-5).

    Returns:
        out: (N, C, H, W), dtype of x (float64 for integers).
        cache: for spatial_groupnorm_backward.

    Raises:
        ValueError: G does not divide C, shapes that do not belong together, or an eps out of range.

    Source:
        Wu and He 2018.
    """
    check_norm("spatial_groupnorm_forward", x, _of_channels(gamma), _of_channels(beta), "N, C, H, W")
    eps = epsilon("spatial_groupnorm_forward", gn_param)
    _check_groups(G, x.shape[1])
    ### BEGIN SOLUTION
    groups = x.reshape(len(x), G, -1)
    mean = groups.mean(axis=2, keepdims=True, dtype=np.float64)
    var = np.square(groups - mean).mean(axis=2, keepdims=True)
    cache = NormCache(x, gamma, beta, mean, 1 / np.sqrt(var + eps), groups=G)
    out = _per_channel(gamma) * _normalised(cache) + _per_channel(beta)
    ### END SOLUTION
    return cast_like(out, x), cache


def spatial_groupnorm_backward(dout: Array, cache: NormCache) -> Gradients:
    """Send the gradient back through the normalisation of each group.

        dbeta = sum dout,   dgamma = sum dout * xhat            (sums over batch and pixels)
        dx = (dxhat - mean of dxhat - xhat * mean of (dxhat * xhat)) / sqrt(var + eps),   dxhat = dout * gamma
                                                                (means over an image's group)

    Cost: about 7 * N * C * H * W multiply-adds.

    Args:
        dout: (N, C, H, W). Upstream gradient; never modified.
        cache: from spatial_groupnorm_forward.

    Returns:
        dx: (N, C, H, W).
        dgamma: the shape of gamma.
        dbeta: the shape of beta. Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Wu and He 2018; the derivation is that of batchnorm_backward_alt over other axes.
    """
    check_dout("spatial_groupnorm_backward", dout, cache.x.shape)
    ### BEGIN SOLUTION
    xhat = _normalised(cache)
    dbeta = dout.sum(axis=(0, 2, 3), dtype=np.float64).reshape(cache.beta.shape)
    dgamma = np.einsum("nchw,nchw->c", dout, xhat).reshape(cache.gamma.shape)
    grouped = cache.x.shape[0], cache.groups, -1
    dxhat = (dout * _per_channel(cache.gamma)).reshape(grouped)
    xhat = xhat.reshape(grouped)
    shared = dxhat.mean(axis=2, keepdims=True) + xhat * (dxhat * xhat).mean(axis=2, keepdims=True)
    dx = (dxhat - shared) * cache.inv_std
    ### END SOLUTION
    return typed(cache, dx.reshape(cache.x.shape), dgamma, dbeta)


def instancenorm_forward(x: Array, gamma: Array, beta: Array, in_param: Param) -> tuple[Array, NormCache]:
    """Give each channel of each image mean 0 and variance 1, then scale and shift it: group norm with G = C.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    Cost: about 4 * N * C * H * W multiply-adds.

    Args:
        x: (N, C, H, W). Never modified.
        gamma: (C,). Scales.
        beta: (C,). Shifts.
        in_param: optional 'eps' (1e-5).

    Returns:
        out: (N, C, H, W), dtype of x (float64 for integers).
        cache: for instancenorm_backward.

    Raises:
        ValueError: as spatial_groupnorm_forward, which does the work.

    Source:
        Ulyanov, Vedaldi and Lempitsky 2016.
    """
    return spatial_groupnorm_forward(x, gamma, beta, x.shape[1] if x.ndim > 1 else 1, in_param)


def instancenorm_backward(dout: Array, cache: NormCache) -> Gradients:
    """Send the gradient back through the normalisation of each channel: group norm with G = C.

        dx as in spatial_groupnorm_backward, which does the work; each channel of an image is a group

    Cost: about 7 * N * C * H * W multiply-adds.

    Args:
        dout: (N, C, H, W). Upstream gradient; never modified.
        cache: from instancenorm_forward.

    Returns:
        dx: (N, C, H, W).
        dgamma: (C,).
        dbeta: (C,).

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Ulyanov, Vedaldi and Lempitsky 2016.
    """
    return spatial_groupnorm_backward(dout, cache)


def _normalised(cache: NormCache) -> Array:
    """Return xhat: x with mean 0 and variance 1 in each group, float64."""
    groups = cache.x.reshape(len(cache.x), cache.groups, -1)
    return np.asarray((groups - cache.mean) * cache.inv_std).reshape(cache.x.shape)


def _of_channels(values: Array) -> Array:
    """(C,), also where (1, C, 1, 1) was passed, as some courses do."""
    return values.reshape(-1) if values.ndim == 4 and values.size == values.shape[1] else values


def _per_channel(values: Array) -> Array:
    """(C, 1, 1), to broadcast over the pixels."""
    return values.reshape(-1, 1, 1)


def _check_groups(G: int, C: int) -> None:
    if isinstance(G, bool) or not isinstance(G, int | np.integer) or G < 1 or C % G:
        raise invalid(
            "spatial_groupnorm_forward: G does not divide the channels",
            expected=f"a divisor of C = {C}",
            got=repr(G),
            fix="every group has C / G channels",
        )
