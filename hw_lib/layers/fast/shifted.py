"""Convolution as one matrix product per filter row, for many channels: the columns of im2col are never made.

The idea in five lines:
1. Of the HH * WW shifts of an image only the WW along the width are copied (`shifts.py`): (C * WW, rows * OW).
2. What row k of the filters sees is the same memory, k rows further down: BLAS reads it in place, its rows being far apart.
3. So out is the sum of HH products (F, C * WW) @ (C * WW, pixels). The sums cost little once C * WW is large.
4. dx is the same convolution: of dout, with filters turned by 180 degrees and inputs and outputs exchanged.
5. dw is HH products of dout with those views transposed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from hw_lib.layers.arguments import Array, ConvSizes
from hw_lib.layers.fast.shifts import Shifts

_BLOCK_BYTES = 512 << 10  # shifts of one block: what a common second-level cache holds


def shifted_forward(x: Array, w: Array, b: Array, s: ConvSizes, dtype: np.dtype[Any]) -> Array:
    """Convolve images of many channels, any stride."""
    out = np.empty(s.out, dtype)
    flat = out.reshape(s.N, s.F, s.OH * s.OW)
    work = _shifts(s, dtype)
    filters = np.ascontiguousarray(w.transpose(2, 0, 1, 3), dtype).reshape(s.HH, s.F, s.C * s.WW)
    bias = b.astype(dtype)[:, None]
    total, product = np.empty((2, work.most, s.F, work.rows * s.OW), dtype)
    for batch in work.batches:
        work.put(x[batch])
        for top, bottom in work.blocks:
            work.load(top, bottom)
            pixels = (bottom - top) * s.OW
            sums, scratch = total[: work.count, :, :pixels], product[: work.count, :, :pixels]
            np.matmul(filters[0], work.tap(0, pixels), out=sums)
            for k in range(1, s.HH):
                np.matmul(filters[k], work.tap(k, pixels), out=scratch)
                np.add(sums, scratch, out=sums)
            np.add(sums, bias, out=flat[batch, :, top * s.OW : bottom * s.OW])
    return out


def shifted_backward(dout: Array, x: Array, w: Array, s: ConvSizes, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Gradients with respect to x, w and b, for stride 1 and square filters larger than the padding."""
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    other_way = replace(s, C=s.F, F=s.C, H=s.OH, W=s.OW, OH=s.H, OW=s.W, pad=s.HH - 1 - s.pad)
    dx = shifted_forward(dout, turned, np.zeros(s.C), other_way, dtype)
    work = _shifts(s, dtype)
    dfilters = np.zeros((s.HH, s.F, s.C * s.WW), dtype)
    products = np.empty((work.most, *dfilters.shape[1:]), dtype)
    for batch in work.batches:
        work.put(x[batch])
        flat = np.ascontiguousarray(dout[batch], dtype).reshape(work.count, s.F, s.OH * s.OW)
        for top, bottom in work.blocks:
            work.load(top, bottom)
            block = flat[:, :, top * s.OW : bottom * s.OW]
            for k in range(s.HH):
                taps = work.tap(k, block.shape[2]).transpose(0, 2, 1)
                dfilters[k] += np.matmul(block, taps, out=products[: work.count]).sum(axis=0)
    dw = dfilters.reshape(s.HH, s.F, s.C, s.WW).transpose(1, 2, 0, 3)
    return dx, np.ascontiguousarray(dw), dout.sum(axis=(0, 2, 3), dtype=dtype)


def _shifts(s: ConvSizes, dtype: np.dtype[Any]) -> Shifts:
    """The workspace, in blocks that fit the cache."""
    return Shifts(s, dtype, _BLOCK_BYTES // (s.C * s.WW * dtype.itemsize))
