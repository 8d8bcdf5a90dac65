"""What `benchmarks.layers` times: each layer of the issue's table, ours beside PyTorch's, a coursework's and the naive one.

Knows the layers and the targets; knows nothing of clocks and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch

from benchmarks import coursework
from hw_lib.layers import batchnorm, conv, dropout, fast, pooling

Work = Callable[[], Any]
CONV = {  # (x, filters, stride, pad): targets of the issue, (float32 forward, backward), (float64 forward, backward)
    ((64, 64, 32, 32), (64, 64, 3, 3), 1, 1): ((1.0, 1.0), (0.30, 0.45)),
    ((32, 128, 16, 16), (128, 128, 3, 3), 1, 1): ((1.0, 1.0), (0.38, 0.50)),
    ((64, 16, 32, 32), (16, 16, 5, 5), 1, 2): ((1.2, 1.2), (0.38, 0.50)),
    ((64, 32, 32, 32), (32, 32, 5, 5), 1, 2): ((1.2, 1.2), (0.38, 0.50)),
    ((50, 3, 32, 32), (32, 3, 7, 7), 1, 3): ((1.45, 0.7), (0.30, 0.55)),
    ((100, 3, 32, 32), (32, 3, 3, 3), 1, 1): ((1.05, 0.7), (0.70, 0.8)),
    ((16, 3, 224, 224), (64, 3, 7, 7), 2, 3): ((1.4, 0.65), (0.45, 0.65)),
}
POOL_SHAPE, POOL_TARGETS = (100, 32, 32, 32), ((0.5, 1.7), (0.6, 1.5))
NORM_SHAPE, NORM_TARGETS, DROPOUT_TARGETS = (64, 64, 32, 32), ((0.8, 1.7), (0.6, 0.7)), ((0.25, 1.5), (0.3, 1.5))


@dataclass
class Row:
    """One line of the table: named opponents for each direction, not all of them everywhere. A weight above 1 extrapolates."""

    name: str
    dtype: str
    targets: tuple[float, float] | None
    forward: dict[str, Work]
    backward: dict[str, Work]
    weights: dict[str, float] = field(default_factory=dict)


def conv_rows() -> Iterator[Row]:
    """The convolutions of the issue's table."""
    for (shape, filters, stride, pad), targets in CONV.items():
        for dtype, target in zip(("float32", "float64"), targets, strict=True):
            yield conv_row(shape, filters, {"stride": stride, "pad": pad}, dtype, target)


def conv_row(
    shape: tuple[int, ...], filters: tuple[int, ...], param: dict[str, int], dtype: str, targets: tuple[float, float]
) -> Row:
    """One convolution."""
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(size).astype(dtype) for size in (shape, filters, filters[:1]))
    small = x[:1, :, : filters[2] + 3, : filters[3] + 3], w[:2], b[:2], param  # a few outputs, each as costly as the others
    out, cache = fast.conv_forward_fast(x, w, b, param)
    dout = np.ones_like(out)
    small_out, small_cache = conv.conv_forward_naive(*small)
    _, their_cache = coursework.conv_forward(x, w, b, param)
    tensors = [torch.from_numpy(array).requires_grad_() for array in (x, w, b)]
    tout = torch.conv2d(*tensors, stride=param["stride"], padding=param["pad"])
    return Row(
        f"conv {shape} * {filters[0]}, {filters[2]}x{filters[3]}, s{param['stride']} p{param['pad']}",
        dtype,
        targets,
        {
            "ours": partial(fast.conv_forward_fast, x, w, b, param),
            "torch": partial(without_gradient, torch.conv2d, *tensors, stride=param["stride"], padding=param["pad"]),
            "im2col": partial(coursework.conv_forward, x, w, b, param),
            "naive": partial(conv.conv_forward_naive, *small),
        },
        {
            "ours": partial(fast.conv_backward_fast, dout, cache),
            "torch": partial(torch.autograd.grad, tout, tensors, torch.from_numpy(dout), retain_graph=True),
            "im2col": partial(coursework.conv_backward, dout, their_cache),
            "naive": partial(conv.conv_backward_naive, np.ones_like(small_out), small_cache),
        },
        {"naive": out.size / small_out.size},
    )


def pool_rows() -> Iterator[Row]:
    """Max pooling, with the issue's targets, and average pooling, without."""
    for kind, targets in (("max", POOL_TARGETS), ("avg", (None, None))):
        for size in (2, 3):
            for dtype, target in zip(("float32", "float64"), targets, strict=True):
                yield pool_row(kind, {"pool_height": size, "pool_width": size, "stride": 2}, dtype, target)


