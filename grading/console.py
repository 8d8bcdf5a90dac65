"""The terminal, or what stands in for one: where `hw` prints."""

from __future__ import annotations

import os
import sys

from rich.console import Console

# piped into a file or a pager, the table has room; a terminal says itself how wide it is
out = Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140)
err = Console(stderr=True, highlight=False)
