"""The terminal, or what stands in for one: where `hw` prints. `console.out` and `console.err` are made when they are used."""

from __future__ import annotations

import os
import sys
from typing import Any


def __getattr__(name: str) -> Any:
    """One of the two consoles. What it is made of takes a fifth of the time that `hw --help` does, which needs none."""
    from rich.console import Console

    made = {
        # piped into a file or a pager, the table has room; a terminal says itself how wide it is
        "out": lambda: Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140),
        "err": lambda: Console(stderr=True, highlight=False),
    }
    if name not in made:
        raise AttributeError(name)
    globals()[name] = made[name]()
    return globals()[name]
