"""Gradients checked by finite differences: `check_gradient`, which is quick, and the classic loops over every entry.

Knows nothing of layers: every function is checked through what it takes and returns.
"""

from hw_lib.gradient_check.check import Checked, Inconclusive, check_gradient
from hw_lib.gradient_check.numerical import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    eval_numerical_gradient_blobs,
    eval_numerical_gradient_net,
    grad_check_sparse,
)

__all__ = [
    "Checked",
    "Inconclusive",
    "check_gradient",
    "eval_numerical_gradient",
    "eval_numerical_gradient_array",
    "eval_numerical_gradient_blobs",
    "eval_numerical_gradient_net",
    "grad_check_sparse",
]
