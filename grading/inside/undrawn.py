"""Figures that a cell shows and nobody looks at: while a class is graded they are not drawn, a dot stands in their place.

Drawing is the dearest thing that most notebooks do, and without `plt.show()` it is done twice: pyplot draws what is new at the end
of a cell, before IPython makes a picture of it. A figure that is shown has no other effect on a notebook than its picture; what is
drawn for something else (`savefig`, `canvas.draw`) is drawn. `gradebook/handed_pictures.py` puts what was handed in there.
"""

from __future__ import annotations

import base64
import contextlib
import functools
from collections.abc import Callable
from typing import Any

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABeqhXUAAAAABJRU5ErkJggg=="
_PICTURES = ("png", "retina", "png2x")

_draws = True


def set_drawing(draws: bool) -> None:
    """Whether figures that this process shows are drawn from now on; they are where nobody said otherwise."""
    global _draws
    _draws = draws


def install() -> None:
    """Stand between IPython and matplotlib; before pyplot is imported, which keeps what is there by then."""
    from IPython.core import pylabtools

    if hasattr(pylabtools.print_figure, "__wrapped__"):
        return
    pylabtools.print_figure = _picture_of(pylabtools.print_figure)
    with contextlib.suppress(ImportError):  # an assignment may hide it
        from matplotlib import _pylab_helpers

        managers: Any = _pylab_helpers.Gcf
        managers.draw_all = _unless_undrawn(managers.draw_all)


def _picture_of(draw: Callable[..., Any]) -> Callable[..., Any]:
    """What IPython calls for the picture of a figure."""

    @functools.wraps(draw)
    def print_figure(fig: Any, fmt: str = "png", *arguments: Any, **more: Any) -> Any:
        if _draws or fmt not in _PICTURES or (not fig.axes and not fig.lines):  # an empty figure shows nothing
            return draw(fig, fmt, *arguments, **more)
        return DOT if more.get("base64") else base64.b64decode(DOT)

    return print_figure


def _unless_undrawn(draw_all: Callable[..., None]) -> Callable[..., None]:
    """What pyplot calls at the end of a cell that has left figures open."""

    @functools.wraps(draw_all)
    def draw_if_drawn(*arguments: Any, **more: Any) -> None:
        if _draws:
            draw_all(*arguments, **more)

    return draw_if_drawn
