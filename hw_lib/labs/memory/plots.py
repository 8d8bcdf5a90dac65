"""Plots of the memory homework: stacked bars by kind, the timeline of a training run, accuracy against wall time.

Each function makes one figure from plain numbers and returns it. Knows nothing of models, traces or GPUs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from hw_lib.errors import invalid
from hw_lib.plots import COLOURS, STYLES
from hw_lib.plots.words import described, number, numbers, subplots, trend

MB = 10**6
_COLOURS = (*COLOURS[:6], "0.55")  # seven kinds of memory, each a colour of its own
_HATCHES = ("", "//", "..", "\\\\", "xx", "--", "++")


def stacked(bars: Mapping[str, Mapping[str, float]], *, title: str, limit: float | None = None) -> Figure:
    """One bar for each run, cut by kind of memory.

    Args:
        bars: bytes by run and kind; every run has the same kinds.
        title: what the reader should look at.
        limit: bytes of a card, drawn as a line.

    Returns:
        The figure, in MB.
    """
    if not bars:
        raise invalid("there is nothing to plot", expected="at least one run")
    figure, axes = subplots(figsize=(8, 4), layout="constrained")
    names = list(bars)
    bottom = np.zeros(len(names))
    kinds = [kind for kind in next(iter(bars.values())) if any(run[kind] for run in bars.values())]
    for k, kind in enumerate(kinds):
        heights = np.array([bars[name][kind] for name in names]) / MB
        colour = _COLOURS[k % len(_COLOURS)]
        axes.bar(names, heights, 0.6, bottom=bottom, color=colour, label=kind, hatch=_HATCHES[k % len(_HATCHES)], edgecolor="white")
        bottom += heights
    for place, height in enumerate(bottom):
        axes.text(place, height, f"{height:,.0f}", ha="center", va="bottom")
    if limit is not None:
        axes.axhline(limit / MB, color="0.45", linestyle=":", label=f"the card: {limit / MB:,.0f} MB")
    axes.set(title=title, ylabel="MB")
    axes.margins(y=0.1)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    said = [
        f"{name}: {numbers({kind: bars[name][kind] / MB for kind in kinds})}, together {number(bottom[k])}"
        for k, name in enumerate(names)
    ]
    card = [] if limit is None else [f"a line marks the card at {number(limit / MB)}"]
    return described(figure, "Stacked bars, in MB", [*said, *card])


def timeline(series: Mapping[str, ArrayLike], *, title: str, marks: Mapping[str, int] | None = None) -> Figure:
    """Memory by kind over the events of a run, as stacked areas.

    Args:
        series: bytes after each event, by kind, all of one length.
        title: what the reader should look at.
        marks: places on the horizontal axis that get a line and a name.

    Returns:
        The figure, in MB.
    """
    figure, axes = subplots(figsize=(9, 3.6), layout="constrained")
    kept = {kind: np.asarray(values, float) / MB for kind, values in series.items() if np.any(values)}
    places = np.arange(len(next(iter(kept.values()))))
    colours = [_COLOURS[k % len(_COLOURS)] for k in range(len(kept))]
    axes.stackplot(places, *kept.values(), labels=list(kept), colors=colours)
    for name, place in (marks or {}).items():
        axes.axvline(place, color="0.3", linewidth=0.8, linestyle=":")
        axes.text(place, 1.0, f"{name} ", rotation=90, ha="right", va="top", fontsize=8, transform=axes.get_xaxis_transform())
    axes.set(title=title, xlabel="event (a tensor is born or dies)", ylabel="MB", xlim=(0, len(places)))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    marked = [f"{name} at event {place}" for name, place in (marks or {}).items()]
    said = [f"{kind} {trend(values)}" for kind, values in kept.items()]
    return described(figure, "Memory in MB over the events of a run, by kind, stacked", [*said, *marked])


def against_time(
    runs: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    title: str,
    ylabel: str = "test accuracy",
    chance: float | None = None,
) -> Figure:
    """Accuracy over seconds, one line with a marker at each epoch for each run.

    Args:
        runs: (seconds, accuracies) by name.
        title: what the reader should look at.
        ylabel: whose accuracy it is.
        chance: the accuracy of guessing, drawn as a line.

    Returns:
        The figure.
    """
    figure, axes = subplots(figsize=(8, 3.6), layout="constrained")
    for k, (name, (seconds, accuracies)) in enumerate(runs.items()):
        axes.plot(
            seconds,
            accuracies,
            color=COLOURS[k % len(COLOURS)],
            linestyle=STYLES[k % len(STYLES)],
            marker="os^Dv"[k % 5],
            label=name,
        )
    if chance is not None:
        axes.axhline(chance, color="0.45", linestyle=":", linewidth=1, label=f"guessing ({chance:.2g})")
    axes.set(title=title, xlabel="seconds of training", ylabel=ylabel)
    axes.legend(frameon=False)
    said = [f"{name} {trend(accuracies, seconds)}, after {number(seconds[-1])} s" for name, (seconds, accuracies) in runs.items()]
    return described(figure, f"{ylabel} against seconds of training", said)
