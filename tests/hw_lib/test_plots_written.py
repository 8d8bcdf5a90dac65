"""The pictures of the written questions show what they say: groups, curves, contours; with labels, not by colour alone."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from hw_lib.plots import written

mpl.use("Agg")


@pytest.mark.parametrize(
    ("axes", "dark"), [((0, 2, 3), 16), ((1, 2, 3), 16), ((2, 3), 4), ((0, 1), 16), ((0, 1, 2, 3), 64), ((), 1)]
)
def test_blocks_darken_one_group(axes: tuple[int, ...], dark: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many cubes are dark as one group holds, of the 4 x 4 x 4; all 64 are drawn."""
    from mpl_toolkits.mplot3d import Axes3D

    drawn = []
    monkeypatch.setattr(Axes3D, "voxels", lambda _, filled, facecolors, **more: drawn.append((filled, facecolors)))
    written.blocks({"A": axes}, title="look")
    ((filled, colours),) = drawn
    assert filled.shape == (4, 4, 4) and np.all(filled)
    assert np.sum(colours == "#0072B2") == dark and len(np.unique(colours)) <= 2


def test_blocks_are_labelled() -> None:
    """One panel per letter, in order, each with its letter and the names of its axes."""
    figure = written.blocks({"B": (0, 2, 3), "A": (2, 3)}, title="look here")
    assert [panel.get_title() for panel in figure.axes] == ["B", "A"]
    assert {(panel.get_xlabel(), panel.get_ylabel(), panel.get_zlabel()) for panel in figure.axes} == {("N", "C", "H x W")}
    assert figure.get_suptitle() == "look here"
    figure.canvas.draw()


def test_bells_are_normal_densities() -> None:
    """Each curve peaks at its mean, integrates to one, and is named with its figures; line styles differ too."""
    points = np.random.default_rng(0).normal(2, 3, 500)
    figure = written.bells(points, {"before": (2.0, 3.0), "after": (-1.0, 0.5)}, title="a title")
    (axes,) = figure.axes
    before, after = axes.lines
    for line, mean in ((before, 2.0), (after, -1.0)):
        x, y = (np.asarray(values, float) for values in line.get_data())
        assert abs(x[np.argmax(y)] - mean) < 0.1
        assert np.trapezoid(y, x) == pytest.approx(1, abs=1e-3)
    assert before.get_linestyle() != after.get_linestyle()
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert "before: mean 2, standard deviation 3" in names and "simulated, before" in names
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("a title", "value", "density")


def test_a_bell_without_width_is_a_line() -> None:
    """A standard deviation of 0 is drawn upright at the mean, not divided by."""
    figure = written.bells([1.0, 2.0], {"all alike": (1.5, 0.0)}, title="t")
    (line,) = figure.axes[0].lines
    assert list(np.asarray(line.get_xdata(), float)) == [1.5, 1.5]


def test_clouds_draw_contours_at_one_and_two() -> None:
    """Every point of an ellipse lies at one, or two, standard deviations of the covariance that was given."""
    points = np.random.default_rng(1).normal(size=(50, 2))
    mean, covariance = np.array([1.0, -2.0]), np.array([[2.0, 0.8], [0.8, 1.0]])
    figure = written.clouds({"tilted": (points, mean, covariance), "round": (points, (0, 0), np.eye(2))}, title="t")
    assert [panel.get_title() for panel in figure.axes] == ["tilted", "round"]
    cloud, one, two, *_ = figure.axes[0].lines
    assert np.array_equal(np.asarray(cloud.get_data(), float).T, points)
    for line, radius in ((one, 1), (two, 2)):
        offset = np.asarray(line.get_data(), float).T - mean
        distance = np.sqrt(np.sum(offset @ np.linalg.inv(covariance) * offset, axis=1))
        assert distance == pytest.approx(np.full(len(offset), radius))
    assert one.get_linestyle() != two.get_linestyle()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "1 standard deviation",
        "2 standard deviations",
    ]


def test_a_flat_cloud_is_drawn() -> None:
    """A covariance of rank one, or one that rounding made slightly negative, is a segment and no error."""
    figure = written.clouds({"flat": ([[0, 0], [1, 1]], [0, 0], [[1, 1], [1, 1 - 1e-17]])}, title="t")
    for line in figure.axes[0].lines[1:3]:
        x, y = (np.asarray(values, float) for values in line.get_data())
        assert np.all(np.isfinite(x)) and np.allclose(x, y)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: written.clouds({"a": ([[0, 0]], [0, 0], np.eye(3))}, title="t"),
        lambda: written.clouds({"a": ([[0, 0]], [0, 0, 0], np.eye(2))}, title="t"),
        lambda: written.bells([1.0], {"x": (0,)}, title="t"),
        lambda: written.clouds({}, title="t"),
    ],
    ids=["covariance", "mean", "a pair", "nothing"],
)
def test_what_cannot_be_drawn_is_an_error(draw: object) -> None:
    """A wrong shape, half a pair, nothing at all: no picture that would look right."""
    assert callable(draw)
    with pytest.raises(ValueError):
        draw()
