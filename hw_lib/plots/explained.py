"""Pictures that explain before anything is measured: descent in the plane of two weights, sliding windows, a network's layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike, NDArray

from hw_lib.errors import invalid
from hw_lib.plots.charts import COLOURS, STYLES
from hw_lib.plots.words import described, number, subplots

_PALE, _GREY = "#DCE9F2", "0.45"
_MOST = 4  # rows and columns of windows that are drawn
_WRITTEN = 12  # the widest picture whose entries are written
_SQUARE = np.array([(0.0, 0), (1, 0), (1, 1), (0, 1)])
_TALL = 28  # the side of a picture that fills the height of a network's sketch


def plane(paths: Mapping[str, ArrayLike], *, fits: tuple[float, float, float], title: str) -> Figure:
    """Where gradient descent walks in the plane of two weights, and the line of all weights that fit one example.

    A circle around zero runs through the end of the first path: every point inside has a smaller norm.

    Args:
        paths: (steps + 1, 2) weights before each step and after the last, by where they start.
        fits: (a, b, c): the weights with a·w1 + b·w2 = c fit.
        title: what the reader should look at.

    Returns:
        The figure, both axes on one scale, so that right angles look right.

    Raises:
        ValueError: a path is not (steps + 1, 2), or a and b are both zero.
    """
    a, b, c = fits
    if not (a or b):
        raise invalid("plane: these weights make no line", expected="fits = (a, b, c) with a or b other than zero", got=fits)
    walked = {name: _path(name, path) for name, path in paths.items()}
    figure, axes = subplots(figsize=(8, 3.4), layout="constrained")
    axes.set(title=title, xlabel="w1", ylabel="w2", aspect="equal")
    at = np.array([a, b]) * c / (a * a + b * b)
    axes.axline(
        (at[0], at[1]), (at[0] - b, at[1] + a), color=_GREY, linewidth=1, label=f"{_times(a)}w1 + {_times(b)}w2 = {c:g}: no loss"
    )
    radius = float(np.linalg.norm(next(iter(walked.values()))[-1]))
    axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=_GREY, linestyle=":", label=f"norm {number(radius)}"))
    for k, (name, path) in enumerate(walked.items()):
        axes.plot(*path.T, color=COLOURS[k], linestyle=STYLES[k], marker=".", label=name)
        axes.plot(*path[-1], "osD^"[k % 4], color=COLOURS[k], markersize=9, fillstyle="none", markeredgewidth=2)
    axes.plot(0, 0, "+", color=_GREY)
    seen = np.concatenate([*walked.values(), [[0, 0], at]])
    seen = seen[np.isfinite(seen).all(axis=1)]
    low, high = seen.min(axis=0), seen.max(axis=0)
    room = 0.15 * float(max(high - low))
    axes.set(xlim=(low[0] - room, high[0] + room), ylim=(low[1] - room, high[1] + room))
    figure.legend(loc="outside right upper", fontsize=8)
    said = [f"{name}: {'straight ' * _straight(path)}to {_point(path[-1])}" for name, path in walked.items()]
    nearest = f"the point of the line nearest to zero is {_point(at)}, at a norm of {number(float(np.linalg.norm(at)))}"
    return described(figure, f"The plane of w1 and w2, with the line {_times(a)}w1 + {_times(b)}w2 = {c:g}", [nearest, *said])


def windows(size: int, window: int, *, stride: int = 1, pad: int = 0, title: str) -> Figure:
    """The windows of a convolution or a pool, one panel for each, laid out as the outputs that they make.

    Args:
        size: rows, and columns, of the picture.
        window: rows, and columns, of the filter.
        stride: how far one window lies from the next.
        pad: rings of zeros around the picture.
        title: what the reader should look at.

    Returns:
        The figure: at most 4 x 4 windows, the first of each row and column.

    Raises:
        ValueError: the window is larger than the padded picture, or a number is out of range.
    """
    wide = size + 2 * pad
    if min(size, window, stride) < 1 or pad < 0 or window > wide:
        got = f"size {size}, window {window}, stride {stride}, pad {pad}"
        raise invalid("windows: no window fits", expected="1 <= window <= size + 2 * pad, stride >= 1, pad >= 0", got=got)
    count = 1 + (wide - window) // stride
    shown, used = min(count, _MOST), (count - 1) * stride + window
    figure, panels = subplots(shown, shown, figsize=(1.9 * shown + 0.4, 1.9 * shown + 0.6), layout="constrained", squeeze=False)
    figure.suptitle(title)
    for i, row in enumerate(panels):
        for j, axes in enumerate(row):
            _grid(axes, size, pad, used)
            axes.add_patch(Rectangle((j * stride, i * stride), window, window, color=COLOURS[1], alpha=0.35, linewidth=0))
            axes.add_patch(Rectangle((j * stride, i * stride), window, window, fill=False, edgecolor=COLOURS[1], linewidth=2))
            axes.set_title(f"out[{i}, {j}]", fontsize=9)
    along = ", ".join(f"{k}: {k * stride} to {k * stride + window - 1}" for k in range(count))
    unused = f"last {wide - used} rows and columns are" if wide > used + 1 else "last row and column are"
    left = f"the {unused} in no window" if used < wide else "every row and column is in a window"
    padded = f", {wide} by {wide} with {_many(pad, 'ring')} of zeros" if pad else ""
    what = f"A {size} by {size} picture{padded}; windows of {window} by {window}, stride {stride}"
    return described(figure, what, [f"{count} by {count} outputs", f"rows, and columns, of window {along}", left])


def network(stages: Sequence[tuple[str, tuple[int, int, int]]], *, title: str) -> Figure:
    """The layers of a network from left to right, each as the stack of its maps, as large as they are.

    Args:
        stages: what makes it, and the shape (C, H, W) that comes out; the first is the picture.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    figure, axes = subplots(figsize=(1.75 * len(stages), 2.4), layout="constrained")
    axes.set_title(title)
    for k, (name, (channels, height, wide)) in enumerate(stages):
        tall, broad = (max(side / _TALL, 0.1) for side in (height, wide))
        for c in reversed(range(channels)):
            corner = (1.75 * k + 0.09 * c, 0.5 - tall / 2 + 0.09 * c)
            axes.add_patch(Rectangle(corner, broad, tall, facecolor=_PALE if k else "white", edgecolor=COLOURS[0], linewidth=1.2))
        shape = f"{channels}, {height}, {wide}" if height * wide > 1 else _many(channels, "number")
        axes.text(1.75 * k + broad / 2, -0.12, shape, ha="center", va="top", fontsize=9)
        axes.text(1.75 * k + broad / 2, -0.32, name, ha="center", va="top", fontsize=8)
        if k:
            axes.annotate("", (1.75 * k - 0.1, 0.5), (1.75 * k - 0.45, 0.5), arrowprops={"arrowstyle": "->", "color": _GREY})
    axes.set(xlim=(-0.4, 1.75 * len(stages) - 0.3), ylim=(-0.6, 1.25), aspect="equal")
    axes.axis("off")
    said = [f"{' '.join(name.split())}: {' x '.join(map(str, shape))}" for name, shape in stages]
    return described(figure, "Layers from left to right, with the shapes that come out, channels x rows x columns", said)


