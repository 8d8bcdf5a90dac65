"""A network with one hidden layer. Layers come through `ops`; nothing here computes one."""

from __future__ import annotations

from typing import overload

import numpy as np

from hw_lib.models.arguments import Array, LossAndGrads, Params, add_weight_decay, check_sizes
from hw_lib.ops import LayerOps


class TwoLayerNet:
    """affine - relu - affine - softmax.

    Attributes:
        params: W1 (input_dim, hidden_dim), b1, W2 (hidden_dim, num_classes), b2; float64.
        reg: strength of the L2 regularisation of W1 and W2.
        ops: the layers it is built from.
    """

    def __init__(
        self,
        input_dim: int = 3 * 32 * 32,
        hidden_dim: int = 100,
        num_classes: int = 10,
        weight_scale: float = 1e-2,
        reg: float = 0.0,
        *,
        ops: LayerOps | None = None,
    ) -> None:
        """Draw the weights from a normal distribution (NumPy's global generator); biases are zero.

        Args:
            input_dim: D, numbers in a flattened sample.
            hidden_dim: units in the hidden layer.
            num_classes: C.
            weight_scale: standard deviation of the weights.
            reg: strength of the L2 regularisation.
            ops: the layers; default: the library's own.

        Raises:
            ValueError: a size below 1.
        """
        check_sizes("TwoLayerNet", input_dim=input_dim, hidden_dim=hidden_dim, num_classes=num_classes)
        self.reg = reg
        self.ops = ops or LayerOps()
        self.params: Params = {
            "W1": np.random.randn(input_dim, hidden_dim) * weight_scale,
            "b1": np.zeros(hidden_dim),
            "W2": np.random.randn(hidden_dim, num_classes) * weight_scale,
            "b2": np.zeros(num_classes),
        }

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> LossAndGrads: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | LossAndGrads:
        """Score a batch, or with labels compute the loss and its gradients.

        Args:
            X: (N, d1, ..., dk) with d1 * ... * dk = input_dim.
            y: (N,) labels, or None.

        Returns:
            Without y: (N, C) scores. With y: the regularised loss, and the gradient of every parameter by name.
        """
        ops, p = self.ops, self.params
        hidden, first = ops.affine_forward(X, p["W1"], p["b1"])
        active, relu = ops.relu_forward(hidden)
        scores, second = ops.affine_forward(active, p["W2"], p["b2"])
        if y is None:
            return np.asarray(scores)
        loss, dscores = ops.softmax_loss(scores, y)
        dactive, dW2, db2 = ops.affine_backward(dscores, second)
        _, dW1, db1 = ops.affine_backward(ops.relu_backward(dactive, relu), first)
        return add_weight_decay(loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}, p, self.reg, ("W1", "W2"))
