"""The plots of the notebooks, from plain arrays. Only this package and the labs' plots import matplotlib.

Each function makes one figure and returns it (end the cell with `;`, or Jupyter shows it twice). Knows nothing of training.
"""

from hw_lib.plots.charts import (
    COLOURS,
    HATCHES,
    STYLES,
    bars,
    contributions,
    curves,
    epochs,
    graph,
    images,
    losses,
    weights,
)
from hw_lib.plots.explained import network, plane, windows
from hw_lib.plots.written import bells, blocks, clouds

__all__ = [
    "COLOURS",
    "HATCHES",
    "STYLES",
    "bars",
    "bells",
    "blocks",
    "clouds",
    "contributions",
    "curves",
    "epochs",
    "graph",
    "images",
    "losses",
    "network",
    "plane",
    "weights",
    "windows",
]