def _path(name: str, path: ArrayLike) -> NDArray[np.float64]:
    walked = np.asarray(path, np.float64)
    if walked.ndim != 2 or walked.shape[1] != 2 or not len(walked):
        raise invalid(f"plane: {name!r} is no path of two weights", expected="shape (steps + 1, 2)", got=walked.shape)
    return walked


def _straight(path: NDArray[np.float64]) -> bool:
    """Whether no step leaves the line from the first point to the last by more than a hundredth of its length."""
    along = path[-1] - path[0]
    away = np.abs((path - path[0]) @ np.array([-along[1], along[0]]))
    return bool(away.max() <= 0.01 * along @ along)


def _point(at: NDArray[np.float64]) -> str:
    return f"({', '.join(f'{value:.3g}' for value in at)})"


def _entry(row: int, column: int, size: int) -> str:
    """A letter for every place of a small picture."""
    return ascii_lowercase[row * size + column] if size * size <= len(ascii_lowercase) else ""


def _times(factor: float) -> str:
    return "" if factor == 1 else f"{factor:g}·"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _grid(axes: Axes, size: int, pad: int, used: int) -> None:
    """The padded picture: zeros grey and written, what no window reaches hatched."""
    wide = size + 2 * pad
    alike: dict[tuple[bool, bool], list[NDArray[np.float64]]] = {}  # one collection of squares takes a tenth of the time of squares
    for row in range(wide):
        for column in range(wide):
            inside = pad <= row < pad + size and pad <= column < pad + size
            alike.setdefault((inside, row < used and column < used), []).append(np.add(_SQUARE, (column, row)))
            entry = _entry(row - pad, column - pad, size) if inside else "0"
            if wide <= _WRITTEN:
                axes.text(column + 0.5, row + 0.5, entry, ha="center", va="center", fontsize=8, color="black" if inside else _GREY)
    for (inside, reached), squares in alike.items():
        colour, hatch = (_PALE if inside else "white"), ("" if reached else "////")
        axes.add_collection(PolyCollection(squares, facecolor=colour, edgecolor="0.75", hatch=hatch, linewidth=0.8), autolim=False)
    axes.set(xlim=(-0.1, wide + 0.1), ylim=(wide + 0.1, -0.1), aspect="equal")
    axes.axis("off")
