"""Pictures for the written questions: blocks of activations, bell curves, clouds of points with their contours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from hw_lib.plots.charts import COLOURS
from hw_lib.plots.words import Described, described, number, subplots

_BLUE, _ORANGE = COLOURS[:2]
_PALE, _GREY = "#DCE9F2", "0.45"


def blocks(groups: Mapping[str, Sequence[int]], *, title: str) -> Figure:
    """For each letter a block of (N, C, H x W) cubes, those dark that are normalised together.

    Args:
        groups: the axes of (N, C, H, W) that one group fills, by letter; the last two are drawn as one.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    figure = plt.figure(figsize=(3.2 * len(groups), 3.6), FigureClass=Described)
    figure.suptitle(title)
    for k, (letter, axes) in enumerate(groups.items()):
        panel = figure.add_subplot(1, len(groups), k + 1, projection="3d")
        whole = {0: 0 in axes, 1: 1 in axes, 2: 2 in axes or 3 in axes}
        dark = np.zeros((4, 4, 4), bool)
        dark[tuple(slice(None) if whole[axis] else slice(0, 1) for axis in range(3))] = True
        seen = np.flip(dark, axis=2)  # the front layer on top
        colours = np.where(seen, _BLUE, _PALE)
        panel.voxels(np.ones_like(dark), facecolors=colours, edgecolor="white", linewidth=0.6)
        panel.set(xlabel="N", ylabel="C", zlabel="H x W", xticks=[], yticks=[], zticks=[], title=letter)
        panel.view_init(elev=22, azim=-120)
        panel.set_box_aspect((1, 1, 1))
    names = ("N", "C", "H", "W")
    said = [f"{letter}: along {', '.join(names[axis] for axis in sorted(axes)) or 'no axis'}" for letter, axes in groups.items()]
    return described(figure, "Blocks of N by C by H x W cubes; dark is what one group of numbers normalized together fills", said)


def bells(points: ArrayLike, curves: Mapping[str, tuple[float, float]], *, title: str) -> Figure:
    """Normal densities over the histogram of the points they start from.

    Args:
        points: (n,) the sample.
        curves: mean and standard deviation, by name; a standard deviation of 0 is drawn as a line.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    figure, axes = subplots(figsize=(7, 3.4), layout="constrained")
    axes.hist(np.ravel(points), bins=60, density=True, color=_PALE, label="simulated, before")
    for (name, (mean, std)), colour, style in zip(curves.items(), (_GREY, _ORANGE), ("--", "-"), strict=False):
        label = f"{name}: mean {mean:g}, standard deviation {std:g}"
        if std > 0:
            x = np.linspace(mean - 4 * std, mean + 4 * std, 200)
            axes.plot(x, np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi)), style, color=colour, label=label)
        else:
            axes.axvline(mean, linestyle=style, color=colour, label=label)
    axes.set(title=title, xlabel="value", ylabel="density")
    axes.legend(fontsize=8)
    said = [f"{name}: mean {number(mean)}, standard deviation {number(std)}" for name, (mean, std) in curves.items()]
    return described(figure, "Bell curves over the histogram of the simulated points", said)


def clouds(panels: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]], *, title: str) -> Figure:
    """Points in the plane, with the ellipses at one and two standard deviations of a mean and a covariance.

    Args:
        panels: points (n, 2), mean (2,) and covariance (2, 2), by name.
        title: what the reader should look at.

    Returns:
        The figure.
    """
    figure, axes = subplots(
        1, len(panels), figsize=(3.4 * len(panels), 3.2), layout="constrained", sharex=True, sharey=True, squeeze=False
    )
    figure.suptitle(title)
    angle = np.linspace(0, 2 * np.pi, 100)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    for panel, (name, (points, mean, covariance)) in zip(axes[0], panels.items(), strict=True):
        panel.plot(*np.asarray(points).T, ".", markersize=2, color="0.75")
        values, vectors = np.linalg.eigh(np.asarray(covariance, float))
        for radius, style in ((1, "-"), (2, "--")):
            ellipse = vectors @ (radius * np.sqrt(np.maximum(values, 0))[:, None] * circle) + np.reshape(mean, (2, 1))
            panel.plot(*ellipse, style, color=_ORANGE, linewidth=2, label=f"{radius} standard deviation{'s' * (radius > 1)}")
        panel.set(title=name, xlabel="feature 1", ylabel="feature 2", aspect="equal")
        panel.axhline(0, color=_GREY, linewidth=0.5)
        panel.axvline(0, color=_GREY, linewidth=0.5)
    axes[0][0].legend(fontsize=7, loc="upper left")
    return described(figure, "Clouds of points with their ellipses", [_cloud(name, *rest[1:]) for name, rest in panels.items()])


def _cloud(name: str, mean: ArrayLike, covariance: ArrayLike) -> str:
    """Where a cloud lies, and how long its ellipse is in its two directions."""
    long, short = np.sqrt(np.maximum(np.linalg.eigvalsh(np.asarray(covariance, float)), 0))[::-1]
    x, y = np.ravel(np.asarray(mean, float))
    kind = "a circle" if np.isclose(long, short, rtol=1e-3) else f"an ellipse, {number(long)} by {number(short)}"
    return f"{name}: around ({number(x)}, {number(y)}), at one standard deviation {kind}"