def pool_row(kind: str, param: dict[str, int], dtype: str, targets: tuple[float, float] | None) -> Row:
    """One pooling layer."""
    x = np.random.default_rng(0).standard_normal(POOL_SHAPE).astype(dtype)
    forward, backward = getattr(fast, f"{kind}_pool_forward_fast"), getattr(fast, f"{kind}_pool_backward_fast")
    slow_forward, slow_backward = getattr(pooling, f"{kind}_pool_forward_naive"), getattr(pooling, f"{kind}_pool_backward_naive")
    their_forward, their_backward = getattr(coursework, f"{kind}_pool_forward"), getattr(coursework, f"{kind}_pool_backward")
    theirs = {"max": torch.nn.functional.max_pool2d, "avg": torch.nn.functional.avg_pool2d}[kind]
    size = param["pool_height"]
    (out, cache), (_, their_cache) = forward(x, param), their_forward(x, param)
    dout = np.ones_like(out)
    small, small_cache = slow_forward(x[:1, :4], param)
    tensor = torch.from_numpy(x).requires_grad_()
    tout = theirs(tensor, size, 2)
    return Row(
        f"{kind} pool {POOL_SHAPE}, {size}x{size}, s2",
        dtype,
        targets,
        {
            "ours": partial(forward, x, param),
            "torch": partial(without_gradient, theirs, tensor, size, 2),
            "im2col": partial(their_forward, x, param),
            "naive": partial(slow_forward, x, param),
        },
        {
            "ours": partial(backward, dout, cache),
            "torch": partial(torch.autograd.grad, tout, tensor, torch.from_numpy(dout), retain_graph=True),
            "im2col": partial(their_backward, dout, their_cache),
            "naive": partial(slow_backward, dout, cache)
            if kind == "avg"
            else partial(slow_backward, np.ones_like(small), small_cache),
        },
        {"naive backward": out.size / small.size if kind == "max" else 1.0},
    )


def norm_rows() -> Iterator[Row]:
    """Batch normalisation of images; its naive opponent is how courseworks do it, batchnorm_forward of a transposed copy."""
    for dtype, targets in zip(("float32", "float64"), NORM_TARGETS, strict=True):
        rng = np.random.default_rng(0)
        x, dout = (rng.standard_normal(NORM_SHAPE).astype(dtype) for _ in range(2))
        gamma, beta, *running = (np.full(NORM_SHAPE[1], value, dtype) for value in (1.5, 0.5, 0, 1))
        tensors = [torch.from_numpy(array).requires_grad_() for array in (x, gamma, beta)]
        stats = [torch.from_numpy(array) for array in running]
        theirs = partial(torch.nn.functional.batch_norm, tensors[0], *stats, *tensors[1:], training=True)
        _, cache = fast.spatial_batchnorm_forward_fast(x, gamma, beta, {"mode": "train"})
        _, columns = batchnorm.batchnorm_forward(features(x), gamma, beta, {"mode": "train"})
        yield Row(
            f"spatial batchnorm {NORM_SHAPE}",
            dtype,
            targets,
            {
                "ours": partial(fast.spatial_batchnorm_forward_fast, x, gamma, beta, {"mode": "train"}),
                "torch": partial(without_gradient, theirs),
                "naive": lambda x=x, gamma=gamma, beta=beta: images(
                    batchnorm.batchnorm_forward(features(x), gamma, beta, {"mode": "train"})[0]
                ),
            },
            {
                "ours": partial(fast.spatial_batchnorm_backward_fast, dout, cache),
                "torch": partial(torch.autograd.grad, theirs(), tensors, torch.from_numpy(dout), retain_graph=True),
                "naive": lambda dout=dout, columns=columns: images(batchnorm.batchnorm_backward(features(dout), columns)[0]),
            },
        )


def features(x: np.ndarray) -> np.ndarray:
    """Images as a matrix with a column for each channel: a copy."""
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


def images(columns: np.ndarray) -> np.ndarray:
    """The way back, with a copy as well: the next layer wants its input contiguous."""
    N, C, H, W = NORM_SHAPE
    return np.ascontiguousarray(columns.reshape(N, H, W, C).transpose(0, 3, 1, 2))


def dropout_rows() -> Iterator[Row]:
    """Dropout with a p that a byte cannot hold; its naive opponent is the teaching layer, with the same generator."""
    for dtype, targets in zip(("float32", "float64"), DROPOUT_TARGETS, strict=True):
        rng = np.random.default_rng(0)
        x, dout = (rng.standard_normal(NORM_SHAPE).astype(dtype) for _ in range(2))
        param = {"mode": "train", "p": 0.3, "rng": rng}
        _, cache = fast.dropout_forward_fast(x, param)
        tensor = torch.from_numpy(x).requires_grad_()
        theirs = partial(torch.nn.functional.dropout, tensor, 0.3)
        yield Row(
            f"dropout {NORM_SHAPE}, p 0.3",
            dtype,
            targets,
            {
                "ours": partial(fast.dropout_forward_fast, x, param),
                "torch": partial(without_gradient, theirs),
                "naive": partial(dropout.dropout_forward, x, param),
            },
            {
                "ours": partial(fast.dropout_backward_fast, dout, cache),
                "torch": partial(torch.autograd.grad, theirs(), tensor, torch.from_numpy(dout), retain_graph=True),
            },
        )


ROWS: list[Callable[[], Iterator[Row]]] = [conv_rows, pool_rows, norm_rows, dropout_rows]


def without_gradient(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a PyTorch function without recording for its backward pass."""
    with torch.no_grad():
        return function(*args, **kwargs)
