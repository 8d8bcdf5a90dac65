"""A figure that nobody looks at is not drawn at all, however a cell leaves it; what a cell draws itself is drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

# IPython and pyplot keep what they find when they are loaded, so each case has a process of its own
_PROGRAM = """
import os, sys
from grading.inside import shell as shells, undrawn
undrawn.set_drawing(sys.argv[1] == "drawn")
channel, shell = shells.pair()
channel.open(os.open(os.devnull, os.O_WRONLY), 10**9)
def run(source):
    shells.run_cell(shell, channel, {"source": source}, 60)
    assert shell.last_error is None, shell.last_error
run('''
import matplotlib.figure, matplotlib.pyplot as plt
draw, drawn = matplotlib.figure.Figure.draw, []
matplotlib.figure.Figure.draw = lambda figure, renderer: (drawn.append(figure), draw(figure, renderer))[1]
''')
run(sys.argv[2])
run("import os; os.write(1, str(len(drawn)).encode())")
os._exit(0)
"""
_LEFT_OPEN = "fig, ax = plt.subplots(layout='constrained'); _ = ax.plot([0, 1])"


def draws(how: str, cell: str) -> int:
    """How often figures were drawn by the end of a cell."""
    environment = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", _PROGRAM, how, cell]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("ending", ["", "; plt.show()"])
def test_a_figure_that_is_shown_is_not_drawn(ending: str) -> None:
    """Neither by IPython, which makes its picture, nor by pyplot, which draws what is new when a cell is over."""
    assert draws("undrawn", _LEFT_OPEN + ending) == 0
    assert draws("drawn", _LEFT_OPEN + ending) > 0


def test_what_a_cell_draws_itself_is_drawn() -> None:
    """A file, and the pixels of a canvas."""
    assert draws("undrawn", _LEFT_OPEN + "; fig.savefig('/dev/null', format='png'); fig.canvas.draw()") >= 2
