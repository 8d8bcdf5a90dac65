"""Figures that a cell shows and nobody looks at: while a class is graded they are not drawn, a dot stands in their place.

Drawing is the dearest thing that most notebooks do. A figure that is shown has no other effect on a notebook than its picture; what
is drawn for something else (`savefig`, `canvas.draw`) is drawn. `gradebook/handed_pictures.py` puts what was handed in there.
"""

from __future__ import annotations

import base64
import functools
from typing import Any

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABeqhXUAAAAABJRU5ErkJggg=="
_PICTURES = ("png", "retina", "png2x")

_draws = True


def set_drawing(draws: bool) -> None:
    """Whether figures that this process shows are drawn from now on; they are where nobody said otherwise."""
    global _draws
    _draws = draws


def install() -> None:
    """Stand between IPython and matplotlib; before a notebook's figures are set up, which keeps what is there by then."""
    from IPython.core import pylabtools

    draw = pylabtools.print_figure
    if hasattr(draw, "__wrapped__"):
        return

    @functools.wraps(draw)
    def print_figure(fig: Any, fmt: str = "png", *arguments: Any, **more: Any) -> Any:
        if _draws or fmt not in _PICTURES or (not fig.axes and not fig.lines):  # an empty figure shows nothing
            return draw(fig, fmt, *arguments, **more)
        return DOT if more.get("base64") else base64.b64decode(DOT)

    pylabtools.print_figure = print_figure
