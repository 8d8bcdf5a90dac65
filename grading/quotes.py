"""A student's own words in what a hidden test says: marked where they come in, for staff to read, and for students left out.

A function can raise what it likes, its hidden inputs included. So the trusted process (`inside.remote`) marks whatever a student's
process said, and a page for students shows an ellipsis for what stands between two marks. What the same student's code said on
visible inputs as well, where it is no secret, loses its marks; its numbers keep them, unless they were the same. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

OPEN, CLOSE = "⟪", "⟫"
_QUOTED = re.compile(f"{OPEN}([^{CLOSE}]*)(?:{CLOSE}|$)")  # one that was cut goes to the end
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)


def whole(text: str) -> str:
    """The text for staff: everything, without marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def shown(text: str) -> str:
    """The text for a student: an ellipsis for everything between marks."""
    return _QUOTED.sub("…", text).replace(CLOSE, "")


class Said:
    """What a student's code said while it saw visible inputs only."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts` are names and messages of errors, of any number of lines."""
        self._texts = [[_pieces(line) for line in text.splitlines()] for text in dict.fromkeys(texts) if text]

    def released(self, text: str) -> str:
        """A text without the marks around what was said on visible inputs too; numbers that are new keep theirs.

        All that is between marks must stand in one message, line below line: from lines that were said one by one, as from an
        alphabet, a new message could be spelled.
        """
        lines = [found[1].strip() for found in _QUOTED.finditer(text)]
        if not lines or not any(_stands_in(lines, said) for said in self._texts):
            return text
        known = {piece for said in self._texts for pieces in said for piece in pieces}
        return _QUOTED.sub(lambda found: found[1] if found[1].strip() in known else _numbers_marked(found[1]), text)


def _pieces(line: str) -> set[str]:
    """A line, and what stands in it behind a label or the name of an error."""
    parts = line.strip().split(": ", 3)
    return {": ".join(parts[k:]).strip() for k in range(len(parts))}


def _form(line: str) -> str:
    return _NUMBER.sub("0", line)


def _stands_in(lines: Sequence[str], said: Sequence[Collection[str]]) -> bool:
    """Whether these lines follow each other in a message, but for their numbers."""
    forms = [{_form(piece) for piece in pieces} for pieces in said]
    starts = range(len(said) - len(lines) + 1)
    return any(all(_form(line) in forms[start + k] for k, line in enumerate(lines)) for start in starts)


def _numbers_marked(line: str) -> str:
    return _NUMBER.sub(lambda number: f"{OPEN}{number[0]}{CLOSE}", line)
