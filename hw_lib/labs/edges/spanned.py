"""Stacked two-layer MLPs that train by plain or momentum SGD in the span of their training images.

Every gradient of the first layer is a sum of training images, so its weights never leave W + A X, the first weights plus
a combination of the N images. Training A, (units, N), needs only their dot products: with fewer images than pixels, far fewer
multiplications, forward, backward and in validation. Kept in float64: in float32 one of 20 networks ended 2e-4 away.
Knows nothing of data sets.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from hw_lib.labs.edges.nets import TwoLayerMLP
from hw_lib.labs.edges.stacked import Stack


class SpannedMLP:
    """S networks 'affine, ReLU, affine' with cross-entropy; hidden maps are kept as (S, U, B), U units, B images.

    Args:
        stack: the networks; `write` puts what was learned back into them.
        x: (N, …) training images.
        y: (N,) labels.
        held_out: (M, …) validation images.
        lr: learning rate.
        momentum: as in torch.optim.SGD.
    """

    def __init__(self, stack: Stack, x: Tensor, y: Tensor, held_out: Tensor, *, lr: float, momentum: float) -> None:
        """Take all dot products of images, once."""
        self._stack, self._lr, self._momentum = stack, lr, momentum
        self._x = x.flatten(1).double()
        first, b1, self._w2, b2 = (stack.params[f"fc{k}.{name}"].detach().double() for k in (1, 2) for name in ("weight", "bias"))
        self._b1, self._b2 = b1[..., None], b2[..., None]
        S, self._units, _ = first.shape
        weights = first.flatten(0, 1)
        self._start = weights @ self._x.T  # (S * U, N): what the first weights answer
        self._dots = self._x @ self._x.T
        others = held_out.flatten(1).double().T
        self._start_held_out, self._dots_held_out = weights @ others, self._x @ others
        self._a = weights.new_zeros(S * self._units, len(x))
        self._moves = [torch.zeros_like(p) for p in (self._a, self._b1, self._w2, self._b2)]
        self._targets = functional.one_hot(y, self._w2.shape[1]).to(weights.dtype).T  # (C, N)

    @staticmethod
    def fits(stack: Stack, x: Tensor) -> bool:
        """True if these networks can be trained this way and it saves work: fewer images than pixels."""
        trainable = all(p.requires_grad for p in stack.params.values())
        return stack.kind is TwoLayerMLP and trainable and len(x) < x[0].numel()

    @torch.no_grad()
    def epoch(self, batches: Sequence[Tensor]) -> Tensor:
        """Train on the images at these indices, batch by batch, and return the scores (S, B, C) before each step."""
        return torch.cat([self._step(batch) for batch in batches], dim=2).transpose(1, 2)

    @torch.no_grad()
    def validation_scores(self) -> Tensor:
        """(S, M, C)."""
        return self._forward(self._start_held_out, self._dots_held_out)[1].transpose(1, 2)

    @torch.no_grad()
    def write(self) -> None:
        """Copy the trained parameters back into the stack."""
        weight = self._stack.params["fc1.weight"]
        weight += (self._a @ self._x).view_as(weight)
        for name, value in (("fc1.bias", self._b1), ("fc2.weight", self._w2), ("fc2.bias", self._b2)):
            self._stack.params[name].copy_(value.view_as(self._stack.params[name]))

    def _forward(self, start: Tensor, dots: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden values (S, U, B) after the ReLU, and scores (S, C, B)."""
        h = torch.addmm(start, self._a, dots).view(len(self._stack), self._units, -1)
        h.add_(self._b1).clamp_min_(0)
        return h, torch.baddbmm(self._b2, self._w2, h)

    def _step(self, batch: Tensor) -> Tensor:
        h, scores = self._forward(self._start[:, batch], self._dots[:, batch])
        dscores = scores.softmax(dim=1).sub_(self._targets[:, batch]).div_(len(batch))
        dh = torch.bmm(self._w2.transpose(1, 2), dscores).mul_(h > 0)
        move_a, move_b1, move_w2, move_b2 = self._moves
        move_a.mul_(self._momentum).index_add_(1, batch, dh.flatten(0, 1))
        move_b1.mul_(self._momentum).add_(dh.sum(dim=2, keepdim=True))
        move_w2.baddbmm_(dscores, h.transpose(1, 2), beta=self._momentum)
        move_b2.mul_(self._momentum).add_(dscores.sum(dim=2, keepdim=True))
        for value, move in zip((self._a, self._b1, self._w2, self._b2), self._moves, strict=True):
            value.add_(move, alpha=-self._lr)
        return scores
