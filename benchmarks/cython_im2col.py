"""Our convolution beside the im2col that courseworks compile with Cython, forward: CPU time on one thread, in one run.

    python -m benchmarks.cython_im2col      # needs a C compiler; half a minute

The opponent is written for this comparison from its well-known idea: compiled loops copy every window into one matrix, whose
columns are ordered by pixel and then by image, and one matrix product follows.
"""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any

import numpy as np
import pyximport

from benchmarks.layers import circumstances, medians
from benchmarks.rows import CONV
from hw_lib.layers import fast

Array = np.ndarray[Any, Any]


def conv_forward(compiled: Any, x: Array, w: Array, b: Array, param: dict[str, int]) -> Array:
    """Convolution by compiled loops and one matrix product."""
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    stride, pad = param["stride"], param["pad"]
    OH, OW = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = w.reshape(F, -1).dot(compiled.im2col(xpad, HH, WW, OH, OW, stride)) + b[:, None]
    return np.ascontiguousarray(out.reshape(F, OH, OW, N).transpose(3, 0, 1, 2))


def main() -> None:
    """Compile, compare the results, time both, print a table as Markdown."""
    with tempfile.TemporaryDirectory() as build:
        pyximport.install(setup_args={"include_dirs": np.get_include()}, language_level=3, build_dir=build)
        from benchmarks import compiled_im2col

        print(circumstances())
        print("| layer | type | Cython im2col / ours, forward (≥ 1.5) |\n|---|---|---|")
        for shape, filters, stride, pad in CONV:
            for dtype in ("float32", "float64"):
                rng = np.random.default_rng(0)
                x, w, b = (rng.standard_normal(size).astype(dtype) for size in (shape, filters, filters[:1]))
                param = {"stride": stride, "pad": pad}
                theirs = partial(conv_forward, compiled_im2col, x, w, b, param)
                ours = partial(fast.conv_forward_fast, x, w, b, param)
                np.testing.assert_allclose(theirs(), ours()[0], rtol=1e-3, atol=1e-3)
                seconds = medians({"ours": ours, "theirs": theirs}, rounds=7)
                print(f"| conv {shape} * {filters[0]}, s{stride} | {dtype} | **{seconds['theirs'] / seconds['ours']:.2f}** |")


if __name__ == "__main__":
    main()
