"""Two texts word by word: what was taken out, what came in, what stayed. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_MOST_WORDS = 4_000  # comparing takes the square of it


@dataclass(frozen=True)
class Stretch:
    """Words that are in one text or in both: "both", "before" or "now"."""

    text: str
    where: str


def compared(before: str, now: str) -> list[Stretch]:
    """The later text with what was taken out of the earlier one at its place."""
    old, new = _words(before), _words(now)
    if len(old) + len(new) > _MOST_WORDS:
        return [Stretch(before, "before"), Stretch(now, "now")]
    found = []
    for kind, first, last, begin, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch("".join(old[first:last]), "both"))
        else:
            found += [Stretch("".join(old[first:last]), "before")] if first < last else []
            found += [Stretch("".join(new[begin:end]), "now")] if begin < end else []
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)
