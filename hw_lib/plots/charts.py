"""The general plots: losses, curves, bars, pictures, graphs.

Colours are Okabe and Ito's, which colour-blind readers can tell apart; lines differ in style as well, bars in hatching.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from hw_lib.plots.tiles import Tiles
from hw_lib.plots.words import coincide, described, number, numbers, subplots, trends

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
HATCHES = ("", "//", "..", "xx")
_GREY = "0.45"


def losses(
    runs: Mapping[str, ArrayLike], *, title: str, log: bool = False, dots: bool = False, levels: Mapping[str, float] | None = None
) -> Figure:
    """Loss against step, one line for each run.

    Args:
        runs: the losses, by the run's name.
        title: what the reader should look at.
        log: logarithmic loss axis.
        dots: one dot for each step instead of a line, for losses that jump.
        levels: horizontal reference lines, by name.

    Returns:
        The figure.
    """
    figure, axes = _one(title, "step", "loss (squared error)")
    for k, (name, loss) in enumerate(runs.items()):
        steps = np.arange(1, np.size(loss) + 1)
        if dots:
            axes.plot(steps, np.ravel(loss), ".", markersize=3, color=COLOURS[k], label=name)
        else:
            axes.plot(steps, np.ravel(loss), color=COLOURS[k], linestyle=STYLES[k], label=name)
    for name, level in (levels or {}).items():
        axes.axhline(level, color=_GREY, linestyle=":", linewidth=1)
        axes.annotate(name, (1, level), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", va="center")
    if log:
        axes.set_yscale("log")
    _finish(figure, [axes])
    marked = [f"a line marks {name} at {number(level)}" for name, level in (levels or {}).items()]
    return described(figure, "Loss against step", [*trends(runs), *marked])


def epochs(runs: Mapping[str, ArrayLike], *, title: str) -> Figure:
    """Mean loss against epoch, one line for each run.

    Args:
        runs: one loss for each epoch, by the run's name.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    figure, axes = _one(title, "epoch", "mean loss (cross-entropy)")
    for k, (name, loss) in enumerate(runs.items()):
        axes.plot(
            np.arange(1, np.size(loss) + 1), np.ravel(loss), color=COLOURS[k], linestyle=STYLES[k], marker="os^D"[k % 4], label=name
        )
    axes.set_ylim(bottom=0)
    return described(_finish(figure, [axes]), "Mean loss against epoch", trends(runs))


def weights(paths: Mapping[str, ArrayLike], *, title: str, targets: Mapping[str, ArrayLike] | None = None) -> Figure:
    """How two weights move during training: one panel for each run.

    Args:
        paths: (steps + 1, 2) weights before each step and after the last, by the run's name.
        title: what the reader should look at.
        targets: two numbers for each run, drawn as thin lines, for example a closed-form solution.

    Returns:
        The figure.
    """
    figure, panels = _panels(len(paths), title)
    for axes, (name, path) in zip(panels, paths.items(), strict=True):
        for k, label in enumerate(("w1", "w2")):
            axes.plot(np.asarray(path)[:, k], color=COLOURS[k], linestyle=STYLES[k], label=label)
            if targets and name in targets:
                target = float(np.ravel(targets[name])[k])
                axes.axhline(target, color=COLOURS[k], linestyle=":", linewidth=1, label=f"{label}, exact")
        axes.set(title=name, xlabel="step", ylabel="weight")
    pairs = {name: dict(zip(("w1", "w2"), np.asarray(path).T, strict=True)) for name, path in paths.items()}
    said = [f"{name}: {', '.join(trends(pair))}" for name, pair in pairs.items()]
    exact = [f"exact for {name}: {', '.join(map(number, np.ravel(pair)))}" for name, pair in (targets or {}).items()]
    return described(_finish(figure, panels), "Two weights against step", [*said, *exact])


