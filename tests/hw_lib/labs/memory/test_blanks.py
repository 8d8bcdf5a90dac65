"""What is remembered of operations on meta tensors is what they give, and nothing is remembered that must be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from hw_lib.labs.memory import Checkpointed, accumulating_step, blanks, predict, resnet, resnet_chain
from hw_lib.labs.memory.training import OPTIMIZERS, on_meta, plain_step


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test begins without memories, and leaves none."""
    monkeypatch.setattr(blanks, "_known", {})
    yield


def meta(*size: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """A tensor without numbers."""
    return torch.empty(size, dtype=dtype, device="meta")


def looks(out: Any) -> Any:
    """All that is to know of outputs on meta: size, strides, type, place, and the size of their memory."""
    return [
        (tuple(t.shape), t.stride(), t.dtype, t.device.type, t.storage_offset(), t.untyped_storage().nbytes(), t.requires_grad)
        if isinstance(t, Tensor)
        else t
        for t in tree_leaves(out)
    ]


def batchnorm(x: Tensor) -> Tensor:
    """Batchnorm over the channels of x."""
    c = x.shape[1]
    return nn.functional.batch_norm(x, meta(c), meta(c), meta(c), meta(c), training=True)


IMAGES, LAST = (meta(4, 8, 6, 6), meta(4, 8, 6, 6).to(memory_format=torch.channels_last))
CALLS: dict[str, Callable[[], Any]] = {
    "batchnorm": lambda: batchnorm(IMAGES.clone().requires_grad_()),
    "batchnorm, channels last": lambda: batchnorm(LAST.clone().requires_grad_()),
    "convolution": lambda: torch.conv2d(IMAGES, meta(5, 8, 3, 3), stride=2),
    "without a gradient of x": lambda: torch.ops.aten.convolution_backward(
        meta(4, 5, 4, 4), IMAGES, meta(5, 8, 3, 3), [5], [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [False, True, True]
    ),
    "an integer more": lambda: meta(3, dtype=torch.int64) + 1,
    "a real number more": lambda: meta(3, dtype=torch.int64) + 1.0,
    "true more": lambda: meta(3, dtype=torch.bool) + True,
    "broadcast": lambda: meta(3, 1) * meta(4),
    "expanded": lambda: meta(3, 1).expand(3, 4) * 2,
    "turned": lambda: meta(3, 4).t() * 2,
    "like another": lambda: torch.zeros_like(LAST),
    "in another type": lambda: IMAGES.to(torch.bfloat16),
    "to where numbers are": lambda: torch.zeros_like(IMAGES, device="cpu"),
    "pooled, with places": lambda: nn.functional.max_pool2d(IMAGES, 2, return_indices=True),
    "sorted": lambda: meta(3, 4).sort(1),
    "many": lambda: torch._foreach_sqrt([meta(2), meta(3, 4)]),
    "a view": lambda: IMAGES.flatten(1),
    "a copy of a part": lambda: IMAGES[:, 2:].clone(),
    "complex": lambda: torch.conj(meta(2, 3, dtype=torch.complex64)) * 2,
}


@pytest.mark.parametrize("name", CALLS)
def test_the_second_time_gives_what_the_first_gave(name: str) -> None:
    """Sizes, strides, types and memory are those of PyTorch itself, the first time, the second, and after similar calls."""
    expected = looks(CALLS[name]())
    with blanks.Remembering():
        for call in CALLS.values():
            call()
        again = [looks(CALLS[name]()) for _ in range(2)]
    assert again == [expected, expected]


def test_outputs_are_new_every_time() -> None:
    """Two calls never give one piece of memory."""
    x = meta(3)
    with blanks.Remembering():
        kept = [x * 2 for _ in range(3)]
    assert len({t.untyped_storage()._cdata for t in (x, *kept)}) == 4


def test_what_is_changed_in_place_is_given_back() -> None:
    """The very argument, of every call its own; its version goes up, as autograd must know."""
    with blanks.Remembering():
        for x in (meta(3), meta(3)):
            assert x.add_(1) is x
            assert x._version == 1
            assert torch._foreach_add_([x], 1)[0] is x


def test_shapes_change() -> None:
    """Operations that change their argument's shape do so every time."""
    with blanks.Remembering():
        for _ in range(2):
            assert meta(2, 3).t_().shape == (3, 2)
            assert meta(2, 3).resize_(5).shape == (5,)
            assert meta(2, 1).squeeze_().shape == (2,)
            assert torch.add(meta(3), 1, out=meta(0)).shape == (3,)


def test_numbers_are_computed() -> None:
    """On the CPU nothing is remembered, beside meta tensors neither."""
    with blanks.Remembering():
        for k in range(3):
            x = torch.tensor([float(k)])
            assert (x + 1).item() == k + 1
            assert x.add_(1).item() == k + 1
            assert torch._foreach_add([x, x], 1)[1].item() == k + 2
    assert not blanks._known


def test_the_default_type_counts() -> None:
    """What is remembered under one default type says nothing of another."""
    x = meta(3, dtype=torch.int64)
    with blanks.Remembering():
        assert (x / 2).dtype == torch.float32
        torch.set_default_dtype(torch.float64)
        try:
            assert (x / 2).dtype == torch.float64
        finally:
            torch.set_default_dtype(torch.float32)


def test_errors_come_every_time() -> None:
    """Shapes that do not fit are refused as by PyTorch."""
    with blanks.Remembering():
        for _ in range(2):
            with pytest.raises(RuntimeError, match=r"[Ss]hape|size|broadcast"):
                meta(3) + meta(4)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is full, calls are made as before."""
    monkeypatch.setattr(blanks, "LIMIT", 2)
    with blanks.Remembering():
        assert [(meta(n) + 1).shape for n in (1, 2, 3, 4, 3)] == [(1,), (2,), (3,), (4,), (3,)]
    assert len(blanks._known) == 2


def halves(model: nn.Module, x: Tensor, y: Tensor, optimizer: torch.optim.Optimizer) -> None:
    """A step in which layers compute in half the bits, and gradients are clipped."""
    optimizer.zero_grad(set_to_none=False)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def chained() -> nn.Module:
    """A ResNet of which parts are run twice."""
    return Checkpointed(resnet_chain(resnet(18)), 4)


RUNS: dict[str, tuple[Callable[[], nn.Module], Any, Any]] = {
    **{name: (lambda: resnet(18), name, plain_step) for name in OPTIMIZERS},
    "in a loop": (lambda: resnet(18), lambda p: torch.optim.AdamW(p, foreach=False, amsgrad=True), plain_step),
    "in pieces": (lambda: resnet(18), "momentum", accumulating_step(3)),
    "checkpointed": (chained, "momentum", plain_step),
    "half the bits": (lambda: resnet(18), "adam", halves),
}


@pytest.mark.parametrize("name", RUNS)
def test_traces_are_what_they_were(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every allocation and its death, in order, with its size, kind and operation, is that of a run without memories."""
    model, optimizer, step = RUNS[name]
    remembered = [predict(model, (10, 3, 32, 32), optimizer, 2, step=step) for _ in range(2)]
    assert blanks._known
    monkeypatch.setattr(blanks, "call", lambda func, args, kwargs: func(*args, **kwargs))
    assert remembered == [predict(model, (10, 3, 32, 32), optimizer, 2, step=step)] * 2


def test_models_are_made_as_before() -> None:
    """A ResNet on 'meta' has the parameters of one on the CPU, each its own memory, and random numbers are left alone."""
    state = torch.get_rng_state()
    made = resnet(18, device="meta")
    assert torch.equal(state, torch.get_rng_state())
    for mine, other in zip(made.parameters(), on_meta(resnet(18)).parameters(), strict=True):
        assert looks(mine) == looks(other)
    assert len({p.untyped_storage()._cdata for p in made.parameters()}) == len(list(made.parameters()))
