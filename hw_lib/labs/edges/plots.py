"""Plots of the edge-detection homework: bands over seeds, kernels, confusion matrices, pictures by class.

Each function makes one figure from plain arrays and returns it. Colours, styles and legends are those of `hw_lib.plots`. Knows
nothing of training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from hw_lib.errors import invalid
from hw_lib.plots import COLOURS, STYLES, network
from hw_lib.plots.tiles import Tiles
from hw_lib.plots.words import described, number, subplots, trend

__all__ = ["bands", "by_size", "confusion", "gallery", "kernels", "network"]

_MARKERS = "osD^vP"
_KERNELS = "RdBu_r"  # blue is negative, red positive, white zero


def bands(
    runs: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    title: str,
    xlabel: str = "epoch",
    ylabel: str = "accuracy",
    chance: float | None = None,
    log_x: bool = False,
    markers: bool = False,
) -> Figure:
    """The median over seeds as a line, and a band from the worst to the best of them.

    Args:
        runs: for each name the (n,) places on the horizontal axis and the (seeds, n) values.
        title: what the reader should look at.
        xlabel: the variable.
        ylabel: the quantity.
        chance: a reference line, for example the accuracy of guessing.
        log_x: logarithmic horizontal axis.
        markers: mark every place; for a handful of them.

    Returns:
        The figure.
    """
    figure, axes = subplots(figsize=(8, 3.6), layout="constrained")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    for k, (name, (places, values)) in enumerate(runs.items()):
        table = np.atleast_2d(np.asarray(values, np.float64))
        colour, style = COLOURS[k % len(COLOURS)], STYLES[k % len(STYLES)]
        marker = _MARKERS[k % len(_MARKERS)] if markers else ""
        axes.plot(np.ravel(places), np.median(table, axis=0), color=colour, linestyle=style, marker=marker, label=name)
        axes.fill_between(np.ravel(places), table.min(axis=0), table.max(axis=0), color=colour, alpha=0.15, linewidth=0)
    if chance is not None:
        axes.axhline(chance, color="0.45", linestyle=":", linewidth=1, label=f"guessing ({chance:.2g})")
    if log_x:
        axes.set_xscale("log")
        ticks = np.unique(np.concatenate([np.ravel(places) for places, _ in runs.values()]))
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0)
    guessing = [] if chance is None else [f"guessing would give {number(chance)}"]
    said = [_band(name, places, np.atleast_2d(np.asarray(values, np.float64))) for name, (places, values) in runs.items()]
    return described(figure, f"{ylabel} against {xlabel}, the median over seeds", [*said, *guessing])


def _band(name: str, places: ArrayLike, table: np.ndarray) -> str:
    """How the median runs, and how far the seeds lie apart at its end."""
    ends = f"at the end the seeds lie between {number(table[:, -1].min())} and {number(table[:, -1].max())}"
    return f"{name} {trend(np.median(table, axis=0), places)}" + (f", {ends}" if len(table) > 1 else "")


def by_size(
    runs: Mapping[str, Mapping[int, ArrayLike]], *, title: str, ylabel: str = "validation accuracy", chance: float | None = None
) -> Figure:
    """A quantity against the images per class.

    Args:
        runs: for each name, by the number of images per class, the (seeds,) values.
        title: what the reader should look at.
        ylabel: the quantity.
        chance: a reference line.

    Returns:
        The figure.
    """
    return bands(
        {name: (sorted(sizes), np.stack([np.ravel(sizes[n]) for n in sorted(sizes)], axis=1)) for name, sizes in runs.items()},
        title=title,
        xlabel="training images per class",
        ylabel=ylabel,
        chance=chance,
        log_x=True,
        markers=True,
    )


def kernels(rows: Mapping[str, ArrayLike], *, title: str) -> Figure:
    """Kernels as a grid, one row for each name; each kernel on its own scale, whose end stands below it.

    Args:
        rows: (filters, k, k) weights by name.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    stacks = {name: np.asarray(stack, np.float64) for name, stack in rows.items()}
    columns = max(len(stack) for stack in stacks.values())
    tiles = Tiles(len(stacks), columns, title=title, figsize=(1.3 * columns + 3, 1.5 * len(stacks) + 0.5), height=1.25)
    for row, stack in enumerate(stacks.values()):
        for column, kernel in enumerate(stack):
            top = float(np.abs(kernel).max())
            word = f"±{top:.2g}" if top else "all zero"
            tiles.put(row, column, kernel, below=word, cmap=_KERNELS, vmin=-(top or 1.0), vmax=top or 1.0)
    tiles.frame()  # so that an empty kernel is seen to be one
    figure = tiles.finish(list(stacks))
    bar = figure.colorbar(ScalarMappable(cmap=_KERNELS), ax=tiles.axes, shrink=0.8, ticks=[0, 0.5, 1])
    bar.ax.set_yticklabels(["negative", "0", "positive"])
    said = [f"{name}: {', '.join(_kernel(kernel) for kernel in stack)}" for name, stack in stacks.items()]
    return described(
        figure, "Kernels, with the largest weight of each, and of its energy the share in whole rows and columns", said
    )


