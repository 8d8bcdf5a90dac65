"""A small convolutional network. Layers come through `ops`; nothing here computes one."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import DTypeLike

from hw_lib.models.arguments import Array, LossAndGrads, Params, add_weight_decay, check_sizes
from hw_lib.ops import LayerOps


class ThreeLayerConvNet:
    """conv - relu - 2x2 max pool - affine - relu - affine - softmax.

    Attributes:
        params: W1 (F, C, S, S), b1 (F,), W2 (F * (H / 2) * (W / 2), hidden_dim), b2, W3 (hidden_dim, num_classes), b3.
        reg: strength of the L2 regularisation of W1, W2 and W3; may be set later.
        dtype, ops: as passed.
    """

    def __init__(
        self,
        input_dim: tuple[int, int, int] = (3, 32, 32),
        num_filters: int = 32,
        filter_size: int = 7,
        hidden_dim: int = 100,
        num_classes: int = 10,
        weight_scale: float = 1e-3,
        reg: float = 0.0,
        dtype: DTypeLike = np.float32,
        *,
        ops: LayerOps | None = None,
    ) -> None:
        """Draw the weights from a normal distribution (NumPy's global generator); biases are zero.

        Args:
            input_dim: (C, H, W) of one image.
            num_filters: F.
            filter_size: S, height and width of a filter. The image is padded by (S - 1) // 2, so that an odd S keeps its size.
            hidden_dim: units of the hidden affine layer.
            num_classes: number of scores.
            weight_scale: standard deviation of the weights.
            reg: strength of the L2 regularisation.
            dtype: of all parameters. Images are not cast: pass them in this dtype.
            ops: the layers; default: the library's own.

        Raises:
            ValueError: a size below 1, or an image too small for the filters and the pooling.
        """
        check_sizes(
            "ThreeLayerConvNet",
            input_dim=input_dim,
            num_filters=num_filters,
            filter_size=filter_size,
            hidden_dim=hidden_dim,
            num_classes=num_classes,
        )
        C, H, W = input_dim
        self.reg, self.dtype, self.ops = reg, dtype, ops or LayerOps()
        self.conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        self.pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        pixels = [(side + 2 * self.conv_param["pad"] - filter_size + 1) // 2 for side in (H, W)]
        check_sizes("ThreeLayerConvNet", pixels_after_pooling=pixels)
        W1 = np.random.randn(num_filters, C, filter_size, filter_size) * weight_scale
        W2 = np.random.randn(num_filters * pixels[0] * pixels[1], hidden_dim) * weight_scale
        W3 = np.random.randn(hidden_dim, num_classes) * weight_scale
        biases = np.zeros(num_filters), np.zeros(hidden_dim), np.zeros(num_classes)
        params = {"W1": W1, "b1": biases[0], "W2": W2, "b2": biases[1], "W3": W3, "b3": biases[2]}
        self.params: Params = {name: values.astype(dtype) for name, values in params.items()}

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> LossAndGrads: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | LossAndGrads:
        """Score a batch, or with labels compute the loss and its gradients.

        Args:
            X: (N, C, H, W). Not cast.
            y: (N,) labels, or None.

        Returns:
            Without y: (N, num_classes) scores. With y: the regularised loss, and the gradient of every parameter by name.
        """
        ops, p = self.ops, self.params
        ### BEGIN SOLUTION
        out, conv = ops.conv_forward(X, p["W1"], p["b1"], self.conv_param)
        out, conv_relu = ops.relu_forward(out)
        out, pool = ops.max_pool_forward(out, self.pool_param)
        out, hidden = ops.affine_forward(out, p["W2"], p["b2"])
        out, relu = ops.relu_forward(out)
        scores, last = ops.affine_forward(out, p["W3"], p["b3"])
        if y is None:
            return np.asarray(scores)
        loss, dout = ops.softmax_loss(scores, y)
        grads: Params = {}
        dout, grads["W3"], grads["b3"] = ops.affine_backward(dout, last)
        dout, grads["W2"], grads["b2"] = ops.affine_backward(ops.relu_backward(dout, relu), hidden)
        dout = ops.relu_backward(ops.max_pool_backward(dout, pool), conv_relu)
        _, grads["W1"], grads["b1"] = ops.conv_backward(dout, conv)
        ### END SOLUTION
        return add_weight_decay(loss, grads, p, self.reg, ("W1", "W2", "W3"))
