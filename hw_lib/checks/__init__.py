"""What a notebook's test cells call. Every check returns quietly or raises one `CheckFailed` that explains.

A student's answer is turned into plain float64 numbers first, so a list, an array, a tensor, a row or a column are all fine.
Importing this package does not import torch.
"""

from hw_lib.checks.by_hand import written_by_hand
from hw_lib.checks.dropout import dropout_module
from hw_lib.checks.formula import evaluate, formula
from hw_lib.checks.graph import edge_list, graph
from hw_lib.checks.numbers import between, close, holds, numbers, rows, shape, show, value, vector
from hw_lib.checks.records import accuracies, losses, same_settings
from hw_lib.checks.returned import pair
from hw_lib.streams import rng, seed

__all__ = [
    "accuracies",
    "between",
    "close",
    "dropout_module",
    "edge_list",
    "evaluate",
    "formula",
    "graph",
    "holds",
    "losses",
    "numbers",
    "pair",
    "rng",
    "rows",
    "same_settings",
    "seed",
    "shape",
    "show",
    "value",
    "vector",
    "written_by_hand",
]
