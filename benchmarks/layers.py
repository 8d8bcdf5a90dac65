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
from pathlib import Path

import numpy as np
import torch

from benchmarks.rows import ROWS, Row, Work


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
        ours, theirs = time_of["ours"], time_of["torch"]
        target = row.targets[direction == "backward"] if row.targets else None
        goal = "" if target is None else f" (≤ {target})"
        weight = row.weights.get("naive", row.weights.get(f"naive {direction}", 1.0))
        im2col = f"{time_of['im2col'] / ours:.1f}x" if "im2col" in time_of else ""
        slower = time_of.get("naive", 0.0) * weight / ours
        naive = f"{'~' * (weight != 1)}{slower:.{slower < 10:d}f}x" if slower else ""
        cells.append(f"{1e3 * ours:.1f} | {1e3 * theirs:.1f} | **{ours / theirs:.2f}**{goal} | {im2col} | {naive}")
        verdicts.append("" if target is None else "met" if ours / theirs <= target else "missed")
    return f"| {row.name} | {row.dtype} | " + " | ".join(cells) + f" | {' / '.join(verdicts)} |"


def blas_core() -> str:
    """Which kernels OpenBLAS chose for this processor; it decides half of the result."""
    try:
        library = next(
            line.split()[-1]
            for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
            if "libscipy_openblas64" in line
        )
        name = ctypes.CDLL(library).scipy_openblas_get_corename64_
        name.restype = ctypes.c_char_p
        return str(name().decode())
    except (OSError, StopIteration, AttributeError):
        return "unknown"


def circumstances() -> str:
    """What a reader must know to compare the numbers with others."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"NumPy {np.__version__} (OpenBLAS kernels: {blas_core()}), torch {torch.__version__}, 1 thread, load {load}."


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of fifteen")
    parser.add_argument("--only", default="", help="only rows whose name contains this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(circumstances())
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
