"""Scorecards of a class -> figures: what was hard, what was misunderstood, which test is to be doubted, what waits, what took time.

In: the scorecards with what people decided, the executions' times, groups of students where they are known. Out: `figures.Figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grading.figures import Figures
from grading.marks import Scorecard
from grading.stats.groups import Groups, SectionsError, platforms, sections
from grading.stats.join import one_card_each
from grading.stats.times import Times, times

__all__ = ["SectionsError", "Times", "figures", "one_card_each", "platforms", "sections", "times"]


def figures(
    cards: Sequence[Scorecard],
    titles: Mapping[str, str] | None = None,
    times: Times | None = None,
    groups: Groups | None = None,
) -> Figures:
    """Everything that a class's results say; see `class_figures.figures`."""
    from grading.stats import class_figures  # NumPy, which joining cards needs not

    return class_figures.figures(cards, titles, times, groups)
