"""Figures that can say in words what they show, for readers who do not see them, and the words themselves.

A notebook shows the words below the figure; web pages made from it have them as the picture's text alternative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from hw_lib import captions

_SAME = 0.03  # a line that moves by less than this, of its size, stays where it is
_LONG, _STRETCHES = 48, 12  # a line of so many values may be noisy, and is judged by the medians of its stretches
_NOISE = 0.1  # of the height of the picture: more noise than this, and a line jumps
_CALM = 0.01  # less noise than this, and the ends of a line are as they are
_MOST = 0.8  # of the way from its lowest to its highest value: more, and a line rises or falls


class Described(Figure):
    """A figure with words."""

    words = ""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """What IPython asks for besides the picture: the words, beside it and as its text alternative."""
        if not self.words:
            return {}, {}
        captions.leave(self.words)
        return {"text/plain": self.words}, {"image/png": {"alt": self.words}}


def subplots(*arguments: Any, **more: Any) -> tuple[Any, Any]:
    """`plt.subplots`, for a figure with words."""
    return plt.subplots(*arguments, FigureClass=Described, **more)


def described(figure: Figure, what: str, pieces: Iterable[str] = ()) -> Figure:
    """Give a figure its words: what kind of picture it is, then what it shows, piece by piece."""
    if isinstance(figure, Described):
        title = figure.get_suptitle() or next((axes.get_title() for axes in figure.axes if axes.get_title()), "")
        figure.words = ". ".join([title, "; ".join([what, *pieces])]).replace("\n", " ") + "."
    return figure


def number(value: float) -> str:
    """A number as it is read aloud: three digits, or all before the point."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"


def numbers(named: Mapping[str, float]) -> str:
    """Several numbers with their names."""
    return ", ".join(f"{name} {number(value)}" for name, value in named.items())


def trend(values: ArrayLike, places: ArrayLike | None = None) -> str:
    """How a line runs: "rises from 0.17 to 1", "stays at 121", "goes from 1 to 2; lowest 0.5 at 3, highest 2.5 at 7".

    Args:
        values: (n,), with gaps where there is no number.
        places: (n,) where they lie; 0, 1, 2, … by default.
    """
    line = np.ravel(np.asarray(values, np.float64))
    at = np.ravel(np.asarray(range(len(line)) if places is None else places, np.float64))
    line, at = line[np.isfinite(line)], at[np.isfinite(line)]
    if not len(line):
        return "has no values"
    if len(line) >= _LONG:
        smooth, middles = _smoothed(line), _smoothed(at)
        height, off = float(line.max() - line.min()), line - np.interp(at, middles, smooth)
        noise = float(np.median(np.abs(off)))
        if noise > _NOISE * height:
            return f"jumps between {number(line.min())} and {number(line.max())}"
        if noise > _CALM * height and np.median(np.abs(np.diff(line))) > noise:  # else it only bends
            line, at = np.array([line[0], *smooth]), np.array([at[0], *middles])
    low, high, way = line.min(), line.max(), line[-1] - line[0]
    if high - low <= _SAME * max(abs(low), abs(high)):
        return f"stays at {number(float(np.median(line)))}"
    if abs(way) >= _MOST * (high - low):
        return f"{'rises' if way > 0 else 'falls'} from {number(line[0])} to {number(line[-1])}"
    ends = f"goes from {number(line[0])} to {number(line[-1])}"
    return f"{ends}, lowest {number(low)} at {number(at[line.argmin()])}, highest {number(high)} at {number(at[line.argmax()])}"


def _smoothed(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """The medians of a dozen stretches of a line."""
    return np.array([np.median(stretch) for stretch in np.array_split(line, _STRETCHES)])


def trends(lines: Mapping[str, ArrayLike], places: ArrayLike | None = None) -> list[str]:
    """How several lines run, each by its name; lines that lie on one another are said together."""
    said: dict[str, list[str]] = {}
    for name, line in lines.items():
        twin = next((other for other in said if coincide(lines[other], line)), name)
        said.setdefault(twin, []).append(name)
    return [
        f"{names[0]} {trend(lines[names[0]], places)}"
        if len(names) == 1
        else f"{' and '.join(names)} lie on one another: {trend(lines[names[0]], places)}"
        for names in said.values()
    ]


def coincide(one: ArrayLike, other: ArrayLike) -> bool:
    """Whether two lines cannot be told apart in a picture."""
    a, b = np.ravel(np.asarray(one, np.float64)), np.ravel(np.asarray(other, np.float64))
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-2, atol=1e-2 * float(np.abs(a).max(initial=0.0)), equal_nan=True))
