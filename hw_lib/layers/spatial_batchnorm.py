"""Batch normalisation of images: each channel is normalised over the batch and all its pixels."""

from __future__ import annotations

from hw_lib.layers.arguments import Array, check_dout
from hw_lib.layers.batchnorm import batchnorm_backward, batchnorm_forward
from hw_lib.layers.norm import Gradients, MutableParam, NormCache, check_norm

__all__ = ["spatial_batchnorm_backward", "spatial_batchnorm_forward"]

SpatialCache = tuple[tuple[int, ...], NormCache]


def spatial_batchnorm_forward(x: Array, gamma: Array, beta: Array, bn_param: MutableParam) -> tuple[Array, SpatialCache]:
    """Give each channel mean 0 and variance 1 over the batch and its pixels, then scale and shift it.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    mean, var, gamma and beta have one entry for each channel. This is batchnorm_forward on x seen as (N * H * W, C).

    Cost: about 4 * N * C * H * W multiply-adds.

    Args:
        x: (N, C, H, W). Never modified.
        gamma: (C,). Scales; may be integers.
        beta: (C,). Shifts; may be integers.
        bn_param: as for batchnorm_forward; the running statistics have length C and are written back.

    Returns:
        out: (N, C, H, W), dtype of x (float64 for integers).
        cache: for spatial_batchnorm_backward.

    Raises:
        ValueError: an unknown mode, shapes that do not belong together, eps or momentum out of range, or in train
            mode a feature whose variance is not finite: it would spoil the running statistics.

    Source:
        Ioffe and Szegedy 2015, section 3.2.
    """
    check_norm("spatial_batchnorm_forward", x, gamma, beta, "N, C, H, W")
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(N * H * W, C), gamma, beta, bn_param)
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), (x.shape, cache)
    ### END SOLUTION


def spatial_batchnorm_backward(dout: Array, cache: SpatialCache) -> Gradients:
    """Send the gradient back: batchnorm_backward, with sums over the batch and the pixels.

        dbeta = sum dout,   dgamma = sum dout * xhat,   dx as in batchnorm_backward, with N * H * W in the place of N

    In test mode mean and var are constants, so dx = gamma / sqrt(var + eps) * dout.

    Cost: about 6 * N * C * H * W multiply-adds.

    Args:
        dout: (N, C, H, W). Upstream gradient; never modified.
        cache: from spatial_batchnorm_forward.

    Returns:
        dx: (N, C, H, W).
        dgamma: (C,).
        dbeta: (C,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Ioffe and Szegedy 2015, section 3, simplified.
    """
    shape, rows = cache
    check_dout("spatial_batchnorm_backward", dout, shape)
    ### BEGIN SOLUTION
    N, C, H, W = shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(N * H * W, C), rows)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
    ### END SOLUTION
