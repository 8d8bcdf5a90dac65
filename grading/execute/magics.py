"""A cell's text as Python: its magics as IPython rewrites them before it runs them. Pure text."""

from __future__ import annotations

import functools
import re

# magics that run what they are given as a part of the notebook; others keep it as a text, or give it to another program
_CELL = re.compile(r"\s*%%(?:time|timeit|capture|prun)\b[^\n]*\n")
_LINE = re.compile(r"^([ \t]*)%(?:time|prun)[ \t]+(?!-)", re.MULTILINE)
# IPython reads the whole text again for every magic in it: nobody writes more, or a longer text with one
_MOST_LINES, _LONGEST = 20, 20_000
_MAGIC = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
# whatever IPython could change: its commands, prompts that were pasted, lines of nothing but blanks, an indented or empty beginning
_CHANGED = re.compile(
    r"\A\s|^[^\S\n]+$|^[^\S\n]*(?:[%!,;/]|>>>|\.\.\.|In \[|\[(?:nav|ins)\])|\?|=[\s\\]*[%!]"
    r"|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]",
    re.MULTILINE,
)


def transformed(source: str) -> str:
    """A text as Python, however long that takes: for an author's cells."""
    if not _CHANGED.search(source):
        return source if source.endswith("\n") else source + "\n"
    from IPython.core.inputtransformer2 import TransformerManager  # a tenth of a second, and most cells have no magics

    return str(TransformerManager().transform_cell(source))


@functools.lru_cache(maxsize=2000)  # the tests of a notebook read the same cells
def plain(source: str) -> str | None:
    """The Python that a kernel runs; the text itself where IPython cannot read it either; None where reading it takes too long."""
    if not _CHANGED.search(source):
        return source
    if len(source) > _LONGEST or len(_MAGIC.findall(source)) > _MOST_LINES:
        return None
    while found := _CELL.match(source):
        source = source[found.end() :]
    try:
        return transformed(_LINE.sub(r"\1", source))
    except (SyntaxError, ValueError):
        return source
    except (RecursionError, RuntimeError):
        return None
