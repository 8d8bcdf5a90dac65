"""The im2col that courses hand out beside their assignments, written from its well-known idea: one matrix of all windows.

A fair opponent, not a straw man: windows are copied through one strided view, and the way back adds slice by slice instead
of by index arrays. It keeps the whole matrix, as those do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def im2col(x: Array, HH: int, WW: int, stride: int, pad: int) -> tuple[Array, int, int]:
    """All windows of all images as columns: (C * HH * WW, N * OH * OW)."""
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xpad, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = windows.shape[2:4]
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(x.shape[1] * HH * WW, -1), OH, OW


def col2im(columns: Array, shape: tuple[int, ...], HH: int, WW: int, stride: int, pad: int) -> Array:
    """Add the columns back into images."""
    N, C, H, W = shape
    OH, OW = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    windows = columns.reshape(C, HH, WW, N, OH, OW)
    xpad = np.zeros((N, C, H + 2 * pad, W + 2 * pad), columns.dtype)
    for k in range(HH):
        for column in range(WW):
            rows, across = slice(k, k + stride * (OH - 1) + 1, stride), slice(column, column + stride * (OW - 1) + 1, stride)
            xpad[:, :, rows, across] += windows[:, k, column].transpose(1, 0, 2, 3)
    return xpad[:, :, pad : pad + H, pad : pad + W]


def conv_forward(x: Array, w: Array, b: Array, param: dict[str, int]) -> tuple[Array, Any]:
    """Convolution by one matrix product."""
    F, _, HH, WW = w.shape
    columns, OH, OW = im2col(x, HH, WW, param["stride"], param["pad"])
    out = w.reshape(F, -1).dot(columns) + b[:, None]
    return np.ascontiguousarray(out.reshape(F, len(x), OH, OW).transpose(1, 0, 2, 3)), (x, w, b, param, columns)


def conv_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Its gradients."""
    x, w, _, param, columns = cache
    F, _, HH, WW = w.shape
    flat = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dw = flat.dot(columns.T).reshape(w.shape)
    dx = col2im(w.reshape(F, -1).T.dot(flat), x.shape, HH, WW, param["stride"], param["pad"])
    return dx, dw, flat.sum(axis=1)


def max_pool_forward(x: Array, param: dict[str, int]) -> tuple[Array, Any]:
    """Max pooling over the columns of each channel taken as an image of its own."""
    N, C, H, W = x.shape
    PH, PW, stride = param["pool_height"], param["pool_width"], param["stride"]
    columns, OH, OW = im2col(x.reshape(N * C, 1, H, W), PH, PW, stride, 0)
    winners = columns.argmax(axis=0)
    out = columns[winners, np.arange(len(winners))].reshape(N, C, OH, OW)
    return out, (x, param, columns.shape, winners)


def max_pool_backward(dout: Array, cache: Any) -> Array:
    """Its gradient."""
    x, param, shape, winners = cache
    N, C, H, W = x.shape
    columns = np.zeros(shape, dout.dtype)
    columns[winners, np.arange(len(winners))] = dout.ravel()
    return col2im(columns, (N * C, 1, H, W), param["pool_height"], param["pool_width"], param["stride"], 0).reshape(x.shape)


def avg_pool_forward(x: Array, param: dict[str, int]) -> tuple[Array, Any]:
    """Average pooling over the same columns."""
    N, C, H, W = x.shape
    columns, OH, OW = im2col(x.reshape(N * C, 1, H, W), param["pool_height"], param["pool_width"], param["stride"], 0)
    return columns.mean(axis=0).reshape(N, C, OH, OW), (x, param, columns.shape)


def avg_pool_backward(dout: Array, cache: Any) -> Array:
    """Its gradient."""
    x, param, shape = cache
    N, C, H, W = x.shape
    columns = np.broadcast_to(dout.ravel() / dout.dtype.type(shape[0]), shape)
    return col2im(columns, (N * C, 1, H, W), param["pool_height"], param["pool_width"], param["stride"], 0).reshape(x.shape)
