"""Every figure says in words what it shows, and the words are true; a notebook hands them on with the picture."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest

from hw_lib import captions, plots
from hw_lib.labs.edges import plots as edge_plots
from hw_lib.labs.memory import plots as memory_plots
from hw_lib.plots import words

STEPS = np.arange(1000)
NOISE = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([0.17, 0.5, 1.0], "rises from 0.17 to 1"),
        ([2.3, 1, 0.1], "falls from 2.3 to 0.1"),
        ([0.19, 0.19, 0.191], "stays at 0.19"),
        ([0, 0, 0], "stays at 0"),
        ([1, 3, 0.5, 2], "goes from 1 to 2, lowest 0.5 at 2, highest 3 at 1"),
        ([1, np.nan, 2], "rises from 1 to 2"),
        ([np.nan], "has no values"),
        ([7], "stays at 7"),
        (121 * np.exp(-STEPS / 100) + NOISE.normal(0, 2, 1000), "falls from 121 to"),
        (NOISE.choice([0.0, 30, 121], 1000), "jumps between 0 and 121"),
    ],
)
def test_how_a_line_runs(line: Any, said: str) -> None:
    """Rising, falling, standing still, turning, noisy, jumping: as somebody would say it who sees it."""
    assert words.trend(line).startswith(said)


def test_places_and_twins() -> None:
    """Turning points are said where they lie, and lines that cover each other are said together."""
    assert words.trend([1, 3, 2], [10, 20, 30]) == "goes from 1 to 2, lowest 1 at 10, highest 3 at 20"
    assert words.trends({"a": [1, 2], "b": [1, 2.001], "c": [2, 1]}) == [
        "a and b lie on one another: rises from 1 to 2",
        "c falls from 2 to 1",
    ]


def test_lines_that_cover_each_other_are_both_seen() -> None:
    """The lower of two equal curves is a broad band."""
    axes = plots.curves([0, 1], {"a": [1, 2], "b": [1, 2], "c": [2, 1]}, title="t", xlabel="x", ylabel="y").axes[0]
    assert [line.get_linewidth() > 3 for line in axes.lines] == [True, False, False]


def test_every_plot_has_words() -> None:
    """Whatever is drawn is described, its title first."""
    edge, gauss = np.zeros((1, 3, 3)), np.ones((5, 2))
    edge[0, 0], edge[0, 2] = 1, -1
    figures = [
        plots.losses({"a": [3, 2, 1]}, title="t", levels={"exact": 2.0}),
        plots.epochs({"a": [3, 2]}, title="t"),
        plots.weights({"a": np.ones((5, 2))}, title="t", targets={"a": [[1, 2]]}),
        plots.contributions({"a": [10.0, 1.0]}, title="t", target=11),
        plots.bars({"s": {"g": 0.5}}, title="t", ylabel="accuracy", chance=0.1),
        plots.curves([0, 1], {"a": [1, 2]}, title="t", xlabel="x", ylabel="y", points={"a": (0, 3)}),
        plots.images(np.zeros((1, 3, 8, 8), np.uint8), ["a"], title="t"),
        plots.graph([("x", "y")], title="t"),
        plots.blocks({"A": (0, 2, 3)}, title="t"),
        plots.bells([1.0, 2], {"a": (1, 2)}, title="t"),
        plots.clouds({"a": (gauss, [0, 1], np.eye(2))}, title="t"),
        edge_plots.bands({"a": ([1, 2], [[1, 2], [1, 3]])}, title="t", chance=0.5),
        edge_plots.by_size({"a": {5: [0.5], 10: [0.9]}}, title="t"),
        edge_plots.kernels({"a": np.concatenate([edge, 0 * edge])}, title="t"),
        edge_plots.confusion({"a": np.eye(2)}, ["u", "v"], title="t"),
        edge_plots.gallery(np.zeros((2, 4, 4)), [0, 1], ["u", "v"], title="t"),
        memory_plots.stacked({"a": {"weights": 2e6}}, title="t", limit=3e6),
        memory_plots.timeline({"weights": [1e6, 2e6]}, title="t", marks={"end": 1}),
        memory_plots.against_time({"a": ([1, 2], [0.1, 0.2])}, title="t"),
    ]
    said = [figure.words for figure in figures if isinstance(figure, words.Described)]
    assert len(said) == len(figures) and all(text.startswith("t. ") and len(text) > 20 for text in said)
    kernels = next(text for text in said if "Kernels" in text)
    assert "a: 1 (rows 100%, columns 0%), all zero" in kernels
    assert "sums: a 11" in said[3] and "an ellipse" not in said[10] and "a circle" in said[10]


def test_an_empty_kernel_is_seen_to_be_one() -> None:
    """It has a frame and says that it is zero; every other one says its scale, and a bar explains the colours."""
    figure = edge_plots.kernels({"a": [np.eye(3), np.zeros((3, 3))]}, title="t")
    kernels, bar = figure.axes
    assert [word.get_text() for word in kernels.texts] == ["±1", "all zero"]
    assert len(kernels.collections[0].get_segments()) == 2
    assert [label.get_text() for label in bar.get_yticklabels()] == ["negative", "0", "positive"]


def test_the_words_go_with_the_picture() -> None:
    """IPython gets them as the picture's text alternative, and the notebook once, to put them below the cell."""
    captions.take()
    figure = plots.epochs({"a": [3, 2]}, title="t")
    data, metadata = figure._repr_mimebundle_()  # type: ignore[attr-defined]  # as IPython asks
    assert data["text/plain"] == metadata["image/png"]["alt"] == "t. Mean loss against epoch; a falls from 3 to 2."
    assert captions.take() == [data["text/plain"]] and captions.take() == []