def contributions(groups: Mapping[str, ArrayLike], *, title: str, target: float | None = None) -> Figure:
    """Bars for the two terms of the prediction, 10·w1 and w2, side by side for each run.

    Args:
        groups: two numbers for each run.
        title: what the reader should look at.
        target: what the two should add up to, drawn as a line.

    Returns:
        The figure.
    """
    figure = bars(
        {label: {name: float(np.ravel(pair)[k]) for name, pair in groups.items()} for k, label in enumerate(("10·w1", "w2"))},
        title=title,
        ylabel="contribution to the prediction",
    )
    if target is not None:
        figure.axes[0].axhline(target, color=_GREY, linestyle=":", linewidth=1, label=f"target {target:g}")
        _legend(figure.axes[0])
        sums = {name: float(np.sum(np.asarray(pair, float))) for name, pair in groups.items()}
        described(
            figure, f"Bars of two contributions that should add up to {number(target)}", [_pairs(groups), f"sums: {numbers(sums)}"]
        )
    return figure


def _pairs(groups: Mapping[str, ArrayLike]) -> str:
    return "; ".join(f"{name}: 10·w1 {number(np.ravel(pair)[0])}, w2 {number(np.ravel(pair)[1])}" for name, pair in groups.items())


def bars(series: Mapping[str, Mapping[str, float]], *, title: str, ylabel: str, chance: float | None = None) -> Figure:
    """Grouped bars with their values written on top.

    Args:
        series: numbers by series and group: {'clean': {'no dropout': 0.4, …}, …}.
        title: what the reader should look at.
        ylabel: the quantity, with its unit.
        chance: a reference line, for example the accuracy of guessing.

    Returns:
        The figure.
    """
    figure, axes = _one(title, "", ylabel)
    groups = list(next(iter(series.values())))
    width = 0.8 / len(series)
    for k, (name, heights) in enumerate(series.items()):
        places = np.arange(len(groups)) + (k - (len(series) - 1) / 2) * width
        drawn = axes.bar(
            places, [heights[g] for g in groups], width * 0.92, color=COLOURS[k], hatch=HATCHES[k], edgecolor="white", label=name
        )
        axes.bar_label(drawn, fmt="%.3g", padding=2)
    axes.set_xticks(np.arange(len(groups)), groups)
    axes.margins(y=0.15)
    if chance is not None:
        axes.axhline(chance, color=_GREY, linestyle=":", linewidth=1, label=f"guessing ({chance:g})")
    guessing = [] if chance is None else [f"guessing would give {number(chance)}"]
    said = [f"{name}: {numbers(heights)}" for name, heights in series.items()]
    return described(_finish(figure, [axes]), f"Bars of {ylabel}", [*said, *guessing])


def curves(
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    points: Mapping[str, ArrayLike] | None = None,
    log_x: bool = False,
) -> Figure:
    """Smooth curves over one variable, and points that do not lie on them.

    Args:
        x: (n,) the variable.
        lines: (n,) for each curve, by name.
        title: what the reader should look at.
        xlabel: the variable.
        ylabel: the quantity.
        points: (x, y) for each separate point, by the name of its curve; drawn as a large open marker.
        log_x: logarithmic axis for the variable.

    Returns:
        The figure.
    """
    figure, axes = _one(title, xlabel, ylabel)
    for k, (name, line) in enumerate(lines.items()):
        covered = any(coincide(line, later) for later in list(lines.values())[k + 1 :])
        seen: dict[str, Any] = {"linewidth": 5, "alpha": 0.5} if covered else {}  # a broad band below the line that lies on it
        axes.plot(np.ravel(x), np.ravel(line), color=COLOURS[k], linestyle="-" if covered else STYLES[k], label=name, **seen)
        if points and name in points:
            at, height = np.ravel(points[name])
            axes.plot(at, height, "osD^"[k % 4], color=COLOURS[k], markersize=9, fillstyle="none", markeredgewidth=2, clip_on=False)
    if log_x:
        axes.set_xscale("log")
    elif np.array_equal(at := np.ravel(np.asarray(x, float)), np.round(at)):  # nobody has seen half an epoch
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    apart = [f"{name} alone at {', '.join(map(number, np.ravel(point)))}" for name, point in (points or {}).items()]
    return described(_finish(figure, [axes]), f"{ylabel} against {xlabel}", [*trends(lines, x), *apart])


