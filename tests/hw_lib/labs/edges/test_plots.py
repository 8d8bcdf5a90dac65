"""The edge homework's figures show what they were given."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

matplotlib.use("Agg")


from hw_lib.labs.edges import plots


def test_bands_are_median_and_range() -> None:
    """The line is the median over seeds, the band ends at the worst and the best."""
    values = np.array([[0.1, 0.5], [0.2, 0.9], [0.6, 0.6]])
    axes = plots.bands({"CNN": ([1, 2], values)}, title="t", chance=1 / 3).axes[0]
    assert np.allclose(axes.lines[0].get_ydata(), [0.2, 0.6])
    corners = axes.collections[0].get_paths()[0].vertices
    assert corners[:, 1].min() == 0.1 and corners[:, 1].max() == 0.9
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["CNN", "guessing (0.33)"]


def places(axes: Axes) -> dict[tuple[int, int], AxesImage]:
    """The pictures on some axes by row and column."""
    return {(int(image.get_extent()[3]), int(image.get_extent()[0])): image for image in axes.images}


def test_sizes_are_put_in_order() -> None:
    """Images per class grow to the right, whatever the order of the dict."""
    axes = plots.by_size({"MLP": {50: [0.9, 0.8], 10: [0.5, 0.4]}}, title="t").axes[0]
    assert np.allclose(axes.lines[0].get_xdata(), [10, 50])
    assert np.allclose(axes.lines[0].get_ydata(), [0.45, 0.85])
    assert axes.get_xscale() == "log"


def test_kernels_keep_their_sign() -> None:
    """One row for each name; zero is in the middle of the colours; a zero kernel is drawn too."""
    kernel = np.array([[[0.0, -2.0], [1.0, 0.0]], np.zeros((2, 2))])
    figure = plots.kernels({"before": kernel, "after": kernel[:1]}, title="t")
    assert len(figure.axes) == 2  # the kernels and the scale of the colours
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["before", "after"]
    assert list(places(figure.axes[0])) == [(0, 0), (0, 1), (1, 0)]
    image = places(figure.axes[0])[0, 0]
    assert np.array_equal(image.get_array(), kernel[0])
    assert image.get_clim() == (-2, 2)


def test_confusion_rows_are_true_classes() -> None:
    """The numbers stand where the matrix has them, rows called true; another size is refused."""
    figure = plots.confusion({"CNN": [[0.75, 0.25], [0.0, 1.0]]}, ("edge", "none"), title="t")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["0.75", "0.25", "0.00", "1.00"]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("true", "predicted")
    with pytest.raises(ValueError, match="no confusion matrix"):
        plots.confusion({"CNN": np.eye(3)}, ("edge", "none"), title="t")


def test_the_gallery_sorts_by_class() -> None:
    """Row by row the pictures of one class, on one scale; a class with few leaves places empty."""
    pictures = np.arange(3)[:, None, None, None] * np.ones((3, 2, 2, 1))
    figure = plots.gallery(pictures, [1, 0, 1], ("a", "b"), title="t", columns=2)
    shown = places(figure.axes[0])
    assert {place: float(image.get_array().mean()) for place, image in shown.items()} == {(0, 0): 1, (1, 0): 0, (1, 1): 2}
    assert {image.get_clim() for image in shown.values()} == {(0, 255)}
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["a", "b"]
    assert figure.axes[0].get_xlim()[1] == 2
