"""Batch normalisation of images, one image at a time.

The idea in five lines:
1. The images are worked on one after the other, so that what is in use fits into the processor's cache.
2. No temporary of the size of x is made: one workspace of the size of one image serves all, and the cache holds x itself.
3. Mean and variance take one pass: a mean far from zero, as the first image says, is subtracted before, and costs no digits.
4. The sums over the pixels are dot products, in x's dtype; their totals are float64.
5. What depends on the channel alone is computed first, so that either pass costs each entry a few operations.
"""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, check_dout, floating
from hw_lib.layers.fast.buffer import small_buffer
from hw_lib.layers.norm import Gradients, MutableParam, NormCache, batchnorm_settings, check_norm, typed


def spatial_batchnorm_forward_fast(x: Array, gamma: Array, beta: Array, bn_param: MutableParam) -> tuple[Array, NormCache]:
    """What spatial_batchnorm_forward computes, several times faster.

        xhat = (x - mean) / sqrt(var + eps),   out = gamma * xhat + beta

    mean, var, gamma and beta have one entry for each channel.

    Cost: about 4 * N * C * H * W multiply-adds.

    Args:
        x: (N, C, H, W). Never modified.
        gamma: (C,). Scales; may be integers.
        beta: (C,). Shifts; may be integers.
        bn_param: as for batchnorm_forward; the running statistics have length C and are written back.

    Returns:
        out: (N, C, H, W), dtype of x (float64 for integers).
        cache: for spatial_batchnorm_backward_fast.

    Raises:
        ValueError: an unknown mode, shapes that do not belong together, eps or momentum out of range, or in train
            mode a feature whose variance is not finite: it would spoil the running statistics.

    Source:
        Ioffe and Szegedy 2015, section 3.2.
    """
    check_norm("spatial_batchnorm_forward_fast", x, gamma, beta, "N, C, H, W")
    settings = batchnorm_settings("spatial_batchnorm_forward_fast", x, x.shape[1], bn_param)
    ### BEGIN SOLUTION
    images = _images(x)
    running_mean, running_var, momentum = settings.running_mean, settings.running_var, settings.momentum
    if settings.mode == "train":
        mean, var = _mean_and_var(images)
        settings.check_finite(var)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    settings.store(bn_param, running_mean, running_var)
    inv_std = 1 / np.sqrt(var + settings.eps)
    out = np.empty_like(images)
    scale, shift = (_column(v, out) for v in (gamma * inv_std, beta - gamma * inv_std * mean))
    with small_buffer(images.shape[2]):
        for image, result in zip(images, out, strict=True):
            np.multiply(image, scale, out=result)
            result += shift
    ### END SOLUTION
    return out.reshape(x.shape), NormCache(x, gamma, beta, mean, inv_std, settings.mode)


def spatial_batchnorm_backward_fast(dout: Array, cache: NormCache) -> Gradients:
    """What spatial_batchnorm_backward computes, several times faster: the closed form of batchnorm_backward_alt.

        dbeta = sum dout,   dgamma = sum dout * xhat
        dx = gamma / sqrt(var + eps) * (dout - (dbeta + xhat * dgamma) / (N * H * W))

    In test mode mean and var are constants, so dx = gamma / sqrt(var + eps) * dout.

    Cost: about 6 * N * C * H * W multiply-adds.

    Args:
        dout: (N, C, H, W). Upstream gradient; never modified.
        cache: from spatial_batchnorm_forward_fast.

    Returns:
        dx: (N, C, H, W).
        dgamma: (C,).
        dbeta: (C,). Each gradient has the dtype of its array.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Ioffe and Szegedy 2015, section 3, simplified.
    """
    check_dout("spatial_batchnorm_backward_fast", dout, cache.x.shape)
    ### BEGIN SOLUTION
    images, douts = _images(cache.x), _images(dout)
    dbeta, dgamma = _gradient_sums(images, douts, cache)
    count = images.shape[0] * images.shape[2] if cache.mode == "train" else np.inf  # constants have no share in dx
    dx = np.empty_like(images)
    scale = cache.gamma * cache.inv_std
    per_x = -scale * dgamma * cache.inv_std / count
    constant = -scale * dbeta / count - per_x * cache.mean
    slope, per_x, constant = (_column(v, dx) for v in (scale, per_x, constant))
    work = np.empty_like(dx[0])
    with small_buffer(images.shape[2]):
        for image, upstream, result in zip(images, douts, dx, strict=True):
            np.multiply(upstream, slope, out=result)
            np.multiply(image, per_x, out=work)
            work += constant
            result += work
    ### END SOLUTION
    return typed(cache, dx.reshape(cache.x.shape), dgamma, dbeta)


def _images(x: Array) -> Array:
    """(N, C, H * W), contiguous and floating: x itself where possible."""
    return np.ascontiguousarray(x, floating(x.dtype)).reshape(*x.shape[:2], -1)


def _column(values: Array, like: Array) -> Array:
    """One value for each channel, ready to broadcast over its pixels."""
    return np.asarray(values).astype(like.dtype)[:, None]


def _dots(a: Array, b: Array) -> Array:
    """Sum of a * b over the pixels of each channel, as dot products: no temporary, twice as fast as einsum."""
    return np.asarray(np.matmul(a[:, None, :], b[:, :, None])[:, 0, 0])


def _mean_and_var(images: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel, float64, in one pass.

    Where the first image's means lie more than two standard deviations from zero, everything is measured from them, so that
    they cost no digits of the variance; elsewhere that pass over x is saved.
    """
    ### BEGIN SOLUTION
    N, C, L = images.shape
    first = np.asarray(images[0].mean(axis=1, dtype=np.float64))
    near_zero = bool((np.abs(first) < 2 * images[0].std(axis=1, dtype=np.float64)).all())
    centre = _column(np.zeros(C) if near_zero else first, images)
    sums, squares, ones, work = np.zeros(C), np.zeros(C), np.ones(L, images.dtype), np.empty_like(images[0])
    with small_buffer(L):
        for image in images:
            seen = image if near_zero else np.subtract(image, centre, out=work)
            sums += seen @ ones
            squares += _dots(seen, seen)
    drift = sums / (N * L)
    return centre[:, 0] + drift, np.maximum(squares / (N * L) - drift**2, 0)
    ### END SOLUTION


def _gradient_sums(images: Array, douts: Array, cache: NormCache) -> tuple[Array, Array]:
    """Dbeta and dgamma, float64.

    sum (x - mean) * dout = sum x * dout - mean * dbeta. The right side saves a pass over x, but loses digits where the mean
    is many standard deviations from zero; there the mean is subtracted first.
    """
    ### BEGIN SOLUTION
    dbeta, products = np.zeros(len(cache.mean)), np.zeros(len(cache.mean))
    ones, centre, work = np.ones(images.shape[2], douts.dtype), _column(cache.mean, images), np.empty_like(images[0])
    near_zero = bool((np.abs(cache.mean) * cache.inv_std < 2).all())
    with small_buffer(images.shape[2]):
        for image, upstream in zip(images, douts, strict=True):
            products += _dots(image if near_zero else np.subtract(image, centre, out=work), upstream)
            dbeta += upstream @ ones
    return dbeta, (products - cache.mean * dbeta if near_zero else products) * cache.inv_std
    ### END SOLUTION
