"""Spatial dropout: dropout of whole channels, by the dropout layer on a (N, C, 1, 1) array."""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, Param, check_dout, check_rank, floating
from hw_lib.layers.dropout import Cache, dropout_backward, dropout_forward

__all__ = ["spatial_dropout_backward", "spatial_dropout_forward"]

SpatialCache = tuple[tuple[int, ...], Cache]


def spatial_dropout_forward(x: Array, dropout_param: Param) -> tuple[Array, SpatialCache]:
    """Zero each channel of each image with probability p, and scale the channels that survive by 1 / (1 - p).

        out[n, c, :, :] = x[n, c, :, :] * dropout(1)[n, c]

    Neighbouring pixels of a channel are alike, so zeroing single pixels hides little; a whole channel hides a feature.

    Cost: N * C random numbers and N * C * H * W multiplications.

    Args:
        x: (N, C, H, W). Never modified.
        dropout_param: as for dropout_forward.

    Returns:
        out: (N, C, H, W), dtype of x.
        cache: for spatial_dropout_backward.

    Raises:
        ValueError: x is not four-dimensional, or dropout_forward refuses dropout_param.

    Source:
        Tompson et al. 2015, "Efficient object localization using convolutional networks".
    """
    check_rank("spatial_dropout_forward", "x", x, "N, C, H, W")
    ### BEGIN SOLUTION
    channels, cache = dropout_forward(np.ones((*x.shape[:2], 1, 1), floating(x.dtype)), dropout_param)
    return (x * channels).astype(x.dtype, copy=False), (x.shape, cache)
    ### END SOLUTION


def spatial_dropout_backward(dout: Array, cache: SpatialCache) -> Array:
    """Send the gradient back through the channels that survived.

        dx[n, c, :, :] = dout[n, c, :, :] * dropout(1)[n, c]

    Cost: N * C * H * W multiplications.

    Args:
        dout: (N, C, H, W). Upstream gradient; never modified.
        cache: from spatial_dropout_forward.

    Returns:
        dx: (N, C, H, W), dtype of dout; dout itself if the forward pass was in test mode.

    Raises:
        ValueError: dout does not have the shape of x.

    Source:
        Tompson et al. 2015.
    """
    shape, channels = cache
    check_dout("spatial_dropout_backward", dout, shape)
    ### BEGIN SOLUTION
    return dropout_backward(dout, channels)
    ### END SOLUTION