def _kernel(kernel: np.ndarray) -> str:
    """How large a kernel is, and how much of its energy the means of its rows and of its columns hold."""
    energy = float(np.sum(kernel**2))
    if not energy:
        return "all zero"
    rows, columns = (float(kernel.shape[axis] * np.sum(kernel.mean(axis=axis) ** 2)) / energy for axis in (1, 0))
    return f"{number(float(np.abs(kernel).max()))} (rows {rows:.0%}, columns {columns:.0%})"


def confusion(matrices: Mapping[str, ArrayLike], class_names: Sequence[str], *, title: str) -> Figure:
    """Confusion matrices side by side: a row is a true class, its entries are the shares of the predictions.

    Args:
        matrices: (classes, classes) with rows that sum to 1, by name.
        class_names: in the order of the labels.
        title: what the reader should look at.

    Returns:
        The figure.

    Raises:
        ValueError: a matrix of another size.
    """
    n = len(class_names)
    figure, grid = subplots(1, len(matrices), figsize=(3.4 * len(matrices) + 1, 3.6), layout="constrained", squeeze=False)
    figure.suptitle(title)
    read = {name: np.asarray(matrix, np.float64) for name, matrix in matrices.items()}
    for axes, (name, shares) in zip(grid[0], read.items(), strict=True):
        if shares.shape != (n, n):
            raise invalid("this is no confusion matrix of these classes", expected=(n, n), got=shares.shape)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set(title=name, xlabel="predicted", ylabel="true", xticks=range(n), yticks=range(n))
        axes.set_xticklabels(class_names, rotation=30)
        axes.set_yticklabels(class_names)
        for row in range(n):
            for column in range(n):
                ink = "white" if shares[row, column] > 0.6 else "black"
                axes.text(column, row, f"{shares[row, column]:.2f}", ha="center", va="center", color=ink)
    said = [f"{name}: {', '.join(_row(*row) for row in zip(class_names, matrix, strict=True))}" for name, matrix in read.items()]
    return described(
        figure, f"Confusion matrices; what the true classes are taken for, in the order {', '.join(class_names)}", said
    )


def _row(name: str, shares: np.ndarray) -> str:
    return f"{name} {' '.join(f'{share:.2f}' for share in shares)}"


def gallery(pictures: ArrayLike, labels: ArrayLike, class_names: Sequence[str], *, title: str, columns: int = 8) -> Figure:
    """The first few pictures of each class, one row for each class.

    Args:
        pictures: (N, H, W) or (N, H, W, 1), all on one scale from 0 to 255.
        labels: (N,).
        class_names: in the order of the labels.
        title: what the reader should look at.
        columns: pictures in a row.

    Returns:
        The figure.
    """
    stack, classes = np.asarray(pictures), np.ravel(labels)
    tiles = Tiles(len(class_names), columns, title=title, figsize=(columns + 1, len(class_names) + 0.5))
    for label in range(len(class_names)):
        for column, picture in enumerate(stack[classes == label][:columns]):
            tiles.put(label, column, picture.reshape(picture.shape[:2]), cmap="gray", vmin=0, vmax=255)
    tiles.frame()
    said = ", ".join(f"{name} {min(int((classes == label).sum()), columns)}" for label, name in enumerate(class_names))
    return described(tiles.finish(class_names), "Pictures in a row for each class", [said])
