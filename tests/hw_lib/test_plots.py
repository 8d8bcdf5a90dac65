"""Every plot can be drawn from plain arrays, has a title and labelled axes, and the same input gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from matplotlib.figure import Figure

from hw_lib import plots

PLOTS: dict[str, Callable[[], Figure]] = {
    "losses": lambda: plots.losses({"a": [3, 2, 1], "b": np.ones(3)}, title="t", levels={"exact": 2.0}),
    "losses, log": lambda: plots.losses({"a": [3, 2, 1]}, title="t", log=True),
    "losses, dots": lambda: plots.losses({"a": [3, 2, 1]}, title="t", dots=True),
    "epochs": lambda: plots.epochs({"a": [3, 2], "b": [2, 1]}, title="t"),
    "weights": lambda: plots.weights({"a": np.ones((5, 2)), "b": np.zeros((5, 2))}, title="t", targets={"a": [[1, 2]]}),
    "contributions": lambda: plots.contributions({"a": [10.0, 1.0], "b": np.ones((2, 1))}, title="t", target=11),
    "bars": lambda: plots.bars({"s": {"g": 0.5}}, title="t", ylabel="accuracy", chance=0.1),
    "curves": lambda: plots.curves([0, 1], {"a": [1, 2]}, title="t", xlabel="x", ylabel="y", points={"a": (0, 3)}),
}


def png(figure: Figure) -> bytes:
    """The figure as the notebook would show it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


@pytest.mark.parametrize("name", PLOTS)
def test_plots_are_labelled_and_deterministic(name: str) -> None:
    """A title, a label on the value axis, a legend, and equal bytes for equal input."""
    figure = PLOTS[name]()
    assert figure.get_suptitle() == "t" or figure.axes[0].get_title() == "t"
    assert all(axes.get_ylabel() for axes in figure.axes)
    assert figure.axes[-1].get_legend() is not None
    assert png(figure) == png(PLOTS[name]())


def test_image_grid() -> None:
    """Pictures are shown in rows, each with its word; missing places stay empty."""
    figure = plots.images(np.zeros((4, 3, 8, 8), np.uint8), list("abcd"), title="t", columns=3)
    (axes,) = figure.axes
    assert [word.get_text() for word in axes.texts] == ["a", "b", "c", "d"]
    places = [(image.get_extent()[0], image.get_extent()[3]) for image in axes.images]
    assert places[0] < places[1] < places[2] and places[3][0] == places[0][0] and places[3][1] > places[0][1] + 1
    assert all(left < word.get_position()[0] < left + 1 for word, (left, _) in zip(axes.texts, places, strict=True))
    assert axes.get_xlim()[1] == 3  # the two places that stay empty are a part of the picture
    assert png(figure)


def test_lines_differ_in_more_than_colour() -> None:
    """Readers who do not see the colours can still tell the lines apart."""
    axes = plots.losses({"a": [1, 2], "b": [2, 1]}, title="t").axes[0]
    assert len({line.get_linestyle() for line in axes.lines}) == 2


def test_a_graph_runs_from_left_to_right() -> None:
    """Every edge goes to the right, a given quantity stands right before its use, and the same edges give the same bytes."""
    edges = [("x", "mu"), ("x", "z"), ("mu", "z"), ("z", "y"), ("gamma", "y")]
    figure = plots.graph(edges, title="t")
    place = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts if text.get_text()}
    assert all(place[source] < place[target] for source, target in edges)
    assert place["gamma"] == place["y"] - 1
    assert png(figure) == png(plots.graph(edges, title="t"))


def test_a_graph_with_a_circle_is_drawn_all_the_same() -> None:
    """A student's wrong graph is still a picture."""
    assert plots.graph([("a", "b"), ("b", "a"), ("c", "c")], title="t").axes


def test_no_half_epochs() -> None:
    """Ticks of an axis of whole numbers are whole; of others they need not be."""
    for x, whole in ((np.arange(21), True), (np.linspace(0, 1, 21), False)):
        ticks = plots.curves(x, {"a": x}, title="t", xlabel="epoch", ylabel="y").axes[0].get_xticks()
        assert bool(np.array_equal(ticks, np.round(ticks))) is whole


def test_curves_over_a_logarithmic_axis() -> None:
    """A sweep over scales is drawn with equal steps for equal factors."""
    figure = plots.curves([1e-4, 1e-2, 1], {"a": [1, 2, 3]}, title="t", xlabel="x", ylabel="y", log_x=True)
    assert figure.axes[0].get_xscale() == "log"
