"""The plots of the memory homework show the numbers they are given."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest

from hw_lib.labs.memory import plots

matplotlib.use("Agg")

KINDS = ("parameters", "buffers", "gradients", "optimizer state", "input", "activations", "temporaries")


def test_stacked_bars_reach_the_sum() -> None:
    """Every kind has a colour of its own, and the top of the pile is the sum in MB, written above it."""
    runs = {"sgd": {kind: 10**6 * (k + 1) for k, kind in enumerate(KINDS)}, "adam": dict.fromkeys(KINDS, 2 * 10**6)}
    axes = plots.stacked(runs, title="t", limit=30e6).axes[0]
    tops = [max(patch.get_y() + patch.get_height() for patch in axes.patches[k::2]) for k in (0, 1)]
    assert tops == pytest.approx([28, 14])
    assert [text.get_text() for text in axes.texts] == ["28", "14"]
    assert len({patch.get_facecolor() for patch in axes.patches}) == len(KINDS)
    assert "the card: 30 MB" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_nothing_to_stack() -> None:
    """No run is an error that says so."""
    with pytest.raises(ValueError, match="nothing to plot"):
        plots.stacked({}, title="t")


def test_the_timeline_leaves_out_what_is_empty() -> None:
    """A kind that never takes memory has no area and no place in the legend; marks are named."""
    figure = plots.timeline({"parameters": [10**6, 10**6], "buffers": [0, 0]}, title="t", marks={"step 1 ends": 1})
    axes = figure.axes[0]
    assert len(axes.collections) == 1
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["parameters"]
    assert [text.get_text().strip() for text in axes.texts] == ["step 1 ends"]


def test_accuracy_against_time() -> None:
    """The lines go through the points."""
    axes = plots.against_time({"batch 4": ([1.0, 2.0], [0.2, 0.4])}, title="t", chance=0.1).axes[0]
    assert np.array_equal(axes.lines[0].get_xydata(), [[1.0, 0.2], [2.0, 0.4]])
    assert len(axes.lines) == 2
