"""A fully connected network of any depth. Layers come through `ops`; nothing here computes one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import DTypeLike

from hw_lib.errors import invalid
from hw_lib.models.arguments import Array, LossAndGrads, Params, add_weight_decay, check_sizes
from hw_lib.ops import LayerOps

_INITIALIZATIONS = ("random", "he", "zero")


class FullyConnectedNet:
    """{affine - [batchnorm] - relu - [dropout]} x (L - 1) - affine - softmax.

    Attributes:
        params: W1, b1, ..., WL, bL, and gamma1, beta1, ... up to L - 1 with batchnorm.
        num_layers: L, the number of hidden layers and one.
        use_batchnorm, use_dropout: which of the two there are.
        dropout_param: what dropout_forward gets; {} without dropout.
        bn_params: one dict for each hidden layer, with its running statistics; [] without batchnorm.
        reg, dtype, ops: as passed.
    """

    def __init__(
        self,
        hidden_dims: Sequence[int],
        input_dim: int = 3 * 32 * 32,
        num_classes: int = 10,
        dropout: float = 0,
        use_batchnorm: bool = False,
        reg: float = 0.0,
        weight_scale: float = 1e-2,
        dtype: DTypeLike = np.float32,
        seed: int | None = None,
        initialization: Literal["random", "he", "zero"] = "random",
        *,
        ops: LayerOps | None = None,
        legacy_bn_mode: bool = False,
    ) -> None:
        """Draw the weights from a normal distribution (NumPy's global generator); biases and shifts are 0, scales 1.

        Args:
            hidden_dims: units of each hidden layer.
            input_dim: D, numbers in a flattened sample.
            num_classes: C.
            dropout: probability of DROPPING a unit; 0 leaves dropout out.
            use_batchnorm: normalise between affine and relu.
            reg: strength of the L2 regularisation of the weights; biases, scales and shifts are not regularised.
            weight_scale: standard deviation of the weights.
            dtype: of all parameters; samples are cast to it.
            seed: the same dropout masks on every call, for gradient checks.
            initialization: 'random' uses weight_scale; 'he' uses sqrt(2 / rows); 'zero' sets every weight to 0.
            ops: the layers; default: the library's own.
            legacy_bn_mode: score in batchnorm's train mode, as older coursework code does by mistake. For comparing with
                its numbers only: scores then depend on the batch, and scoring moves the running statistics.

        Raises:
            ValueError: a size below 1, a dropout outside [0, 1), or an unknown initialization.
        """
        check_sizes("FullyConnectedNet", hidden_dims=hidden_dims, input_dim=input_dim, num_classes=num_classes)
        _check_options(dropout, initialization)
        self.use_batchnorm, self.use_dropout = use_batchnorm, dropout > 0
        self.reg, self.dtype = reg, dtype
        self.ops, self.legacy_bn_mode = ops or LayerOps(), legacy_bn_mode
        self.num_layers = 1 + len(hidden_dims)
        self.params = self._initial([input_dim, *hidden_dims, num_classes], weight_scale, initialization)
        self.dropout_param: dict[str, Any] = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout} | ({} if seed is None else {"seed": seed})
        self.bn_params: list[dict[str, Any]] = [{"mode": "train"} for _ in hidden_dims] if use_batchnorm else []

    def _initial(self, dims: list[int], weight_scale: float, initialization: str) -> Params:
        """All parameters; the weights are drawn in the order of the layers."""
        params: Params = {}
        for i, (rows, columns) in enumerate(itertools.pairwise(dims), start=1):
            scale = {"random": weight_scale, "he": float(np.sqrt(2 / rows)), "zero": 0.0}[initialization]
            params[f"W{i}"] = np.random.randn(rows, columns) * scale
            params[f"b{i}"] = np.zeros(columns)
            if self.use_batchnorm and i < self.num_layers:
                params[f"gamma{i}"], params[f"beta{i}"] = np.ones(columns), np.zeros(columns)
        return {name: values.astype(self.dtype) for name, values in params.items()}

    @overload
    def loss(self, X: Array, y: None = None) -> Array: ...
    @overload
    def loss(self, X: Array, y: Array) -> LossAndGrads: ...
    def loss(self, X: Array, y: Array | None = None) -> Array | LossAndGrads:
        """Score a batch in test mode, or with labels compute the loss and its gradients in train mode.

        Batchnorm is switched to test mode for scoring; older coursework code never does (see legacy_bn_mode).

        Args:
            X: (N, d1, ..., dk) with d1 * ... * dk = input_dim; cast to dtype.
            y: (N,) labels, or None.

        Returns:
            Without y: (N, C) scores. With y: the regularised loss, and the gradient of every parameter by name.
        """
        self._set_mode("test" if y is None else "train")
        out, caches = X.astype(self.dtype), []
        for i in range(1, self.num_layers):
            out, cache = self.hidden_forward(i, out)
            caches.append(cache)
        L = self.num_layers
        scores, last = self.ops.affine_forward(out, self.params[f"W{L}"], self.params[f"b{L}"])
        if y is None:
            return np.asarray(scores)
        loss, dscores = self.ops.softmax_loss(scores, y)
        grads: Params = {}
        dout, grads[f"W{L}"], grads[f"b{L}"] = self.ops.affine_backward(dscores, last)
        for i in reversed(range(1, L)):
            dout, of_layer = self.hidden_backward(i, dout, caches[i - 1])
            grads |= of_layer
        return add_weight_decay(loss, grads, self.params, self.reg, (f"W{i}" for i in range(1, L + 1)))

    def _set_mode(self, mode: str) -> None:
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        for bn_param in self.bn_params:
            bn_param["mode"] = "train" if self.legacy_bn_mode else mode

    def layer(self, i: int) -> tuple[Any, ...]:
        """The parameters and settings of hidden layer i; a notebook that overrides `hidden_forward` unpacks this.

        Args:
            i: from 1 to num_layers - 1.

        Returns:
            W, b, gamma, beta, bn_param, dropout_param; the middle three are None without batchnorm, the last without dropout.
        """
        p = self.params
        norm = (p[f"gamma{i}"], p[f"beta{i}"], self.bn_params[i - 1]) if self.use_batchnorm else (None, None, None)
        return p[f"W{i}"], p[f"b{i}"], *norm, self.dropout_param if self.use_dropout else None

    def hidden_forward(self, i: int, x: Array) -> tuple[Array, Any]:
        """Run hidden layer i: affine - [batchnorm] - relu - [dropout].

        Args:
            i: from 1 to num_layers - 1.
            x: (N, rows of Wi).

        Returns:
            out: (N, columns of Wi).
            cache: for hidden_backward.
        """
        W, b, gamma, beta, bn_param, dropout_param = self.layer(i)
        ops, cache = self.ops, {}
        ### BEGIN SOLUTION
        out, cache["affine"] = ops.affine_forward(x, W, b)
        if bn_param is not None:
            out, cache["batchnorm"] = ops.batchnorm_forward(out, gamma, beta, bn_param)
        out, cache["relu"] = ops.relu_forward(out)
        if dropout_param is not None:
            out, cache["dropout"] = ops.dropout_forward(out, dropout_param)
        ### END SOLUTION
        return out, cache

    def hidden_backward(self, i: int, dout: Array, cache: Any) -> tuple[Array, Params]:
        """Backward pass of hidden layer i.

        Args:
            i: from 1 to num_layers - 1.
            dout: (N, columns of Wi).
            cache: from hidden_forward.

        Returns:
            dx: (N, rows of Wi).
            grads: the gradient of each parameter of this layer, by name.
        """
        ops, grads = self.ops, {}
        ### BEGIN SOLUTION
        if "dropout" in cache:
            dout = ops.dropout_backward(dout, cache["dropout"])
        dout = ops.relu_backward(dout, cache["relu"])
        if "batchnorm" in cache:
            dout, grads[f"gamma{i}"], grads[f"beta{i}"] = ops.batchnorm_backward(dout, cache["batchnorm"])
        dout, grads[f"W{i}"], grads[f"b{i}"] = ops.affine_backward(dout, cache["affine"])
        ### END SOLUTION
        return dout, grads


def _check_options(dropout: float, initialization: str) -> None:
    if not 0 <= dropout < 1:
        raise invalid(
            "FullyConnectedNet: dropout is outside [0, 1)",
            expected="the probability of dropping a unit",
            got=dropout,
            fix="pass 1 - q if your text gives q, the probability of keeping a unit",
        )
    if initialization not in _INITIALIZATIONS:
        raise invalid(
            "FullyConnectedNet: unknown initialization",
            expected=", ".join(map(repr, _INITIALIZATIONS)),
            got=repr(initialization),
            fix="choose one of these",
        )
