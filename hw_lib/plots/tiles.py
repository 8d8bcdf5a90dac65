"""Small pictures side by side, all on one pair of axes: one such pair costs more to make than dozens of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hw_lib.plots.words import subplots

_GAP = 0.04  # around each picture, as a share of its place


class Tiles:
    """A figure of rows and columns of places for pictures.

    Attributes:
        figure: with its title.
        axes: place (row, column) is the square from (column, row * height) to (column + 1, row * height + 1), downwards.
    """

    def __init__(self, rows: int, columns: int, *, title: str, figsize: tuple[float, float], height: float = 1.0) -> None:
        """`height` is that of a row, for columns of width 1: more than 1 leaves room for words."""
        self.figure: Figure
        self.axes: Axes
        self.figure, self.axes = subplots(figsize=figsize, layout="constrained")
        self.figure.suptitle(title)
        self.axes.set(xticks=[], yticks=[])
        self.axes.spines[:].set_visible(False)
        self._rows, self._columns, self._height = rows, columns, height

    def put(self, row: int, column: int, picture: NDArray[Any], *, above: str = "", below: str = "", **how: Any) -> None:
        """Put a picture, (H, W) or (H, W, 3), into its place, with words above or below; `how` is as for `imshow`."""
        top, left = row * self._height, column
        extent = (left + _GAP, left + 1 - _GAP, top + 1 - _GAP, top + _GAP)
        self.axes.imshow(picture, extent=extent, interpolation="nearest", **how)
        if above:
            self.axes.text(left + 0.5, top, above, ha="center", va="bottom", fontsize=9)
        if below:
            self.axes.text(left + 0.5, top + 1, below, ha="center", va="top", fontsize=8)

    def frame(self) -> None:
        """Draw a thin line around every picture."""
        boxes = [image.get_extent() for image in self.axes.images]
        corners = [[(a, b), (c, b), (c, d), (a, d), (a, b)] for a, c, b, d in boxes]
        self.axes.add_collection(LineCollection(corners, colors="black", linewidths=0.8, capstyle="projecting"))

    def finish(self, names: Sequence[str] = ()) -> Figure:
        """Show all places, the empty ones too, and the names of the rows on their left."""
        self.axes.set(xlim=(0, self._columns), ylim=((self._rows - 1) * self._height + 1, 0))
        if names:
            self.axes.set_yticks([row * self._height + 0.5 for row in range(len(names))], names)
            self.axes.tick_params(length=0)
        return self.figure
