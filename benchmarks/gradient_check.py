"""How much sooner `check_gradient` answers than the classic loop over every entry: CPU time on one thread, in one run.

    python -m benchmarks.gradient_check    # a minute or two, nearly all of it spent in the loops

Both check the same gradients of the same layers with naive loops, once with a convolution and once with a whole network; the
loops run in full. check_gradient is timed with several seeds (median, and the slowest), among them any that meet a kink and
draw again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.layers import circumstances
from hw_lib.gradient_check import Checked, check_gradient, eval_numerical_gradient, eval_numerical_gradient_array
from hw_lib.layers import conv_backward_naive, conv_forward_naive, max_pool_backward_naive, max_pool_forward_naive
from hw_lib.models import ThreeLayerConvNet
from hw_lib.ops import LayerOps

SEEDS = 9
NAIVE = LayerOps().using(conv_forward_naive, conv_backward_naive, max_pool_forward_naive, max_pool_backward_naive)

Errors = list[float]
Case = tuple[str, int, Callable[[], Errors], Callable[[int], Checked]]  # name, entries, the loop, check_gradient with a seed


def convolution() -> Case:
    """conv (10, 3, 5, 5) * (16, 3, 3, 3), stride 2, pad 1."""
    rng = np.random.default_rng(0)
    inputs = {"x": rng.standard_normal((10, 3, 5, 5)), "w": rng.standard_normal((16, 3, 3, 3)), "b": rng.standard_normal(16)}
    param = {"stride": 2, "pad": 1}

    def forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> Any:
        return conv_forward_naive(x, w, b, param)

    def loop() -> Errors:
        out, cache = forward(**inputs)
        dout = rng.standard_normal(out.shape)
        analytic = conv_backward_naive(dout, cache)
        pairs = zip(inputs.values(), analytic, strict=True)
        return [relative(eval_numerical_gradient_array(lambda _: forward(**inputs)[0], x, dout), dx) for x, dx in pairs]

    return (
        "conv (10, 3, 5, 5) * (16, 3, 3, 3), s2 p1",
        sum(array.size for array in inputs.values()),
        loop,
        lambda seed: check_gradient(forward, conv_backward_naive, inputs, seed=seed),
    )


def network() -> Case:
    """The three-layer net of the homework's own gradient check."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((2, 3, 16, 16)), rng.integers(10, size=2)
    np.random.seed(0)
    model = ThreeLayerConvNet((3, 16, 16), 3, 3, 7, 10, weight_scale=1e-2, reg=0.1, dtype=np.float64, ops=NAIVE)
    params = dict(model.params)

    def forward(*values: np.ndarray) -> Any:
        model.params = dict(zip(params, values, strict=True))
        return model.loss(X, y)

    def backward(dout: float, grads: dict[str, np.ndarray]) -> list[np.ndarray]:
        return [dout * grad for grad in grads.values()]

    def loop() -> Errors:
        model.params = params
        _, grads = model.loss(X, y)
        numeric = {name: eval_numerical_gradient(lambda _: model.loss(X, y)[0], x, False, 1e-6) for name, x in params.items()}
        return [relative(numeric[name], grads[name]) for name in params]

    return (
        "ThreeLayerConvNet (2, 3, 16, 16), 3 filters, 7 hidden",
        sum(array.size for array in params.values()),
        loop,
        lambda seed: check_gradient(forward, backward, params, seed=seed),
    )


def relative(numeric: np.ndarray, analytic: np.ndarray) -> float:
    """The largest difference, relative to the largest entry."""
    return float(np.abs(numeric - analytic).max() / np.abs(analytic).max())


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one call, and what it returned."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Print the table as Markdown."""
    print(circumstances())
    print(f"CPU seconds; check_gradient: median of {SEEDS} seeds, (slowest). Errors are the largest found in right gradients.\n")
    print("| checked | entries | loop | error | check_gradient | error | forward calls | redraws | times faster | ≥ 100 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, entries, loop, check in (convolution(), network()):
        check(0)  # warm up
        slow, errors = seconds(loop)
        times, results = zip(*(seconds(lambda seed=seed, check=check: check(seed)) for seed in range(SEEDS)), strict=True)
        quick = statistics.median(times)
        calls = statistics.median(result.evaluations for result in results)
        redraws, error = sum(result.redraws for result in results), max(result.error for result in results)
        print(
            f"| {name} | {entries} | {slow:.1f} | {max(errors):.0e} | {quick:.3f} ({max(times):.3f}) | {error:.0e} | {calls} "
            f"| {redraws} | **{slow / quick:.0f}** ({slow / max(times):.0f}) | {'met' if slow / quick >= 100 else 'missed'} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
