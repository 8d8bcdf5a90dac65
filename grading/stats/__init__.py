"""Scorecards of a class -> figures: what was hard, what was misunderstood, which test is to be doubted, what waits, what took time.

In: the scorecards with what people decided, the executions' times, groups of students where they are known. Out: `figures.Figures`.
"""

from grading.stats.class_figures import figures
from grading.stats.groups import SectionsError, platforms, sections
from grading.stats.join import one_card_each
from grading.stats.times import Times, times

__all__ = ["SectionsError", "Times", "figures", "one_card_each", "platforms", "sections", "times"]
