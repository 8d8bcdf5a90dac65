"""Many networks of one architecture as one: every parameter gets a leading axis S, and all of them look at the same images.

The scores are those of the single networks, up to rounding. Axes: S networks, B images, C or F channels, H, W. Maps are kept as
(S, F, B, H, W). Knows nothing of optimizers or data sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw_lib.errors import invalid
from hw_lib.labs.edges.banded import banded_conv, max_pool
from hw_lib.labs.edges.nets import DeeperCNN, SimpleCNN, SimpleCNN_avgpool, ThreeLayerMLP, TwoLayerMLP

Params = Mapping[str, Tensor]


class Stack:
    """S networks of one architecture.

    Args:
        models: their classes, parameter names, shapes and frozen parameters must agree. They are copied, not changed.

    Attributes:
        params: (S, …) by name; frozen ones need no gradient.
        usual: whether they are as their class builds them.

    Raises:
        ValueError: no models, or models that cannot be stacked.
    """

    def __init__(self, models: Sequence[nn.Module]) -> None:
        """Copy the parameters."""
        layouts = [[(name, p.shape, p.requires_grad) for name, p in model.named_parameters()] for model in models]
        if not models or any(
            layout != layouts[0] or type(m) is not type(models[0]) for layout, m in zip(layouts, models, strict=True)
        ):
            raise invalid(
                "these networks cannot be trained together",
                expected="at least one, all of one class, with the same parameters and the same ones frozen",
                got=", ".join(sorted({type(model).__name__ for model in models})) or "none",
                fix="let each architecture have a name of its own",
            )
        if any(True for _ in models[0].buffers()):
            raise invalid(f"{type(models[0]).__name__} keeps buffers, such as running averages", fix="leave out batch norm")
        self._single = models[0]
        self.usual = as_built(models[0])
        named = [dict(model.named_parameters()) for model in models]
        self.params = {
            name: torch.stack([params[name].detach() for params in named]).requires_grad_(first.requires_grad)
            for name, first in named[0].items()
        }

    def __len__(self) -> int:
        """S, how many networks there are."""
        return len(next(iter(self.params.values())))

    @property
    def kind(self) -> type[nn.Module]:
        """The class of the networks."""
        return type(self._single)

    def scores(self, x: Tensor) -> Tensor:
        """Scores (S, B, classes) of images (B, C, H, W) that all networks see."""
        model = self._single
        if type(model) is DeeperCNN and self.usual:
            return _deeper(self.params, model, x)
        if isinstance(model, SimpleCNN) and self.usual:
            return _simple(self.params, model, x)
        if type(model) in (TwoLayerMLP, ThreeLayerMLP):
            return _mlp(self.params, x)
        return self._any(x)

    def _any(self, x: Tensor) -> Tensor:
        """An architecture that this file does not know: PyTorch's own vmap, about as fast as its slowest layer."""

        def one(params: dict[str, Tensor]) -> Any:
            return torch.func.functional_call(self._single, params, (x,))

        scores: Tensor = torch.func.vmap(one, randomness="different")(self.params)
        return scores


def as_built(model: nn.Module) -> bool:
    """True if a CNN still has the layers that its class builds, so that passes written for that class apply."""
    convolutions = [layer for layer in model.modules() if isinstance(layer, nn.Conv2d)]
    pool: Any = getattr(model, "pool", None)
    average = isinstance(model, SimpleCNN_avgpool)
    return (
        type(model).forward in (SimpleCNN.forward, DeeperCNN.forward)
        and (type(pool), pool.kernel_size, pool.stride, pool.padding) == (nn.AvgPool2d if average else nn.MaxPool2d, 2, 2, 0)
        and all(_usual(layer) for layer in convolutions)
        and all(layer.bias is not None for layer in model.modules() if isinstance(layer, nn.Linear))
    )


def _usual(layer: nn.Conv2d) -> bool:
    k = layer.kernel_size[0]
    same = (layer.kernel_size, layer.padding, layer.stride) == ((k, k), ((k - 1) // 2,) * 2, (1, 1))
    return same and layer.dilation == (1, 1) and layer.groups == 1 and layer.padding_mode == "reflect" and layer.bias is not None


def _simple(p: Params, model: SimpleCNN, x: Tensor) -> Tensor:
    average = isinstance(model, SimpleCNN_avgpool)
    first = _shared_conv(x, p["conv1.weight"], p["conv1.bias"])
    pooled = _average_pool(first.relu()) if average else max_pool(first).relu()  # the maximum of ReLUs is the ReLU of the maximum
    second = banded_conv(pooled, p["conv2.weight"], p["conv2.bias"])
    return _linear(second.relu().mean(dim=(3, 4)).transpose(1, 2), p, "fc")


def _deeper(p: Params, model: DeeperCNN, x: Tensor) -> Tensor:
    h = _shared_conv(x, p["conv1.weight"], p["conv1.bias"]).relu()
    h = max_pool(banded_conv(h, p["conv2.weight"], p["conv2.bias"])).relu()
    for name in ("conv3", "conv4"):
        h = banded_conv(h, p[f"{name}.weight"], p[f"{name}.bias"]).relu()
    return _linear(h.mean(dim=(3, 4)).transpose(1, 2), p, "fc1")


def _mlp(p: Params, x: Tensor) -> Tensor:
    """The first layer of all networks is one product, because they share their images."""
    weight = p["fc1.weight"]
    S, units, _ = weight.shape
    h = (x.flatten(1) @ weight.flatten(0, 1).T).view(len(x), S, units).transpose(0, 1) + p["fc1.bias"][:, None]
    for name in ("fc2", "fc3"):
        if f"{name}.weight" in p:
            h = _linear(h.relu(), p, name)
    return h


def _linear(x: Tensor, p: Params, name: str) -> Tensor:
    """(S, B, D) to (S, B, M), with one matrix for each network."""
    return torch.baddbmm(p[f"{name}.bias"][:, None], x, p[f"{name}.weight"].transpose(1, 2))


def _shared_conv(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A first convolution: the windows of the images are the same for all networks, so they are laid out once.

    Args:
        x: (B, C, H, W); no gradient goes to it.
        w: (S, F, C, k, k).
        b: (S, F).

    Returns:
        (S, F, B, H', W'); padding (k - 1) // 2, reflecting.
    """
    S, filters, channels, k, _ = w.shape
    pad = (k - 1) // 2
    x = functional.pad(x, (pad,) * 4, mode="reflect").contiguous()
    B, _, high, wide = x.shape
    size = (channels, k, k, B, high - k + 1, wide - k + 1)
    n, c, h, v = x.stride()
    windows = x.as_strided(size, (c, h, v, n, h, v)).reshape(channels * k * k, -1)
    out = torch.addmm(b.reshape(-1, 1), w.reshape(S * filters, -1), windows)
    return out.view(S, filters, *size[3:])


def _average_pool(x: Tensor) -> Tensor:
    pooled = functional.avg_pool2d(x.flatten(0, 1), 2)
    return pooled.view(*x.shape[:2], *pooled.shape[1:])
