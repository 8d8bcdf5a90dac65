"""The pictures that explain are true: right angles, windows in their places, shapes as they come out; bad numbers are refused."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle
from numpy.typing import NDArray

from hw_lib.plots import explained


def descent(start: tuple[float, float]) -> NDArray[np.float64]:
    """Sixty steps of gradient descent on (10·w1 + w2 - 11)², as the notebook takes them."""
    path = [np.array(start)]
    for _ in range(60):
        path.append(path[-1] - 2e-3 * (10 * path[-1][0] + path[-1][1] - 11) * np.array([10.0, 1.0]))
    return np.array(path)


def test_a_descent_meets_the_line_at_a_right_angle() -> None:
    """Both axes have one scale, the line goes through the nearest point, the circle touches it there."""
    figure = explained.plane({"zero": descent((0, 0)), "else": descent((2, 1))}, fits=(10, 1, 11), title="t")
    (axes,) = figure.axes
    assert axes.get_aspect() == 1.0
    line = axes.lines[0]
    nearest, along = np.asarray(line.get_xy1()), np.subtract(line.get_xy2(), line.get_xy1())
    assert nearest == pytest.approx([110 / 101, 11 / 101]) and along @ [10, 1] == pytest.approx(0)
    (circle,) = (patch for patch in axes.patches if isinstance(patch, Circle))
    assert circle.radius == pytest.approx(11 / np.sqrt(101), rel=1e-3)
    assert (
        figure.words.startswith("t. The plane")
        and "zero: straight to (1.09, 0.109)" in figure.words
        and "else: straight to (1.01, 0.901)" in figure.words
    )
    assert {text.get_text() for text in figure.legends[0].get_texts()} >= {"10·w1 + w2 = 11: no loss", "zero", "else"}


def test_a_descent_that_bends_or_breaks_is_still_drawn() -> None:
    """A wrong network's path may do anything, and its student wants to see it."""
    bent = np.array([[0, 0], [1, 0], [1, 1.0]])
    assert "bent: to (1, 1)" in explained.plane({"bent": bent}, fits=(10, 1, 11), title="t").words
    explained.plane({"lost": [[0, 0], [np.nan, np.inf]]}, fits=(10, 1, 11), title="t").canvas.draw()
    with pytest.raises(ValueError, match=r"no path of two weights\n *expected: shape \(steps \+ 1, 2\)\n *got: *\(3,\)"):
        explained.plane({"a": [1, 2, 3]}, fits=(10, 1, 11), title="t")
    with pytest.raises(ValueError, match="make no line"):
        explained.plane({"a": bent}, fits=(0, 0, 11), title="t")


@pytest.mark.parametrize(
    ("size", "window", "stride", "pad", "count", "unused"),
    [(4, 3, 2, 1, 2, 1), (3, 2, 1, 0, 2, 0), (7, 2, 2, 0, 3, 1), (8, 3, 4, 0, 2, 1), (5, 5, 1, 0, 1, 0), (9, 2, 1, 0, 8, 0)],
)
def test_windows_lie_where_the_formula_says(size: int, window: int, stride: int, pad: int, count: int, unused: int) -> None:
    """One panel for each output, its window `stride` further on; what no window reaches is hatched and said."""
    figure = explained.windows(size, window, stride=stride, pad=pad, title="t")
    shown = min(count, 4)
    assert figure.words.startswith("t. A ") and len(figure.axes) == shown**2 and f"{count} by {count} outputs" in figure.words
    wide = size + 2 * pad
    for number, axes in enumerate(figure.axes):
        i, j = divmod(number, shown)
        boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert axes.get_title() == f"out[{i}, {j}]"
        assert {(box.get_xy(), box.get_width()) for box in boxes if box.get_width() == window and box.get_linewidth() == 2} == {
            ((j * stride, i * stride), window)
        }
        squares = {bool(alike.get_hatch()): 0 for alike in axes.collections}
        for alike in axes.collections:
            squares[bool(alike.get_hatch())] += len(alike.get_paths())
        assert squares.get(True, 0) == wide**2 - (wide - unused) ** 2
        assert sum(squares.values()) == wide**2
    assert ("in no window" in figure.words) == bool(unused)
    figure.canvas.draw()


def test_windows_that_do_not_fit_are_refused() -> None:
    """With what came."""
    for numbers in ({"size": 4, "window": 5}, {"size": 4, "window": 2, "stride": 0}, {"size": 4, "window": 2, "pad": -1}):
        with pytest.raises(ValueError, match=f"(?s)no window fits.*got: *size 4, window {numbers['window']}"):
            explained.windows(**numbers, title="t")


def test_a_network_is_drawn_as_large_as_its_maps() -> None:
    """As many maps as channels, half as wide after a 2 x 2 pool, and every shape is written."""
    figure = explained.network(
        [("in", (1, 28, 28)), ("convolution", (3, 28, 28)), ("pool", (3, 14, 14)), ("mean", (3, 1, 1))], title="t"
    )
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)] == [1.0] * 4 + [0.5] * 3 + [0.1] * 3
    assert {text.get_text() for text in axes.texts} >= {"3, 14, 14", "3 numbers", "pool"}
    assert figure.words.startswith("t. Layers") and "pool: 3 x 14 x 14" in figure.words
