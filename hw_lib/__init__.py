"""NumPy layers and the small library that the homework notebooks are written over.

    layers, optim, ops, models, solver, gradient_check    neural networks in NumPy: the core
    data, training, plots, results, checks                images, PyTorch loops, figures, records, what test cells call
    errors, environment, versions, graded_with            one format for messages; what environment variables say; what is installed
    provenance                                            which functions of a notebook a record was measured with
    calibration                                           how long something takes on this machine
    notebook                                              what a notebook says to whoever works in it, and the file to hand in
    labs/                                                 what one homework needs and no other does
    coursework/                                           what only notebooks of older courses need

Importing this package is quick: torch, torchvision and matplotlib load only when a module that needs them is imported.
"""

__version__ = "0.1.0"


def progress() -> None:
    """Show, in a notebook, part by part what is done, open, not right yet or written, and the points so far."""
    from hw_lib.notebook import progress as shown  # not before it is asked for: importing this package is quick

    shown()
