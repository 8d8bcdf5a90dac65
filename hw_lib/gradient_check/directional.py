"""What `check_gradient` is made of: directional derivatives, and the bisection to a wrong entry.

The idea: along one random direction through all inputs together, a right gradient predicts the slope of the output. Every
entry takes part with a weight of 1 to 2, so one wrong entry shows. Only on a mismatch are the entries halved, again and again,
until the first wrong one is found. Works for any function: it is only ever called, on copies, in float64.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw_lib.errors import CheckFailed, explain, invalid

Array = NDArray[Any]
Forward = Callable[..., Any]
Backward = Callable[[Any, Any], Any]

_STEPS = (1e-3, 1e-4, 1e-5)  # relative to the size of each input; a smaller one only where a larger one meets a kink
_SENSITIVITY = 1e-11  # of the slope's size: 1e-6 of a typical entry among millions
_SMOOTH = 1e-4  # of the slope's size: halving the step may change it by that much, a kink by more
_ULPS = 8 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Slope:
    """The slope along one direction: measured, predicted, and how far they may differ."""

    numeric: float
    analytic: float
    size: float
    tolerance: float
    bend: float  # slope ahead minus slope behind, extrapolated to step 0, over all outputs: not zero at a kink
    clear: bool

    @property
    def agrees(self) -> bool:
        """True if nothing but rounding lies between the two."""
        return self.clear and abs(self.numeric - self.analytic) <= self.tolerance

    @property
    def differs(self) -> bool:
        """True if the mismatch is beyond rounding, and larger than any kink here could make it."""
        return self.clear and not self.agrees and abs(self.numeric - self.analytic) > self.bend


class Point:
    """One set of inputs, with the gradient there and a random direction through all of them, flattened into one vector."""

    def __init__(
        self, forward: Forward, backward: Backward, names: Sequence[str], arrays: Sequence[Array], rng: np.random.Generator
    ) -> None:
        """Run forward twice and backward once, and check everything they return but its values."""
        self.forward, self.backward, self.names = forward, backward, names
        self.shapes = [array.shape for array in arrays]
        self.ends = np.cumsum([array.size for array in arrays])
        self.x = _flat(arrays)
        self.evaluations = 0
        self.base, cache = self.call(self.x)
        self.dout = _signed(rng, self.base.shape)
        again, _ = self.call(self.x)
        self.check_repeats(again)
        upstream = float(self.dout) if self.dout.ndim == 0 else self.dout.copy()
        self.gradient = _flat(self.gradients(backward(upstream, cache)))
        self.direction = _flat([_signed(rng, array.shape) * size_of(array) for array in arrays])
        self.weight = float(np.linalg.norm(self.dout * self.base))

    def call(self, x: Array) -> tuple[Array, Any]:
        """Run forward on copies of the inputs in x."""
        self.evaluations += 1
        parts = np.split(x, self.ends[:-1])
        result = self.forward(*(part.reshape(shape).copy() for part, shape in zip(parts, self.shapes, strict=True)))
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise CheckFailed(
                f"{name_of(self.forward)} returned something else than (out, cache)",
                expected="a tuple (out, cache)",
                got=type(result).__name__ + (f" of {len(result)}" if isinstance(result, tuple | list) else ""),
                fix="return out and the cache that the backward pass needs",
            )
        out = np.array(result[0])
        _check_precision(name_of(self.forward), "out", out)
        return out.astype(np.float64), result[1]

    def check_repeats(self, again: Array) -> None:
        """Refuse a forward pass that is random, or not finite: no slope of it means anything."""
        if again.shape != self.base.shape or not np.allclose(again, self.base, rtol=1e-12, atol=0):
            raise CheckFailed(
                f"{name_of(self.forward)} gives different values on a second call with the same inputs",
                expected="the same out, finite, every time",
                got="NaN" if np.isnan(again).any() else "another out",
                fix="fix the seed of a random layer; do not modify the inputs; look for a division by zero",
            )

    def gradients(self, result: Any) -> list[Array]:
        """Check what backward returned: one finite gradient for each input, with its shape."""
        given = list(result) if isinstance(result, tuple | list) else [result]
        if len(given) != len(self.names):
            raise CheckFailed(
                f"{name_of(self.backward)} returned the wrong number of gradients",
                expected=f"{len(self.names)}, one for each of {', '.join(self.names)}",
                got=len(given),
                fix="return them in the order of the inputs",
            )
        arrays = [np.asarray(gradient) for gradient in given]
        for name, shape, gradient in zip(self.names, self.shapes, arrays, strict=True):
            what = f"the gradient with respect to {name}"
            if gradient.shape != shape:
                raise CheckFailed(
                    f"{name_of(self.backward)}: {what} has the wrong shape",
                    expected=shape,
                    got=gradient.shape,
                    fix=f"a gradient has the shape of its array, here {name}",
                )
            _check_precision(name_of(self.backward), what, gradient)
            if not np.isfinite(gradient).all():
                raise CheckFailed(f"{name_of(self.backward)}: {what} is not finite", expected="numbers", got="NaN or infinity")
        return arrays

    def slope(self, v: Array) -> Slope:
        """Measure the slope along v, with the largest step that meets no kink."""
        analytic, best = float(self.gradient @ v), None
        spread = max(float(np.linalg.norm(self.gradient * v)), 1e-3 * self.weight)
        for h in _STEPS:
            best = self.measure(v, h, analytic, spread)
            if best.clear:
                break
        assert best is not None
        return best

    def measure(self, v: Array, h: float, analytic: float, spread: float) -> Slope:
        """Central differences with steps h, h / 2 and h / 4, each pair extrapolated to 0; they must agree."""
        (d1, _), (d2, bend2) = self.difference(v, h), self.difference(v, h / 2)
        size = max(spread, abs(d2))
        if abs(d1 - d2) > _SMOOTH * size:
            return Slope(d2, analytic, size, 0.0, np.inf, clear=False)
        d4, bend4 = self.difference(v, h / 4)
        coarse, fine = (4 * d2 - d1) / 3, (4 * d4 - d2) / 3
        error, rounding = abs(fine - coarse), _ULPS * self.weight / (h / 4)
        tolerance = 10 * error + rounding + _SENSITIVITY * size
        bend = float(np.abs(2 * bend4 - bend2).sum())
        return Slope(fine, analytic, size, tolerance, bend, clear=error < 2e-9 * size + rounding)

    def difference(self, v: Array, h: float) -> tuple[float, Array]:
        """The central slope along v, and for each output the slope ahead minus the slope behind."""
        ahead, behind = (self.call(self.x + step * v)[0] for step in (h, -h))
        if ahead.shape != self.base.shape or behind.shape != self.base.shape:
            return np.nan, self.base
        slope = float(np.sum(self.dout * (ahead - behind))) / (2 * h)
        return slope, self.dout * ((ahead - self.base) + (behind - self.base)) / h

    def first_wrong(self) -> tuple[int, float] | None:
        """Halve the entries until one is left: its index and its measured derivative, or None if it proves right after all."""
        low, high = 0, self.x.size
        while high - low > 1:
            middle = (low + high) // 2
            if self.slope(self.only(low, middle)).differs:
                high = middle
            else:
                low = middle
        alone = self.slope(self.only(low, high))
        return (low, alone.numeric / self.direction[low]) if alone.differs else None

    def only(self, low: int, high: int) -> Array:
        """The direction, with every entry outside low … high - 1 held fixed."""
        v = np.zeros_like(self.direction)
        v[low:high] = self.direction[low:high]
        return v

    def describe(self, entry: int, numeric: float, *, moved: bool) -> str:
        """The message about one wrong entry."""
        which = int(np.searchsorted(self.ends, entry, side="right"))
        inside = entry - (int(self.ends[which - 1]) if which else 0)
        index = ", ".join(str(i) for i in np.unravel_index(inside, self.shapes[which]))
        place = f"d{self.names[which]}[{index}]" if index else f"d{self.names[which]}"
        got = float(self.gradient[entry])
        relative = abs(got - numeric) / max(abs(got), abs(numeric))
        return explain(
            f"{name_of(self.backward)}: the gradient with respect to {self.names[which]} is wrong",
            expected=f"{place} = {numeric:.12g}  (central differences)",
            got=f"{place} = {got:.12g}  (relative error {relative:.1e})",
            fix="this is the first wrong entry; the entries before it are right"
            + (" (inputs were moved by up to 1 %, away from a kink)" if moved else ""),
        )


def named(forward: Forward, inputs: Mapping[str, Any] | Sequence[Any]) -> tuple[list[str], list[Array]]:
    """The inputs as float64 copies, and a name for each."""
    arrays = [np.array(value, dtype=np.float64) for value in (inputs.values() if isinstance(inputs, Mapping) else inputs)]
    if not arrays or not all(array.size and np.isfinite(array).all() for array in arrays):
        raise invalid("check_gradient: unusable inputs", expected="arrays of finite numbers, none empty")
    if isinstance(inputs, Mapping):
        return list(inputs), arrays
    try:
        names = [name for name, kind in inspect.signature(forward).parameters.items() if kind.kind != kind.VAR_POSITIONAL]
    except (TypeError, ValueError):  # builtins and some proxies do not tell
        names = []
    return [names[i] if i < len(names) else f"input {i}" for i in range(len(arrays))], arrays


def _check_precision(function: str, what: str, array: Array) -> None:
    """Refuse a dtype too coarse for the comparison."""
    if array.dtype.kind not in "fiub" or array.dtype in (np.float16, np.float32):
        raise CheckFailed(
            f"{function}: {what} is {array.dtype}, too coarse to check",
            expected="float64 for float64 inputs",
            got=str(array.dtype),
            fix="keep the dtype of the inputs; build a model with dtype=np.float64",
        )


def _signed(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Random signs, sizes from 1 to 2: no entry is close to zero."""
    return np.asarray(rng.choice((-1.0, 1.0), shape) * rng.uniform(1, 2, shape))


def size_of(array: Array) -> float:
    """Root mean square; 1 for an array of zeros."""
    return float(np.sqrt(np.mean(array**2))) or 1.0


def _flat(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.ravel(array) for array in arrays]).astype(np.float64)


def name_of(function: Any) -> str:
    """The name of a function, for messages."""
    name = str(getattr(function, "__name__", type(function).__name__))
    return "the function" if name == "<lambda>" else name
