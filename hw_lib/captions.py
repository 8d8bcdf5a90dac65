"""The words for the figures that the running cell has shown: `plots` leaves them here, `notebook` puts them below the cell.

Knows neither figures nor notebooks.
"""

from __future__ import annotations

_shown: list[str] = []


def leave(words: str) -> None:
    """A figure was shown, and this is what it shows."""
    _shown.append(words)


def take() -> list[str]:
    """What was left since the last call, in the order of the figures."""
    taken = list(_shown)
    _shown.clear()
    return taken
