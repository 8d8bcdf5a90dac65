"""What a notebook says to whoever works in it: the message without the machinery, a tick, what is still open, one file to hand in.

The first cell calls `start`. While a grader runs the notebook, and outside one, everything here is silent.
"""

from hw_lib.notebook.evening import hand_in, progress, start

__all__ = ["hand_in", "progress", "start"]
