"""Our layers beside PyTorch's, a coursework-style im2col and the naive loops: CPU time on one thread, in one run.

    python -m benchmarks.layers            # the whole table, some minutes
    python -m benchmarks.layers --quick    # fewer rounds
    python -m benchmarks.layers --only 7x7

Each round times every opponent once, one after the other, so that a busy machine disturbs all of them alike; the table shows
medians over the rounds. Naive loops are timed on a few outputs and extrapolated in proportion (marked with ~).
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks import coursework
from hw_lib.layers import conv, fast, pooling

Work = Callable[[], Any]
CONV = {  # (x, filters, stride, pad): targets of the issue, (float32 forward, backward), (float64 forward, backward)
    ((64, 64, 32, 32), (64, 64, 3, 3), 1, 1): ((1.0, 1.0), (0.30, 0.45)),
    ((32, 128, 16, 16), (128, 128, 3, 3), 1, 1): ((1.0, 1.0), (0.38, 0.50)),
    ((50, 3, 32, 32), (32, 3, 7, 7), 1, 3): ((1.45, 0.7), (0.30, 0.55)),
    ((100, 3, 32, 32), (32, 3, 3, 3), 1, 1): ((1.05, 0.7), (0.70, 0.8)),
    ((16, 3, 224, 224), (64, 3, 7, 7), 2, 3): ((1.4, 0.65), (0.45, 0.65)),
}
POOL_SHAPE, POOL_TARGETS = (100, 32, 32, 32), ((0.5, 1.7), (0.6, 1.5))


@dataclass
class Row:
    """One line of the table: named opponents for each direction. A weight above 1 extrapolates a sample."""

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


ROWS: list[Callable[[], Iterator[Row]]] = [conv_rows, pool_rows]


def without_gradient(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a PyTorch function without recording for its backward pass."""
    with torch.no_grad():
        return function(*args, **kwargs)


def medians(opponents: dict[str, Work], rounds: int) -> dict[str, float]:
    """CPU seconds of each opponent: the median over rounds in which each runs once, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in opponents}
    for round_ in range(rounds + 1):
        for name, work in opponents.items():
            if name in ("naive", "im2col") and round_ > 3:
                continue  # far away: three rounds are enough
            start = time.process_time()
            work()
            if round_:
                seconds[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def measure(row: Row, rounds: int) -> str:
    """Time one row and return its line of the table."""
    cells, verdicts = [], []
    for direction, opponents in (("forward", row.forward), ("backward", row.backward)):
        time_of = medians(opponents, rounds)
        naive = time_of["naive"] * row.weights.get("naive", row.weights.get(f"naive {direction}", 1.0))
        ours, theirs = time_of["ours"], time_of["torch"]
        target = row.targets[direction == "backward"] if row.targets else None
        goal = "" if target is None else f" (≤ {target})"
        beside = f"{time_of['im2col'] / ours:.1f}x | ~{naive / ours:.0f}x"
        cells.append(f"{1e3 * ours:.1f} | {1e3 * theirs:.1f} | **{ours / theirs:.2f}**{goal} | {beside}")
        verdicts.append("" if target is None else "met" if ours / theirs <= target else "missed")
    return f"| {row.name} | {row.dtype} | " + " | ".join(cells) + f" | {' / '.join(verdicts)} |"


def blas_core() -> str:
    """Which kernels OpenBLAS chose for this processor; it decides half of the result."""
    try:
        library = next(
            line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "libscipy_openblas64" in line
        )
        name = ctypes.CDLL(library).scipy_openblas_get_corename64_
        name.restype = ctypes.c_char_p
        return str(name().decode())
    except (OSError, StopIteration, AttributeError):
        return "unknown"


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of fifteen")
    parser.add_argument("--only", default="", help="only rows whose name contains this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"NumPy {np.__version__} (OpenBLAS kernels: {blas_core()}), torch {torch.__version__}, 1 thread, load {load}.")
    print("CPU milliseconds, medians; ratio = ours / torch, with the target; im2col and naive = how many times slower than ours.\n")
    print("| layer | type " + "| ours | torch | forward | im2col | naive | ours | torch | backward | im2col | naive | targets |")
    print("|---|---|" + "---|" * 11)
    for rows in ROWS:
        for row in rows():
            if options.only in f"{row.name} {row.dtype}":
                print(measure(row, 3 if options.quick else 15), flush=True)
            del row
            gc.collect()
    print(f"\nload afterwards {', '.join(f'{value:.1f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
