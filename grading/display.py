"""Text that strangers wrote, made fit to be shown: no escape sequences, no control characters, no endless lines.

Every page, table and file that carries a student's words passes them through here first. Imports nothing of ours.
"""

from __future__ import annotations

import re
import unicodedata

_ENOUGH = 50_000  # nobody shows more than this; what lies behind is not even looked at
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours and cursor movements
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # window titles, hyperlinks
    r"|\x1b[ -/]*[0-~]?"  # everything else that starts with escape
)
_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in several scripts


def block(text: str, *, chars: int = 800, lines: int = 12) -> str:
    """Clean text of several lines, cut to a size; a cut says how much is missing."""
    rows = [row.rstrip() for row in _cleaned(text).strip("\n").split("\n")]
    rows, hidden = rows[:lines], len(rows) - lines
    shown = "\n".join(rows)
    if len(shown) > chars:
        return f"{shown[:chars].rstrip()} … ({len(shown) - chars} more characters)"
    return f"{shown}\n… ({hidden} more lines)" if hidden > 0 else shown


def line(text: str, *, chars: int = 200) -> str:
    """Clean text on one line, cut to a size."""
    joined = " ".join(_cleaned(text).split())
    return joined if len(joined) <= chars else joined[: chars - 1].rstrip() + "…"


def number(value: float) -> str:
    """Points as people write them: 3, 2.5, 0.33."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _cleaned(text: str) -> str:
    return "".join(_shown(char) for char in _ESCAPES.sub("", text[:_ENOUGH].replace("\r\n", "\n")))


def _shown(char: str) -> str:
    if char == "\n" or char in _JOINERS or " " <= char <= "~":
        return char
    if char == "\t":
        return "    "
    kind = unicodedata.category(char)
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind in ("Cc", "Cf"):
        return ""
    return "\N{REPLACEMENT CHARACTER}" if kind in ("Cs", "Co", "Cn") else char