def images(pictures: ArrayLike, titles: Sequence[str], *, title: str, columns: int = 6) -> Figure:
    """A grid of small pictures.

    Args:
        pictures: (N, 3, H, W) uint8.
        titles: one word above each.
        title: what the reader should look at.
        columns: how many in a row.

    Returns:
        The figure.
    """
    stack = np.asarray(pictures)
    rows = -(-len(stack) // columns)
    tiles = Tiles(rows, columns, title=title, figsize=(1.6 * columns, 1.85 * rows + 0.4), height=1.17)
    for k, (picture, word) in enumerate(zip(stack, titles, strict=False)):
        tiles.put(*divmod(k, columns), picture.transpose(1, 2, 0), above=word)
    return described(tiles.finish(), f"{len(stack)} pictures, {columns} in a row", [", ".join(titles)])


def graph(edges: Sequence[tuple[str, str]], *, title: str) -> Figure:
    """A computational graph, from left to right: a node stands one column behind the last of those it is computed from.

    Args:
        edges: pairs of node names, from a quantity to one that is computed from it. A circle is drawn as far as that goes.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    names = list(dict.fromkeys(str(node) for edge in edges for node in edge))
    depth = dict.fromkeys(names, 0)
    for _ in names:  # as often as the longest path can be; a circle would go on for ever
        for source, target in edges:
            depth[str(target)] = max(depth[str(target)], depth[str(source)] + 1) if source != target else depth[str(target)]
    for name in set(names) - {str(target) for _, target in edges}:  # what is given stands right before its first use
        depth[name] = min(depth[str(target)] for source, target in edges if source == name) - 1
    columns = [[name for name in names if depth[name] == column] for column in sorted(set(depth.values()))]
    places = {
        name: (x, (k - (len(column) - 1) / 2) + 0.35 * (x % 2)) for x, column in enumerate(columns) for k, name in enumerate(column)
    }
    figure, axes = subplots(figsize=(8, 3.2), layout="constrained")
    axes.set(title=title, xlim=(-0.6, len(columns) - 0.4))
    axes.margins(y=0.3)
    axes.axis("off")
    for name, (x, y) in places.items():
        axes.text(x, y, name, ha="center", va="center", bbox={"boxstyle": "round,pad=0.4", "fc": "white", "ec": COLOURS[0]})
        axes.plot(x, y, alpha=0)  # text alone does not stretch the axes
    for source, target in edges:
        arrow = {"arrowstyle": "->", "color": _GREY, "shrinkA": 16, "shrinkB": 16, "connectionstyle": "arc3,rad=0.08"}
        axes.annotate("", places[str(target)], places[str(source)], arrowprops=arrow)
    return described(figure, "A graph from left to right", [", ".join(f"{source} to {target}" for source, target in edges)])


def _one(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    figure, axes = subplots(figsize=(8, 3.6), layout="constrained")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return figure, axes


def _panels(n: int, title: str) -> tuple[Figure, list[Axes]]:
    figure, grid = subplots(1, n, figsize=(max(8.0, 4.4 * n), 3.6), layout="constrained", squeeze=False)
    figure.suptitle(title)
    return figure, list(grid[0])


def _finish(figure: Figure, panels: Sequence[Any]) -> Figure:
    """Drop the box's upper and right side, and put one legend beside the last panel, where it covers nothing."""
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
    _legend(panels[-1])
    return figure


def _legend(axes: Axes) -> None:
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0)
