"""Prose as runs of words, its shingles (Broder 1997): what a copy keeps that changes a word here and there. Pure."""

from __future__ import annotations

import re
from collections import deque
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
    last: deque[re.Match[str]] = deque(maxlen=words)
    for word in _WORD.finditer(text.lower()):
        last.append(word)
        if len(last) == words:
            yield Run(" ".join(each.group() for each in last), last[0].start(), last[-1].end())
