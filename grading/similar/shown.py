"""Texts of students and of the library as a page shows them: cleaned, bounded, with what is common marked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Set

from grading import display
from grading.resemblance import Piece, Text

MOST_LINES = 200
MOST_CHARS = 300  # of a line of code


def marked_lines(text: str, marked: Set[int]) -> Text:
    """Code line by line, as many as somebody reads, some of them marked."""
    rows = text.split("\n")
    shown = [Piece(display.block(row, chars=MOST_CHARS, lines=1), at in marked) for at, row in enumerate(rows[:MOST_LINES], 1)]
    return (*shown, Piece(f"… ({len(rows) - MOST_LINES} more lines)")) if len(rows) > MOST_LINES else tuple(shown)


def marked_spans(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    """Prose in stretches, some of them marked; `spans` are in order and may overlap."""
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    ends = [0, *(end for span in merged for end in span), len(text)]
    stretches = itertools.pairwise(ends)
    return tuple(Piece(text[first:last], common=bool(at % 2)) for at, (first, last) in enumerate(stretches) if first < last)
