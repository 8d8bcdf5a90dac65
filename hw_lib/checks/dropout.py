"""Property tests of a PyTorch dropout module, which may draw its randomness wherever it likes.

The order matters: each step looks for one misconception and may rely on the steps before. A right module fails any of the
statistical steps with probability below 1e-6: every margin is at least six standard deviations. torch is imported when used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.checks.probe import Floats, Probe, vjp
from hw_lib.errors import CheckFailed

_SIGMAS = 6.0
_SIZE = (200, 200)  # 40,000 entries: the dropped fraction is known to ± 0.015 at six standard deviations


def dropout_module(Dropout: Callable[..., Any], p: float = 0.5, *, seed: int = 0) -> None:
    """Test that Dropout(p) is inverted dropout with drop probability p.

    In training: every entry is zeroed on its own with probability p, the others are multiplied by exactly 1 / (1 - p), so that
    the expectation stays; a fresh mask every call; the input stays as it was; the gradient goes through the same mask. In
    evaluation: the identity. Any number of axes, float32 and float64.

    Args:
        Dropout: the class, or anything that makes a module from p.
        p: the probability of dropping, in (0, 1).
        seed: for the inputs (not for the module's own randomness).

    Raises:
        CheckFailed: a property does not hold; the message names the mistake it looks like.
    """
    probe = Probe(Dropout, p, seed)
    _check_shapes_and_types(probe)
    x = probe.input(_SIZE)
    evaluated, trained = probe.output(x, training=False), probe.output(x, training=True)
    _check_something_is_dropped(probe, x, trained, evaluated)
    _check_not_the_mask(probe, trained)
    _check_independence(probe, trained != 0)
    _check_fraction(probe, trained != 0)
    _check_scale(probe, x, trained, evaluated)
    _check_evaluation(probe, x, evaluated)
    _check_fresh_masks(probe, x, trained)
    _check_pairs(probe, trained != 0)
    _check_numbers_vary(probe)
    _check_modes_alternate(probe, x)
    _check_nothing_to_drop(probe)
    _check_gradient(probe)


def _check_shapes_and_types(probe: Probe) -> None:
    for size in ((64,), (16, 8), (4, 8, 6), (3, 4, 6, 5)):
        for dtype in ("float32", "float64"):
            for training in (True, False):
                probe.output(probe.input(size), training=training, dtype=dtype)


def _check_something_is_dropped(probe: Probe, x: Floats, trained: Floats, evaluated: Floats) -> None:
    if (trained != 0).all() and (evaluated == 0).any():
        raise probe.fail(
            "swaps training mode and evaluation mode",
            expected="entries dropped in training, none in evaluation",
            got="entries dropped in evaluation, none in training",
            fix="drop when self.training is true, return x when it is false",
        )
    if (trained != 0).all() and np.allclose(trained, x):
        raise probe.fail(
            "drops nothing in training mode",
            expected=f"about {probe.p:.0%} of the entries are zero",
            got="the input",
            fix="draw a random mask when self.training is true",
        )
    if (trained != 0).all():
        raise probe.fail(
            "drops nothing in training mode, but changes the numbers",
            expected=f"about {probe.p:.0%} of the entries are zero",
            got=f"every entry times {float(np.median(trained / x)):.5g}",
            fix="set a random part of the entries to zero",
        )


def _check_not_the_mask(probe: Probe, trained: Floats) -> None:
    kept = trained != 0
    if kept.any() and np.ptp(np.abs(trained[kept])) < 1e-9:
        raise probe.fail(
            "returns the mask instead of the masked input",
            expected="x times the mask",
            got=f"the same number, {float(np.abs(trained[kept]).max()):.5g}, for every entry that is kept",
            fix="multiply x by the mask and return the product",
        )


def _check_independence(probe: Probe, kept: NDArray[np.bool_]) -> None:
    """No row, column or whole tensor may share one decision."""
    q = 1 - probe.p
    if kept.all() or not kept.any():
        whole = "one decision for the whole tensor"
    elif (kept == kept[:1]).all():
        whole = "one mask for the whole batch: every row drops the same columns"
    elif (kept == kept[:, :1]).all():
        whole = "one decision for each row: a row is dropped or kept as a whole"
    else:
        whole = ""
        for axis in (0, 1):
            fractions = kept.mean(axis=axis)
            spread = fractions.var() / max(kept.mean() * (1 - kept.mean()) / kept.shape[axis], 1e-12)
            if not 1 - _SIGMAS * 1.5 * (2 / len(fractions)) ** 0.5 < spread < 1 + _SIGMAS * 1.5 * (2 / len(fractions)) ** 0.5:
                whole = "decisions that depend on each other"
    if whole:
        raise probe.fail(
            "does not drop the entries independently of each other",
            expected=f"every entry is kept with probability {q:g}, whatever the others do",
            got=whole,
            fix="draw one random number for every entry: a mask with the full shape of x",
        )
    images = probe.output(probe.input((20, 10, 8, 8)), training=True) != 0
    if (images == images[:, :, :1, :1]).all() or (images == images[:1]).all():
        raise probe.fail(
            "does not drop the entries independently of each other in a batch of images",
            expected="a mask with the full shape of x, (N, C, H, W)",
            got="whole channels, or the same mask for every image",
            fix="draw one random number for every entry: a mask with the full shape of x",
        )


def _check_fraction(probe: Probe, kept: NDArray[np.bool_]) -> None:
    p, dropped = probe.p, 1 - float(kept.mean())
    margin = _SIGMAS * (p * (1 - p) / kept.size) ** 0.5
    if abs(dropped - p) <= margin:
        return
    keeps_p = abs(dropped - (1 - p)) <= margin
    raise probe.fail(
        "drops the wrong fraction of the entries",
        expected=f"{p:.1%} dropped, give or take {margin:.1%}",
        got=f"{dropped:.1%} dropped",
        fix="p is the probability of dropping, but here it is the probability of keeping; keep an entry with probability 1 - p"
        if keeps_p
        else "compare one uniform random number for each entry with p",
    )


def _check_scale(probe: Probe, x: Floats, trained: Floats, evaluated: Floats) -> None:
    """Every survivor is multiplied by 1 / (1 - p), exactly."""
    p, kept = probe.p, trained != 0
    ratios = trained[kept] / x[kept]
    right, got = 1 / (1 - p), float(np.median(ratios))
    if np.allclose(ratios, right, rtol=1e-5):
        return

    def every(factor: float) -> bool:
        return np.allclose(ratios, factor, rtol=1e-5)

    one_factor, not_scaled = np.ptp(ratios) <= 1e-5, every(1)
    scaled_later = not_scaled and np.allclose(evaluated, x * (1 - p), rtol=1e-5)
    own_fraction = np.ptp(ratios) < 1e-9 and abs(got * kept.mean() - 1) < 1e-5
    mistakes = (  # the first that is true
        (scaled_later, "this scales at test time; inverted dropout divides by 1 - p in training and leaves evaluation alone"),
        (not_scaled, "the survivors are not scaled: divide them by 1 - p, so that the expectation stays what it was"),
        (every(1 / p), "the survivors are scaled by 1/p: divide by the probability of keeping, 1 - p, not by p"),
        (every(1 - p), "the survivors are multiplied by 1 - p: divide by it, so that they make up for what is dropped"),
        (every(p), "the survivors are multiplied by p: divide them by 1 - p"),
        (own_fraction, "the survivors are divided by the fraction that happened to survive: divide by the probability, 1 - p"),
        (not one_factor, "multiply every survivor by the same number, 1 / (1 - p)"),
        (True, "divide the survivors by 1 - p"),
    )
    fix = next(sentence for found, sentence in mistakes if found)
    raise probe.fail("scales the survivors wrongly", expected=f"every survivor times {right:.5g}", got=f"times {got:.5g}", fix=fix)


def _check_evaluation(probe: Probe, x: Floats, evaluated: Floats) -> None:
    if np.array_equal(evaluated, x):
        return
    if (evaluated == 0).any():
        got, fix = (
            f"{(evaluated == 0).mean():.0%} of the entries are zero",
            "it drops at test time: return x when self.training is false",
        )
    else:
        got = f"every entry times about {float(np.median(evaluated / x)):.5g}"
        fix = "it scales at test time: inverted dropout has already scaled in training, so return x when self.training is false"
    raise probe.fail("changes its input in evaluation mode", expected="exactly the input", got=got, fix=fix)


def _check_fresh_masks(probe: Probe, x: Floats, trained: Floats) -> None:
    again = probe.output(x, training=True)
    first, other = (
        probe.output(x, training=True, module=probe.attempt(f"{probe.name} cannot be made twice", lambda: probe.make(probe.p)))
        for _ in range(2)
    )
    if np.array_equal(again, trained) or np.array_equal(other, again):
        raise probe.fail(
            "uses the same mask every time",
            expected="a fresh random mask for every call",
            got="the same entries dropped twice",
            fix="draw the mask inside forward, and set no seed there",
        )
    if np.array_equal(first, other):
        raise probe.fail(
            "drops the same entries in the first call of every new module",
            expected="random masks, which no two modules share",
            got="the same entries dropped by two modules",
            fix="set no seed in __init__ either: draw from PyTorch's own generator",
        )


def _check_pairs(probe: Probe, kept: NDArray[np.bool_]) -> None:
    """Of two entries, side by side or far apart, all four outcomes must turn up as often as independence says."""
    p, flat = probe.p, kept.ravel()
    half = flat.size // 2
    for first, second in ((flat[::2], flat[1::2]), (flat[:half], flat[half:]), (flat[:half], flat[:half:-1])):
        couples = np.stack([first[: len(second)], second], axis=1)
        for pattern, chance in (((0, 0), p * p), ((0, 1), p * (1 - p)), ((1, 0), p * (1 - p)), ((1, 1), (1 - p) ** 2)):
            count, expected = int((couples == np.array(pattern, bool)).all(axis=1).sum()), len(couples) * chance
            # A Bernstein bound, because a normal approximation is not honest for rare patterns.
            margin = (2 * expected * (1 - chance) * 16) ** 0.5 + 16 * 2 / 3
            if abs(count - expected) > margin:
                raise probe.fail(
                    "does not drop two entries independently of each other",
                    expected=f"the pattern {pattern} (1 = kept) about {expected:,.0f} times among {len(couples):,} pairs",
                    got=f"{count:,} times",
                    fix="draw each entry on its own",
                )


def _check_numbers_vary(probe: Probe) -> None:
    """On few entries, how many are dropped must differ from call to call as much as independence says.

    The variance of 60 calls is below a fifth of the right one with probability below (0.2 exp(0.8))^(59/2) = 4e-11 (the Chernoff
    bound of a chi-square variable). A module that drops 5 of 10 entries, or 2 or 3 for p = 0.25, has one of 0, or 0.13 of it.
    A rare drop takes more entries, so that some are there to vary.
    """
    p, calls = probe.p, 60
    size = max(10, math.ceil(0.9 / (p * (1 - p))))
    dropped = np.array([(probe.output(np.ones(size), training=True) == 0).sum() for _ in range(calls)])
    if dropped.var(ddof=1) < 0.2 * size * p * (1 - p):
        raise probe.fail(
            "does not drop the entries independently of each other",
            expected=f"{size * p:g} of {size} entries dropped on average, and in every call another number",
            got=f"between {dropped.min()} and {dropped.max()} in {calls} calls",
            fix="draw each entry on its own; do not drop a fixed number of them",
        )


def _check_modes_alternate(probe: Probe, x: Floats) -> None:
    for training in (False, True, False):
        dropped = (probe.output(x, training=training) == 0).any()
        if dropped != training:
            raise probe.fail(
                "does not follow train() and eval() when they alternate",
                expected="drops after train(), drops nothing after eval()",
                got=f"{'drops' if dropped else 'drops nothing'} after {'train()' if training else 'eval()'}",
                fix="look at self.training in every call of forward",
            )


def _check_nothing_to_drop(probe: Probe) -> None:
    zero = probe.attempt("Dropout(0.0) cannot be made", lambda: probe.make(0.0))
    x = probe.input((50, 40))
    if not np.array_equal(probe.output(x, training=True, module=zero), x):
        raise CheckFailed(
            "Dropout(0.0) changes its input in training mode",
            expected="exactly the input: with p = 0 nothing is dropped and nothing is scaled",
            got="other numbers",
            fix="check both the mask and the factor 1 / (1 - p) for p = 0",
        )


def _check_gradient(probe: Probe) -> None:
    x, dout = probe.input((30, 20)), probe.input((30, 20))
    build = "build the output from x with tensor operations, `x * mask`, and without detach() or torch.no_grad()"
    out, dx = probe.attempt(f"{probe.name} lets no gradient through", lambda: vjp(probe.mode(True), x, dout), build)
    if not np.allclose(dx, dout * out / x, rtol=1e-6, atol=1e-9):
        raise probe.fail(
            "returns the wrong gradient in the backward pass",
            expected="the upstream gradient times the mask of the forward pass, scaling included",
            got="other numbers",
            fix=build,
        )
