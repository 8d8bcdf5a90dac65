"""Stacked SimpleCNNs that train by SGD or Adam, with passes written by hand.

The layers for any pictures are in handmade_layers.py, those for pictures of straight edges, which are lines, in striped.py.

With so small a network most of PyTorch's time goes into the graph and into convolutions that are made for large ones.
Axes: S networks, F filters, B images. Knows nothing of data sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from hw_lib.labs.edges.handmade_layers import Array, BandedConv, FirstConv, Windows
from hw_lib.labs.edges.nets import SimpleCNN, WiderCNN
from hw_lib.labs.edges.stacked import Stack
from hw_lib.labs.edges.striped import FirstLine, Lines, SecondLine, directions

_EVALUATED = 20  # images in one forward pass: more leave the processor's cache


class HandmadeCNN:
    """S networks 'convolution, ReLU, 2x2 max pool, convolution, ReLU, mean, affine' with cross-entropy.

    Args:
        stack: the networks; `write` puts what was learned back into them.
        x: (N, C, H, W) training images.
        y: (N,) labels.
        held_out: (M, C, H, W) validation images.
        rule: "sgd" or "adam", as in torch.optim.
        lr: learning rate.
        momentum: SGD's.
    """

    def __init__(self, stack: Stack, x: Tensor, y: Tensor, held_out: Tensor, *, rule: str, lr: float, momentum: float) -> None:
        """Lay out the images' windows and the parameters."""
        self._stack = stack
        down, down_held_out = directions(x), directions(held_out)
        kind = np.float32 if down is None or down_held_out is None else np.float64
        self._p, self._values = _in_one_row(stack.params.items(), kind)
        self._d, self._gradients = _in_one_row(((name, torch.zeros_like(p)) for name, p in stack.params.items()), kind)
        trains = {name: p.requires_grad for name, p in stack.params.items()}
        rates = np.concatenate([np.full(p.numel(), lr * p.requires_grad, kind) for p in stack.params.values()])
        self._rule = _Adam(rates) if rule == "adam" else _SGD(rates, momentum)
        w1, b1, w2, b2 = (self._p[f"conv{layer}.{name}"] for layer in (1, 2) for name in ("weight", "bias"))
        k = w1.shape[-1]
        self._windows: Any  # as the layers below want them
        self._windows_held_out: Any
        self._first: FirstConv | FirstLine
        self._second: BandedConv | SecondLine
        if down is not None and down_held_out is not None:
            self._windows, self._windows_held_out = Lines(x, down, k), Lines(held_out, down_held_out, k)
            self._first, self._second = FirstLine(w1, b1), SecondLine(w2, b2, self._windows.pooled)
        else:
            self._windows, self._windows_held_out = Windows(x, k), Windows(held_out, k)
            self._first, self._second = FirstConv(w1, b1, self._windows.pooled), BandedConv(w2, b2, self._windows.pooled)
        self._learns_first = trains["conv1.weight"] or trains["conv1.bias"]
        self._learns_second = self._learns_first or trains["conv2.weight"] or trains["conv2.bias"]
        self._kept: Array | None = None if self._learns_second else self._means(self._windows)  # (S, N, F): they stay the same
        self._targets = np.eye(stack.params["fc.bias"].shape[1], dtype=kind)[y.numpy()]

    @staticmethod
    def fits(stack: Stack) -> bool:
        """True if these networks can be trained this way."""
        return stack.kind in (SimpleCNN, WiderCNN) and stack.usual

    def epoch(self, batches: Sequence[Tensor]) -> Tensor:
        """Train on the images at these indices, batch by batch, and return the scores (S, B, classes) before each step."""
        return torch.from_numpy(np.concatenate([self._step(batch.numpy()) for batch in batches], axis=1))

    def validation_scores(self) -> Tensor:
        """(S, M, classes)."""
        return torch.from_numpy(self._scores(self._means(self._windows_held_out)))

    @torch.no_grad()
    def write(self) -> None:
        """Copy the trained parameters back into the stack."""
        for name, value in self._p.items():
            self._stack.params[name].copy_(torch.from_numpy(value))

    def _means(self, windows: Any) -> Array:
        """(S, N, F) of all images."""
        images = np.arange(len(windows))
        batches = np.split(images, range(_EVALUATED, len(images), _EVALUATED))
        self._second.spread()
        return np.concatenate([self._second.forward(self._first.forward(windows, batch)) for batch in batches], axis=1)

    def _means_of(self, batch: Array) -> Array:
        """(S, B, F), means of the second layer's maps for training images."""
        if self._kept is not None:
            means: Array = self._kept[:, batch]
            return means
        self._second.spread()
        return self._second.forward(self._first.forward(self._windows, batch))

    def _scores(self, means: Array) -> Array:
        scores: Array = means @ self._p["fc.weight"].swapaxes(1, 2) + self._p["fc.bias"][:, None]
        return scores

    def _step(self, batch: Array) -> Array:
        means = self._means_of(batch)
        scores = self._scores(means)
        odds = np.exp(scores - scores.max(axis=2, keepdims=True))
        dscores = (odds / odds.sum(axis=2, keepdims=True) - self._targets[batch]) / len(batch)
        np.matmul(dscores.swapaxes(1, 2), means, out=self._d["fc.weight"])
        dscores.sum(axis=1, out=self._d["fc.bias"])
        if self._learns_second:
            dmeans = dscores @ self._p["fc.weight"]
            drows = self._second.backward(dmeans, self._d["conv2.weight"], self._d["conv2.bias"], self._learns_first)
            if drows is not None:
                self._first.backward(drows, self._d["conv1.weight"], self._d["conv1.bias"])
        self._rule.step(self._values, self._gradients)
        return scores


class _SGD:
    """Momentum SGD on all parameters in a row, each with its own rate."""

    def __init__(self, rates: Array, momentum: float) -> None:
        """At rest."""
        self._rates, self._momentum = rates, momentum
        self._moves = np.zeros_like(rates)

    def step(self, values: Array, gradients: Array) -> None:
        """Change the values."""
        self._moves *= self._momentum
        self._moves += gradients
        values -= self._rates * self._moves


class _Adam:
    """Adam likewise, with the betas and the epsilon of torch.optim.Adam."""

    def __init__(self, rates: Array) -> None:
        """At rest."""
        self._rates, self._steps = rates, 0
        self._mean, self._square = np.zeros_like(rates), np.zeros_like(rates)

    def step(self, values: Array, gradients: Array) -> None:
        """Change the values."""
        self._steps += 1
        self._mean += 0.1 * (gradients - self._mean)
        self._square += 0.001 * (gradients**2 - self._square)
        size = np.sqrt(self._square / (1 - 0.999**self._steps)) + 1e-8
        values -= self._rates / (1 - 0.9**self._steps) * self._mean / size


def _in_one_row(tensors: Iterable[tuple[str, Tensor]], kind: type) -> tuple[dict[str, Array], Array]:
    """Copy tensors into one flat array; returns a view of each and the array, whose update updates every parameter."""
    named: dict[str, Array] = {name: tensor.detach().numpy().astype(kind) for name, tensor in tensors}
    row = np.concatenate([value.ravel() for value in named.values()])
    ends = np.cumsum([value.size for value in named.values()])
    parts = np.split(row, ends[:-1])
    return {name: part.reshape(value.shape) for (name, value), part in zip(named.items(), parts, strict=True)}, row
