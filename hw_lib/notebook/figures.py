"""What a figure shows, in words, folded below it: for readers who do not see it, and those who want to be sure what they see."""

from __future__ import annotations

import html
import sys


def show(words: str) -> None:
    """Below the cell; a front end that folds nothing shows the words as they are."""
    display = getattr(sys.modules.get("IPython.display"), "display", None)
    if display is not None:
        page = f"<details><summary>The figure in words</summary><p>{html.escape(words)}</p></details>"
        display({"text/html": page, "text/plain": words}, raw=True)
