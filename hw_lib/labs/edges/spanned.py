"""Stacked two-layer MLPs that train by plain or momentum SGD in the span of their training images.

Every gradient of the first layer is a sum of training images, so its weights never leave W + A Q, the first weights plus
a combination of the R rows of Q, an orthonormal basis of the images' span. A gradient step for A, (units, R), is then one for the
weights, and takes far fewer multiplications, forward, backward and in validation: the homework's pictures of straight edges span
55 of 784 dimensions, however many there are. Kept in float64: in float32 one of 20 networks ended 2e-4 away.
Knows nothing of data sets.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from hw_lib.labs.edges.nets import TwoLayerMLP
from hw_lib.labs.edges.stacked import Stack

_NOTHING = 1e-9  # of the largest singular value: what rounding leaves in a direction that no image has


def span(x: Tensor) -> Tensor:
    """An orthonormal basis of the span of images (N, …): (R, pixels), float64."""
    _, sizes, rows = torch.linalg.svd(x.flatten(1).double(), full_matrices=False)
    basis: Tensor = rows[sizes > _NOTHING * sizes[0]]
    return basis


class SpannedMLP:
    """S networks 'affine, ReLU, affine' with cross-entropy; hidden maps are kept as (S, U, B), U units, B images.

    Args:
        stack: the networks; `write` puts what was learned back into them.
        x: (N, …) training images.
        basis: (R, pixels), of their span.
        y: (N,) labels.
        held_out: (M, …) validation images.
        lr: learning rate.
        momentum: as in torch.optim.SGD.
    """

    def __init__(self, stack: Stack, x: Tensor, basis: Tensor, y: Tensor, held_out: Tensor, *, lr: float, momentum: float) -> None:
        """Look at the images in the basis, once."""
        self._stack, self._lr, self._momentum, self._basis = stack, lr, momentum, basis
        first, b1, self._w2, b2 = (stack.params[f"fc{k}.{name}"].detach().double() for k in (1, 2) for name in ("weight", "bias"))
        self._b1, self._b2 = b1[..., None], b2[..., None]
        S, self._units, _ = first.shape
        weights = first.flatten(0, 1)
        images, others = x.flatten(1).double().T, held_out.flatten(1).double().T
        self._start, self._start_held_out = weights @ images, weights @ others  # what the first weights answer
        self._seen, self._seen_held_out = basis @ images, basis @ others  # (R, N), (R, M)
        self._a = weights.new_zeros(S * self._units, len(basis))
        self._moves = [torch.zeros_like(p) for p in (self._a, self._b1, self._w2, self._b2)]
        self._targets = functional.one_hot(y, self._w2.shape[1]).to(weights.dtype).T  # (C, N)

    @staticmethod
    def fits(stack: Stack) -> bool:
        """True if these networks can be trained this way."""
        return stack.kind is TwoLayerMLP and all(p.requires_grad for p in stack.params.values())

    @torch.no_grad()
    def epoch(self, batches: Sequence[Tensor]) -> Tensor:
        """Train on the images at these indices, batch by batch, and return the scores (S, B, C) before each step."""
        return torch.cat([self._step(batch) for batch in batches], dim=2).transpose(1, 2)

    @torch.no_grad()
    def validation_scores(self) -> Tensor:
        """(S, M, C)."""
        return self._forward(self._start_held_out, self._seen_held_out)[1].transpose(1, 2)

    @torch.no_grad()
    def write(self) -> None:
        """Copy the trained parameters back into the stack."""
        weight = self._stack.params["fc1.weight"]
        weight += (self._a @ self._basis).view_as(weight)
        for name, value in (("fc1.bias", self._b1), ("fc2.weight", self._w2), ("fc2.bias", self._b2)):
            self._stack.params[name].copy_(value.view_as(self._stack.params[name]))

    def _forward(self, start: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden values (S, U, B) after the ReLU, and scores (S, C, B)."""
        h = torch.addmm(start, self._a, seen).view(len(self._stack), self._units, -1)
        h.add_(self._b1).clamp_min_(0)
        return h, torch.baddbmm(self._b2, self._w2, h)

    def _step(self, batch: Tensor) -> Tensor:
        seen = self._seen[:, batch]
        h, scores = self._forward(self._start[:, batch], seen)
        dscores = scores.softmax(dim=1).sub_(self._targets[:, batch]).div_(len(batch))
        dh = torch.bmm(self._w2.transpose(1, 2), dscores).mul_(h > 0)
        move_a, move_b1, move_w2, move_b2 = self._moves
        move_a.addmm_(dh.flatten(0, 1), seen.T, beta=self._momentum)
        move_b1.mul_(self._momentum).add_(dh.sum(dim=2, keepdim=True))
        move_w2.baddbmm_(dscores, h.transpose(1, 2), beta=self._momentum)
        move_b2.mul_(self._momentum).add_(dscores.sum(dim=2, keepdim=True))
        for value, move in zip((self._a, self._b1, self._w2, self._b2), self._moves, strict=True):
            value.add_(move, alpha=-self._lr)
        return scores
