"""One-dimensional convolution: a two-dimensional one of images that are one pixel high."""

from __future__ import annotations

import numpy as np

from hw_lib.layers.arguments import Array, ConvCache, Param, check_dout, check_rank, conv_sizes, integer
from hw_lib.layers.fast.convolution import conv_backward_fast, conv_forward_fast

__all__ = ["conv1d_backward", "conv1d_forward"]


def conv1d_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, ConvCache]:
    """Slide F filters along a batch of sequences.

        out[n, f, i] = b[f] + sum over c, k of  w[f, c, k] * xpad[n, c, i * stride + k]
        OL = 1 + (L + 2 * pad - K) // stride

    Cost: N * F * OL * C * K multiply-adds.

    Args:
        x: (N, C, L). Sequences; never modified.
        w: (F, C, K). Filters.
        b: (F,). One bias for each filter.
        conv_param: 'stride': steps between windows, at least 1; 'pad': zeros added at both ends.

    Returns:
        out: (N, F, OL).
        cache: (x, w, b, conv_param), for conv1d_backward.

    Raises:
        ValueError: shapes that do not belong together, a stride below 1, a negative pad, NaN in w or b.

    Source:
        Waibel et al. 1989, time-delay neural networks.
    """
    out, _ = conv_forward_fast(*_as_images("conv1d_forward", x, w, b, conv_param))
    return out[:, :, 0], (x, w, b, conv_param)


def conv1d_backward(dout: Array, cache: ConvCache) -> tuple[Array, Array, Array]:
    """Gradients of conv1d_forward.

        dw[f, c, k] = sum over n, i of  dout[n, f, i] * xpad[n, c, i * stride + k]
        dxpad[n, c, i * stride + k] += sum over f of  dout[n, f, i] * w[f, c, k]

    Cost: 2 * N * F * OL * C * K multiply-adds.

    Args:
        dout: (N, F, OL). Upstream gradient; never modified.
        cache: (x, w, b, conv_param), from conv1d_forward.

    Returns:
        dx: (N, C, L).
        dw: (F, C, K).
        db: (F,).

    Raises:
        ValueError: dout does not have the shape of the output.

    Source:
        The chain rule, applied to the formula of conv1d_forward.
    """
    x, w, b, conv_param = cache
    images = _as_images("conv1d_backward", x, w, b, conv_param)
    stride, pad = conv_param["stride"], conv_param["pad"]
    check_dout("conv1d_backward", dout, (len(x), len(w), (x.shape[2] + 2 * pad - w.shape[2]) // stride + 1))
    dx, dw, db = conv_backward_fast(dout[:, :, None], images)
    return dx[:, :, 0, pad : pad + x.shape[2]], dw[:, :, 0], db


def _as_images(layer: str, x: Array, w: Array, b: Array, conv_param: Param) -> ConvCache:
    """The arguments of the two-dimensional convolution; its own padding would add rows too, so the zeros go in here."""
    check_rank(layer, "x", x, "N, C, L")
    check_rank(layer, "w", w, "F, C, K")
    stride, pad = integer(layer, conv_param, "stride", 1), integer(layer, conv_param, "pad", 0)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad))) if pad else x
    images = padded[:, :, None], w[:, :, None], b, {"stride": stride, "pad": 0}
    conv_sizes(layer, *images)
    return images
