"""Prose as runs of words, its shingles (Broder 1997): what a copy keeps that changes a word here and there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Run:
    """Some words in a row, without capitals and what stands between them.

    Attributes:
        said: the words.
        start, end: where they stand in the text, in characters.
    """

    said: str
    start: int
    end: int


def runs(text: str, words: int) -> Iterator[Run]:
    """Every run of that many words, from the first to the last."""
    found = list(_WORD.finditer(text.lower()))
    for several in (found[at : at + words] for at in range(len(found) - words + 1)):
        yield Run(" ".join(word.group() for word in several), several[0].start(), several[-1].end())
