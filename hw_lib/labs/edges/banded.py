"""A convolution as a few large matrix products, for small pictures with few channels, where PyTorch's own is slow.

A row of the output depends on k rows of the input, linearly: all columns and channels of those rows, times one matrix, which
holds the kernels along its diagonals ("banded"). Most of that matrix is zero, but a large product is fast enough to pay
for it, forward and backward. Knows nothing of networks.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor


def banded_conv(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Convolve with reflecting padding (k - 1) // 2 and stride 1, for S networks at once.

    Args:
        x: (S, C, B, H, W) maps.
        w: (S, F, C, k, k) kernels.
        b: (S, F) biases.

    Returns:
        (S, F, B, H', W'), where H' = H + 2 * padding - k + 1.
    """
    out: Tensor = _BandedConv.apply(x, w)
    return out + b[:, :, None, None, None]


def max_pool(x: Tensor) -> Tensor:
    """2x2 max pool over the last two axes; an odd last row or column is left out. Of equal numbers the first takes the gradient."""
    out: Tensor = _MaxPool.apply(x)
    return out


class _BandedConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor) -> Tensor:
        S, _, B, _, W = x.shape
        filters, k = w.shape[1], w.shape[-1]
        windows, band = _windows(x, k), _band(w, W)
        ctx.save_for_backward(windows, band)
        ctx.shapes = x.shape, w.shape
        out = torch.bmm(windows, band)
        return out.view(S, B, -1, filters, band.shape[2] // filters).permute(0, 3, 1, 2, 4)

    @staticmethod
    def backward(ctx: Any, dout: Tensor) -> tuple[Tensor | None, Tensor | None]:
        windows, band = ctx.saved_tensors
        x_shape, w_shape = ctx.shapes
        rows = dout.permute(0, 2, 3, 1, 4).reshape(windows.shape[0], windows.shape[1], band.shape[2])
        wants_x, wants_w = ctx.needs_input_grad
        dx = _windows_adjoint(torch.bmm(rows, band.transpose(1, 2)), x_shape, w_shape[-1]) if wants_x else None
        dw = _band_adjoint(torch.bmm(windows.transpose(1, 2), rows), x_shape[-1], w_shape) if wants_w else None
        return dx, dw


def _windows(x: Tensor, k: int) -> Tensor:
    """(S, B * H', k * C * W): for each output row the k input rows it depends on, side by side."""
    S, C, B, H, W = x.shape
    rows = x.permute(0, 2, 3, 1, 4).reshape(S, B, H, C * W)
    return rows.index_select(2, window_rows(H, k)).view(S, -1, k * C * W)


def _windows_adjoint(dwindows: Tensor, x_shape: torch.Size, k: int) -> Tensor:
    """The gradient of `_windows`: each input row sums the gradients of its copies, as a product with a matrix of zeros and ones."""
    S, C, B, H, W = x_shape
    drows = row_sums(H, k) @ dwindows.view(S * B, -1, C * W)
    return drows.view(S, B, H, C, W).permute(0, 3, 1, 2, 4)


def _band(w: Tensor, W: int) -> Tensor:
    """(S, k * C * W, F * W'): the matrix that maps k input rows to one output row."""
    S, filters, C, k, _ = w.shape
    spread = (w.reshape(-1, k) @ diagonals(W, k)).view(S, filters, C, k, W, -1)
    return spread.permute(0, 3, 2, 4, 1, 5).reshape(S, k * C * W, -1)


def _band_adjoint(dband: Tensor, W: int, w_shape: torch.Size) -> Tensor:
    S, filters, C, k, _ = w_shape
    spread = dband.view(S, k, C, W, filters, -1).permute(0, 4, 2, 1, 3, 5).reshape(S * filters * C * k, -1)
    return (spread @ diagonals(W, k).T).view(w_shape)


def _reflected(n: int, k: int) -> Tensor:
    """(n', k) the index that entry j of window i reads, on an axis of n places with reflecting padding."""
    pad = (k - 1) // 2
    place = (torch.arange(n + 2 * pad - k + 1)[:, None] + torch.arange(k) - pad).abs()
    return torch.where(place < n, place, 2 * (n - 1) - place)


@cache
def window_rows(H: int, k: int) -> Tensor:
    """(H' * k,) the k input rows that each output row reads, one output row after another."""
    return _reflected(H, k).flatten()


@cache
def row_sums(H: int, k: int) -> Tensor:
    """(H, H' * k) zeros and ones: which copies belong to each row."""
    return (torch.arange(H)[:, None] == window_rows(H, k)).float()


@cache
def diagonals(W: int, k: int) -> Tensor:
    """(k, W * W') zeros and ones: where each of a kernel row's k numbers stands in a band."""
    places = _reflected(W, k)
    marks = torch.arange(W)[:, None, None] == places  # (W, W', k)
    return marks.permute(2, 0, 1).flatten(1).float()


class _MaxPool(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        a, b, c, d = _corners(x)
        top, bottom = torch.maximum(a, b), torch.maximum(c, d)
        ctx.shape = x.shape
        ctx.save_for_backward(top >= bottom, a >= b, c >= d)
        return torch.maximum(top, bottom)

    @staticmethod
    def backward(ctx: Any, dout: Tensor) -> Tensor:
        upper, top_left, bottom_left = ctx.saved_tensors
        dx = dout.new_zeros(ctx.shape)
        a, b, c, d = _corners(dx)
        top = dout * upper
        bottom = dout - top
        torch.mul(top, top_left, out=a)
        torch.sub(top, a, out=b)
        torch.mul(bottom, bottom_left, out=c)
        torch.sub(bottom, c, out=d)
        return dx


def _corners(x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Views of the four places of every 2x2 window: top left, top right, bottom left, bottom right."""
    x = x[..., : x.shape[-2] // 2 * 2, : x.shape[-1] // 2 * 2]
    return x[..., ::2, ::2], x[..., ::2, 1::2], x[..., 1::2, ::2], x[..., 1::2, 1::2]
